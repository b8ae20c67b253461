"""Tasks: what people have to do. A task leaves ``open`` exactly once, and everybody who comes later
learns why.

The compare-and-set ``UPDATE … WHERE status = 'open'`` is the one arbiter between a person and a
deadline (DESIGN, idea 1). Callers lock the lead's row first (``store.leads.leads.lock``), so
nothing here can deadlock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Table, Text, Uuid, and_, bindparam, func, or_, select, text, update
from sqlalchemy.sql import ColumnElement

from cases.parties import Team
from cases.states import Outcome, TaskStatus
from store.engine import clocks, holds, sight
from store.models import Task
from store.prepared import Prepared
from store.session import Tx


@dataclass(frozen=True, slots=True)
class TaskRow:
    id: UUID
    case_id: UUID
    kind: str
    element: str
    role: str
    dealer_id: UUID | None
    owner_id: UUID | None
    status: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    late: bool
    closed_because: dict[str, Any]
    why: str | None
    clock_id: UUID | None


@dataclass(frozen=True, slots=True)
class Completion:
    """Who won. When ``won`` is false, ``reason`` is a message code: ``task_not_found``,
    ``task_done``, ``task_handed_over``, ``task_reassigned`` or ``task_withdrawn``; ``task`` then
    shows what became of the task (``closed_at``, ``closed_because``). ``late`` says that the task
    was completed after its due instant."""

    won: bool
    late: bool
    reason: str | None
    task: TaskRow | None


_table: Table = Task.__table__  # pyright: ignore[reportAssignmentType]
_columns = [_table.c[name] for name in TaskRow.__slots__]
_GET = select(*_columns).where(_table.c.id == bindparam("task_id"))
_OF_CLOCK = Prepared(
    select(*_columns).where(_table.c.clock_id == bindparam("clock"), _table.c.status == TaskStatus.OPEN).limit(1)
)
_OPEN_OF_LEAD = (
    select(*_columns)
    .where(_table.c.case_id == bindparam("case_id"), _table.c.status == TaskStatus.OPEN)
    .order_by(_table.c.due_at, _table.c.id)
)


async def complete(
    tx: Tx, task_id: UUID, *, outcome: Outcome | str, at: datetime, team: Team | None, owner_id: UUID | None = None
) -> Completion:
    """A person completes a task, if nobody and nothing was faster; ends the task's own clock in the
    same breath.

    ``team`` is whose hours the task's kind keeps to: a deadline that stood still is put off in
    them. ``owner_id`` (when given) becomes the task's owner: it records who did a task that was
    open to a role. Whether that person may, and whether the outcome fits the kind
    (``domain.kinds``), is checked by the caller.
    """
    values: dict[str, Any] = {
        "status": TaskStatus.DONE,
        "outcome": str(outcome),
        "closed_at": at,
        "late": func.coalesce(_table.c.due_at < at, False),
    }
    if owner_id is not None:
        values["owner_id"] = owner_id
    await holds.end_of_task(tx, task_id, at, team)
    row = (
        await tx.session.execute(
            update(_table)
            .where(_table.c.id == task_id, _table.c.status == TaskStatus.OPEN)
            .values(**values)
            .returning(*_columns)
        )
    ).one_or_none()
    if row is None:
        late_comer = await get(tx, task_id)
        reason = "task_not_found" if late_comer is None else f"task_{late_comer.status}"
        return Completion(False, False, reason, late_comer)
    task = TaskRow(*row)
    if task.clock_id is not None:
        await clocks.stop_one(tx, task.clock_id, at)
    await clocks.light(tx, task.case_id)
    return Completion(True, task.late, None, task)


async def next_due(tx: Tx, case_id: UUID) -> datetime | None:
    """When the first of the case's open tasks is due."""
    mine = and_(_table.c.case_id == case_id, _table.c.status == TaskStatus.OPEN)
    return await tx.session.scalar(select(func.min(_table.c.due_at)).where(mine))


async def get(tx: Tx, task_id: UUID) -> TaskRow | None:
    """One task, open or closed, unless its case is none that the actor may know of."""
    found = _GET.where(*sight.of_rows(tx, _table.c.case_id))
    row = (await tx.session.execute(found, {"task_id": task_id})).one_or_none()
    return TaskRow(*row) if row else None


async def of_clock(tx: Tx, clock_id: UUID) -> TaskRow | None:
    """The open task whose deadline a clock is."""
    row = await _OF_CLOCK.one(tx, {"clock": clock_id})
    return TaskRow(*row) if row else None


async def open_for_lead(tx: Tx, case_id: UUID, kinds: Collection[str] | None = None) -> tuple[TaskRow, ...]:
    """The lead's open tasks, the most urgent first; ``kinds`` narrows them."""
    rows = await tx.session.execute(_OPEN_OF_LEAD, {"case_id": case_id})
    found = (TaskRow(*row) for row in rows)
    return tuple(task for task in found if kinds is None or task.kind in kinds)


_SEEN = text(
    """
    SELECT EXISTS (
        SELECT FROM tasks WHERE case_id = :case_id AND status = 'done' AND role = ANY(:roles) AND opened_at >=
            coalesce((SELECT max(started_at) FROM instances WHERE instances.case_id = :case_id), '-infinity')
    )
    """
).bindparams(bindparam("case_id", type_=Uuid()), bindparam("roles", type_=ARRAY(Text)))


async def seen_by(tx: Tx, case_id: UUID, roles: Sequence[str]) -> bool:
    """Whether somebody did a task of one of these roles in the lead's present life."""
    return bool(await tx.session.scalar(_SEEN, {"case_id": case_id, "roles": [str(role) for role in roles]}))


def _if_given(name: str, kind: Any, holds: Callable[[ColumnElement[Any]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """A condition on what is given under a name, met by all if nothing is."""
    given = bindparam(name, type_=kind)
    return or_(given.is_(None), holds(given))


_CLOSE = Prepared(
    update(_table)
    .where(
        _table.c.case_id == bindparam("case"),
        _table.c.status == TaskStatus.OPEN,
        _if_given("kinds", ARRAY(Text), lambda kinds: _table.c.kind == func.any(kinds)),
        _if_given("ids", ARRAY(Uuid()), lambda ids: _table.c.id == func.any(ids)),
        _if_given("clock", Uuid(), lambda clock: _table.c.clock_id == clock),
    )
    .values(status=bindparam("to"), closed_at=bindparam("at"), closed_because=bindparam("because"))
    .returning(_table.c.id)
)


async def close(
    tx: Tx,
    case_id: UUID,
    status: TaskStatus,
    at: datetime,
    *,
    kinds: Collection[str] | None = None,
    ids: Sequence[UUID] | None = None,
    clock: UUID | None = None,
    because: dict[str, Any] | None = None,
) -> tuple[UUID, ...]:
    """Ends the case's open tasks (of some kinds, with some ids, of one clock) without an outcome;
    returns those it ended."""
    rows = await _CLOSE.rows(
        tx,
        {
            "case": case_id,
            "to": str(status),
            "at": at,
            "because": because or {"code": str(status)},
            "kinds": None if kinds is None else sorted(map(str, kinds)),
            "ids": None if ids is None else list(ids),
            "clock": clock,
        },
    )
    return tuple(identity for (identity,) in rows)


async def hand(tx: Tx, case_id: UUID, kinds: Collection[str], *, dealer_id: UUID | None, owner_id: UUID | None) -> None:
    """Open tasks of these kinds are somebody else's from now on, with the deadline that they
    have."""
    mine = and_(
        _table.c.case_id == case_id, _table.c.status == TaskStatus.OPEN, _table.c.kind.in_(sorted(map(str, kinds)))
    )
    await tx.session.execute(update(_table).where(mine).values(dealer_id=dealer_id, owner_id=owner_id))


_TAKEN = Prepared(
    select(_table.c.id)
    .where(
        _table.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid()))),
        or_(_table.c.status == TaskStatus.DONE, _table.c.status == TaskStatus.REASSIGNED),
    )
    .limit(1)
)


async def withdraw_together(tx: Tx, case_id: UUID, ids: Sequence[UUID], at: datetime) -> bool:
    """Withdraws all of these tasks for a deadline, or none because a person was faster (see docs,
    "who wins a race").

    False means that somebody completed or reassigned one of them: the message that says so is
    already in the outbox. Repeating it after a success is a success.
    """
    if not ids:  # a deadline that comes late only asks whether it may
        return True
    if await _TAKEN.rows(tx, {"ids": list(ids)}):
        return False
    await close(tx, case_id, TaskStatus.WITHDRAWN, at, ids=ids, because={"code": "deadline"})
    return True
