"""Notifications: an outbox of what people have to be told (A10), delivered at least once by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, insert, select, update

from leads.ids import new_id
from store.models import Notification
from store.session import Tx

_table: Table = Notification.__table__  # pyright: ignore[reportAssignmentType]


@dataclass(frozen=True, slots=True)
class Pending:
    """One that has not been delivered: a person or a role, and the catalogue code of what to say."""

    id: UUID
    lead_id: UUID
    to_staff_id: UUID | None
    to_role: str | None
    code: str
    data: dict[str, Any]
    created_at: datetime
    attempts: int


_columns = [_table.c[name] for name in Pending.__slots__]


async def notify(
    tx: Tx,
    lead_id: UUID,
    code: str,
    at: datetime,
    *,
    staff_id: UUID | None = None,
    role: str | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Tells a person, or whoever has a role, something about a lead. For statements; steps use their ledger."""
    await tx.session.execute(
        insert(_table).values(
            id=new_id(),
            lead_id=lead_id,
            to_staff_id=staff_id,
            to_role=role,
            code=code,
            data=data or {},
            created_at=at,
            deliver_after=func.now(),
        )
    )


async def take(tx: Tx, limit: int = 100) -> tuple[Pending, ...]:
    """Locks some that are due, the oldest first; other workers pass over them."""
    rows = await tx.session.execute(
        select(*_columns)
        .where(_table.c.delivered_at.is_(None), _table.c.deliver_after <= func.now())
        .order_by(_table.c.deliver_after)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tuple(Pending(*row) for row in rows)


async def delivered(tx: Tx, ids: Sequence[UUID], at: datetime) -> None:
    """Marks them as delivered."""
    if ids:
        await tx.session.execute(update(_table).where(_table.c.id.in_(ids)).values(delivered_at=at))


async def later(tx: Tx, notification_id: UUID, wait: timedelta) -> None:
    """Puts one that could not be delivered off, by wall time."""
    await tx.session.execute(
        update(_table)
        .where(_table.c.id == notification_id)
        .values(attempts=_table.c.attempts + 1, deliver_after=func.now() + wait)
    )


async def of_lead(tx: Tx, lead_id: UUID) -> tuple[Pending, ...]:
    """All of a lead's, delivered or not, in the order of their making."""
    rows = await tx.session.execute(
        select(*_columns).where(_table.c.lead_id == lead_id).order_by(_table.c.created_at, _table.c.id)
    )
    return tuple(Pending(*row) for row in rows)


async def undelivered(tx: Tx) -> int:
    """How many wait, for metrics."""
    query = select(func.count()).select_from(_table).where(_table.c.delivered_at.is_(None))
    return int((await tx.session.execute(query)).scalar_one())
