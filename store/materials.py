"""Nurture materials sent to a lead's customer (A15)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, func, insert, select

from leads.ids import new_id
from store.models import Material
from store.session import Tx

_table: Table = Material.__table__  # pyright: ignore[reportAssignmentType]


async def count(tx: Tx, lead_id: UUID) -> int:
    """How many the lead has had, over all its lives: a customer who comes back is not sent the same again."""
    query = select(func.count()).select_from(_table).where(_table.c.lead_id == lead_id)
    return int((await tx.session.execute(query)).scalar_one())


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
