"""What was written down about one lead: contacts with the customer, contracts, corrections. People's own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Text, cast, func, or_, select

from store.listing import Order, Rows, Window, part
from store.models import Contract, CustomerEdit, FollowUp, Staff
from store.session import Tx
from store.views import Named, named


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """One contact with the customer; ``content`` and ``answer`` are empty after erasure. Personal data."""

    id: UUID
    at: datetime
    by: Named | None
    channel: str
    content: str
    answer: str
    outcome: str
    stage: str | None
    grade: str | None
    next_at: datetime | None
    late: bool
    counts: str
    task_id: UUID | None


@dataclass(frozen=True, slots=True)
class ContractLine:
    """One contract; money in yuan. ``price_tier`` and ``incentive`` follow from the price, by table."""

    id: UUID
    number: str
    signed_at: datetime
    by: Named | None
    model: str
    price: int
    payment: str
    deposit: int
    purchase_on: datetime | None
    price_tier: str | None
    incentive: int | None


@dataclass(frozen=True, slots=True)
class EditLine:
    """One field that was corrected. ``of``: the customer's own, or this lead's; ``by`` is None for a channel or the
    process. After erasure only that is left. Personal data."""

    number: int
    at: datetime
    by: Named | None
    of: str
    field: str
    before: Any
    after: Any


_follow_ups, _contracts, _edits, _staff = (
    FollowUp.__table__,
    Contract.__table__,
    CustomerEdit.__table__,
    Staff.__table__,
)

FOLLOW_UPS = Order("follow_ups", (_follow_ups.c.at, _follow_ups.c.id))
CONTRACTS = Order("contracts", (_contracts.c.signed_at, _contracts.c.id))
EDITS = Order("edits", (_edits.c.number,))


async def follow_ups(tx: Tx, lead_id: UUID, window: Window) -> Rows[FollowUpLine]:
    """Contacts with the customer, oldest first."""
    names = [name for name in FollowUpLine.__dataclass_fields__ if name != "by"]
    query = (
        select(*(_follow_ups.c[name] for name in names), _staff.c.code.label("by_code"), _staff.c.name.label("by_name"))
        .outerjoin(_staff, _staff.c.id == _follow_ups.c.by_id)
        .where(_follow_ups.c.lead_id == lead_id)
    )
    return await part(tx, query, FOLLOW_UPS, window, lambda row: FollowUpLine(**_with_maker(row, names)))


async def contracts(tx: Tx, lead_id: UUID, window: Window) -> Rows[ContractLine]:
    """Contracts, oldest first."""
    names = [name for name in ContractLine.__dataclass_fields__ if name != "by"]
    query = (
        select(*(_contracts.c[name] for name in names), _staff.c.code.label("by_code"), _staff.c.name.label("by_name"))
        .outerjoin(_staff, _staff.c.id == _contracts.c.by_id)
        .where(_contracts.c.lead_id == lead_id)
    )
    return await part(tx, query, CONTRACTS, window, lambda row: ContractLine(**_with_maker(row, names)))


async def edits(tx: Tx, customer_id: UUID, lead_id: UUID, window: Window) -> Rows[EditLine]:
    """Corrections of the customer's data and of this lead's facts, oldest first."""
    c = _edits.c
    maker = cast(_staff.c.id, Text) == func.replace(c.by, "staff:", "")
    names = ["number", "at", "field", "before", "after"]
    query = (
        select(
            *(c[name] for name in names),
            c.lead_id,
            _staff.c.code.label("by_code"),
            _staff.c.name.label("by_name"),
        )
        .outerjoin(_staff, maker)
        .where(c.customer_id == customer_id, or_(c.lead_id.is_(None), c.lead_id == lead_id))
    )

    def line(row: Row[Any]) -> EditLine:
        return EditLine(**_with_maker(row, names), of="customer" if row.lead_id is None else "lead")

    return await part(tx, query, EDITS, window, line)


def _with_maker(row: Any, names: list[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names} | {"by": named(row.by_code, row.by_name)}
