"""The outbound call: what rules cannot settle a person does, within two working hours (A4, A5,
A10)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.scenarios.story import AGENT, DAY, HOUR
from tests.scenarios.world import World


@pytest.mark.parametrize(
    ("arrives", "due", "told"),
    [
        ("2026-11-23T02:00", "2026-11-23T04:00", 4),  # Monday morning
        ("2026-11-27T09:00", "2026-11-27T11:00", 14),  # Friday 17:00: until 19:00; 23:00 is told at 9:00
        ("2026-11-28T12:30", "2026-11-29T02:30", 4),  # Saturday 20:30: half an hour then, the rest on Sunday
        ("2026-12-31T12:00", "2027-01-02T02:00", 4),  # the eve of a holiday, 20:00
    ],
    ids=["in the morning", "in the evening", "over the night", "before a holiday"],
)
async def test_is_due_after_two_working_hours(world: World, arrives: str, due: str, told: int) -> None:
    world.clock.set(datetime.fromisoformat(arrives).replace(tzinfo=UTC))
    lead = await world.new_lead(model=None)

    expected = datetime.fromisoformat(due).replace(tzinfo=UTC) - lead.born
    task = await lead.task()
    assert (task["kind"], task["due_at"]) == ("outbound_call", expected)

    await lead.until(expected + told * HOUR)
    assert await lead.told() == [
        ("reminder", "call_centre", expected),
        ("overdue", "hq", expected + told * HOUR),
    ]


async def test_completes_and_grades(world: World) -> None:
    lead = await world.new_lead(model=None, budget=None)

    await lead.called("qualified", model="森林人", budget="25万", purchase_time="两周内", grade="H")

    shown = await lead.show()
    assert (shown["status"], shown["grade"], shown["model"]) == ("working", "H", "forester")
    (graded,) = [line for line in await lead.timeline() if line["code"] == "graded"]
    assert graded["data"]["reason"] == "stated"


async def test_the_dealer_s_first_follow_up_is_still_due_in_24_hours(world: World) -> None:
    """The call centre's call is no follow-up, although it happens at the instant of the
    assignment."""
    lead = await world.new_lead(model=None)
    await lead.until(HOUR)

    await lead.called("qualified", model="傲虎")

    task = await lead.task()
    assert (task["kind"], task["due_at"]) == ("first_follow_up", HOUR + DAY)
    assert (await lead.show())["stage"] == "first_follow_up_due"


async def test_nobody_answers_three_times_and_the_lead_is_nurtured(world: World) -> None:
    lead = await world.new_lead(model=None)
    for attempt in range(3):
        await lead.until(attempt * DAY)
        assert (await lead.task())["opened_at"] == attempt * DAY
        await lead.called("unreachable")

    assert await lead.status() == "nurture"
    assert [task["outcome"] for task in await lead.tasks()] == ["unreachable"] * 3
    assert await lead.when("material_sent") == [("material_sent", 2 * DAY)]


async def test_no_lead_at_all(world: World) -> None:
    lead = await world.new_lead(model=None)

    await lead.called("invalid", reason="not_a_buyer")

    assert await lead.status() == "invalid"
    assert not await lead.lives()


async def test_the_same_customer_under_another_number(world: World) -> None:
    first = await world.new_lead("A", name="欧阳震华", phone="13611110001", wechat="ouyang88")
    second = await world.new_lead("A", name="欧阳震华", phone="13611110002")
    assert "duplicates_suspected" in await second.happened()

    await second.called("duplicate", duplicate_of=first.id)
    await first.rest()

    assert await second.status() == "attached"
    assert (await first.show())["badges"] == ["duplicate"]
    assert ("interest_again", await first.owner(), 0 * HOUR) in await first.told()
    again = await world.submit(phone="13611110002")
    assert (again["verdict"], again["lead_id"]) == ("duplicate", first.id)


async def test_interest_during_the_call_is_told_to_the_call_centre(world: World) -> None:
    phone = "13711110006"
    lead = await world.new_lead(model=None, phone=phone)
    await lead.until(HOUR)

    await world.submit(phone=phone, model=None, note="还想知道优惠")
    await lead.rest()

    assert ("interest_again", "call_centre", HOUR) in await lead.told()
    assert (await lead.show())["badges"] == ["duplicate"]
    assert len(await lead.tasks()) == 1
    await lead.say("call-result", {"outcome": "qualified", "model": "傲虎"}, by=AGENT)
    assert await lead.status() == "working"
