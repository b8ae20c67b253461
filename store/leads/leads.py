"""A lead's row and its case's: locked, read and changed by whoever states something about it or
carries it on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, Uuid, bindparam, select, text, update

from cases.errors import NotFound
from store.engine import cases
from store.engine.cases import Opened
from store.models import Case, Lead
from store.prepared import Prepared
from store.session import Tx


@dataclass(frozen=True, slots=True)
class LeadRow:
    """What decisions and statements need of a lead; nothing personal."""

    id: UUID
    customer_id: UUID
    channel: str
    created_at: datetime
    model: str | None
    budget_min: int | None
    budget_max: int | None
    horizon_days: int | None
    province: str | None
    city: str | None
    district: str | None
    place_code: str | None
    region: str | None
    status: str
    stage: str | None
    grade: str | None
    grade_reason: str | None
    graded_at: datetime | None
    badges: list[str]
    lamp: str
    dealer_id: UUID | None
    owner_id: UUID | None
    assigned_at: datetime | None
    clock_from: datetime | None
    author_id: UUID | None
    home_dealer_id: UUID | None
    first_choice_id: UUID | None
    progress_at: datetime | None
    best_grade: str | None
    best_stage: str | None
    next_due_at: datetime | None
    closing: dict[str, Any]
    ended_at: datetime | None
    attached_to: UUID | None
    unread: list[dict[str, str]]
    suspects: list[str]
    life: int
    settled_at: datetime | None
    message_seq: int


_table: Table = Lead.__table__  # pyright: ignore[reportAssignmentType]
_cases: Table = Case.__table__  # pyright: ignore[reportAssignmentType]
CALLED = {"grade": "level", "created_at": "opened_at"}
"""What a lead calls columns of its case."""


def _column(name: str) -> Any:
    return _table.c[name] if name in _table.c else _cases.c[CALLED.get(name, name)]


COLUMNS = [_column(field.name) for field in fields(LeadRow)]
"""What a ``LeadRow`` is read from, in its order."""
_whole = _cases.join(_table, _table.c.id == _cases.c.id)
LEAD_ID = bindparam("lead_id")

# NO KEY UPDATE: keeps all writers of this lead apart, yet lets other transactions insert rows that
# refer to it. The case's row comes first, in all that locks both: of two that lock in another order
# each would wait for the other.
_LOCK = select(*COLUMNS).select_from(_whole).where(_cases.c.id == LEAD_ID).with_for_update(key_share=True)
_GET = select(*COLUMNS).select_from(_whole).where(_cases.c.id == LEAD_ID)
_OPEN = Prepared(cases.with_step(_GET).with_for_update(key_share=True, of=(_cases, _table)))


# UNION drops what was met before: a circle that older data may hold ends, too.
_END = text(
    """
    WITH RECURSIVE chain AS (
        SELECT id, attached_to FROM leads WHERE id = :lead_id
        UNION SELECT l.id, l.attached_to FROM leads l JOIN chain c ON l.id = c.attached_to
    )
    SELECT id FROM chain WHERE attached_to IS NULL LIMIT 1
    """
).bindparams(bindparam("lead_id", type_=Uuid()))


_MERGE = text("SELECT pg_advisory_xact_lock(hashtextextended('merge of leads', 0))")


async def lock(tx: Tx, lead_id: UUID | str) -> LeadRow:
    """The lead, its row locked until the transaction ends: every statement and step locks it before
    anything else.

    Raises ``NotFound``.
    """
    return await _one(tx, _LOCK, lead_id)


async def get(tx: Tx, lead_id: UUID | str) -> LeadRow:
    """The lead without a lock. Raises ``NotFound``."""
    return await _one(tx, _GET, lead_id)


async def open_step(tx: Tx, lead_id: UUID | str, key: str) -> Opened[LeadRow]:
    """All that a process step asks first, in one round trip. Raises ``NotFound``."""
    asked = {"lead_id": UUID(str(lead_id)), "key": key}
    return await cases.opened(tx, _OPEN, asked, LeadRow, "lead_not_found")


async def end_of_chain(tx: Tx, lead_id: UUID) -> UUID:
    """The lead that this one stands for: where it was attached to, where that one was attached to
    since, and so on."""
    return await tx.session.scalar(_END, {"lead_id": lead_id}) or lead_id


async def one_merge_at_a_time(tx: Tx) -> None:
    """Makes every other merge wait until this transaction ends, so that a chain cannot change while
    it is followed.

    Take it after the locks of contacts and before any lead's row.
    """
    await tx.session.execute(_MERGE)


async def lock_all(tx: Tx, lead_ids: Iterable[UUID]) -> None:
    """Locks the rows of several leads in the order of their ids; those that do not exist are left
    out."""
    query = select(_cases.c.id).select_from(_whole).where(_cases.c.id.in_(list(lead_ids))).order_by(_cases.c.id)
    await tx.session.execute(query.with_for_update(key_share=True))


async def change(tx: Tx, lead_id: UUID, **values: Any) -> None:
    """Sets columns of the lead and of its case, under the names that a lead has for them; nothing
    to set is fine."""
    for table, changed in zip((_cases, _table), apart(values), strict=True):
        if changed:
            await tx.session.execute(update(table).where(table.c.id == lead_id).values(**changed))


def apart(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values of a lead as columns of ``cases`` and columns of ``leads``."""
    of_case = {CALLED.get(name, name): value for name, value in values.items() if name not in _table.c}
    return of_case, {name: value for name, value in values.items() if name in _table.c}


async def _one(tx: Tx, statement: Any, lead_id: UUID | str) -> LeadRow:
    row = (await tx.session.execute(statement, {"lead_id": UUID(str(lead_id))})).one_or_none()
    if row is None:
        raise NotFound("lead_not_found")
    return LeadRow(*row)
