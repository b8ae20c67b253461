"""Lists of leads: what they can be narrowed by and sorted by. Each common filter and every order has its index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.sql import ColumnElement

from store import search
from store.listing import Order, Rows, Window, any_of, part, settled
from store.models import Dealer, Lead
from store.search import Sought
from store.session import Tx
from store.spans import ALWAYS, Span, within
from store.views import NEVER, LeadLine, lead_line, lead_lines


@dataclass(frozen=True, slots=True)
class LeadFilters:
    """What to list; empty means everything, several values mean any of them (of badges: all).

    ``region`` is the dealer's, or the lead's own while no dealer has it. ``reason`` is why a lead was stated lost or
    invalid. ``sought``: whose customer, or own id, is meant by it. ``overdue`` is asked as of ``now``.
    """

    status: Sequence[str] = ()
    stage: Sequence[str] = ()
    grade: Sequence[str] = ()
    lamp: Sequence[str] = ()
    badge: Sequence[str] = ()
    channel: Sequence[str] = ()
    model: Sequence[str] = ()
    region: Sequence[str] = ()
    dealer: Sequence[UUID] = ()
    owner: Sequence[UUID] = ()
    reason: Sequence[str] = ()
    campaign: Sequence[str] = ()
    external_id: Sequence[str] = ()
    customer: UUID | None = None
    sought: Sought | None = None
    overdue: bool | None = None
    now: datetime | None = None
    created: Span = ALWAYS
    updated: Span = ALWAYS
    assigned: Span = ALWAYS
    due: Span = ALWAYS


_assigned, _due = func.coalesce(Lead.assigned_at, NEVER), func.coalesce(Lead.next_due_at, NEVER)
_region = func.coalesce(Dealer.region, Lead.region)
_reason = Lead.closing["reason"].astext

_KEYS: dict[str, Any] = {
    "created": Lead.created_at,
    "updated": Lead.updated_at,
    "assigned": _assigned,
    "due": _due,
}
ORDERS = {
    f"{sign}{name}": Order(f"leads:{sign}{name}", (key, Lead.id.expression), sign == "-")
    for name, key in _KEYS.items()
    for sign in ("", "-")
}
"""How leads can be sorted; those without such an instant come last, in a list that falls first."""


async def listed(tx: Tx, filters: LeadFilters, window: Window, order: str = "-created") -> Rows[LeadLine]:
    """Leads, newest first unless another order is asked for."""
    query = lead_lines().where(*_conditions(filters))
    if filters.sought is not None:
        query = query.where(await search.condition(tx, filters.sought))
    if order == "updated":
        query = query.where(Lead.updated_at < await settled(tx))
    return await part(tx, query, ORDERS[order], window, lead_line)


def _conditions(filters: LeadFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in (
        (Lead.status, filters.status),
        (Lead.stage, filters.stage),
        (Lead.grade, filters.grade),
        (Lead.lamp, filters.lamp),
        (Lead.channel, filters.channel),
        (Lead.model, filters.model),
        (Lead.dealer_id, filters.dealer),
        (Lead.owner_id, filters.owner),
        (_region, filters.region),
        (_reason, filters.reason),
        (Lead.campaign, filters.campaign),
        (Lead.external_id, filters.external_id),
    ):
        if values:
            found.append(any_of(column, values))
    if filters.badge:
        found.append(Lead.badges.contains(list(filters.badge)))
    if filters.customer is not None:
        found.append(Lead.customer_id == filters.customer)
    if filters.overdue is not None:
        found.append(_due < filters.now if filters.overdue else _due >= filters.now)
    for column, span in (
        (Lead.created_at, filters.created),
        (Lead.updated_at, filters.updated),
        (_assigned, filters.assigned),
        (_due, filters.due),
    ):
        found += within(column, span, NEVER)
    return found
