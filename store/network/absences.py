"""When people are away, and what of theirs is open: leads that they own, tasks with their name on
them (A6, A11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, insert, select, text

from cases.ids import new_id
from store.models import Absence
from store.session import Tx

_table = Absence.__table__
_columns = (_table.c.id, _table.c.starts_at, _table.c.ends_at, _table.c.reason)


@dataclass(frozen=True, slots=True)
class Away:
    """An absence; ``ends_at`` is the first instant at which the person is there again."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Open:
    """A lead of which something is a person's: as its owner, or by tasks. ``due_at``: their
    earliest deadline there."""

    lead_id: UUID
    due_at: datetime | None


# Whoever works on a lead is asked for what is due next, also in the moments before its task is
# written.
_OPEN = text(
    """
    SELECT lead.id, coalesce(
        (SELECT min(task.due_at) FROM tasks task
         WHERE task.case_id = lead.id AND task.owner_id = :staff_id AND task.status = 'open'),
        CASE WHEN lead.status = 'working' THEN lead.next_due_at END)
    FROM whole_leads lead
    WHERE lead.owner_id = :staff_id AND lead.status IN ('working', 'confirming', 'nurture')
       OR lead.id IN (SELECT case_id FROM tasks WHERE owner_id = :staff_id AND status = 'open')
    ORDER BY lead.id
    """
).bindparams(bindparam("staff_id", type_=Uuid()))

_HAND = text(
    "UPDATE tasks SET owner_id = :to_id WHERE case_id = :lead_id AND owner_id = :staff_id AND status = 'open'"
).bindparams(bindparam("lead_id", type_=Uuid()), bindparam("staff_id", type_=Uuid()), bindparam("to_id", type_=Uuid()))


async def enter(tx: Tx, staff_id: UUID, starts_at: datetime, ends_at: datetime, reason: str) -> Away:
    """Notes an absence."""
    away = Away(new_id(), starts_at, ends_at, reason)
    values = {"id": away.id, "staff_id": staff_id, "starts_at": starts_at, "ends_at": ends_at, "reason": reason}
    await tx.session.execute(insert(_table).values(**values))
    return away


async def remove(tx: Tx, staff_id: UUID, absence_id: UUID) -> Away | None:
    """Takes an absence back; None if the person has no such one."""
    gone = delete(_table).where(_table.c.id == absence_id, _table.c.staff_id == staff_id)
    row = (await tx.session.execute(gone.returning(*_columns))).one_or_none()
    return None if row is None else Away(*row)


async def of_person(tx: Tx, staff_id: UUID) -> tuple[Away, ...]:
    """All absences of a person, by their beginning."""
    query = select(*_columns).where(_table.c.staff_id == staff_id).order_by(_table.c.starts_at, _table.c.id)
    return tuple(Away(*row) for row in await tx.session.execute(query))


async def at(tx: Tx, staff_id: UUID, instant: datetime) -> Away | None:
    """The absence in which an instant lies, the one that ends last."""
    c = _table.c
    query = select(*_columns).where(c.staff_id == staff_id, c.starts_at <= instant, c.ends_at > instant)
    row = (await tx.session.execute(query.order_by(c.ends_at.desc()).limit(1))).one_or_none()
    return None if row is None else Away(*row)


async def coded(tx: Tx, code: str) -> Away | None:
    """The absence that is known by a code."""
    row = (await tx.session.execute(select(*_columns).where(_table.c.code == code))).one_or_none()
    return None if row is None else Away(*row)


async def open_of(tx: Tx, staff_id: UUID) -> tuple[Open, ...]:
    """The leads of which something is theirs to do, in the order in which they are locked."""
    return tuple(Open(*row) for row in await tx.session.execute(_OPEN, {"staff_id": staff_id}))


async def hand_tasks(tx: Tx, lead_id: UUID, staff_id: UUID, to_id: UUID | None) -> None:
    """What is still open of a former owner's is the new one's."""
    await tx.session.execute(_HAND, {"lead_id": lead_id, "staff_id": staff_id, "to_id": to_id})
