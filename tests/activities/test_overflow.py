"""When the nearest dealers have had their leads of the day: the next one, tomorrow's opening, or
head office (A6)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

import rules
from domain.policy.again import Case, Trial
from store.models import DecisionRecord, TimelineEntry
from store.network.network_seed import dealer_id
from tests.activities.scene import START, Scene

TOMORROW = datetime.fromisoformat("2026-03-03T00:30:00+00:00")
"""08:30 in China, when the shipped hours of dealers begin."""


async def made(scene: Scene, lead: UUID, key: str) -> DecisionRecord:
    return [one for one in await scene.rows(DecisionRecord, lead) if one.key == key][-1]


async def graded(scene: Scene, grade: str, **facts: Any) -> UUID:
    return await scene.lead(grade=grade, grade_reason="stated", **facts)


@pytest.mark.parametrize(
    ("grade", "waited", "expected"),
    [
        ("A", 0, {"why": "all_full"}),
        ("B", 0, {"until": TOMORROW.isoformat(), "waited": 1}),
        ("C", 1, {"until": TOMORROW.isoformat(), "waited": 2}),
        ("B", 2, {"why": "all_full"}),
    ],
)
async def test_where_all_near_are_full(scene: Scene, grade: str, waited: int, expected: dict[str, Any]) -> None:
    await scene.sql("UPDATE dealers SET daily_capacity = 0")
    lead = await graded(scene, grade)

    given = await scene.run("dispatch", lead, lane="dispatch", waited=waited)

    if "until" in expected:
        assert datetime.fromisoformat(given["until"]) == TOMORROW
        given["until"] = expected["until"]
    assert given == {"dealer": None} | expected


@pytest.mark.parametrize(
    ("grade", "km", "waited", "goes_on"),
    [("B", 40, 0, True), ("B", 200, 0, False), ("B", 200, 1, True), ("A", 200, 0, True)],
)
async def test_where_a_farther_one_has_room(scene: Scene, grade: str, km: int, waited: int, goes_on: bool) -> None:
    await scene.sql("UPDATE dealers SET daily_capacity = 0 WHERE code LIKE 'BJ%'")
    await scene.sql("UPDATE dealers SET latitude = 39.904, longitude = 116.407 WHERE code LIKE 'BJ%'")
    await scene.sql(
        "UPDATE dealers SET latitude = :south, longitude = 116.407 WHERE code = 'QD01'", south=39.904 - km / 111.2
    )
    lead = await graded(scene, grade)

    given = await scene.run("dispatch", lead, lane="dispatch", waited=waited)

    choice, full = await made(scene, lead, "dispatch"), await made(scene, lead, "overflow")
    assert (given["dealer"] == str(dealer_id("QD01"))) is goes_on
    assert (full.inputs["room"], full.inputs["waited"]) == (True, waited)
    assert full.inputs["farther_km"] == pytest.approx(km, abs=1)
    reasons = {line["code"]: line.get("reason") for line in choice.candidates if "code" in line}
    assert (reasons["BJ01"], reasons["QD01"]) == ("at_capacity", None if goes_on else "held_back")
    (table,) = rules.read_table(next(path for path in rules.shipped() if path.stem == "dispatch").read_bytes())
    again = Trial(table).again(Case("dispatch", choice.inputs, choice.result, tuple(choice.candidates)))
    assert (again.changes, again.problem) == ((), None), "what was held back stays so"
    if not goes_on:
        assert "waits_for_opening" in [one.code for one in await scene.rows(TimelineEntry, lead)]


async def test_forty_five_leads_of_a_day_never_leave_the_limit(scene: Scene) -> None:
    await scene.sql("UPDATE dealers SET daily_capacity = 5")
    near = {str(dealer_id(f"{city}{number:02}")): city for city in ("GZ", "SZ") for number in (1, 2, 3)}
    went: Counter[str] = Counter()

    for number in range(45):
        lead = await graded(scene, "AB"[number % 2], city="广州", region="SOUTH")
        given = await scene.run("dispatch", lead, lane="dispatch")
        went[near[given["dealer"]] if given["dealer"] else given.get("why") or "waits"] += 1

    assert went["GZ"] == 15
    assert went["SZ"] <= 10
    assert went.keys() <= {"GZ", "SZ", "all_full", "waits"}
    assert sum(went.values()) == 45


@pytest.mark.parametrize(
    ("city", "why"),
    [("三沙", "no_dealer_near"), ("阿里", "no_dealer_near"), (None, "place_unknown"), ("朝阳区", "place_unknown")],
)
async def test_nobody_near_is_told_to_head_office(scene: Scene, city: str | None, why: str) -> None:
    lead = await graded(scene, "A", city=city, region=None)

    assert await scene.run("dispatch", lead, lane="dispatch") == {"dealer": None, "why": why}


async def test_tomorrow_it_is_dispatched(scene: Scene) -> None:
    await scene.only_dealer("BJ01")
    await scene.sql("UPDATE dealers SET daily_capacity = 1")
    await scene.run("dispatch", await graded(scene, "B"), lane="dispatch")
    lead = await graded(scene, "B")
    given = await scene.run("dispatch", lead, lane="dispatch")
    opens = datetime.fromisoformat(given["until"])
    assert START < opens < START + timedelta(days=1)

    again = await scene.run("dispatch", lead, opens, lane="dispatch", waited=given["waited"])

    assert again["dealer"] == str(dealer_id("BJ01"))
