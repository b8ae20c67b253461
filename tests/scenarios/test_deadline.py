"""A follow-up a minute before the deadline cancels it; one a minute after counts, and is recorded
as late (A7, A9)."""

from __future__ import annotations

import pytest

from tests.scenarios.story import DAY, HOUR, MINUTE, Story
from tests.scenarios.world import World


async def first_follow_up(lead: Story) -> str:
    return "first_follow_up"


async def next_follow_up(lead: Story) -> str:
    """Due a day after the first, because that was promised."""
    promised = lead.world.clock.now() + DAY
    await lead.follow_up(next_at=promised.isoformat())
    return "next_follow_up"


TASKS = pytest.mark.parametrize("given", [first_follow_up, next_follow_up])


@TASKS
async def test_a_minute_before_the_deadline(world: World, given: object) -> None:
    lead = await world.new_lead("A")
    kind = await given(lead)  # type: ignore[operator]
    await lead.until(DAY - MINUTE)

    said = await lead.follow_up()

    assert said["late"] is False
    await lead.until(3 * DAY)
    assert "manager_told" not in await lead.happened()
    (clock,) = [clock for clock in await lead.clocks(kind) if clock["started_at"] == 0 * HOUR]
    assert (clock["due_at"], clock["stopped_at"], clock["breached_at"]) == (DAY, DAY - MINUTE, None)
    assert (await lead.task())["due_at"] == DAY - MINUTE + 7 * DAY


@TASKS
async def test_a_minute_after_the_deadline(world: World, given: object) -> None:
    lead = await world.new_lead("A")
    kind = await given(lead)  # type: ignore[operator]
    await lead.until(DAY + MINUTE)

    said = await lead.follow_up()

    assert said["late"] is True
    climbed = await lead.climbed()
    assert climbed[-1][1] == DAY
    await lead.until(5 * DAY)
    assert await lead.climbed() == climbed  # nothing more
    (clock,) = [clock for clock in await lead.clocks(kind) if clock["started_at"] == 0 * HOUR]
    assert (clock["due_at"], clock["breached_at"], clock["stopped_at"]) == (DAY, DAY, DAY + MINUTE)
    task = next(task for task in await lead.tasks() if task["late"])
    assert (task["kind"], task["status"], task["outcome"]) == (kind, "done", "continue")
    line = [line for line in await lead.timeline() if line["code"] == "followed_up"][-1]
    assert line["data"]["late"] is True
    assert (await lead.show())["lamp"] == "green"


async def test_in_the_very_second_it_is_in_time(world: World) -> None:
    lead = await world.new_lead("A")
    await lead.until(DAY)

    said = await lead.follow_up()

    assert said["late"] is False
    assert (await lead.clocks("first_follow_up"))[0]["breached_at"] == DAY  # the manager was told at that instant


async def test_progress_a_minute_before_the_grade_runs_out(world: World) -> None:
    lead = await world.new_lead("H")
    for hours in (1, 71, 141):
        await lead.until(hours * HOUR)
        await lead.follow_up()
    await lead.until(7 * DAY + HOUR - MINUTE)

    await lead.say("invite", {"content": "周末到店"}, by=await lead.owner())

    await lead.until(7 * DAY + 2 * HOUR)
    assert await lead.climbed() == []
    assert (await lead.clocks("grade_validity"))[-1]["due_at"] == 14 * DAY + HOUR - MINUTE


async def test_progress_a_minute_after_the_grade_ran_out_ends_its_ladder(world: World) -> None:
    lead = await world.new_lead("H")
    for hours in (1, 71, 141):
        await lead.until(hours * HOUR)
        await lead.follow_up()
    await lead.until(7 * DAY + HOUR + MINUTE)

    await lead.say("visit", by=await lead.owner())

    await lead.until(9 * DAY + 2 * HOUR)
    assert await lead.climbed() == [("manager_told", 7 * DAY + HOUR)]
    ran_out = (await lead.clocks("grade_validity"))[-2]
    assert (ran_out["breached_at"], ran_out["stopped_at"]) == (7 * DAY + HOUR, 7 * DAY + HOUR + MINUTE)


async def test_a_call_that_brings_nothing_new_does_not_save_the_grade(world: World) -> None:
    lead = await world.new_lead("H")
    for hours in (1, 71, 141, 168):
        await lead.until(hours * HOUR)
        await lead.follow_up()

    await lead.until(7 * DAY + HOUR)

    assert await lead.climbed() == [("manager_told", 7 * DAY + HOUR)]


async def test_what_was_promised_binds_and_cannot_stretch_the_cadence(world: World) -> None:
    lead = await world.new_lead("H")
    await lead.until(HOUR)
    now = world.clock.now()
    body = {"content": "介绍"}

    too_late = await lead.post("follow-ups", body | {"next_at": (now + 10 * DAY).isoformat()}, by=await lead.owner())
    assert [one["code"] for one in too_late.json()["problems"]] == ["beyond_cadence"]
    assert (await lead.task())["kind"] == "first_follow_up"

    await lead.follow_up(next_at=(now + 5 * HOUR).isoformat())
    assert (await lead.task())["due_at"] == 6 * HOUR


async def test_an_attempt_that_nobody_answers_stops_no_clock(world: World) -> None:
    lead = await world.new_lead("A")
    owner = await lead.owner()
    before = await lead.task()
    for hours in (1, 4, 8):
        await lead.until(hours * HOUR)
        said = await lead.say("follow-ups", {"reached": False}, by=owner)
        assert said["outcome"] == "unreachable"

    assert await lead.task() == before
    assert (await lead.show())["stage"] == "first_follow_up_due"
    await lead.until(24 * HOUR)
    assert [code for code, _ in await lead.climbed()] == ["reminded", "manager_told"]
