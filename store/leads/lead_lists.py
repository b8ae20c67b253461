"""Lists of leads: what they can be narrowed by and sorted by. Each common filter and every order
has its index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.sql import ColumnElement

from cases.states import CaseKind
from store import narrowing
from store.leads import search
from store.leads.search import Sought
from store.leads.views import NEVER, LeadLine, lead_line, lead_lines
from store.listing import Order, Rows, Window, all_of, behind, counted, part, placed, settled, sorting, tables_of
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


_cases, _leads = Case.__table__, Lead.__table__
_assigned, _due = func.coalesce(_leads.c.assigned_at, NEVER), func.coalesce(_cases.c.next_due_at, NEVER)
_reason = _leads.c.closing["reason"].astext

_KEYS: dict[str, Any] = {
    "created": _cases.c.opened_at,
    "updated": _cases.c.updated_at,
    "assigned": _assigned,
    "due": _due,
}
_IDS = dict.fromkeys(_KEYS, _cases.c.id) | {"assigned": _leads.c.id}
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
        narrowed.append(_cases.c.updated_at < await settled(tx))
    if filters.sought is not None:
        return await _found(tx, filters.sought, narrowed, window, ORDERS[order])
    looked = _looked(narrowed, ORDERS[order])
    return await narrowing.found(tx, looked, lead_lines(), ORDERS[order], window, lead_line)


def _looked(narrowed: Sequence[ColumnElement[bool]], order: Order) -> Select[*tuple[Any, ...]]:
    """Over cases alone, unless something that only leads have is asked."""
    asked = select(_cases.c.id, _cases.c.customer_id, order.keys[0].label("at"))
    if _leads in tables_of((*narrowed, *order.keys)):
        asked = asked.join_from(_cases, _leads, _leads.c.id == _cases.c.id)
    # Whatever is in the table of leads is one: asked again, rows would seem to be passed over.
    of_leads = [] if order.keys[-1].table is _leads else [_cases.c.kind == CaseKind.LEAD]
    return asked.where(*of_leads, *narrowed)


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
    found = all_of(
        (_cases.c.status, filters.status),
        (_cases.c.stage, filters.stage),
        (_cases.c.level, filters.grade),
        (_cases.c.lamp, filters.lamp),
        (_leads.c.channel, filters.channel),
        (_leads.c.model, filters.model),
        (_cases.c.dealer_id, filters.dealer),
        (_cases.c.owner_id, filters.owner),
        (_reason, filters.reason),
        (_leads.c.campaign, filters.campaign),
        (_leads.c.external_id, filters.external_id),
    )
    if filters.region:
        found.append(in_regions(_cases.c.dealer_id, _cases.c.region, filters.region))
    if filters.badge:
        found.append(_leads.c.badges.contains(list(filters.badge)))
    if filters.customer is not None:
        found.append(_cases.c.customer_id == filters.customer)
    if filters.overdue is not None:
        found.append(_due < filters.now if filters.overdue else _due >= filters.now)
    for column, span in (
        (_cases.c.opened_at, filters.created),
        (_cases.c.updated_at, filters.updated),
        (_assigned, filters.assigned),
        (_due, filters.due),
    ):
        found += within(column, span, NEVER)
    return found
