"""The benchmarks run, at their smallest; how fast is not asked here."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import rules
from bench import (
    api,
    backtests,
    decisions,
    engine,
    growth,
    history,
    imports,
    instances,
    isolation,
    latency,
    leads,
    outage,
    pasts,
    report,
    search,
    versions,
)
from bench.screens import waits as screens
from bench.shape import Shape
from bench.stack import running
from cases.ids import new_id
from domain.policy.again import Case, Trial


def test_the_minimum_of_a_history() -> None:
    shape = Shape(events=24, local_activities=7, signals=1, fired=1, cancelled=1, armed=1, ended=False)

    assert shape.timers == 3
    assert shape.minimum == 5 + 15 + 4 + 7
    assert shape.least == 4 + (5 + 2 + 1) + 4 + 7


async def test_decisions_are_compared_with_durable_rules_zen_and_the_plain_evaluator(tmp_path: Path) -> None:
    rates, sizes, shares = results = await decisions.measure(count=20, rounds=1, sizes=(10,))

    assert rates.rows[0]["rows × inputs"] == "60 × 6"
    assert {row["table"] for row in rates.rows} == {"generated", *decisions.SHIPPED}
    assert [(row["policy"], row["rows"]) for row in sizes.rows] == [("U", 10), ("F", 10)]
    assert shares.headline["durable_rules_share"] > 0
    for result in results:
        report.show(Console(file=StringIO(), width=200), result)
    report.write(tmp_path / "figures.json", report.machine(), "test", results)
    assert json.loads((tmp_path / "figures.json").read_text())["results"]["decisions"]["headline"]["ratio"] > 0


def test_a_past_to_try_drafts_on_is_as_the_shipped_tables_decide() -> None:
    dealers = [pasts.Dealer(new_id(), f"D{number}") for number in range(10)]
    tables = {key: Trial(rules.read_table(pasts.shipped_file(key))[0]) for key in backtests.DRAFTS}

    rows = list(pasts.decisions([new_id() for _ in range(20)], dealers, backtests.FIRST))

    assert [row[3] for row in rows[:2]] == ["grade", "dispatch"]
    for _, _, _, key, _, inputs, _, result, candidates in rows:
        case = Case(key, json.loads(inputs), json.loads(result), tuple(json.loads(candidates)))
        again = tables[key].again(case)
        assert (again.changes, again.problem) == ((), None)
        assert sum("inputs" in line for line in case.candidates) == (pasts.CANDIDATES if key == "dispatch" else 0)


def test_the_interpreter_is_measured_alone() -> None:
    result = engine.measure(instances=2, rounds=1)

    assert result.rows[0]["diagram"] == "a line of ten service tasks"
    assert all(float(row["events/s"] or 0) > 0 for row in result.rows)
    assert 0 < result.headline["snapshot_bytes_of_100_tokens"] < 100 * 200  # bytes a token


async def test_histories_instances_and_the_api_are_measured_on_a_baton_of_their_own() -> None:
    async with running() as stack:
        told = await history.measure(stack, only=("up to the first task",))
        steps = await instances.compare(stack, count=2, rounds=1)
        accepted, drained = await api.measure(stack, first=200, leads=2, rounds=1)
        loaded = await versions.measure(stack, rounds=1)
        tried = await backtests.measure(stack, count=20)
        lived = await isolation.measure(stack, most=2)
        sought = await search.measure(stack, customers=200, rounds=1)
        taken = await imports.measure(stack, sizes=(300,), long=(600,))
        seen = await screens.measure(stack, leads=500, rounds=1)

    assert told.headline["events_to_minimum"] <= 1.25
    assert {row["side"] for row in steps.rows} == {"instances", "bare workflows"}
    assert steps.headline["ratio"] > 0
    assert len(loaded.rows) == 2
    assert [(row["sent"], row["answer"]) for row in lived.rows] == [("nothing", ""), ("a regex bomb in a cell", "200")]
    assert {row["screen"] for row in seen[0].rows} >= {"/leads?sort=-due", "/tasks", "/incidents?open=true"}
    assert [(row["draft of"], row["decisions"]) for row in tried.rows] == [("grade", 20), ("dispatch", 10)]
    assert [(row["rows"], row["lost"], row["twice"], row["verdicts missing"]) for row in taken.rows] == [
        (300, 0, 0, 0),
        (600, 0, 0, 0),
    ]
    assert taken.headline["peak_mb"] > 0
    assert [row["sought"] for row in sought.rows][1:] == list(search.ASKED)
    assert all(row["refused"] == 0 and row["leads/s"] for row in accepted.rows)
    assert drained.headline["not_once"] == 0
    assert not stack.home.exists()


async def test_leads_are_compared_with_a_rival_and_people_wait_for_them() -> None:
    async with running() as stack:
        compared = await leads.compare(stack, first=0, count=2, rounds=1)
        waited = await latency.measure(stack, first=300, seconds=0.3, rounds=2)

    assert {row["side"] for row in compared.rows} == {leads.BATON, leads.RIVAL, leads.BARE}
    assert compared.headline["ratio"] > 0 and compared.headline["ratio_to_rival"] > 0
    assert [(row["count"], row["refused"], row["never seen"]) for row in waited.rows] == [(6, 0, 0), (6, 0, 0)]
    assert all("–" in str(row["p99 of the rounds"]) for row in waited.rows)


async def test_sleepers_are_looked_at_and_the_worker_dies_at_each_size() -> None:
    async with running() as stack:
        asleep, slowed, weight = await growth.measure(stack, sizes=(3, 10), idle=0.2, asked=2)

    assert [row["leads"] for row in asleep.rows] == [3, 10]
    assert all(row["filled/s"] for row in asleep.rows)
    # Two further leads may go into pages that are there already.
    first, last = (float(row["db kB a lead"] or 0) for row in asleep.rows)
    assert first >= 0 and last > 0
    assert [row["lost"] for row in slowed.rows] == [0, 0]
    assert "decided" in {row["table"] for row in weight.rows}
    assert all(float(row["restart → next task s"] or 0) > 0 for row in slowed.rows)


@pytest.mark.timeout(600)  # parts start again, and an instant is waited for that leaves time for that
async def test_deadlines_of_an_outage_are_done_once() -> None:
    async with running() as stack:
        compared = await outage.compare(stack, count=4, rounds=1, outage=1.0, instants=1)

    ours, bare = compared.rows
    assert (ours["side"], ours["doubled"], ours["missing"], ours["out of order %"]) == ("leads", 0, 0, 0.0)
    assert bare["side"] == "bare sleepers" and compared.headline["ratio"] > 0


@pytest.mark.parametrize(
    ("minutes", "share"),
    [
        ([], 0.0),
        ([1, 1, 1], 0.0),
        ([1, 1, 2, 2], 0.0),
        ([2, 2, 1, 1], 1.0),
        ([1, 2, 1, 2], 0.25),
        ([3, 1, 2], 2 / 3),
    ],
)
def test_how_much_is_out_of_order(minutes: list[int], share: float) -> None:
    instants = [outage.EVENING + timedelta(minutes=minute) for minute in minutes]

    assert outage.out_of_order(instants) == pytest.approx(share)
