"""The lives whose histories are kept: what a running lead of an older Baton looks like to a newer
one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from tests.scenarios.rounds import publish, refuse, set_up
from tests.scenarios.story import AGENT, DAY, HOUR, HQ, Story
from tests.scenarios.tickets import opened
from tests.scenarios.world import MORNING, World

EVE = datetime.fromisoformat("2026-12-31T20:00:00+08:00")
"""The evening before a holiday: dealers open again on the second day."""


@dataclass(frozen=True, slots=True)
class Golden:
    """A life to keep, from ``at`` on; with ``wakes`` its runs are as short as that."""

    name: str
    tell: Callable[[World], Awaitable[Story]]
    wakes: int | None = None
    at: datetime = MORNING


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
    """Nobody touches it: handed over, back to HQ, another dealer; a supervisor steps in; its grade
    runs out."""
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
    """The same kinds of deadlines over many short runs: ladder, hand-over, cadence, nurture at the
    dealer."""
    lead = await world.new_lead("A")
    await lead.until(50 * HOUR)
    await lead.follow_up()
    await lead.until(12 * DAY)
    await lead.say("cool", {"content": "年底再说", "grade": "C"}, by=await lead.owner())
    await lead.until(72 * DAY + HOUR)
    await lead.say("intent", {"outcome": "unchanged"}, by=AGENT)
    await lead.until(103 * DAY)
    return lead


async def undone(world: World) -> Story:
    """Won; undoing it is refused; asked again by the manager, left lying, agreed to by head office;
    sold again."""
    lead = await world.new_lead("A")
    owner, manager = await lead.owner(), await lead.manager()
    await lead.say("win", {"number": "HT-1", "price": 300_000}, by=owner)
    await lead.until(3 * DAY)
    await lead.say("wrong-win", {"reason": "not_signed", "content": "贷款未批"}, by=owner)
    await lead.say("confirm", {"approve": False}, by=manager)
    await lead.until(10 * DAY)
    await lead.say("cancel-order", {"reason": "finance_refused", "content": "贷款未批"}, by=manager)
    await lead.until(15 * DAY)
    await lead.say("confirm", {"approve": True}, by=HQ)
    await lead.until(15 * DAY + 20 * HOUR)
    await lead.say("win", {"number": "HT-1", "price": 200_000}, by=owner)
    return lead


async def agreed(world: World) -> Story:
    """Won, to be bought later: moved once, let go of but held to it, and asked about again until it
    holds."""
    lead = await world.new_lead("A")
    owner, manager = await lead.owner(), await lead.manager()
    contract = {"number": "HT-1", "price": 300_000, "payment": "later"}
    await lead.say("win", contract | {"purchase_on": (lead.born + 40 * DAY).isoformat()}, by=owner)
    await lead.until(36 * DAY)
    later = {"outcome": "moved", "purchase_on": (lead.born + 60 * DAY).isoformat()}
    await lead.say("firm-up", later, by=owner)
    await lead.until(54 * DAY)
    withdrew = {"outcome": "fallen_through", "reason": "customer_withdrew", "content": "不买了"}
    await lead.say("firm-up", withdrew, by=owner)
    await lead.say("confirm", {"approve": False}, by=manager)
    await lead.until(59 * DAY)
    await lead.say("firm-up", {"outcome": "confirmed"}, by=owner)
    return lead


async def asked(world: World) -> Story:
    """A call that nobody makes, two dealers that lose it: head office is asked each time, and told
    again and again."""
    lead = await world.new_lead("A", model=None)
    await lead.until(2 * DAY)
    await lead.decided("call_again")
    await lead.called("qualified", model="傲虎")
    await lead.until(16 * DAY)
    await lead.until(30 * DAY)
    await lead.decided("dispatch")
    await lead.until(40 * DAY)
    await lead.decided("nurture")
    await lead.until(75 * DAY)
    return lead


async def holidays(world: World) -> Story:
    """Nobody acts from a holiday's eve on: ladders wait for openings, whose hours are the dealer's
    or head office's."""
    lead = await world.new_lead("H")
    for days in (2, 4, 6, 9, 12, 16):
        await lead.until(days * DAY)
    return lead


async def pooled(world: World) -> Story:
    """Nobody nearby sells its model: claimed, lost to head office, in the pool again until its time
    is over."""
    await _models(world, "{none}")
    lead = await world.new_lead("A")
    await lead.until(5 * HOUR)
    await lead.say("claim", by="BJ02-C1")
    await lead.until(7 * DAY)
    await lead.until(10 * DAY)
    return lead


async def returned(world: World) -> Story:
    """A loss is refused, the customer comes in again, is lost, returns, is given to a dealer while
    called, erased."""
    lead = await world.new_lead("A")
    owner, manager = await lead.owner(), await lead.manager()
    await lead.say("lose", {"reason": "price"}, by=owner)
    await lead.say("confirm", {"approve": False}, by=manager)
    phone = (await lead.show())["customer"]["phone"]
    await lead.until(2 * HOUR)
    await world.submit(phone=phone, model="森林人", purchase_time="一周内")
    await lead.rest()
    await lead.say("lose", {"reason": "price"}, by=owner)
    await lead.say("confirm", {"approve": True}, by=manager)
    await lead.until(5 * DAY)
    await lead.say("reactivate", {"reason": "x"}, by=AGENT)
    await lead.reassign(to_dealer="BJ02")
    await lead.until(6 * DAY)
    await lead.customer("DELETE")
    return lead


async def attached(world: World) -> Story:
    """The call shows that it is a customer who is there already."""
    first = await world.new_lead("A")
    lead = await world.new_lead("A", model=None)
    await lead.until(HOUR)
    await lead.called("duplicate", duplicate_of=first.id)
    return lead


async def _models(world: World, sold: str) -> None:
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text(f"UPDATE dealers SET models = '{sold}'"))


async def ticket(world: World) -> Story:
    """A complaint: its lead ends, the customer is asked and not satisfied, a signal comes, it is
    done."""
    lead = await world.new_lead("A")
    complaint = await opened(world, kind="complaint", about=lead.id)
    await complaint.complete("answered", HQ)
    await lead.say("win", {"number": "HT-9", "price": 280_000}, by=await lead.owner())
    await complaint.rest()
    await complaint.until(30 * HOUR)
    await complaint.complete("done", HQ)
    await complaint.until(5 * DAY)
    await complaint.complete("dissatisfied", AGENT, words={"content": "没有解决"})
    await world.state("POST", f"/tickets/{complaint.id}/signal", {}, by=HQ)
    await complaint.rest()
    for outcome, words in (("answered", {}), ("done", {}), ("reported", {"content": "已更换部件"})):
        await complaint.complete(outcome, HQ, words=words)
    await complaint.until(12 * DAY)
    await complaint.complete("satisfied", AGENT)
    return complaint


async def scheduled(world: World) -> Story:
    """A round: a period is asked for, two nights pass, then the table names it no more."""
    nightly = {"every": '"day"', "at_hour": "2", "calendar": '"elapsed"', "on": "null"}
    await refuse(world.db, 700, MORNING - 100 * DAY)
    cases = await set_up(world.db, MORNING, {"refused_submissions": nightly})
    round_ = Story(world, cases["refused_submissions"], MORNING, "round")
    await round_.rest()
    await world.state("POST", "/rounds/refused_submissions/runs", {"period": "2026-11-20"}, by=HQ)
    await round_.rest()
    await round_.until(DAY)
    await publish(world.db, world.clock.now(), {"stale_incidents": {}})
    await round_.until(2 * DAY)
    return round_


STORIES = (
    Golden("won", won),
    Golden("closed", won),
    Golden("ladder", ladder),
    Golden("nurtured", nurtured),
    Golden("continued", continued, wakes=4),
    Golden("agreed", agreed),
    Golden("undone", undone),
    Golden("asked", asked),
    Golden("holidays", holidays, at=EVE),
    Golden("pooled", pooled),
    Golden("returned", returned),
    Golden("attached", attached),
    Golden("ticket", ticket),
    Golden("scheduled", scheduled),
)
