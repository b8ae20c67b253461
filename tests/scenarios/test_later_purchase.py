"""A win may be agreed for a later day: its consultant is asked shortly before it, and what is said
counts (A13)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from cases.zone import CHINA
from tests.scenarios.story import DAY, HOUR, Story
from tests.scenarios.test_departures import away, sql
from tests.scenarios.test_outcomes import contract
from tests.scenarios.test_undo import entries
from tests.scenarios.world import World

AGREED = 60 * DAY
OPENS = time(8, 30)
WITHDREW = {"outcome": "fallen_through", "reason": "customer_withdrew", "content": "客户换了工作，不买了"}


def opening(lead: Story, at: timedelta) -> timedelta:
    """When the dealer opens on that day, counted from the lead's birth."""
    return datetime.combine((lead.born + at).astimezone(CHINA).date(), OPENS, CHINA) - lead.born


async def won(world: World, agreed: timedelta = AGREED, payment: str = "later", **facts: Any) -> tuple[Story, str]:
    """A lead that was won on its first day, to be bought later, and its consultant."""
    lead = await world.new_lead("A", **facts)
    owner = await lead.owner()
    on = (lead.born + agreed).isoformat()
    await lead.say("win", contract("HT-1", payment=payment, purchase_on=on), by=owner)
    assert (await lead.status(), [task["status"] for task in await lead.tasks()]) == ("won", ["done"])
    return lead, owner


async def sale(lead: Story) -> dict[str, Any]:
    (found,) = await lead.rows("SELECT purchase_on, firmed_at, cancelled_as FROM contracts WHERE lead_id = :lead")
    return found


@pytest.mark.parametrize(("payment", "before"), [("later", 7), ("deposit", 3)])
async def test_the_agreed_day_opens_a_task_at_its_time(world: World, payment: str, before: int) -> None:
    lead, owner = await won(world, payment=payment)
    due = opening(lead, AGREED - before * DAY)
    page = await lead.page()
    assert [(mark["process"], mark["element"]) for mark in page["state"]["place"]][-1] == ("purchase", "firm_up_due")
    assert page["possible"] == ["reassign", "cancel-order", "wrong-win"]

    await lead.until(due - timedelta(minutes=1))
    assert [task["kind"] for task in await lead.tasks()] == ["first_follow_up"]
    await lead.until(due)

    task = await lead.task()
    assert (task["kind"], task["owner"], task["opened_at"]) == ("firm_up", owner, due)
    assert task["due_at"] == due + 2 * DAY
    assert await lead.told("firm_up_wanted") == [("firm_up_wanted", owner, due)]
    assert (await lead.page())["possible"][0] == "firm-up"
    await lead.say("firm-up", {"outcome": "confirmed", "content": "周六来提车"}, by=owner)
    assert (await lead.status(), await lead.lives()) == ("won", False)
    assert (await sale(lead))["firmed_at"] == lead.born + due
    assert await entries(lead) == [("accrued", 500)]
    assert (await lead.page())["possible"] == ["cancel-order", "wrong-win"]


async def test_a_day_that_is_near_is_asked_about_at_the_next_opening(world: World) -> None:
    world.clock.set(datetime(2026, 11, 24, 21, tzinfo=CHINA))
    lead, owner = await won(world, 2 * DAY)

    await lead.until(DAY)

    task = await lead.task()
    assert (task["kind"], task["owner"], task["opened_at"]) == ("firm_up", owner, opening(lead, DAY))
    assert task["due_at"] == datetime(2026, 11, 26, 18, tzinfo=CHINA) - lead.born, "not after the day that was agreed"


async def test_a_win_for_today_asks_for_nothing_more(world: World) -> None:
    lead, _ = await won(world, HOUR)

    assert not await lead.lives()


async def test_a_purchase_that_is_moved_is_asked_about_anew(world: World) -> None:
    lead, owner = await won(world)
    await lead.until(opening(lead, AGREED - 7 * DAY))
    for on, code, bound in (
        (lead.born, "in_past", "2027-01-15"),
        (world.clock.now() + 731 * DAY, "too_far_ahead", "2029-01-14"),
    ):
        answer = await lead.post("firm-up", {"outcome": "moved", "purchase_on": on.isoformat()}, by=owner)
        (problem,) = answer.json()["problems"]
        assert (answer.status_code, problem["field"], problem["code"]) == (422, "purchase_on", code)
        assert bound in problem["message"]
    assert (await lead.task())["kind"] == "firm_up"

    later = lead.born + 2 * AGREED
    await lead.say("firm-up", {"outcome": "moved", "purchase_on": later.isoformat()}, by=owner)

    assert (await lead.status(), (await sale(lead))["purchase_on"]) == ("won", later)
    moved = next(line for line in await lead.timeline() if line["code"] == "purchase_moved")
    assert (moved["data"]["was"], moved["data"]["on"]) == ("2027-01-22", "2027-03-23")
    again = opening(lead, 2 * AGREED - 7 * DAY)
    await lead.until(again)
    assert ((await lead.task())["kind"], (await lead.task())["opened_at"]) == ("firm_up", again)
    assert len([task for task in await lead.tasks() if task["kind"] == "firm_up"]) == 2


async def test_what_falls_through_goes_as_a_cancelled_order_goes(world: World) -> None:
    lead, owner = await won(world)
    await lead.until(opening(lead, AGREED - 7 * DAY))

    await lead.say("firm-up", WITHDREW, by=owner)

    manager = await lead.manager()
    task = await lead.task()
    assert (await lead.status(), task["kind"]) == ("confirming", "confirm_undo")
    assert [(code, whom) for code, whom, _ in await lead.told("undo_wanted")] == [("undo_wanted", manager)]
    assert (await lead.refused("confirm", {"approve": True}, by=owner))[0] in ("own_request", "role_not_allowed")
    await lead.say("confirm", {"approve": True}, by=manager)
    shown = await lead.show()
    assert (shown["status"], shown["badges"], shown["owner"]["code"]) == ("working", ["reactivated"], owner)
    assert await entries(lead) == [("accrued", 500), ("reversed", -500)]
    assert (await sale(lead))["cancelled_as"] == "cancel_order"


async def test_what_is_not_let_go_is_asked_about_again(world: World) -> None:
    lead, owner = await won(world)
    await lead.until(opening(lead, AGREED - 7 * DAY))
    await lead.say("firm-up", WITHDREW, by=owner)

    await lead.say("confirm", {"approve": False, "comment": "定金不退"}, by=await lead.manager())
    await lead.until(world.clock.now() + HOUR)

    assert (await lead.status(), (await lead.task())["kind"]) == ("won", "firm_up")
    assert await entries(lead) == [("accrued", 500)]


@pytest.mark.parametrize("asked", [False, True], ids=["waiting", "asked"])
async def test_it_can_be_cancelled_at_any_moment(world: World, asked: bool) -> None:
    lead, owner = await won(world)
    if asked:
        await lead.until(opening(lead, AGREED - 7 * DAY))

    await lead.post("cancel-order", {"reason": "price", "content": "客户嫌贵，退订"}, by=owner)
    if asked:  # the process has not heard yet
        assert (await lead.refused("firm-up", {"outcome": "confirmed"}, by=owner))[0] == "not_now"
    await lead.rest()

    assert (await lead.task())["kind"] == "confirm_undo"
    await lead.say("confirm", {"approve": True}, by=await lead.manager())
    assert (await lead.status(), await lead.owner()) == ("working", owner)


@pytest.mark.parametrize("asked", [False, True], ids=["waiting", "asked"])
async def test_erasure_ends_it_at_any_moment(world: World, asked: bool) -> None:
    lead, _ = await won(world)
    if asked:
        await lead.until(opening(lead, AGREED - 7 * DAY))

    await lead.customer("DELETE")

    assert (await lead.status(), await lead.lives()) == ("erased", False)
    assert {task["status"] for task in await lead.tasks()} <= {"done", "withdrawn"}


@pytest.mark.parametrize("asked", [False, True], ids=["waiting", "asked"])
async def test_who_has_left_meanwhile_is_relieved(world: World, asked: bool) -> None:
    lead, owner = await won(world)
    when = opening(lead, AGREED - 7 * DAY)
    await lead.until(when if asked else 20 * DAY)

    left = await world.state("PATCH", f"/network/staff/{owner}", {"active": False}, by=await lead.manager())
    assert left.status_code == 200, left.text
    await lead.until(when)

    successor, task = await lead.owner(), await lead.task()
    assert successor != owner and (task["kind"], task["owner"], task["opened_at"]) == ("firm_up", successor, when)
    assert (await lead.happened()).count("redistributed_left") == 1
    assert [whom for _, whom, _ in await lead.told("reassigned_to_you")] == [successor]
    await lead.say("firm-up", {"outcome": "confirmed"}, by=successor)
    assert not await lead.lives()


async def test_who_is_away_for_long_is_relieved_and_who_is_back_is_asked(world: World) -> None:
    await sql(world, "UPDATE dealers SET active = (code = 'BJ01')")
    lead, owner = await won(world, 20 * DAY)
    other, same = await won_by(world, owner, 30 * DAY)
    when = opening(lead, 13 * DAY)
    await lead.until(when - HOUR)
    await away(world, owner, timedelta(days=7))

    await lead.until(when)
    await other.until(opening(other, 23 * DAY))

    assert (await lead.task())["owner"] == await lead.owner() != owner
    assert (await other.task())["owner"] == same == owner


async def won_by(world: World, owner: str, agreed: timedelta) -> tuple[Story, str]:
    lead = await world.new_lead("A", phone="13755554444")
    if await lead.owner() != owner:
        await lead.reassign(to_staff=owner)
    on = (lead.born + agreed).isoformat()
    await lead.say("win", contract("HT-2", payment="later", purchase_on=on), by=owner)
    return lead, owner


@pytest.mark.parametrize("asked", [False, True], ids=["waiting", "asked"])
async def test_a_supervisor_gives_it_to_somebody_else(world: World, asked: bool) -> None:
    lead, owner = await won(world)
    when = opening(lead, AGREED - 7 * DAY)
    await lead.until(when if asked else 20 * DAY)
    await sql(world, "UPDATE staff SET rest_days = '{}'")
    colleague = await lead.colleague()

    await lead.reassign(to_staff=colleague, by=await lead.manager())
    await lead.until(when)

    task = await lead.task()
    assert (await lead.owner(), task["kind"], task["owner"]) == (colleague, "firm_up", colleague)
    assert (task["opened_at"], task["due_at"]) == (when, when + 2 * DAY)
    assert await lead.status() == "won"
    assert (await lead.refused("firm-up", {"outcome": "confirmed"}, by=owner))[0] == "not_yours"


async def test_nobody_asks_and_the_ladder_climbs(world: World) -> None:
    lead, owner = await won(world)
    when = opening(lead, AGREED - 7 * DAY)

    await lead.until(when + 4 * DAY)

    climbed = await lead.climbed()
    due = when + 2 * DAY
    assert climbed[0] == ("reminded", opening(lead, when + DAY) + 8.5 * HOUR), "in the last hour worked before"
    assert climbed[1][0] == "manager_told" and climbed[1][1] >= due
    assert ("reminder", owner, climbed[0][1]) in await lead.told("reminder")
    assert {whom for _, whom, _ in await lead.told("overdue")} == {await lead.manager()}
    assert (await lead.task())["kind"] == "firm_up", "it stays somebody's, and is told again"
