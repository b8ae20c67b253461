"""Who has the lead: every change of hands, with its tasks and clocks, in one place (A6, A10, A11,
A17)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, DateTime, Text, Uuid, bindparam, func, select, text

from cases.deadlines import FOLLOW_UPS
from cases.ids import new_id
from cases.states import Status, TaskKind, TaskStatus
from store.engine import clocks, tasks
from store.leads import contacts
from store.leads.leads import LeadRow
from store.models import Assignment
from store.session import Tx


class AssignmentKind(StrEnum):
    """By which hand a lead changed hands."""

    DISPATCH = "dispatch"  # HQ's rules gave it to a dealer
    ASSIGN = "assign"  # the dealer's rules gave it to a consultant
    REASSIGN = "reassign"  # a supervisor decided
    HAND_OVER = "hand_over"  # the ladder gave it to the next consultant
    CLAIM = "claim"  # somebody took it from a pool (抢)
    RETURN = "return"  # the ladder gave it back to HQ
    REDISTRIBUTE = "redistribute"  # its owner left or is absent


CLOSES_AS: dict[str, TaskStatus] = {
    AssignmentKind.REASSIGN: TaskStatus.REASSIGNED,
    AssignmentKind.CLAIM: TaskStatus.REASSIGNED,
    AssignmentKind.HAND_OVER: TaskStatus.HANDED_OVER,
    AssignmentKind.RETURN: TaskStatus.HANDED_OVER,
    AssignmentKind.REDISTRIBUTE: TaskStatus.REASSIGNED,
}
"""What becomes of the former owner's open follow-up; dispatch and assign find none."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a transfer did: its id, the lead as it is now, the tasks that it closed."""

    id: UUID
    lead: LeadRow
    closed: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """A first contact that a lead's owner still owes: since when its hours run, and whether they
    are over."""

    since: datetime
    overdue: bool


_table = Assignment.__table__

# SKIP LOCKED: a bulk reassignment holds its target's row for long; waiting for it with a lead's
# lock could deadlock, and whoever holds the row writes the same "just now".
_GIVE = text(
    """
    WITH given AS (
        INSERT INTO assignments (id, lead_id, at, kind, dealer_id, staff_id, previous_dealer_id, previous_staff_id,
                                 by, reason, decision_id, insisted)
        VALUES (:id, :lead_id, :at, :kind, :dealer_id, :staff_id, :previous_dealer_id, :previous_staff_id,
                :by, :reason, :decision_id, :insisted)
    ), taker AS (
        UPDATE staff SET last_assigned_at = :at
        WHERE id = (SELECT id FROM staff WHERE id = :staff_id FOR NO KEY UPDATE SKIP LOCKED)
    ), owned AS (
        UPDATE cases SET dealer_id = :dealer_id, owner_id = :staff_id, status = coalesce(:status, status)
        WHERE id = :lead_id
    )
    UPDATE leads SET assigned_at = :assigned_at, clock_from = :clock_from,
                     home_dealer_id = CASE WHEN home_dealer_id = :dealer_id THEN home_dealer_id END
    WHERE id = :lead_id
    """
).bindparams(
    *(
        bindparam(name, type_=Uuid())
        for name in ("id", "lead_id", "dealer_id", "staff_id", "previous_dealer_id", "previous_staff_id", "decision_id")
    ),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("assigned_at", type_=DateTime(timezone=True)),
    bindparam("clock_from", type_=DateTime(timezone=True)),
    bindparam("insisted", type_=Boolean),
    bindparam("status", type_=Text),
)


class Last(NamedTuple):
    """By which hand (``AssignmentKind``) a lead changed hands, and why: a code or a supervisor's
    words."""

    kind: str
    reason: str


async def last(tx: Tx, lead_id: UUID) -> Last | None:
    """How the lead last changed hands."""
    query = select(_table.c.kind, _table.c.reason).where(_table.c.lead_id == lead_id)
    row = (await tx.session.execute(query.order_by(_table.c.at.desc(), _table.c.id.desc()).limit(1))).one_or_none()
    return None if row is None else Last(row.kind, row.reason)


_RETURNS = text(
    """
    SELECT count(*) FROM assignments WHERE lead_id = :lead_id AND kind = 'return' AND at >=
        coalesce((SELECT max(started_at) FROM instances WHERE instances.case_id = :lead_id), '-infinity')
    """
).bindparams(bindparam("lead_id", type_=Uuid()))


async def returns(tx: Tx, lead_id: UUID) -> int:
    """How often dealers have lost the lead in its present life."""
    return int(await tx.session.scalar(_RETURNS, {"lead_id": lead_id}) or 0)


async def had_before(tx: Tx, lead_id: UUID, staff_id: UUID, since: datetime) -> bool:
    """Whether this person had the lead since an instant and it went on from them; what came back to
    HQ begins anew."""
    returned = select(func.max(_table.c.at)).where(_table.c.lead_id == lead_id, _table.c.kind == AssignmentKind.RETURN)
    query = select(_table.c.id).where(
        _table.c.lead_id == lead_id,
        _table.c.previous_staff_id == staff_id,
        _table.c.at > func.greatest(since, returned.scalar_subquery()),
    )
    return (await tx.session.execute(query.limit(1))).first() is not None


async def owed(tx: Tx, lead: LeadRow, at: datetime) -> Owed | None:
    """The first contact that is owed while somebody works on the lead; None once they have spoken
    with the customer."""
    if lead.owner_id is None or lead.assigned_at is None or lead.status not in (Status.WORKING, Status.CONFIRMING):
        return None
    if await contacts.last(tx, lead.id, lead.assigned_at) is not None:
        return None
    running = {clock.kind: clock for clock in await clocks.running(tx, lead.id)}
    clock = running.get(TaskKind.FIRST_FOLLOW_UP)
    if clock is not None:
        return Owed(clock.started_at, clock.due_at <= at)
    return Owed(lead.clock_from or lead.assigned_at, overdue=False)  # its clock is about to be planned


async def transfer(
    tx: Tx,
    lead: LeadRow,
    *,
    to_dealer: UUID | None,
    to_staff: UUID | None,
    kind: AssignmentKind | str,
    by: str,
    at: datetime,
    reason: str = "",
    decision_id: UUID | None = None,
    status: str | None = None,
    clock_from: datetime | None = None,
    insisted: bool = False,
) -> Transfer:
    """Gives a lead to a dealer and, if known, a consultant.

    The caller holds the lead's lock (``store.leads.leads.lock``) and tells the workflow itself
    where a person decided (``store.engine.outbox.tell(…, REASSIGNED | CLAIMED)``); timeline and
    notifications are the caller's words too.

    - records the assignment, and who was the owner before;
    - closes the former owner's open *follow-up* with the status that fits ``kind``, so that a late
      completion is refused with the reason. Other tasks (outbound call, a manager's confirmation,
      recall) stay: they are not the owner's;
    - stops the follow-up's clock; the grade's validity goes on with the new owner. One that has run
      out ends when a person decided (the new owner's starts afresh), unless the new owner has had
      the lead since the last progress; after a hand-over its ladder goes on;
    - ``assigned_at`` moves to ``at`` when a consultant is given, else it is cleared. Stage and
      (unless given) status stay: the process moves those;
    - at another dealer, and back at HQ, it is no dealer's own any more;
    - the hours of a first contact run from ``clock_from``, if given (``Owed.since``), else from
      ``at``;
    - ``insisted``: the choice stands whatever the calendar says of the person.

    ``by`` is the actor as in timelines (``str(tx.actor)``), ``reason`` a code: a supervisor's words
    are the history's.
    """
    identity = new_id()
    closed: tuple[UUID, ...] = ()
    closes_as = CLOSES_AS.get(kind)
    if closes_as is not None:
        because: dict[str, Any] = {"code": str(kind), "to": str(to_staff) if to_staff else None, "by": by}
        closed = await tasks.close(tx, lead.id, closes_as, at, kinds=FOLLOW_UPS, because=because)
        if to_dealer is None:
            await clocks.stop(tx, lead.id, at)
        else:
            await clocks.stop(tx, lead.id, at, FOLLOW_UPS)
            anew = kind != AssignmentKind.HAND_OVER and not await _gets_it_back(tx, lead, to_staff)
            await clocks.move(tx, lead.id, to_staff, at, restart=anew)
        await clocks.light(tx, lead.id)
    assigned_at = at if to_staff else None
    await tx.session.execute(
        _GIVE,
        {
            "id": identity,
            "lead_id": lead.id,
            "at": at,
            "kind": str(kind),
            "dealer_id": to_dealer,
            "staff_id": to_staff,
            "previous_dealer_id": lead.dealer_id,
            "previous_staff_id": lead.owner_id,
            "by": by,
            "reason": reason,
            "decision_id": decision_id,
            "assigned_at": assigned_at,
            "clock_from": clock_from,
            "insisted": insisted,
            "status": status,
        },
    )
    now = replace(
        lead,
        dealer_id=to_dealer,
        owner_id=to_staff,
        assigned_at=assigned_at,
        clock_from=clock_from,
        home_dealer_id=to_dealer if lead.home_dealer_id == to_dealer else None,
        status=status or lead.status,
    )
    return Transfer(identity, now, closed)


async def _gets_it_back(tx: Tx, lead: LeadRow, staff_id: UUID | None) -> bool:
    """Whether a lead that went from hand to hand is with somebody again who made no progress
    before."""
    since = lead.progress_at or lead.created_at
    return staff_id is not None and await had_before(tx, lead.id, staff_id, since)
