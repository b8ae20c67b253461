"""Lists of leads: what they can be narrowed by and sorted by. Each common filter and every order
has its index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.sql import ColumnElement

from cases.states import CaseKind
from store.leads import search
from store.leads.search import Sought
from store.leads.views import NEVER, LeadLine, lead_line, lead_lines
from store.listing import Order, Rows, Window, any_of, behind, counted, part, placed, settled, sorting
from store.models import Case, Lead
from store.network.regional import in_regions
from store.session import Tx
from store.spans import ALWAYS, Span, within


@dataclass(frozen=True, slots=True)
class LeadFilters:
    """What to list; empty means everything, several values mean any of them (of badges: all).

    ``region`` is the dealer's, or the lead's own while no dealer has it. ``reason`` is why a lead
    was stated lost or invalid. ``sought``: whose customer, or own id, is meant by it. ``overdue``
    is asked as of ``now``.
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
_reason = Lead.closing["reason"].astext

_KEYS: dict[str, Any] = {
    "created": Lead.created_at,
    "updated": Lead.updated_at,
    "assigned": _assigned,
    "due": _due,
}
_IDS = dict.fromkeys(_KEYS, Case.__table__.c.id) | {"assigned": Lead.__table__.c.id}
"""The id that stands behind each key in its index."""
ORDERS = {
    f"{sign}{name}": Order(f"leads:{sign}{name}", (key, _IDS[name]), sign == "-")
    for name, key in _KEYS.items()
    for sign in ("", "-")
}
"""How leads can be sorted; those without such an instant come last, in a list that falls first."""


async def listed(tx: Tx, filters: LeadFilters, window: Window, order: str = "-created") -> Rows[LeadLine]:
    """Leads, newest first unless another order is asked for."""
    narrowed = _conditions(filters)
    if order == "updated":
        narrowed.append(Lead.updated_at < await settled(tx))
    if filters.sought is not None:
        return await _found(tx, filters.sought, narrowed, window, ORDERS[order])
    return await _walked(tx, narrowed, window, ORDERS[order])


async def _walked(tx: Tx, narrowed: Sequence[ColumnElement[bool]], window: Window, order: Order) -> Rows[LeadLine]:
    """Which leads a page shows is found out first. Asked at once with what is shown of them,
    PostgreSQL may take next to none to be left behind a cursor, and read and sort a million."""
    looked = _looked(narrowed, order)
    total = await counted(tx, looked) if window.total else None
    these = placed(looked, order, window).limit(window.limit + 1).subquery()
    lines = lead_lines().where(Lead.id == func.any(func.array(select(these.c.id).scalar_subquery())))
    return replace(await part(tx, lines, order, Window(window.limit), lead_line), total=total)


def _looked(narrowed: Sequence[ColumnElement[bool]], order: Order) -> Any:
    looked = select(Lead.id, Lead.customer_id, order.keys[0].label("at"))
    return looked.where(Lead.kind == CaseKind.LEAD, *narrowed)


async def _found(
    tx: Tx, sought: Sought, narrowed: Sequence[ColumnElement[bool]], window: Window, order: Order
) -> Rows[LeadLine]:
    """Which leads a page shows is found out first; what is shown of them is read of these alone."""
    looked = _looked(narrowed, order)
    found = await search.look_up(tx, sought)
    fitting = looked.where(found.by_index())
    total = await counted(tx, fitting) if window.total else None
    page = replace(window, total=False)
    if not found.few:
        reach = search.PATIENCE * window.limit
        near = placed(looked, order, page).limit(reach).subquery()
        met = select(near.c.id).where(found.each(near.c.id, near.c.customer_id))
        rows = await part(tx, _lines(met, near, order, page), order, page, lead_line)
        beyond = placed(looked, order, page).offset(reach).limit(1)
        if rows.last is not None or (await tx.session.execute(beyond)).first() is None:
            return replace(rows, total=total)
    # Materialized: else the planner may walk the whole list, as it takes what is sought to be
    # anywhere.
    those = behind(fitting, order, page).cte().prefix_with("MATERIALIZED")
    return replace(await part(tx, _lines(select(those.c.id), those, order, page), order, page, lead_line), total=total)


def _lines(query: Any, these: Any, order: Order, window: Window) -> Any:
    """The lines of the first leads of ``query`` over ``these``."""
    first = query.order_by(*sorting(order, (these.c.at, these.c.id))).limit(window.limit + 1)
    return lead_lines().where(Lead.id == func.any(func.array(first.scalar_subquery())))


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
        (_reason, filters.reason),
        (Lead.campaign, filters.campaign),
        (Lead.external_id, filters.external_id),
    ):
        if values:
            found.append(any_of(column, values))
    if filters.region:
        found.append(in_regions(Lead.dealer_id, Lead.region, filters.region))
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
