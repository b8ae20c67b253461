"""A case's row: locked, read and changed by whoever states something about it or carries its process on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, bindparam, select, update

from cases.errors import NotFound
from store import table_versions
from store.models import Case, ExecutedStep
from store.session import Tx


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What decisions and statements need of any case; nothing personal."""

    id: UUID
    kind: str
    number: str | None
    customer_id: UUID | None
    about_id: UUID | None
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


_table: Table = Case.__table__  # pyright: ignore[reportAssignmentType]
_columns = [_table.c[name] for name in CaseRow.__slots__]
# NO KEY UPDATE: keeps all writers of this case apart, yet lets other transactions insert rows that refer to it.
_LOCKED = select(*_columns).where(_table.c.id == bindparam("case_id")).with_for_update(key_share=True)


async def lock(tx: Tx, case_id: UUID | str) -> CaseRow:
    """The case, its row locked until the transaction ends: every statement and step locks it before anything else.

    Raises ``NotFound``.
    """
    row = (await tx.session.execute(_LOCKED, {"case_id": UUID(str(case_id))})).one_or_none()
    if row is None:
        raise NotFound("case_not_found")
    return CaseRow(*row)


async def change(tx: Tx, case_id: UUID, **values: Any) -> None:
    """Sets columns of the case."""
    await tx.session.execute(update(_table).where(_table.c.id == case_id).values(**values))


async def unsettle(tx: Tx, case_id: UUID) -> None:
    """The first rest of the life that begins now must count, whatever the clocks of two machines say."""
    await change(tx, case_id, settled_at=None)


def with_step(query: Any) -> Select[Any]:
    """Adds to a query of one case what a step asks beside it: the result if it was executed before (``key``), and the
    tables' change number.

    When two executions of one step race, the second may miss the first one's result here; it then fails on the step's
    key and finds the result when it is tried again.
    """
    steps = ExecutedStep.__table__
    executed = select(steps.c.result).where(steps.c.key == bindparam("key")).scalar_subquery()
    return query.add_columns(executed.label("executed"), table_versions.changes().label("tables"))


STATE: Collection[str] = (
    *("dealer_id", "region", "owner_id", "status", "stage", "level", "lamp", "next_due_at"),
    *("ended_at", "outcome", "life", "facts"),
)
"""The columns of a case that a step may change."""
