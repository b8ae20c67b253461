"""Somebody or a whole dealer leaves, is away, or is chosen although away: the processes go on (A6,
A7, A11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from tests.scenarios.story import DAY, HOUR, Story
from tests.scenarios.world import World

WEEK = 7 * DAY


async def sql(world: World, statement: str) -> None:
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text(statement))


async def with_one(world: World, count: int) -> tuple[str, list[Story]]:
    """So many leads of one consultant of BJ01; the colleagues are back afterwards."""
    await sql(world, "UPDATE dealers SET active = (code = 'BJ01')")
    await sql(world, "UPDATE staff SET active = false WHERE code IN ('BJ01-C2', 'BJ01-C3')")
    await sql(world, "UPDATE staff SET skills = '{}', ability = 60")
    # Numbers that are far apart: neighbours would be taken for one customer's.
    theirs = [await world.new_lead("A", phone=str(13_711_000_000 + n * 1_234_567)) for n in range(count)]
    await sql(world, "UPDATE staff SET active = true WHERE code IN ('BJ01-C2', 'BJ01-C3')")
    assert {await lead.owner() for lead in theirs} == {"BJ01-C1"}
    return "BJ01-C1", theirs


async def away(world: World, code: str, lasts: timedelta) -> dict[str, Any]:
    now = world.clock.now()
    body = {"starts_at": now.isoformat(), "ends_at": (now + lasts).isoformat()}
    answer = await world.state("POST", f"/network/staff/{code}/absences", body, by="BJ01-M1")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_twelve_leads_of_a_consultant_who_leaves_go_on_with_others_and_their_hours(world: World) -> None:
    leaver, theirs = await with_one(world, 12)

    answer = await world.state("PATCH", f"/network/staff/{leaver}", {"active": False}, by="BJ01-M1")

    assert answer.status_code == 200, answer.text
    to = {one["lead_id"]: one["to"] for one in answer.json()["moved"]}
    assert len(to) == 12 and set(to.values()) == {"BJ01-C2", "BJ01-C3"}
    for lead in theirs:
        await lead.rest()
        task = await lead.task()
        assert (await lead.status(), await lead.owner(), task["owner"]) == ("working", to[lead.id], to[lead.id])
        assert (task["kind"], task["due_at"]) == ("first_follow_up", DAY)
        happened = await lead.happened()
        assert happened.count("redistributed_left") == happened.count("taken_over") == 1
    told = [one for lead in theirs for one in await lead.told() if one[0] == "redistributed_left"]
    assert [who for _, who, _ in told] == ["BJ01-M1"]
    await theirs[0].follow_up()


async def test_who_is_away_for_a_week_keeps_what_is_due_later(world: World) -> None:
    consultant, (first, second) = await with_one(world, 2)
    await first.follow_up(next_at=(world.clock.now() + timedelta(days=6)).isoformat())
    await first.rest()

    said = await away(world, consultant, timedelta(days=4))

    assert ([one["lead_id"] for one in said["moved"]], said["kept"]) == ([second.id], 1)
    await second.rest()
    assert await second.owner() != consultant
    assert await first.owner() == consultant


@pytest.mark.parametrize("insist", [False, True])
async def test_reassigned_to_somebody_on_leave(world: World, insist: bool) -> None:
    lead = await world.new_lead("A")
    owner, colleague = await lead.owner(), await lead.colleague()
    await sql(world, "UPDATE staff SET rest_days = '{}'")
    dealer = await lead.dealer()
    now = world.clock.now()
    body = {"starts_at": now.isoformat(), "ends_at": (now + 2 * DAY).isoformat()}
    assert (await world.state("POST", f"/network/staff/{colleague}/absences", body, by="HQ-01")).status_code == 201
    await lead.until(HOUR)

    asked = {"to_staff": colleague, "reason": "老客户", "insist": insist}
    if not insist:
        refusal, told = await lead.refused("reassign", asked, by=f"{dealer}-M1")
        assert (refusal, told["who"], told["until"]) == ("target_absent", colleague, "2026-11-25 10:00")
        assert (await lead.owner(), (await lead.task())["owner"]) == (owner, owner)
        return
    await lead.say("reassign", asked, by=f"{dealer}-M1")

    task = await lead.task()
    assert (await lead.owner(), task["owner"], task["due_at"]) == (colleague, colleague, DAY)
    assert "insisted_target_absent" in await lead.happened()


async def test_leads_of_a_dealer_that_leaves_go_on_elsewhere_with_their_hours(world: World) -> None:
    """Worked on, and waiting for a manager's word: each goes on, and coming back takes nothing
    back."""
    await sql(world, "UPDATE dealers SET active = (code IN ('BJ01', 'BJ02'))")
    await sql(world, "UPDATE staff SET rest_days = '{}'")
    both = [await world.new_lead("A", phone=str(13_611_000_000 + n * 1_234_567)) for n in range(2)]
    for lead in both:
        if await lead.dealer() != "BJ01":
            await lead.say("reassign", {"to_staff": "BJ01-C1", "reason": "老客户"}, by="HQ-01")
            await lead.rest()
    worked, lost = both
    owner = await lost.owner()
    await lost.say("lose", {"reason": "price", "content": "嫌贵了"}, by=owner)
    await lost.rest()
    await worked.until(3 * HOUR)

    answer = await world.state("PATCH", "/dealers/BJ01", {"active": False}, by="HQ-01")

    assert answer.json()["going_on"] == 2, answer.text
    await worked.rest()
    task = await worked.task()
    assert (await worked.status(), await worked.dealer()) == ("working", "BJ02")
    assert (task["kind"], task["owner"], task["due_at"]) == ("first_follow_up", await worked.owner(), DAY)
    happened = await worked.happened()
    assert happened.count("redistributed_dealer_left") == happened.count("taken_over") == 1
    await lost.rest()
    asked = await lost.task()
    assert (asked["kind"], asked["owner"][:2], await lost.dealer()) == ("confirm_closing", "HQ", "BJ01")
    told = [one for lead in both for one in await lead.told() if one[0] == "redistributed_dealer_left"]
    assert "RM-NORTH" in [who for _, who, _ in told]

    # back again: nothing comes back, and what head office refuses to close finds its dealer as it
    # was
    assert (await world.state("PATCH", "/dealers/BJ01", {"active": True}, by="HQ-01")).status_code == 200
    await worked.follow_up()
    await worked.rest()
    assert await worked.dealer() == "BJ02"
    await lost.say("confirm", {"approve": False}, by="HQ-01")
    await lost.rest()
    assert (await lost.status(), await lost.dealer()) == ("working", "BJ01")


async def test_a_lead_that_no_other_dealer_can_have_is_head_offices_task(world: World) -> None:
    await sql(world, "UPDATE dealers SET active = (code = 'BJ01')")
    worked, lost = [await world.new_lead("A", phone=str(13_511_000_000 + n * 1_234_567)) for n in range(2)]
    await lost.say("lose", {"reason": "price", "content": "嫌贵了"}, by=await lost.owner())
    await lost.rest()

    await world.state("PATCH", "/dealers/BJ01", {"active": False}, by="HQ-01")

    await worked.rest()
    task = await worked.task()
    assert (task["kind"], task["owner"][:2], task["why"]) == ("hq_decision", "HQ", "dealer_gone")
    assert (await worked.show())["dealer"] is None
    # of one that a person sends back to the dealer that is no more, head office decides as well
    await lost.say("confirm", {"approve": False}, by="HQ-01")
    await lost.rest()
    task = await lost.task()
    assert (task["kind"], task["why"], (await lost.show())["dealer"]) == ("hq_decision", "dealer_gone", None)
    # and once somebody near can have them, they are dispatched
    await sql(world, "UPDATE dealers SET active = (code = 'BJ02')")
    await worked.say("hq-decision", {"decision": "dispatch"}, by="HQ-01")
    await worked.rest()
    assert (await worked.status(), await worked.dealer()) == ("working", "BJ02")


async def test_a_dealer_that_closes_for_long_gives_on_what_falls_due(world: World) -> None:
    await sql(world, "UPDATE dealers SET active = (code IN ('BJ01', 'BJ02'))")
    lead = await world.new_lead("A")
    dealer = await lead.dealer()
    now = world.clock.now()
    body = {"dealer": dealer, "starts_at": now.isoformat(), "ends_at": (now + 2 * WEEK).isoformat(), "reason": "装修"}

    assert (await world.state("PUT", "/closures/c1", body, by="HQ-01")).status_code == 201

    await lead.rest()
    assert await lead.dealer() == ({"BJ01", "BJ02"} - {dealer}).pop()
    assert (await lead.task())["due_at"] == DAY
