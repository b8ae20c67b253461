"""What was changed about a customer and their wishes since somebody looked: the version that their
sheet has.

The database notes every change of these fields by itself (``customer_edits``), whichever statement
made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, text

from store.models import Customer, CustomerEdit
from store.session import Tx

_table = CustomerEdit.__table__
_customers = Customer.__table__
_DATED = text("SELECT set_config('baton.at', :at, true)")


@dataclass(frozen=True, slots=True)
class Edit:
    """One field that was changed. ``lead_id``: it is the lead's, else the customer's. Personal
    data."""

    number: int
    lead_id: UUID | None
    at: datetime
    by: str
    field: str
    before: Any
    after: Any


async def dated(tx: Tx, at: datetime) -> None:
    """Gives the changes of this transaction the application's instant."""
    await tx.session.execute(_DATED, {"at": at.isoformat()})


async def hold(tx: Tx, customer_id: UUID) -> None:
    """Keeps everybody else from changing the customer until the transaction ends; lock their lead's
    row before."""
    # Two leads may have one customer: the lead's lock alone would let two people through.
    await tx.session.execute(
        select(_customers.c.id).where(_customers.c.id == customer_id).with_for_update(key_share=True)
    )


async def version(tx: Tx, customer_id: UUID, lead_id: UUID) -> int:
    """The number of the last change of the customer or of this lead's facts; 0 if there was
    none."""
    query = select(func.max(_table.c.number)).where(_concerns(customer_id, lead_id))
    return int(await tx.session.scalar(query) or 0)


async def since(tx: Tx, customer_id: UUID, lead_id: UUID, number: int) -> tuple[Edit, ...]:
    """The changes after a version, oldest first."""
    c = _table.c
    query = select(c.number, c.lead_id, c.at, c.by, c.field, c.before, c.after).where(_concerns(customer_id, lead_id))
    rows = await tx.session.execute(query.where(c.number > number).order_by(c.number))
    return tuple(Edit(**row) for row in rows.mappings())


def _concerns(customer_id: UUID, lead_id: UUID) -> Any:
    c = _table.c
    return (c.customer_id == customer_id) & or_(c.lead_id.is_(None), c.lead_id == lead_id)
