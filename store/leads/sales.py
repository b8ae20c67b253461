"""Contracts of won leads, and what consultants get for them (A13): nothing is overwritten, a
cancelled sale stays.

The gross count of wins is that of all contracts, the net one that of those without
``cancelled_at``. What is paid for a sale are entries: one when it is made, and a counter entry when
it is undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, select, update
from sqlalchemy.dialects.postgresql import insert

from cases.ids import new_id
from cases.stated import UNDO_REASONS, CancelReason, IncentiveKind, Payment, UndoStatement, WrongWinReason
from cases.states import word, word_if_any
from cases.zone import CHINA
from store.models import Contract, IncentiveEntry
from store.session import Tx

_table: Table = Contract.__table__  # pyright: ignore[reportAssignmentType]
_entries: Table = IncentiveEntry.__table__  # pyright: ignore[reportAssignmentType]


@dataclass(frozen=True, slots=True)
class Sale:
    """A contract that stands, as far as the incentive and a later purchase need it. Money in
    yuan."""

    id: UUID
    price: int
    price_tier: str | None
    incentive: int | None
    payment: str
    purchase_on: datetime | None
    firmed_at: datetime | None

    def awaited(self, won_at: datetime) -> date | None:
        """The later day for which the purchase is agreed; None once it holds, and for the day of
        the win itself."""
        if self.purchase_on is None or self.firmed_at is not None:
            return None
        day = self.purchase_on.astimezone(CHINA).date()
        return day if day > won_at.astimezone(CHINA).date() else None


@dataclass(frozen=True, slots=True)
class SaleLine:
    """A lead's contract for screens. ``incentive`` is what remains of it: nothing once the sale was
    undone.

    ``purchase_on``: the day agreed last, ``firmed_at``: when the customer said that it holds.
    ``cancelled_as``: ``cancel_order`` if the customer withdrew, ``wrong_win`` if it was no sale.
    """

    number: str
    model: str
    price: int
    payment: Payment
    deposit: int
    purchase_on: datetime | None
    firmed_at: datetime | None
    signed_at: datetime
    price_tier: str | None
    incentive: int | None
    cancelled_at: datetime | None
    cancelled_as: UndoStatement | None
    cancel_reason: CancelReason | WrongWinReason | None


async def standing(tx: Tx, lead_id: UUID) -> Sale | None:
    """The lead's latest contract that was not cancelled."""
    query = select(*(_table.c[name] for name in Sale.__slots__)).where(
        _table.c.lead_id == lead_id, _table.c.cancelled_at.is_(None)
    )
    row = (await tx.session.execute(query.order_by(_table.c.signed_at.desc(), _table.c.id.desc()).limit(1))).first()
    return Sale(*row) if row else None


async def firm_up(tx: Tx, sale: Sale, at: datetime) -> None:
    """The customer buys on the day that was agreed."""
    await tx.session.execute(update(_table).where(_table.c.id == sale.id).values(firmed_at=at))


async def move(tx: Tx, sale: Sale, purchase_on: datetime) -> None:
    """The purchase is agreed for another day; the one before is kept in the lead's history."""
    await tx.session.execute(update(_table).where(_table.c.id == sale.id).values(purchase_on=purchase_on))


async def of_lead(tx: Tx, lead_id: UUID) -> tuple[SaleLine, ...]:
    """All contracts of a lead, the oldest first."""
    remains = select(func.sum(_entries.c.amount)).where(_entries.c.contract_id == _table.c.id).scalar_subquery()
    columns = [remains.label(name) if name == "incentive" else _table.c[name] for name in SaleLine.__slots__]
    rows = await tx.session.execute(select(*columns).where(_table.c.lead_id == lead_id).order_by(_table.c.id))
    return tuple(SaleLine(**dict(row._mapping) | in_words(row)) for row in rows)


def in_words(row: Any) -> dict[str, Any]:
    """What the words of a contract's row mean: how it is paid, as what and why it was undone."""
    undone = word_if_any(UndoStatement, row.cancelled_as)
    reasons = UNDO_REASONS.get(undone or "")
    return {
        "payment": word(Payment, row.payment),
        "cancelled_as": undone,
        "cancel_reason": word_if_any(reasons, row.cancel_reason) if reasons else row.cancel_reason,
    }


async def reward(tx: Tx, lead_id: UUID, sale: Sale, tier: str | None, incentive: int | None, at: datetime) -> None:
    """Price tier and incentive of a sale that was made."""
    await tx.session.execute(update(_table).where(_table.c.id == sale.id).values(price_tier=tier, incentive=incentive))
    await _enter(tx, lead_id, sale.id, IncentiveKind.ACCRUED, incentive, at)


async def cancel(tx: Tx, lead_id: UUID, sale: Sale, statement: str, reason: str | None, at: datetime) -> None:
    """The sale was undone: the contract is kept with the instant, the incentive gets its counter
    entry."""
    values = {"cancelled_at": at, "cancelled_as": statement, "cancel_reason": reason}
    await tx.session.execute(update(_table).where(_table.c.id == sale.id).values(**values))
    await _enter(tx, lead_id, sale.id, IncentiveKind.REVERSED, None if sale.incentive is None else -sale.incentive, at)


async def _enter(tx: Tx, lead_id: UUID, contract_id: UUID, kind: str, amount: int | None, at: datetime) -> None:
    if amount is None:
        return
    entry = {"id": new_id(), "contract_id": contract_id, "lead_id": lead_id, "kind": kind, "amount": amount, "at": at}
    once = insert(_entries).values(**entry).on_conflict_do_nothing(index_elements=["contract_id", "kind"])
    await tx.session.execute(once)
