"""Open leads of a dealer that has left or is closed: the table ``redistribution`` says which go on,
and where (A11).

A lead goes to another dealer by the rules and limits of dispatch; where none near can have it, a
person of head office decides. What a manager was to confirm, head office confirms. Each lead is one
transaction: thousands of them hold nobody up, and after a crash the rest go on
(``store.network.departures``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cases.calendar import working_hours
from cases.parties import Party, Team
from cases.states import Leaving, MessageKind, Role, Status
from domain.leads import hands
from domain.leads.choosing import next_dealer
from domain.stating import stating
from domain.tables import Tables
from domain.tasks.who import whose
from domain.work import Work, iso
from store.engine import turns
from store.engine.outbox import tell
from store.leads import leads
from store.leads.assignments import AssignmentKind, transfer
from store.network import departures, hours, routing
from store.network.departures import Became, Departure
from store.session import Tx

MOVE, HEAD_OFFICE = "move", "head_office"


@dataclass(frozen=True, slots=True)
class Leave:
    """A lead's dealer is gone: the lead at work, who is gone, and the decision that says that it
    goes on; ``place``: another dealer is looked for."""

    work: Work
    gone: Departure
    decision: UUID
    place: bool

    @property
    def words(self) -> dict[str, UUID | str | None]:
        return {"from_dealer": self.gone.dealer_id, "until": iso(self.gone.until)}


async def give_on(tx: Tx, tables: Tables, gone: Departure, lead_id: UUID, at: datetime) -> None:
    """One open lead of a dealer that is gone goes on, once; call it in the transaction that holds
    the departure."""
    if not await departures.take(tx, gone.id, lead_id):
        return
    lead = await leads.lock(tx, lead_id)
    due = await departures.due_at(tx, gone.dealer_id, lead_id)
    async with stating(tx, tables, lead, at) as work:
        within = gone.until is not None and due is not None and due < gone.until
        made = work.look("redistribution", why=gone.why, working_hours=await _hours(tx, gone, at), due_within=within)
        action = made.get("action")
        if action in (MOVE, HEAD_OFFICE):
            became = await _go_on(Leave(work, gone, work.record(made), action == MOVE))
        else:
            became = Became.KEPT
    await departures.became(tx, gone.id, lead_id, became)


async def tell_supervisors(tx: Tx, tables: Tables, gone: Departure, at: datetime) -> None:
    """The region's managers and the dealer's own hear once how many leads went where; head office,
    where the region has nobody."""
    found = await departures.counts(tx, gone.id)
    told_of = next((found[one][1] for one in (Became.MOVED, Became.HEAD_OFFICE) if one in found), None)
    if told_of is None:
        return
    number = {one: found[one][0] if one in found else 0 for one in Became}
    words = {
        "from_dealer": gone.dealer_id,
        "until": iso(gone.until),
        "moved": number[Became.MOVED],
        "asked": number[Became.HEAD_OFFICE],
        "kept": number[Became.KEPT] + number[Became.STUCK],
    }
    regional = await routing.managers_of_region(tx, gone.region)
    async with stating(tx, tables, await leads.lock(tx, told_of), at) as work:
        for manager in (*regional, *await routing.managers_of(tx, gone.dealer_id)):
            work.tell(f"redistributed_{gone.why}", staff=manager, **words)
        if not regional:
            work.tell(f"redistributed_{gone.why}", role=Role.HQ, **words)


async def _go_on(leave: Leave) -> Became:
    lead, gone = leave.work.lead, leave.gone
    if lead.dealer_id != gone.dealer_id:  # another dealer has it, only a task was left here
        return await _ask_head_office(leave)
    return await _WAYS.get(Status(lead.status), _release)(leave)


async def _sell_elsewhere(leave: Leave) -> Became:
    """Somebody works on it or may claim it: another dealer goes on, else its process asks head
    office."""
    work, gone = leave.work, leave.gone
    to_dealer, choice = await next_dealer(work) if leave.place else (None, leave.decision)
    if to_dealer is None:
        await _give_back(leave, choice)
    else:
        await hands.change(
            work, AssignmentKind.REDISTRIBUTE, to_dealer=to_dealer, to_staff=None, reason=gone.why, why=gone.why,
            decision_id=choice,
        )  # fmt: skip
        work.note(f"redistributed_{gone.why}", because=choice, **leave.words, dealer=to_dealer)
    if work.lead.status == Status.POOL:  # nobody can claim it while its process catches up
        work.change(status=Status.WORKING)
    ids = {"dealer": str(to_dealer) if to_dealer else None, "staff": None}
    await tell(work.tx, work.lead.id, MessageKind.REASSIGNED, work.at, ids)
    return Became.MOVED if to_dealer else Became.HEAD_OFFICE


async def _give_back(leave: Leave, choice: UUID) -> None:
    work, gone = leave.work, leave.gone
    given = await transfer(
        work.tx, work.lead, to_dealer=None, to_staff=None, kind=AssignmentKind.REDISTRIBUTE,
        by=work.ledger.actor, at=work.at, reason=gone.why, decision_id=choice,
    )  # fmt: skip
    work.lead = given.lead
    work.note(f"given_back_{gone.why}", because=choice, **leave.words)


async def _release(leave: Leave) -> Became:
    """Nothing is sold at present: it is no dealer's any more, and its process finds one when it
    comes to that."""
    work = leave.work
    work.give(AssignmentKind.REDISTRIBUTE, dealer_id=None, staff_id=None, decision_id=leave.decision)
    work.change(home_dealer_id=None)
    work.note(f"given_back_{leave.gone.why}", because=leave.decision, **leave.words)
    return Became.HEAD_OFFICE


async def _ask_head_office(leave: Leave) -> Became:
    """What was stated stays the dealer's; that it is confirmed is head office's task."""
    work, gone = leave.work, leave.gone
    hq = whose(work.tables, work.at, Role.HQ, work.step.kind)
    asked = await turns.to_head_office(
        work.tx, work.lead.id, work.at, scope=hq.scope, spread=hq.spread, dealer=gone.dealer_id
    )
    undo = work.lead.closing.get("undo")
    if undo:
        work.change(closing={**work.lead.closing, "undo": {**undo, "approver": Role.HQ.value}})
    for kind, _ in asked:
        work.note("task_to_head_office", because=leave.decision, from_dealer=gone.dealer_id, kind=kind)
        work.tell("task_to_head_office", role=Role.HQ, from_dealer=gone.dealer_id, kind=kind)
    return Became.HEAD_OFFICE


_WAYS: dict[Status, Callable[[Leave], Awaitable[Became]]] = {
    Status.WORKING: _sell_elsewhere,
    Status.POOL: _sell_elsewhere,
    Status.CONFIRMING: _ask_head_office,
}
"""How an open lead goes on, by where it is in its life."""


async def _hours(tx: Tx, gone: Departure, at: datetime) -> int:
    """The working hours of a closure, by those that the dealer would have; none for who has
    left."""
    if gone.until is None or gone.why != Leaving.DEALER_CLOSED:
        return 0
    kept = await hours.calendar(tx, Party(Team.DEALER, dealer_id=gone.dealer_id, region=gone.region), at)
    return int(working_hours(gone.at, gone.until, replace(kept.calendar, closed=())))
