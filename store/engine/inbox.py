"""Read models of work: the inbox of tasks, running clocks, incidents (A7, A9, A10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, and_, func, literal, select, tuple_
from sqlalchemy.sql import ColumnElement

from cases.contact import ContactMark, marked
from cases.errors import NotFound
from cases.holding import HoldReason
from cases.states import CaseKind, Grade, HqWhy, Lamp, Role, TaskKind, TaskStatus, word, word_if_any
from store import narrowing
from store.engine import incidents as kept
from store.engine import sight
from store.leads.views import NEVER, Named, named
from store.listing import Order, Rows, Window, all_of, part, settled, tables_of
from store.models import Case, Customer, Dealer, Incident, Lead, SlaClock, Staff, Task
from store.network.regional import in_regions
from store.session import Tx
from store.spans import ALWAYS, Span, within


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One thing that somebody has to do. ``lead_id``, ``grade`` and ``model`` are those of a lead
    alone; ``level`` is what its case is keyed by, of a lead the grade; ``held_until``: its deadline
    stands still until then."""

    id: UUID
    case_id: UUID
    case_kind: str
    case_number: str | None
    lead_id: UUID | None
    kind: str
    element: str
    role: Role
    status: TaskStatus
    dealer: Named | None
    owner: Named | None
    opened_at: datetime
    due_at: datetime | None
    held_until: datetime | None
    closed_at: datetime | None
    outcome: str | None
    why: HqWhy | None
    late: bool
    overdue: bool
    updated_at: datetime
    customer_name: str | None
    model: str | None
    grade: Grade | None
    level: str | None
    lamp: Lamp
    contact: ContactMark | None


@dataclass(frozen=True, slots=True)
class TaskFilters:
    """What to list; empty means everything, several values mean any of them. ``overdue`` false
    keeps what is not due yet; ``until`` what is due up to this instant and id."""

    status: Sequence[str] = (TaskStatus.OPEN,)
    owner: Sequence[UUID] = ()
    role: Sequence[str] = ()
    dealer: Sequence[UUID] = ()
    region: Sequence[str] = ()
    kind: Sequence[str] = ()
    grade: Sequence[str] = ()
    lamp: Sequence[str] = ()
    model: Sequence[str] = ()
    channel: Sequence[str] = ()
    case_id: UUID | None = None
    case_kind: Sequence[str] = ()
    overdue: bool | None = None
    task_id: UUID | None = None
    until: tuple[datetime, UUID] | None = None
    opened: Span = ALWAYS
    due: Span = ALWAYS
    closed: Span = ALWAYS
    updated: Span = ALWAYS


_tasks, _cases, _leads = Task.__table__, Case.__table__, Lead.__table__
_due = func.coalesce(_tasks.c.due_at, NEVER)
NEVER_DUE = datetime(9999, 1, 1, tzinfo=UTC)
"""Where a list by due instants has tasks that are never due (``NEVER``)."""

TASK_ORDERS = {
    f"{sign}{name}": Order(f"tasks:{sign}{name}", (key, _tasks.c.id), sign == "-")
    for name, key in (("due", _due), ("opened", _tasks.c.opened_at), ("updated", _tasks.c.updated_at))
    for sign in ("", "-")
}
"""How an inbox can be sorted; without a due instant is due last."""

PRIORITY = Order("tasks:priority", (_tasks.c.opened_at, _due, _tasks.c.id, literal(0), _due, _tasks.c.id))
"""By points: as of when and up to which task they are given, then a task's rank, due instant and id
(``domain.tasks.priority``)."""

INCIDENTS = Order("incidents", (Incident.at.expression, Incident.id.expression), descending=True)


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A deadline that runs: a task's, or the validity of the grade. ``held_until``: it stands still
    until then."""

    kind: TaskKind | Literal["grade_validity"]
    grade: Grade | None
    started_at: datetime
    due_at: datetime
    rung: int
    next_rung_at: datetime | None
    lamp: Lamp
    held_until: datetime | None
    held_for: HoldReason | None


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """A step that could not be done. ``kind`` is open: what stopped it, as the engine or an
    activity names it."""

    id: UUID
    lead_id: UUID
    element: str
    kind: str
    message: str
    at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


def _lines() -> Any:
    return (
        select(
            Task,
            Dealer.code.label("dealer_code"),
            Dealer.name.label("dealer_name"),
            Staff.code.label("owner_code"),
            Staff.name.label("owner_name"),
            Customer.name.label("customer_name"),
            Customer.do_not_call,
            Customer.call_hours,
            Customer.call_said_at,
            Customer.call_said,
            _cases.c.number.label("case_number"),
            _cases.c.level,
            _cases.c.lamp,
            _leads.c.model,
            SlaClock.paused_until.label("held_until"),
        )
        .join(_cases, _cases.c.id == Task.case_id)
        .outerjoin(_leads, _leads.c.id == _cases.c.id)
        .outerjoin(Customer, Customer.id == _cases.c.customer_id)
        .outerjoin(Dealer, Dealer.id == Task.dealer_id)
        .outerjoin(Staff, Staff.id == Task.owner_id)
        .outerjoin(SlaClock, and_(SlaClock.id == Task.clock_id, Task.status == TaskStatus.OPEN))
    )


def _task(row: Row[Any], now: datetime) -> TaskLine:
    task: Task = row[0]
    of_lead = task.case_kind == CaseKind.LEAD
    return TaskLine(
        id=task.id,
        case_id=task.case_id,
        case_kind=task.case_kind,
        case_number=row.case_number,
        lead_id=task.case_id if of_lead else None,
        kind=task.kind,
        element=task.element,
        role=word(Role, task.role),
        status=word(TaskStatus, task.status),
        dealer=named(row.dealer_code, row.dealer_name),
        owner=named(row.owner_code, row.owner_name),
        opened_at=task.opened_at,
        due_at=task.due_at,
        held_until=row.held_until,
        closed_at=task.closed_at,
        outcome=task.outcome,
        why=word_if_any(HqWhy, task.why),
        late=task.late,
        overdue=task.status == TaskStatus.OPEN and task.due_at is not None and task.due_at < now,
        updated_at=task.updated_at,
        customer_name=row.customer_name,
        model=row.model,
        grade=word_if_any(Grade, row.level) if of_lead else None,
        level=row.level,
        lamp=word(Lamp, row.lamp),
        contact=marked(bool(row.do_not_call), row.call_hours or (), row.call_said_at, row.call_said),
    )


async def tasks(tx: Tx, filters: TaskFilters, now: datetime, window: Window, order: str = "due") -> Rows[TaskLine]:
    """Tasks, the most urgent first unless another order is given."""
    narrowed = _conditions(filters, now)
    if order == "updated":
        narrowed.append(_tasks.c.updated_at < await settled(tx))
    asked = select(_tasks.c.id).where(*narrowed, *sight.of_rows(tx, _tasks.c.case_id))
    named = tables_of(narrowed)
    if _cases in named or _leads in named:
        asked = asked.join(_cases, _cases.c.id == _tasks.c.case_id)
    if _leads in named:
        asked = asked.join(_leads, _leads.c.id == _cases.c.id)
    return await narrowing.found(tx, asked, _lines(), TASK_ORDERS[order], window, lambda row: _task(row, now))


def _conditions(filters: TaskFilters, now: datetime) -> list[ColumnElement[bool]]:
    found = all_of(
        (_tasks.c.status, filters.status),
        (_tasks.c.owner_id, filters.owner),
        (_tasks.c.role, filters.role),
        (_tasks.c.dealer_id, filters.dealer),
        (_tasks.c.kind, filters.kind),
        (_tasks.c.case_kind, filters.case_kind),
        (_cases.c.level, filters.grade),
        (_cases.c.lamp, filters.lamp),
        (_leads.c.model, filters.model),
        (_leads.c.channel, filters.channel),
    )
    if filters.region:
        found.append(in_regions(_tasks.c.dealer_id, _cases.c.region, filters.region))
    for column, value in ((_tasks.c.case_id, filters.case_id), (_tasks.c.id, filters.task_id)):
        if value is not None:
            found.append(column == value)
    if filters.until is not None:
        found.append(tuple_(_due, _tasks.c.id) <= filters.until)
    if filters.overdue is not None:
        found.append(_due < now if filters.overdue else _due >= now)
    for column, span in (
        (_tasks.c.opened_at, filters.opened),
        (_due, filters.due),
        (_tasks.c.closed_at, filters.closed),
        (_tasks.c.updated_at, filters.updated),
    ):
        found += within(column, span, NEVER)
    return found


async def clocks(tx: Tx, lead_id: UUID) -> tuple[ClockLine, ...]:
    """The lead's running deadlines, the next one first."""
    query = select(SlaClock).where(SlaClock.case_id == lead_id, SlaClock.stopped_at.is_(None)).order_by(SlaClock.due_at)
    return tuple(
        ClockLine(
            word(TaskKind, c.kind),
            word_if_any(Grade, c.grade),
            c.started_at,
            c.due_at,
            c.rung,
            c.next_rung_at,
            Lamp.GREY if c.paused_at else word(Lamp, c.lamp),
            c.paused_until,
            word_if_any(HoldReason, c.paused_why),
        )
        for c in (await tx.session.execute(query)).scalars()
    )


async def incident(tx: Tx, incident_id: UUID) -> kept.Incident:
    """One incident, open or resolved. Raises ``NotFound``."""
    table = Incident.__table__
    row = (
        (await tx.session.execute(select(table).where(table.c.id == incident_id, *sight.of_rows(tx, table.c.case_id))))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound("incident_not_found")
    return kept.Incident(**row)


async def incidents(tx: Tx, window: Window, *, lead_id: UUID | None, open_only: bool) -> Rows[IncidentLine]:
    """Incidents, newest first."""
    shown = (name for name in IncidentLine.__dataclass_fields__ if name not in ("id", "lead_id"))
    query = select(Incident.id, Incident.case_id, *(getattr(Incident, name) for name in shown))
    query = query.where(*sight.of_rows(tx, Incident.case_id.expression))
    if lead_id is not None:
        query = query.where(Incident.case_id == lead_id)
    if open_only:
        query = query.where(Incident.resolved_at.is_(None))
    return await part(tx, query, INCIDENTS, window, lambda row: IncidentLine(*row[:8]))
