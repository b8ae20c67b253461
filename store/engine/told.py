"""What people were told: by person or role, and about a lead. Codes and ids; the words are made
where it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.sql import ColumnElement

from cases.states import Role, word_if_any
from store import narrowing
from store.engine import sight
from store.leads.views import Named, named
from store.listing import MOST_COUNTED, Order, Rows, Window, counted, part
from store.models import Case, Dealer, Delivery, Notification, Staff
from store.network.people import Person
from store.network.regional import in_regions
from store.session import Tx
from store.spans import Span, within


@dataclass(frozen=True, slots=True)
class Told:
    """One notification. ``to`` is the person, ``role`` whom it was for if not for a certain person.

    ``not_before``: it may go out from then on. ``delivered_at``: when the first channel had taken
    it, the log aside, to whoever asks or, of a lead's, to anybody.
    """

    id: UUID
    lead_id: UUID
    to: Named | None
    role: Role | None
    code: str
    data: dict[str, Any]
    created_at: datetime
    not_before: datetime | None
    delivered_at: datetime | None


_told, _cases, _dealers, _staff, _deliveries = (
    Notification.__table__,
    Case.__table__,
    Dealer.__table__,
    Staff.__table__,
    Delivery.__table__,
)

INBOX = Order("notifications", (_told.c.created_at, _told.c.id), descending=True)
OF_LEAD = Order("lead_notifications", (_told.c.created_at, _told.c.id))


async def to_person(
    tx: Tx, person: Person, window: Window, *, lead_id: UUID | None, codes: list[str], created: Span
) -> Rows[Told]:
    """A person's own notifications, and those of their role about leads within their dealer or
    region; newest first."""
    asked = [*within(_told.c.created_at, created), *sight.of_rows(tx, _told.c.case_id)]
    if lead_id is not None:
        asked.append(_told.c.case_id == lead_id)
    if codes:
        asked.append(_told.c.code.in_(codes))
    ways = [way.where(*asked) for way in _ways(person)]
    total = await counted(tx, _any_of(way.limit(MOST_COUNTED + 1) for way in ways)) if window.total else None
    met = [_told.c.id == func.any(await narrowing.first(tx, way, INBOX, window)) for way in ways]
    lines = _lines(_deliveries.c.staff_id == person.id).where(or_(*met))
    return replace(await part(tx, lines, INBOX, Window(window.limit), _line), total=total)


def _ways(person: Person) -> list[Select[*tuple[Any, ...]]]:
    """How a notice is a person's: each is found by an index of its own, which no OR of them is."""
    notices = select(*INBOX.keys)
    of_role = notices.where(_told.c.to_role == person.role)
    # A lead that was in their reach when they were told may be elsewhere by now.
    sent = of_role.join(_deliveries, _deliveries.c.notification_id == _told.c.id)
    return [
        notices.where(_told.c.to_staff_id == person.id),
        _in_reach(of_role, person),
        sent.where(_deliveries.c.staff_id == person.id).distinct(),
    ]


def _any_of(ways: Iterable[Select[*tuple[Any, ...]]]) -> Select[*tuple[Any, ...]]:
    return select(union(*(select(way.subquery()) for way in ways)).subquery())


async def of_lead(tx: Tx, lead_id: UUID, window: Window) -> Rows[Told]:
    """What anybody was told about a lead, oldest first."""
    query = _lines(_deliveries.c.staff_id.is_not(None)).where(_told.c.case_id == lead_id)
    return await part(tx, query, OF_LEAD, window, _line)


def _lines(to_whom: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    first = (
        select(func.min(_deliveries.c.delivered_at))
        .where(_deliveries.c.notification_id == _told.c.id, to_whom)
        .correlate(_told)
        .scalar_subquery()
    )
    return (
        select(_told, _staff.c.code.label("to_code"), _staff.c.name.label("to_name"), first.label("delivered_at"))
        .join(_cases, _cases.c.id == _told.c.case_id)
        .outerjoin(_staff, _staff.c.id == _told.c.to_staff_id)
    )


def _in_reach(notices: Select[*tuple[Any, ...]], person: Person) -> Select[*tuple[Any, ...]]:
    """As notices are spread (``store.engine.notifications``): people of neither a dealer nor a
    region have all leads."""
    if person.dealer_id is not None:
        # By the cases of the dealer, who is one of hundreds: most notices of a role are of others.
        theirs = select(_cases.c.id).where(_cases.c.dealer_id == person.dealer_id).correlate(None).scalar_subquery()
        return notices.where(_told.c.case_id == func.any(func.array(theirs)))
    if person.region is not None:
        reach = in_regions(_cases.c.dealer_id, _cases.c.region, [person.region])
        return notices.join(_cases, _cases.c.id == _told.c.case_id).where(reach)
    return notices


def _line(row: Any) -> Told:
    return Told(
        id=row.id,
        lead_id=row.case_id,
        to=named(row.to_code, row.to_name),
        role=word_if_any(Role, row.to_role),
        code=row.code,
        data=row.data,
        created_at=row.created_at,
        not_before=row.not_before,
        delivered_at=row.delivered_at,
    )
