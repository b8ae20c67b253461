"""A case's row: locked, read and changed by whoever states something about it or carries its
process on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, Table, Text, bindparam, func, select, update

from cases.contracts import PlaceMark
from cases.errors import NotFound
from store.engine import sight
from store.models import Case, ExecutedStep, WakeUp
from store.prepared import Prepared
from store.session import Tx
from store.tables import table_versions

Row = TypeVar("Row", covariant=True)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What decisions and statements need of any case; nothing personal."""

    id: UUID
    kind: str
    number: str | None
    customer_id: UUID | None
    about_id: UUID | None
    vehicle_id: UUID | None
    dealer_id: UUID | None
    region: str | None
    owner_id: UUID | None
    status: str
    stage: str | None
    level: str | None
    lamp: str
    next_due_at: datetime | None
    opened_at: datetime
    ended_at: datetime | None
    outcome: str | None
    life: int
    facts: dict[str, Any]
    settled_at: datetime | None
    message_seq: int


@dataclass(frozen=True, slots=True)
class Opened(Generic[Row]):
    """The beginning of a step or a wake-up: the locked case; if it was done before, the step's
    result or what the wake-up has told; the tables' change number."""

    case: Row
    before: dict[str, Any] | None
    tables: int


_table: Table = Case.__table__  # pyright: ignore[reportAssignmentType]
_columns = [_table.c[name] for name in CaseRow.__slots__]
# NO KEY UPDATE: keeps all writers of this case apart, yet lets other transactions insert rows that
# refer to it.
_GET = select(*_columns).where(_table.c.id == bindparam("case_id"))
_LOCKED = _GET.with_for_update(key_share=True)


async def lock(tx: Tx, case_id: UUID | str) -> CaseRow:
    """The case, its row locked until the transaction ends: every statement and step locks it before
    anything else.

    Raises ``NotFound``.
    """
    return await _one(tx, _LOCKED, {"case_id": UUID(str(case_id))})


async def get(tx: Tx, case_id: UUID | str) -> CaseRow:
    """The case without a lock. Raises ``NotFound``."""
    return await _one(tx, _GET, {"case_id": UUID(str(case_id))})


async def place(tx: Tx, case_id: UUID) -> tuple[PlaceMark, ...]:
    """Where the case stands in its process, as it last came to rest."""
    marks = await tx.session.scalar(select(_table.c.place).where(_table.c.id == case_id))
    return tuple(PlaceMark(**mark) for mark in marks or ())


async def running_of(tx: Tx, customers: Collection[UUID], kinds: Collection[str]) -> tuple[UUID, ...]:
    """The cases of these kinds that run for these customers."""
    mine = _table.c.customer_id.in_(list(customers)) & _table.c.kind.in_(list(kinds)) & _table.c.ended_at.is_(None)
    return tuple((await tx.session.execute(select(_table.c.id).where(mine).order_by(_table.c.id))).scalars())


async def open_step(tx: Tx, case_id: UUID | str, kind: str, key: str) -> Opened[CaseRow]:
    """All that a step of a case of this kind asks first, in one round trip. Raises ``NotFound``."""
    asked = {"case_id": UUID(str(case_id)), "kind": kind, "key": key}
    return await opened(tx, _OPEN, asked, CaseRow, "case_not_found")


async def open_wake_up(tx: Tx, case_id: UUID | str, kind: str, run: str, number: int) -> Opened[CaseRow]:
    """The same for a wake-up of it."""
    asked = {"case_id": UUID(str(case_id)), "kind": kind, "run": run, "number": number}
    return await opened(tx, _WAKE, asked, CaseRow, "case_not_found")


async def opened(tx: Tx, query: Prepared, asked: dict[str, Any], of: Callable[..., Row], missing: str) -> Opened[Row]:
    """What a query with ``with_step`` or ``with_wake_up`` finds; ``of`` makes a case of its other
    columns. Raises ``NotFound`` with the code ``missing``."""
    row = await query.one(tx, asked)
    if row is None:
        raise NotFound(missing)
    *values, before, changes = row
    return Opened(of(*values), before, changes)


async def change(tx: Tx, case_id: UUID, **values: Any) -> None:
    """Sets columns of the case."""
    await tx.session.execute(update(_table).where(_table.c.id == case_id).values(**values))


async def unsettle(tx: Tx, case_id: UUID) -> None:
    """The first rest of the life that begins now must count, whatever the clocks of two machines
    say."""
    await change(tx, case_id, settled_at=None)


def with_step(query: Any) -> Select[Any]:
    """Adds to a query of one case what a step asks beside it: the result if it was executed before
    (``key``), and the tables' change number.

    When two executions of one step race, the second may miss the first one's result here; it then
    fails on the step's key and finds the result when it is tried again.
    """
    steps = ExecutedStep.__table__
    this = (steps.c.case_id == _table.c.id) & (steps.c.key == func.step_of(_table.c.id, bindparam("key", type_=Text())))
    executed = select(steps.c.result).where(this).correlate(_table).scalar_subquery()
    return query.add_columns(executed.label("executed"), table_versions.changes().label("tables"))


def with_wake_up(query: Any) -> Select[Any]:
    """Adds to a query of one case what a wake-up asks beside it: what it has told before (``run``
    and ``number``), and the tables' change number. Of races: as ``with_step``."""
    rows = WakeUp.__table__
    named = (rows.c.run == bindparam("run")) & (rows.c.number == bindparam("number"))
    words = func.jsonb_build_object("cause", rows.c.cause, "ran", rows.c.ran, "rested", rows.c.rested)
    told = select(words).where(rows.c.case_id == _table.c.id, named).correlate(_table).scalar_subquery()
    return query.add_columns(told.label("told"), table_versions.changes().label("tables"))


_OF_KIND = _GET.where(_table.c.kind == bindparam("kind"))
_WAKE = Prepared(with_wake_up(_OF_KIND).with_for_update(key_share=True, of=_table))
_OPEN = Prepared(with_step(_OF_KIND).with_for_update(key_share=True, of=_table))


async def _one(tx: Tx, query: Select[Any], parameters: dict[str, Any]) -> CaseRow:
    row = (await tx.session.execute(query, parameters)).one_or_none()
    if row is None or not sight.is_there(tx, row.kind, row.facts):
        raise NotFound("case_not_found")
    return CaseRow(*row)


STATE: Collection[str] = (
    *("dealer_id", "region", "owner_id", "status", "stage", "level", "lamp", "next_due_at"),
    *("ended_at", "outcome", "life", "facts"),
)
"""The columns of a case that a step may change."""
