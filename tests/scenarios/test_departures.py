"""Somebody leaves, is away, or is chosen although away: the processes go on with who has the leads (A6, A7, A11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from leads.actors import EVERYTHING, SYSTEM
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
