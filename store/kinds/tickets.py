"""Tickets as lists and screens show them, and the open one that a further signal belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from store.engine import sight
from store.engine.vehicles import Car
from store.leads.views import Named, named
from store.listing import Order, Rows, Window, all_of, part
from store.models import Case, Customer, Dealer, Staff, Vehicle
from store.session import Tx

KIND = "ticket"


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One ticket. ``customer_name`` and ``vehicle`` are personal; words about it are elsewhere
    (``store.engine.task_results``)."""

    id: UUID
    number: str | None
    kind: str
    severity: str | None
    status: str
    outcome: str | None
    signals: int
    round: int
    lamp: str
    dealer: Named | None
    owner: Named | None
    region: str | None
    about: UUID | None
    customer: UUID | None
    customer_name: str | None
    vehicle: Car | None
    next_due_at: datetime | None
    opened_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TicketFilters:
    """What to list; empty means everything."""

    kind: Sequence[str] = ()
    severity: Sequence[str] = ()
    status: Sequence[str] = ()
    dealer: Sequence[UUID] = ()
    owner: Sequence[UUID] = ()
    region: Sequence[str] = ()
    about: UUID | None = None
    customer: UUID | None = None
    vin: str | None = None
    open_only: bool = False


_cases = Case.__table__  # not the mapped class: that would want one for every kind
_COLUMNS = (
    *("id", "number", "facts", "level", "status", "outcome", "lamp", "region", "about_id", "customer_id"),
    *("next_due_at", "opened_at", "ended_at"),
)
NEWEST = Order("tickets", (_cases.c.opened_at, _cases.c.id), descending=True)

_ticket = _cases.c.facts["ticket"].astext

_OPEN = text(
    """
    SELECT id FROM cases
    WHERE kind = :kind AND customer_id = :customer AND ended_at IS NULL AND opened_at >= :since
      AND facts ->> 'ticket' = :ticket
      AND (CAST(:vin AS text) IS NULL OR vehicle_id IS NULL
        OR vehicle_id = (SELECT id FROM vehicles WHERE vin = CAST(:vin AS text)))
    ORDER BY opened_at DESC LIMIT 1
    """
)


async def hold(tx: Tx, customer_id: UUID, ticket: str) -> None:
    """Makes every other ticket of this kind for this customer wait until the transaction ends."""
    key = f"{KIND}:{customer_id}:{ticket}"
    await tx.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def open_of(
    tx: Tx, customer_id: UUID, ticket: str, at: datetime, days: float, vin: str | None = None
) -> UUID | None:
    """The customer's open ticket of this kind that is not older than so many days, and not about
    another car."""
    since = at - timedelta(days=days)
    asked = {"kind": KIND, "customer": customer_id, "ticket": ticket, "since": since, "vin": vin}
    return await tx.session.scalar(_OPEN, asked)


async def listed(tx: Tx, filters: TicketFilters, window: Window) -> Rows[TicketLine]:
    """Tickets, the newest first; with those that the actor opened, whatever they are."""
    return await part(tx, _narrowed(_lines(tx), filters), NEWEST, window, lambda row: _line(row))


async def one(tx: Tx, ticket_id: UUID) -> TicketLine | None:
    """One ticket by its id."""
    row = (await tx.session.execute(_lines(tx).where(_cases.c.id == ticket_id))).one_or_none()
    return None if row is None else _line(row)


def _lines(tx: Tx) -> Any:
    return (
        select(
            *(_cases.c[name] for name in _COLUMNS),
            Dealer.code.label("dealer_code"),
            Dealer.name.label("dealer_name"),
            Staff.code.label("staff_code"),
            Staff.name.label("staff_name"),
            Customer.name.label("customer_name"),
            Vehicle.vin,
            Vehicle.plate,
            Vehicle.model,
        )
        .select_from(_cases)
        .outerjoin(Dealer, Dealer.id == _cases.c.dealer_id)
        .outerjoin(Staff, Staff.id == _cases.c.owner_id)
        .outerjoin(Customer, Customer.id == _cases.c.customer_id)
        .outerjoin(Vehicle, Vehicle.id == _cases.c.vehicle_id)
        .where(_cases.c.kind == KIND, *sight.of_cases(tx, KIND, or_own=True))
    )


def _narrowed(query: Any, filters: TicketFilters) -> Any:
    query = query.where(
        *all_of(
            (_ticket, filters.kind),
            (_cases.c.level, filters.severity),
            (_cases.c.status, filters.status),
            (_cases.c.dealer_id, filters.dealer),
            (_cases.c.owner_id, filters.owner),
            (_cases.c.region, filters.region),
        )
    )
    if filters.about is not None:
        query = query.where(_cases.c.about_id == filters.about)
    if filters.customer is not None:
        query = query.where(_cases.c.customer_id == filters.customer)
    if filters.vin is not None:
        car = select(Vehicle.id).where(Vehicle.vin == filters.vin).scalar_subquery()
        query = query.where(_cases.c.vehicle_id == car)
    if filters.open_only:
        query = query.where(_cases.c.ended_at.is_(None))
    return query


def _line(row: Any) -> TicketLine:
    facts = row.facts
    return TicketLine(
        id=row.id,
        number=row.number,
        kind=str(facts.get("ticket")),
        severity=row.level or facts.get("severity"),
        status=row.status,
        outcome=row.outcome,
        signals=int(facts.get("signals") or 1),
        round=int(facts.get("round") or 1),
        lamp=row.lamp,
        dealer=named(row.dealer_code, row.dealer_name),
        owner=named(row.staff_code, row.staff_name),
        region=row.region,
        about=row.about_id,
        customer=row.customer_id,
        customer_name=row.customer_name,
        vehicle=None if row.vin is None else Car(row.vin, row.plate, row.model),
        next_due_at=row.next_due_at,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
    )
