"""A lead that does not buy soon is kept warm, until its interest rises or ends; and it can come
back (A15, A16)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.scenarios.story import AGENT, DAY, HOUR, Story
from tests.scenarios.world import World


async def checked(lead: Story, outcome: str, **body: object) -> None:
    await lead.say("intent", {"outcome": outcome} | body, by=AGENT)


async def sent(lead: Story) -> list[timedelta]:
    return [at for _, at in await lead.when("material_sent")]


@pytest.mark.parametrize(("wish", "grade", "every"), [("三个月内", "C", 14), ("半年内", "N", 14), ("一年内", "N", 30)])
async def test_material_on_the_day_of_grading_then_fortnightly_or_monthly(
    world: World, wish: str, grade: str, every: int
) -> None:
    lead = await world.new_lead(purchase_time=wish)
    assert (await lead.show())["grade"] == grade
    assert await sent(lead) == [0 * DAY]

    await lead.until(61 * DAY)

    assert await sent(lead) == [day * DAY for day in range(0, 62, every)]
    rows = await lead.rows("SELECT number, code, sent_at FROM materials WHERE lead_id = :lead ORDER BY number")
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert len({row["code"] for row in rows}) > 1


async def test_material_on_the_day_of_the_call(world: World) -> None:
    lead = await world.new_lead(model=None)
    await lead.until(3 * HOUR)

    await lead.called("qualified", purchase_time="三个月内", model="森林人")

    assert await lead.status() == "nurture"
    assert await sent(lead) == [3 * HOUR]


async def test_intent_is_checked_every_two_months(world: World) -> None:
    lead = await world.new_lead("N")

    await lead.until(60 * DAY)
    task = await lead.task()
    assert (task["kind"], task["due_at"]) == ("intent_check", 61 * DAY)
    await lead.until(60 * DAY + 2 * HOUR)
    await checked(lead, "unchanged", labels=["等新款"])

    assert (await lead.show())["customer"]["labels"] == ["等新款"]
    await lead.until(120 * DAY + HOUR)
    assert await lead.tasks() != []
    await lead.until(120 * DAY + 2 * HOUR)
    assert (await lead.task())["due_at"] == 121 * DAY + 2 * HOUR


async def test_a_check_nobody_makes_is_chased(world: World) -> None:
    lead = await world.new_lead("N")

    await lead.until(64 * DAY)

    assert await lead.climbed() == [("reminded", 61 * DAY), ("manager_told", 63 * DAY)]
    assert await lead.told() == [("reminder", "call_centre", 61 * DAY), ("overdue", "hq", 63 * DAY)]


async def test_interest_has_risen_and_a_dealer_gets_the_lead(world: World) -> None:
    lead = await world.new_lead("C")
    await lead.until(60 * DAY + HOUR)

    await checked(lead, "raised", grade="A")

    shown = await lead.show()
    assert (shown["status"], shown["grade"], shown["stage"]) == ("working", "A", "first_follow_up_due")
    task = await lead.task()
    assert (task["kind"], task["due_at"]) == ("first_follow_up", 61 * DAY + HOUR)
    await lead.follow_up()
    await lead.until(75 * DAY)
    assert max(await sent(lead)) < 60 * DAY  # no more material from HQ


async def test_a_higher_grade_by_hand_ends_nurture(world: World) -> None:
    lead = await world.new_lead("N")
    await lead.until(10 * DAY)

    await lead.say("regrade", {"grade": "H", "reason": "主动询价"}, by=AGENT)

    shown = await lead.show()
    assert (shown["grade"], shown["status"]) == ("H", "working")
    assert (await lead.clocks("grade_validity"))[-1]["due_at"] == 17 * DAY


async def test_interest_through_a_channel_ends_nurture(world: World) -> None:
    phone = "13711110001"
    lead = await world.new_lead("C", phone=phone)
    await lead.until(20 * DAY)

    again = await world.submit(phone=phone, purchase_time="一周内", channel="maker.website.chat")
    await lead.rest()

    assert (again["verdict"], again["lead_id"]) == ("duplicate", lead.id)
    shown = await lead.show()
    assert shown["badges"] == ["duplicate"]
    assert (shown["status"], shown["grade"]) == ("working", "H")  # what the customer says now counts


async def test_interest_that_is_no_nearer_goes_on_with_nurture(world: World) -> None:
    phone = "13711110008"
    lead = await world.new_lead("C", phone=phone)
    await lead.until(20 * DAY)

    for _ in range(3):
        await world.submit(phone=phone, purchase_time="三个月内", channel="maker.website.chat")
        await lead.rest()

    assert (await lead.status(), (await lead.show())["grade"]) == ("nurture", "C")
    assert await sent(lead) == [0 * DAY, 14 * DAY, 20 * DAY]  # one a day is enough
    await lead.until(80 * DAY)
    await checked(lead, "unchanged")
    await lead.until(110 * DAY)
    assert await lead.status() == "archived"  # ninety days from the renewed interest


async def test_no_interest_is_archived(world: World) -> None:
    lead = await world.new_lead("N")
    await lead.until(60 * DAY)

    await checked(lead, "not_interested")

    assert await lead.status() == "archived"
    assert not await lead.lives()


async def test_a_customer_returns_twice_in_one_life_with_the_history(world: World) -> None:
    phone = "13711110002"
    lead = await world.new_lead("C", phone=phone)
    await lead.until(60 * DAY)
    await checked(lead, "unchanged")
    await lead.until(90 * DAY)
    assert await lead.status() == "archived"

    async def returns_and_is_called(at: timedelta, **call: object) -> None:
        await lead.until(at)
        again = await world.submit(phone=phone, purchase_time=None, channel="maker.website.chat")
        await lead.rest()
        assert (again["verdict"], again["lead_id"]) == ("duplicate", lead.id)
        shown = await lead.show()
        assert (shown["status"], shown["badges"].count("reactivated")) == ("qualifying", 1)
        assert (await lead.task())["kind"] == "outbound_call"
        await lead.called("qualified", **call)

    await returns_and_is_called(200 * DAY, purchase_time="半年内")
    assert await lead.status() == "nurture"
    await lead.until(260 * DAY)
    await checked(lead, "not_interested")
    assert await lead.status() == "archived"

    await returns_and_is_called(400 * DAY, purchase_time="一周内", budget="30万")
    shown = await lead.show()
    assert (shown["status"], shown["grade"]) == ("working", "H")
    await lead.follow_up()

    assert (await lead.page())["state"]["life"] == 3
    happened = await lead.happened()
    assert happened.count("archived") == 2 and happened.count("customer_returned") == 2
    assert happened[0] == "lead_created" and happened[-2:] == ["followed_up", "task_planned"]
    assert [line["data"]["life"] for line in await lead.timeline() if line["code"] == "reactivated"] == [2, 3]
    assert len({run.run_id for run in await world.histories(lead)}) == 3


async def test_a_customer_of_the_dealer_cools_down_and_warms_up(world: World) -> None:
    lead = await world.new_lead("A")
    owner = await lead.owner()
    await lead.until(HOUR)

    await lead.say("cool", {"content": "等年终奖", "grade": "C"}, by=owner)

    shown = await lead.show()
    assert (shown["status"], shown["grade"], shown["owner"]["code"]) == ("nurture", "C", owner)
    assert [line["data"]["side"] for line in await lead.timeline() if line["code"] == "nurture_planned"] == ["dealer"]
    materials = await lead.rows("SELECT channel FROM materials WHERE lead_id = :lead")
    assert len(materials) == 1
    assert await lead.clocks("grade_validity") != [] and (await lead.page())["clocks"] == []

    await lead.until(30 * DAY)
    await lead.say("regrade", {"grade": "A"}, by=owner)

    shown = await lead.show()
    assert (shown["status"], shown["owner"]["code"]) == ("working", owner)  # its consultant keeps it
    task = await lead.task()
    assert (task["kind"], task["due_at"]) == ("first_follow_up", 31 * DAY)
