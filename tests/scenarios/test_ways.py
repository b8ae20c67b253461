"""A lead of each grade goes its way (A5, A6, A15)."""

from __future__ import annotations

import pytest

from tests.scenarios.story import AGENT, DAY, HOUR
from tests.scenarios.world import World


@pytest.mark.parametrize(
    ("grade", "days", "reason"), [("H", 7, "within_7_days"), ("A", 15, "within_15_days"), ("B", 30, "within_30_days")]
)
async def test_a_hot_or_warm_lead_goes_straight_to_a_dealer(world: World, grade: str, days: int, reason: str) -> None:
    lead = await world.new_lead(grade)

    shown, owner = await lead.show(), await lead.owner()
    assert (shown["grade"], shown["status"], shown["stage"]) == (grade, "working", "first_follow_up_due")
    assert await lead.happened() == ["lead_created", "cleaned", "graded", "dispatched", "assigned", "task_planned"]
    (graded,) = [line for line in await lead.timeline() if line["code"] == "graded"]
    assert (graded["data"]["reason"], graded["data"]["lane"]) == (reason, "urgent" if grade == "H" else "dispatch")
    assert await lead.told() == [("lead_assigned", owner, 0 * HOUR)]
    task = await lead.task()
    assert (task["kind"], task["owner"], task["due_at"]) == ("first_follow_up", owner, DAY)
    (validity,) = await lead.clocks("grade_validity")
    assert (validity["due_at"], validity["staff"]) == (days * DAY, owner)


@pytest.mark.parametrize(("grade", "keep"), [("C", 90), ("N", 365)])
async def test_a_cool_lead_is_nurtured(world: World, grade: str, keep: int) -> None:
    lead = await world.new_lead(grade)

    shown = await lead.show()
    assert (shown["grade"], shown["status"], shown["dealer"], shown["owner"]) == (grade, "nurture", None, None)
    assert await lead.happened() == ["lead_created", "cleaned", "graded", "nurture_planned", "material_sent"]
    assert await lead.tasks() == []
    place = (await lead.page())["state"]["place"]
    assert sorted(mark["element"] for mark in place) == ["check_due", "material_due"]
    for day in range(60, keep, 61):
        await lead.until(day * DAY)
        await lead.say("intent", {"outcome": "unchanged"}, by=AGENT)
    await lead.until(keep * DAY - HOUR)
    assert await lead.status() == "nurture"
    await lead.until(keep * DAY)
    assert (await lead.status(), (await lead.when("archived"))) == ("archived", [("archived", keep * DAY)])


async def test_a_lead_without_a_plan_is_called_and_nurtured(world: World) -> None:
    lead = await world.new_lead(purchase_time=None, budget=None)
    assert (await lead.task())["kind"] == "outbound_call"

    await lead.called("qualified")

    shown = await lead.show()
    assert (shown["grade"], shown["status"]) == ("C", "nurture")


async def test_what_a_person_stated_holds_against_the_rules(world: World) -> None:
    lead = await world.new_lead("N", channel="dealer.showroom.walk_in", grade="H")

    assert ((await lead.show())["grade"], await lead.status()) == ("H", "working")


async def test_the_page_says_why(world: World) -> None:
    lead = await world.new_lead("H")
    decisions = (await world.http.get(f"/api/v1/leads/{lead.id}/decisions")).json()["items"]

    tables = {decision["table"]: decision for decision in decisions}
    assert {"validity", "cleaning", "grade", "grade-scale", "dispatch", "assignment", "cadence"} <= tables.keys()
    assert tables["grade"]["inputs"]["horizon_days"] == 7
    assert tables["grade"]["matched"] and tables["grade"]["version"] == 1
    chosen = await lead.owner()
    points = {one["code"]: one.get("points") for one in tables["assignment"]["candidates"]}
    assert points[chosen] == max(points.values())
