"""A win can be undone: asked for, decided by somebody else, and the lead is back with its
consultant (A13)."""

from __future__ import annotations

import pytest

from tests.scenarios.story import DAY, HOUR, Story
from tests.scenarios.test_outcomes import contract
from tests.scenarios.world import World

CANCEL = {"reason": "finance_refused", "content": "贷款未批，客户退订"}
WRONG = {"reason": "wrong_lead", "content": "记错了客户"}


async def won(world: World, number: str = "HT-1", **facts: object) -> tuple[Story, str, str]:
    """A lead won on the second day, its consultant and the consultant's manager."""
    lead = await world.new_lead("A", **facts)
    owner, manager = await lead.owner(), await lead.manager()
    await lead.until(HOUR)
    await lead.follow_up()
    await lead.until(DAY)
    await lead.say("win", contract(number), by=owner)
    assert not await lead.lives()
    return lead, owner, manager


async def entries(lead: Story) -> list[tuple[str, int]]:
    rows = await lead.rows("SELECT kind, amount FROM incentive_entries WHERE lead_id = :lead ORDER BY id")
    return [(row["kind"], row["amount"]) for row in rows]


async def test_a_cancelled_order_is_agreed_to_and_sold_again(world: World) -> None:
    lead, owner, manager = await won(world)
    await lead.until(10 * DAY)

    asked = await lead.say("cancel-order", CANCEL, by=owner)

    assert asked["status"] == await lead.status() == "confirming"
    task = await lead.task()
    assert (task["kind"], task["due_at"]) == ("confirm_undo", 12 * DAY)
    assert await lead.told("undo_wanted") == [("undo_wanted", manager, 10 * DAY)]
    await lead.until(11 * DAY)
    await lead.say("confirm", {"approve": True}, by=manager)

    page = await lead.page()
    shown = page["lead"]
    assert (shown["status"], shown["badges"], shown["owner"]["code"]) == ("working", ["reactivated"], owner)
    assert page["state"]["life"] == 2
    again = await lead.task()
    assert (again["kind"], again["owner"], again["due_at"]) == ("first_follow_up", owner, 12 * DAY)
    assert (await lead.clocks("grade_validity"))[-1]["due_at"] == 26 * DAY
    assert await entries(lead) == [("accrued", 500), ("reversed", -500)]
    (sale,) = await lead.rows("SELECT incentive, cancelled_as, cancel_reason FROM contracts WHERE lead_id = :lead")
    assert sale == {"incentive": 500, "cancelled_as": "cancel_order", "cancel_reason": "finance_refused"}
    assert {whom for _, whom, _ in await lead.told("win_undone")} == {"finance", "after_sales", owner}

    await lead.say("win", contract("HT-1", 199_000), by=owner)  # the number is free again

    assert await lead.status() == "won"
    assert await entries(lead) == [("accrued", 500), ("reversed", -500), ("accrued", 300)]
    rows = await lead.rows(
        "SELECT count(*) AS gross, count(*) FILTER (WHERE cancelled_at IS NULL) AS net FROM contracts"
    )
    assert rows == [{"gross": 2, "net": 1}]
    assert not await lead.lives()


async def test_what_is_refused_stays_won(world: World) -> None:
    lead, owner, manager = await won(world)
    await lead.until(3 * DAY)
    await lead.say("wrong-win", WRONG, by=owner)

    await lead.say("confirm", {"approve": False, "comment": "合同有效"}, by=manager)

    page = await lead.page()
    assert (page["lead"]["status"], page["lead"]["stage"]) == ("won", "won")
    assert page["state"]["closing"]["outcome"] == "won" and "undo" not in page["state"]["closing"]
    assert page["possible"] == ["cancel-order", "wrong-win"]
    assert await entries(lead) == [("accrued", 500)]
    assert await lead.told("undo_refused") == [("undo_refused", owner, 3 * DAY)]
    assert not await lead.lives()
    # and it may be asked again, with another end
    await lead.say("cancel-order", CANCEL, by=owner)
    await lead.say("confirm", {"approve": True}, by=manager)
    assert await lead.status() == "working"


async def test_a_manager_who_asks_needs_somebody_above(world: World) -> None:
    lead, owner, manager = await won(world)
    await lead.say("cancel-order", CANCEL, by=manager)

    refusals = [(await lead.refused("confirm", {"approve": True}, by=by))[0] for by in (manager, owner)]

    assert refusals == ["own_request", "role_not_allowed"]
    assert [whom for _, whom, _ in await lead.told("undo_wanted")] in (["regional_manager"], ["hq"])
    await lead.say("confirm", {"approve": True}, by="HQ-01")
    assert await lead.status() == "working"


async def test_nobody_decides_and_the_ladder_climbs(world: World) -> None:
    lead, owner, manager = await won(world)
    await lead.say("cancel-order", CANCEL, by=owner)

    await lead.until(4 * DAY)

    assert await lead.climbed() == [("reminded", 3 * DAY), ("manager_told", 4 * DAY)]
    assert await lead.told("reminder") == [("reminder", manager, 3 * DAY)]
    assert ("overdue", "hq", 4 * DAY) in await lead.told("overdue")


async def test_a_second_question_is_refused_and_a_repeat_belongs_to_the_lead(world: World) -> None:
    phone = "13711118888"
    lead, owner, manager = await won(world, phone=phone)
    await lead.until(2 * DAY)
    await lead.say("cancel-order", CANCEL, by=owner)

    code, params = await lead.refused("wrong-win", WRONG, by=manager)
    repeat = await world.submit(phone=phone, channel="maker.website.chat")
    await lead.rest()

    assert (code, params["status"]) == ("not_now", "confirming")
    assert (repeat["verdict"], repeat["lead_id"]) == ("duplicate", lead.id)
    await lead.say("confirm", {"approve": True}, by=manager)
    assert await lead.status() == "working"


@pytest.mark.parametrize("carried", [True, False])
async def test_erasure_ends_it_at_any_moment(world: World, carried: bool) -> None:
    lead, owner, _ = await won(world)
    await lead.post("cancel-order", CANCEL, by=owner)
    if carried:
        await lead.rest()

    await lead.customer("DELETE")

    assert await lead.status() == "erased"
    assert not await lead.lives()
    assert {task["status"] for task in await lead.tasks()} <= {"done", "withdrawn"}
    assert (await lead.refused("cancel-order", CANCEL, by=owner))[0] == "not_now"
