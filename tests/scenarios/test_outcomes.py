"""How a lead ends: won, lost or invalid with a manager's word, and what follows from it (A13, A14,
A16)."""

from __future__ import annotations

import pytest

from tests.scenarios.story import AGENT, DAY, HOUR, Story
from tests.scenarios.world import World


def contract(number: str, price: int = 269_800, **more: object) -> dict[str, object]:
    return {"number": number, "price": price, "payment": "deposit", "deposit": 5_000, **more}


async def lost(lead: Story, reason: str) -> None:
    """The consultant states the loss, the manager confirms it."""
    await lead.say("lose", {"reason": reason}, by=await lead.owner())
    await lead.say("confirm", {"approve": True}, by=await lead.manager())
    assert await lead.status() == "lost"


async def test_invited_visited_driven_won(world: World) -> None:
    lead = await world.new_lead("A")
    owner = await lead.owner()
    for hours, what, stage in ((1, "invite", "invited"), (48, "visit", "visited"), (49, "test-drive", "test_drive")):
        await lead.until(hours * HOUR)
        await lead.say(what, {"content": "约好"}, by=owner)
        assert (await lead.show())["stage"] == stage

    await lead.until(3 * DAY)
    await lead.say("win", contract("HT-1"), by=owner)

    shown = await lead.show()
    assert (shown["status"], shown["stage"], shown["lamp"], shown["next_due_at"]) == ("won", "won", "green", None)
    assert not await lead.lives()
    assert await lead.told("won_for_finance", "won_for_after_sales") == [
        ("won_for_after_sales", "after_sales", 3 * DAY),
        ("won_for_finance", "finance", 3 * DAY),
    ]
    assert {task["status"] for task in await lead.tasks()} == {"done"}
    assert (await lead.page())["clocks"] == []


@pytest.mark.parametrize(
    ("price", "tier", "incentive"), [(199_999, "low", 300), (200_000, "middle", 500), (300_000, "high", 800)]
)
async def test_the_incentive_goes_by_the_price_tier(world: World, price: int, tier: str, incentive: int) -> None:
    lead = await world.new_lead("H")

    await lead.say("win", contract("HT-2", price), by=await lead.owner())

    (row,) = await lead.rows("SELECT price_tier, incentive FROM contracts WHERE lead_id = :lead")
    assert (row["price_tier"], row["incentive"]) == (tier, incentive)
    (closed,) = [line for line in await lead.timeline() if line["code"] == "closed"]
    assert (closed["data"]["outcome"], closed["data"]["price_tier"]) == ("won", tier)


@pytest.mark.parametrize(("what", "reason"), [("lose", "price"), ("invalidate", "wrong_number")])
async def test_lost_or_invalid_wants_a_manager_s_word(world: World, what: str, reason: str) -> None:
    lead = await world.new_lead("A")
    await lead.until(HOUR)
    owner, manager = await lead.owner(), await lead.manager()

    await lead.say(what, {"reason": reason}, by=owner)

    assert await lead.status() == "confirming"
    task = await lead.task()
    assert (task["kind"], task["owner"], task["due_at"]) == ("confirm_closing", None, 49 * HOUR)
    assert await lead.told("confirmation_wanted") == [("confirmation_wanted", manager, HOUR)]
    assert (await lead.refused("confirm", {"approve": True}, by=owner))[0] == "role_not_allowed"
    await lead.until(73 * HOUR)
    assert await lead.climbed() == [("reminded", 49 * HOUR), ("manager_told", 73 * HOUR)]
    assert await lead.told("reminder", "overdue") == [("reminder", manager, 49 * HOUR), ("overdue", "hq", 73 * HOUR)]
    await lead.say("confirm", {"approve": True}, by=manager)

    outcome = "lost" if what == "lose" else "invalid"
    shown = await lead.show()
    assert (shown["status"], shown["stage"]) == (outcome, outcome)
    (validity,) = await lead.clocks("grade_validity")
    assert validity["stopped_at"] is not None


async def test_a_manager_who_refuses_sends_it_back_to_the_consultant(world: World) -> None:
    lead = await world.new_lead("A")
    owner = await lead.owner()
    await lead.until(HOUR)
    await lead.say("lose", {"reason": "gave_up", "content": "客户说暂时不买了"}, by=owner)
    await lead.until(2 * HOUR)

    await lead.say("confirm", {"approve": False, "comment": "再试一次"}, by=await lead.manager())

    shown = await lead.show()
    assert (shown["status"], shown["owner"]["code"]) == ("working", owner)
    assert ("closing_refused", owner, 2 * HOUR) in await lead.told()
    task = await lead.task()
    assert (task["kind"], task["owner"], task["due_at"]) == ("next_follow_up", owner, 2 * HOUR + 7 * DAY)
    await lead.say("win", contract("HT-3"), by=owner)
    assert await lead.status() == "won"


async def test_an_invalid_lead_is_not_called_back_but_can_return(world: World) -> None:
    phone = "13711110003"
    lead = await world.new_lead("A", phone=phone)
    await lead.say("invalidate", {"reason": "not_a_buyer"}, by=await lead.owner())
    await lead.say("confirm", {"approve": True}, by=await lead.manager())
    assert not await lead.lives()
    world.clock.move(30 * DAY)

    await lead.say("reactivate", {"reason": "来电咨询"}, by=AGENT)

    shown = await lead.show()
    assert (shown["status"], shown["badges"]) == ("qualifying", ["reactivated"])
    assert (await lead.task())["kind"] == "outbound_call"


@pytest.mark.parametrize(("reason", "days"), [("bought_rival", 7), ("price", 30), ("delivery_time", 60)])
async def test_hq_calls_a_lost_customer_back(world: World, reason: str, days: int) -> None:
    lead = await world.new_lead("A")
    await lost(lead, reason)
    assert (await lead.page())["state"]["place"][0]["element"] == "recall_due"

    await lead.until(days * DAY)
    task = await lead.task()
    assert (task["kind"], task["due_at"]) == ("recall", (days + 2) * DAY)
    await lead.say("recall-result", {"outcome": "not_interested"}, by=AGENT)

    assert await lead.status() == "archived"
    assert not await lead.lives()


async def test_a_recall_that_finds_interest_brings_the_lead_back(world: World) -> None:
    lead = await world.new_lead("A")
    former = await lead.owner()
    await lost(lead, "price")
    await lead.until(30 * DAY)

    await lead.say("recall-result", {"outcome": "raised", "grade": "H"}, by=AGENT)

    shown = await lead.show()
    assert (shown["status"], shown["grade"], shown["badges"]) == ("working", "H", ["reactivated"])
    assert (await lead.page())["state"]["life"] == 2
    assert (await lead.task())["due_at"] == 31 * DAY
    assert former  # whoever gets it is chosen afresh
    await lead.say("win", contract("HT-4"), by=await lead.owner())
    assert await lead.status() == "won"


async def test_a_lost_customer_who_returns_before_the_recall(world: World) -> None:
    phone = "13711110004"
    lead = await world.new_lead("A", phone=phone)
    await lost(lead, "price")
    await lead.until(10 * DAY)

    again = await world.submit(phone=phone, channel="maker.website.chat")
    await lead.rest()

    assert (again["verdict"], await lead.status()) == ("duplicate", "qualifying")
    assert (await lead.show())["badges"] == ["reactivated"]
    assert (await lead.task())["kind"] == "outbound_call"
    await lead.called("qualified", purchase_time="一周内")
    assert await lead.status() == "working"
    waits = [mark["element"] for mark in (await lead.page())["state"]["place"]]
    assert "recall_due" not in waits  # nobody calls back a customer who is here


async def test_a_customer_who_must_not_be_called_is_not(world: World) -> None:
    lead = await world.new_lead("A")
    await lead.customer("PATCH", {"do_not_call": True})

    await lost(lead, "price")

    assert "no_recall" in await lead.happened()
    assert not await lead.lives()


async def test_a_won_customer_s_next_wish_is_a_new_lead(world: World) -> None:
    phone = "13711110005"
    lead = await world.new_lead("H", phone=phone)
    await lead.say("win", contract("HT-5"), by=await lead.owner())

    again = await world.submit(phone=phone)

    assert (again["verdict"], again["lead_id"] != lead.id) == ("created", True)
