"""Turns are fair within an hour and a day, however a burst of leads falls on however many
consultants (A6)."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from cases.contracts import Step
from cases.ids import new_id
from domain.leads.choosing import CONSULTANT, DEALER
from domain.leads.nearness import Near
from domain.leads.ruling_out import FAIRNESS, FAIRNESS_HOUR, Asked, Limits, Served
from domain.policy.again import Case, Trial
from domain.tables import Made, Tables
from domain.work import Work
from rules.errors import NoRuleMatched
from store.engine.ledger import Ledger
from store.models import DecisionRecord
from store.network.rosters import RosterLine
from store.network.routing import ConsultantCandidate, DealerCandidate
from tests.activities.scene import START, Scene

SHIPPED = {path.stem: rules.read_table(path.read_bytes())[0] for path in rules.shipped()}
GRADES = st.sampled_from(["H", "A", "B", "C", "N", ""])


class AsShipped(Tables):
    """The shipped tables, each in its first version."""

    def decide(self, key: str, at: datetime, inputs: Any) -> Made:
        try:
            made = rules.decide(SHIPPED[key], dict(inputs))
        except NoRuleMatched:
            return Made(key, 1, inputs, (), None)
        return Made(key, 1, inputs, made.matched, made.outputs)

    def version(self, key: str, at: datetime) -> int:
        return 1


def working() -> Work:
    return Work(None, Step("", "", "", START, {}), None, AsShipped(), Ledger(START, "", ""))  # type: ignore[arg-type]


def asked(work: Work, step: str, grade: str, at: datetime) -> Asked:
    urgent = grade == "H"
    limits = Limits.of(work.look("routing-limits", step=step, grade=grade, urgent=urgent))
    return Asked("NORTH", "北京", "wrx", grade, urgent, at, limits)


def consultant(number: int, **values: Any) -> ConsultantCandidate:
    usual = ConsultantCandidate(new_id(), f"C{number:02}", [], 60, 1000, True, None, [], 0, 0, False, True, None, 0)
    return replace(usual, **values)


def burst(people: list[ConsultantCandidate], size: int, grade: str) -> Counter[UUID]:
    """So many leads of one grade at one instant; how many each got."""
    work, at = working(), START
    for _ in range(size):
        chosen, _ = CONSULTANT.make(work, asked(work, "assignment", grade, at), people)
        assert chosen is not None
        served = replace(
            chosen, open=chosen.open + 1, today=chosen.today + 1, this_hour=chosen.this_hour + 1, last_assigned_at=at
        )
        people = [served if one.id == chosen.id else one for one in people]
    return Counter({one.id: one.today for one in people})


@settings(max_examples=40)
@given(size=st.integers(0, 60), people=st.integers(1, 12), grade=GRADES)
def test_equals_get_as_many_however_large_the_burst(size: int, people: int, grade: str) -> None:
    got = burst([consultant(number) for number in range(people)], size, grade)

    assert max(got.values()) - min(got.values()) <= 1


@settings(max_examples=60)
@given(
    size=st.integers(0, 50),
    people=st.lists(
        st.tuples(st.booleans(), st.integers(0, 100), st.integers(20, 1000), st.integers(0, 200)),
        min_size=1,
        max_size=8,
    ),
    grade=GRADES,
)
def test_nobody_of_equal_skill_stays_empty_whatever_else_differs(
    size: int, people: list[tuple[bool, int, int, int]], grade: str
) -> None:
    team = [
        consultant(
            number,
            skills=["wrx"] if skilled else [],
            ability=ability,
            max_open=max_open + 60,
            last_assigned_at=START - timedelta(hours=hours),
        )
        for number, (skilled, ability, max_open, hours) in enumerate(people)
    ]

    got = burst(team, size, grade)

    for skilled in (True, False):
        shares = [got[one.id] for one in team if bool(one.skills) is skilled]
        assert not shares or max(shares) - min(shares) <= 1
    if grade != "H":
        margin = 5 if grade == "A" else 10
        assert max(got.values()) - min(got.values()) <= margin


COUNTS = st.tuples(st.integers(0, 20), st.integers(0, 20), st.booleans())


@given(st.lists(COUNTS, min_size=1, max_size=9), st.none() | st.integers(1, 9), st.none() | st.integers(1, 9))
def test_somebody_is_always_left_and_nobody_gets_further_ahead_than_the_margins(
    counts: list[tuple[int, int, bool]], day: int | None, hour: int | None
) -> None:
    free = {new_id(): Served(*one) for one in counts}

    ahead = Limits(timedelta(), day, hour, ignore_quota=False).ahead(free)

    left = [one for identity, one in free.items() if identity not in ahead]
    assert left
    assert day is not None or FAIRNESS not in ahead.values()
    assert hour is not None or FAIRNESS_HOUR not in ahead.values()
    for one in left:
        assert day is None or one.today + 1 <= min(other.today for other in free.values()) + day
        assert hour is None or one.this_hour + 1 <= hour + min(
            other.this_hour for other in left if other.standing == one.standing
        )


def test_a_margin_of_none_means_one() -> None:
    made = Made("routing-limits", 1, {}, (), {"fair_margin": 0, "fair_margin_hour": 0})

    assert (Limits.of(made).fair_margin, Limits.of(made).fair_margin_hour) == (1, 1)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 100), min_size=2, max_size=5), st.integers(0, 60), GRADES)
def test_no_dealer_of_a_town_is_left_far_behind(performances: list[int], size: int, grade: str) -> None:
    work = working()
    dealers = [
        DealerCandidate(
            new_id(), f"BJ{number:02}", "NORTH", "北京", [], 1000, score, True, 0, None, True, False, None, 0
        )
        for number, score in enumerate(performances)
    ]
    for _ in range(size):
        near = {one.id: Near(RosterLine(one.id, one.code, one.region), 12, True) for one in dealers}
        chosen, _ = DEALER.make(work, replace(asked(work, "dispatch", grade, START), near=near), dealers)
        assert chosen is not None
        served = replace(chosen, today=chosen.today + 1, this_hour=chosen.this_hour + 1, last_dispatch=START)
        dealers = [served if one.id == chosen.id else one for one in dealers]

    assert max(one.today for one in dealers) - min(one.today for one in dealers) <= 5


async def test_a_burst_reaches_everybody_and_the_reason_stands_beside_who_waits(scene: Scene) -> None:
    await scene.only_dealer("BJ01")
    await scene.sql("UPDATE dealers SET daily_capacity = 1000")
    await scene.sql("UPDATE staff SET skills = '{forester}', max_open = 1000")
    await scene.sql("UPDATE staff SET ability = CASE WHEN code = 'BJ01-C1' THEN 95 ELSE 50 END")
    batch = [await scene.lead(horizon_days=3) for _ in range(40)]
    for lead_id in batch:
        await scene.run("grade", lead_id)
    await asyncio.gather(*(scene.run("dispatch", lead_id, lane="urgent") for lead_id in batch))

    for lead_id in batch:
        await scene.run("assign", lead_id, lane="urgent")

    shares = Counter(
        code for (code,) in await scene.sql("SELECT s.code FROM whole_leads l JOIN staff s ON s.id = l.owner_id")
    )
    assert sorted(shares.values()) == [13, 13, 14]
    record = [one for one in await scene.rows(DecisionRecord, batch[1]) if one.key == "assignment"][-1]
    lines = {line["code"]: line for line in record.candidates}
    assert lines["BJ01-C1"]["reason"] == FAIRNESS_HOUR
    assert lines["BJ01-C2"]["inputs"].items() >= {"today": 0, "this_hour": 0}.items()
    again = Trial(SHIPPED["assignment"]).again(
        Case("assignment", record.inputs, record.result, tuple(record.candidates))
    )
    assert (again.changes, again.problem) == ((), None)


async def test_an_hour_later_the_best_one_may_be_first_again(scene: Scene) -> None:
    await scene.only_dealer("BJ01")
    await scene.sql("UPDATE staff SET skills = '{}', ability = CASE WHEN code = 'BJ01-C1' THEN 95 ELSE 50 END")
    first, second, third = [await scene.lead() for _ in range(3)]
    minutes = (timedelta(), timedelta(minutes=59), timedelta(minutes=60))

    owners: list[str] = []
    for lead_id, passed in zip((first, second, third), minutes, strict=True):
        await scene.run("grade", lead_id)
        await scene.run("dispatch", lead_id, START + passed, lane="dispatch")
        await scene.run("assign", lead_id, START + passed, lane="dispatch")
        owners += [
            (await scene.sql("SELECT code FROM staff WHERE id = :id", id=(await scene.row(lead_id)).owner_id))[0][0]
        ]

    assert owners[0] == owners[2] == "BJ01-C1" != owners[1]


@pytest.mark.parametrize("missing", ["today", "this_hour"])
def test_a_choice_from_before_the_hour_counted_is_counted_as_such(missing: str) -> None:
    inputs = dict.fromkeys(("ability", "load_percent", "hours_since_last", "today", "this_hour"), 0)
    inputs |= {"has_skill": True, "grade": "A", "first_choice": False}
    del inputs[missing]
    line = {"id": "1", "code": "C1", "points": 0, "inputs": inputs, "rank": [0.0, 0.0]}
    made = Case("assignment", {}, {"chosen": "1", "code": "C1"}, (line,))

    assert Trial(SHIPPED["assignment"]).again(made).problem == "not_stored"
