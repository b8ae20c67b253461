"""A walk-in that a consultant enters stays with the dealer and with the consultant, without any
call (A1, A4, A6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.story import DAY, Story
from tests.scenarios.world import World

WALK_IN = ["经销商", "展厅", "自然到店"]


async def walks_in(world: World, by: str, phone: str, **facts: Any) -> tuple[Story, dict[str, Any]]:
    body = {"name": "周敏", "phone": phone, "channel": WALK_IN, "model": "傲虎", "purchase_time": "两周内", **facts}
    answer = await world.state("POST", "/leads", body, by=by)
    assert answer.status_code in (200, 201), answer.text
    story = Story(world, str(answer.json()["lead_id"]), world.clock.now())
    await story.rest()
    return story, answer.json()


async def test_three_of_three_walk_ins_stay_with_who_entered_them(world: World) -> None:
    for number in range(3):
        lead, _ = await walks_in(world, "BJ02-C1", str(13_722_000_000 + number * 1_234_567))

        assert (await lead.dealer(), await lead.owner(), await lead.status()) == ("BJ02", "BJ02-C1", "working")
        happened = await lead.happened()
        assert {"belongs_to_dealer", "own_lead_kept"} <= set(happened) and "dispatched" not in happened
        task = await lead.task()
        assert (task["kind"], task["owner"], task["due_at"]) == ("first_follow_up", "BJ02-C1", DAY)


@pytest.mark.parametrize("unknown", [{"model": None}, {"model": None, "purchase_time": None, "budget": None}])
async def test_who_stands_before_the_consultant_is_not_called(world: World, unknown: dict[str, Any]) -> None:
    lead, _ = await walks_in(world, "BJ02-C1", "13733000001", grade="A", **unknown)

    assert (await lead.task())["kind"] == "first_follow_up"
    assert await lead.owner() == "BJ02-C1"


async def test_a_consultant_who_is_full_leaves_it_to_a_colleague_of_the_dealer(world: World) -> None:
    from tests.scenarios.test_departures import sql

    await sql(world, "UPDATE staff SET max_open = 0 WHERE code = 'BJ02-C1'")
    await sql(world, "UPDATE dealers SET daily_capacity = 0 WHERE code = 'BJ02'")

    lead, _ = await walks_in(world, "BJ02-C1", "13744000001")

    owner = await lead.owner()
    assert owner.startswith("BJ02-C") and owner != "BJ02-C1"


@pytest.mark.parametrize(
    ("by", "channel"),
    [("BJ02-C1", WALK_IN), ("BJ02-M1", WALK_IN), ("BJ02-C1", "dealer.event.community")],
    ids=["consultant", "manager", "event"],
)
async def test_a_lost_customer_who_walks_in_at_another_dealer_is_theirs_without_a_call(
    world: World, by: str, channel: Any
) -> None:
    lead, _ = await walks_in(world, "BJ01-C1", "13755000001")
    await lead.say("lose", {"reason": "price"}, by="BJ01-C1")
    await lead.say("confirm", {"approve": True}, by="BJ01-M1")

    again, said = await walks_in(world, by, "13755000001", note="又来看车", channel=channel)

    assert (again.id, said["reactivated"]) == (lead.id, True)
    assert (await again.dealer(), (await again.task())["kind"]) == ("BJ02", "first_follow_up")
    assert by == "BJ02-M1" or await again.owner() == by
    assert "outbound_call" not in {task["kind"] for task in await again.tasks()}
    assert "call_needless" in await again.happened()


async def test_who_returns_by_other_ways_than_a_dealer_is_called_first(world: World) -> None:
    lead, _ = await walks_in(world, "BJ01-C1", "13755000002")
    await lead.say("lose", {"reason": "price"}, by="BJ01-C1")
    await lead.say("confirm", {"approve": True}, by="BJ01-M1")

    await world.submit(phone="13755000002", dealer="BJ02")
    await lead.rest()

    assert (await lead.task())["kind"] == "outbound_call"
