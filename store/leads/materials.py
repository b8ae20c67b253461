"""Nurture materials sent to a lead's customer (A15)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, func, insert, select

from cases.ids import new_id
from store.models import Material
from store.session import Tx

_table: Table = Material.__table__  # pyright: ignore[reportAssignmentType]


async def sent(tx: Tx, lead_id: UUID) -> tuple[int, datetime | None]:
    """How many the lead has had, over all its lives (a customer who comes back is not sent the same
    again), and when the last."""
    query = select(func.count(), func.max(_table.c.sent_at)).where(_table.c.lead_id == lead_id)
    count, last_at = (await tx.session.execute(query)).one()
    return int(count), last_at


async def send(
    tx: Tx, lead_id: UUID, code: str, channel: str, number: int, at: datetime, decision_id: UUID | None
) -> None:
    """Records one sending."""
    await tx.session.execute(
        insert(_table).values(
            id=new_id(),
            lead_id=lead_id,
            code=code,
            channel=channel,
            number=number,
            sent_at=at,
            decision_id=decision_id,
        )
    )
