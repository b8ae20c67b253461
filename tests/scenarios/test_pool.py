"""A lead that nobody can be found for waits in the pool, to be claimed 抢, or not (A17)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from tests.scenarios.story import DAY, HOUR, Story
from tests.scenarios.world import World


@pytest.fixture
async def pooled(world: World) -> AsyncIterator[Story]:
    """A lead of grade A that came in while no dealer nearby sold its model; afterwards all do."""
    await run(world, "UPDATE dealers SET models = '{none}'")
    lead = await world.new_lead("A")
    await run(world, "UPDATE dealers SET models = '{}'")
    assert await lead.status() == "pool"
    yield lead


async def run(world: World, statement: str, **parameters: object) -> None:
    """The network changes."""
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text(statement), parameters)


async def test_a_consultant_claims_it(world: World, pooled: Story) -> None:
    assert "no_dealer" in await pooled.happened()
    assert await pooled.told() == [("in_pool", "hq", 0 * HOUR)]
    assert (await pooled.page())["possible"] == ["claim", "reassign"]
    await pooled.until(5 * HOUR)

    await pooled.say("claim", by="BJ02-C1")

    shown = await pooled.show()
    assert (shown["status"], shown["owner"]["code"], shown["badges"]) == ("working", "BJ02-C1", ["claimed"])
    task = await pooled.task()
    assert (task["kind"], task["owner"], task["due_at"]) == ("first_follow_up", "BJ02-C1", 29 * HOUR)
    await pooled.until(2 * DAY)  # when its time in the pool would have been over
    assert "pool_expired" not in await pooled.happened()


async def test_a_supervisor_takes_it_out(world: World, pooled: Story) -> None:
    await pooled.until(5 * HOUR)

    await pooled.reassign(to_dealer="BJ02")

    assert (await pooled.status(), await pooled.dealer()) == ("working", "BJ02")
    assert (await pooled.task())["due_at"] == 29 * HOUR


async def test_unclaimed_it_waits_for_a_person_of_head_office_and_is_not_lost(world: World, pooled: Story) -> None:
    await pooled.until(2 * DAY - HOUR)
    assert await pooled.status() == "pool"

    await pooled.until(2 * DAY)

    assert await pooled.when("pool_expired", "hq_asked") == [("pool_expired", 2 * DAY), ("hq_asked", 2 * DAY)]
    assert await pooled.status() == "qualifying"
    task = await pooled.task()
    assert (task["kind"], task["why"], (await pooled.page())["possible"]) == (
        "hq_decision",
        "nobody_claimed",
        ["hq-decision", "reassign"],
    )
    await pooled.decided("nurture")
    assert await pooled.status() == "nurture"
    assert (await pooled.refused("claim", by="BJ02-C1"))[0] == "not_in_pool"
    await pooled.until(32 * DAY)
    assert (await pooled.task())["why"] == "nurture_over"
    await pooled.decided("lost", reason="gave_up")
    assert await pooled.status() == "lost"


async def test_a_dealer_s_own_pool_is_for_its_own_people(world: World) -> None:
    """The dealer is found, but none of its consultants is there."""
    await run(world, "UPDATE staff SET active = false WHERE code LIKE 'BJ01-C%'")
    await run(world, "UPDATE dealers SET active = code = 'BJ01'")
    lead = await world.new_lead("A")
    await run(world, "UPDATE staff SET active = true")
    assert (await lead.status(), await lead.dealer()) == ("pool", "BJ01")

    assert (await lead.refused("claim", by="SH01-C1"))[0] == "other_dealer"
    await lead.say("claim", by="BJ01-C2")

    assert (await lead.status(), await lead.owner()) == ("working", "BJ01-C2")


async def test_whoever_lost_it_may_not_claim_it_at_once(world: World) -> None:
    """Handed over, taken back, nobody nearby sells the model any more: the former owners have to
    cool down."""
    world.clock.move(12 * HOUR)  # 22:00: it is handed over at 10:30, two hours after the manager was told
    lead = await world.new_lead("H")
    first = await lead.owner()
    await lead.until(106 * HOUR)
    second = await lead.owner()
    await run(world, "UPDATE dealers SET models = '{none}'")  # a hot lead is urgent: no room would be no reason
    await lead.until(107 * HOUR)
    assert await lead.status() == "pool"

    assert (await lead.refused("claim", by=first))[0] == "cooling_down"
    assert (await lead.refused("claim", by=second))[0] == "cooling_down"
    await lead.until(109 * HOUR)  # 72 h after the first lost it
    await lead.say("claim", by=first)

    assert (await lead.status(), await lead.owner()) == ("working", first)
    assert (await lead.task())["due_at"] == 133 * HOUR
