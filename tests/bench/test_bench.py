"""The benchmarks run, at their smallest; how fast is not asked here."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

from rich.console import Console

from bench import api, decisions, engine, history, instances, leads, report, versions
from bench.shape import Shape
from bench.stack import running


def test_the_minimum_of_a_history() -> None:
    shape = Shape(events=24, local_activities=7, signals=1, fired=1, cancelled=1, armed=1, ended=False)

    assert shape.timers == 3
    assert shape.minimum == 5 + 15 + 4 + 7
    assert shape.least == 4 + (5 + 2 + 1) + 4 + 7


async def test_decisions_are_compared_with_durable_rules_and_the_plain_evaluator(tmp_path: Path) -> None:
    result = await decisions.measure(count=20, rounds=1)

    assert result.rows[0]["rows × inputs"] == "60 × 6"
    assert {row["table"] for row in result.rows} == {"generated", *decisions.SHIPPED}
    report.show(Console(file=StringIO(), width=200), result)
    report.write(tmp_path / "figures.json", report.machine(), "test", [result])
    assert json.loads((tmp_path / "figures.json").read_text())["results"]["decisions"]["headline"]["ratio"] > 0


def test_the_interpreter_is_measured_alone() -> None:
    result = engine.measure(instances=2, rounds=1)

    assert result.rows[0]["diagram"] == "a line of ten service tasks"
    assert all(float(row["events/s"] or 0) > 0 for row in result.rows)
    assert 0 < result.headline["snapshot_bytes_of_100_tokens"] < 100 * 200  # bytes a token


async def test_leads_histories_and_the_api_are_measured_on_a_baton_of_their_own() -> None:
    async with running() as stack:
        told = await history.measure(stack, only=("up to the first task",))
        compared = await leads.compare(stack, first=100, count=2, rounds=1)
        steps = await instances.compare(stack, count=2, rounds=1)
        accepted, drained = await api.measure(stack, first=200, leads=2, rounds=1)
        loaded = await versions.measure(stack, rounds=1)

    assert told.headline["events_to_minimum"] <= 1.25
    assert {row["side"] for row in compared.rows} == {"Baton", "bare workflows"}
    assert {row["side"] for row in steps.rows} == {"instances", "bare workflows"}
    assert steps.headline["ratio"] > 0
    assert len(loaded.rows) == 2
    assert all(row["refused"] == 0 and row["leads/s"] for row in accepted.rows)
    assert drained.headline["not_once"] == 0
    assert not stack.home.exists()
