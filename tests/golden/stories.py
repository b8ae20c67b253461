"""The lives whose histories are kept: what a running lead of an older Baton looks like to a newer one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.scenarios.story import AGENT, DAY, HOUR, Story
from tests.scenarios.world import World


@dataclass(frozen=True, slots=True)
class Golden:
    """A life to keep; with ``wakes`` its runs are as short as that."""

    name: str
    tell: Callable[[World], Awaitable[Story]]
    wakes: int | None = None


async def won(world: World) -> Story:
    """Called, graded A, followed up late once, invited, visited, test-driven, sold."""
    lead = await world.new_lead("A", model=None)
    await lead.until(HOUR)
    await lead.called("qualified", model="傲虎")
    await lead.until(26 * HOUR)
    owner = await lead.owner()
    for day, what in enumerate(("invite", "visit", "test-drive")):
        await lead.until(26 * HOUR + day * DAY)
        await lead.say(what, {"content": f"约好 {what}"}, by=owner)
    await lead.customer("PATCH", {"trade_in": True})
    await lead.until(12 * DAY)
    await lead.say("win", {"number": "HT-1", "price": 300_000}, by=owner)
    return lead


async def ladder(world: World) -> Story:
    """Nobody touches it: handed over, back to HQ, another dealer; a supervisor steps in; its grade runs out."""
    lead = await world.new_lead("H")
    await lead.until(98 * HOUR)
    await lead.reassign(to_dealer="BJ02")
    await lead.follow_up()
    for day in (6, 8, 10):
        await lead.until(day * DAY)
        await lead.follow_up()
    await lead.until(13 * DAY)
    return lead


async def nurtured(world: World) -> Story:
    """Kept warm, intent checked, raised, lost, called back, archived."""
    lead = await world.new_lead("N")
    await lead.until(60 * DAY + HOUR)
    await lead.say("intent", {"outcome": "unchanged"}, by=AGENT)
    await lead.until(120 * DAY + 2 * HOUR)
    await lead.say("intent", {"outcome": "raised", "grade": "B"}, by=AGENT)
    await lead.follow_up()
    await lead.say("lose", {"reason": "price"}, by=await lead.owner())
    await lead.say("confirm", {"approve": True}, by=await lead.manager())
    await lead.until(151 * DAY)
    await lead.say("recall-result", {"outcome": "not_interested"}, by=AGENT)
    return lead


async def continued(world: World) -> Story:
    """The same kinds of deadlines over many short runs: ladder, hand-over, cadence, nurture at the dealer."""
    lead = await world.new_lead("A")
    await lead.until(50 * HOUR)
    await lead.follow_up()
    await lead.until(12 * DAY)
    await lead.say("cool", {"content": "年底再说", "grade": "C"}, by=await lead.owner())
    await lead.until(80 * DAY)
    await lead.say("intent", {"outcome": "unchanged"}, by=AGENT)
    await lead.until(103 * DAY)
    return lead


STORIES = (
    Golden("won", won),
    Golden("ladder", ladder),
    Golden("nurtured", nurtured),
    Golden("continued", continued, wakes=4),
)
