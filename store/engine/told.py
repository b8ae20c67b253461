"""What people were told: by person or role, and about a lead. Codes and ids; the words are made
where it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, true
from sqlalchemy.sql import ColumnElement

from cases.states import Role, word_if_any
from store.engine import sight
from store.leads.views import Named, named
from store.listing import Order, Rows, Window, part
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
    query = _lines(_deliveries.c.staff_id == person.id).where(
        or_(
            _told.c.to_staff_id == person.id,
            # A lead that was in their reach when they were told may be elsewhere by now.
            and_(_told.c.to_role == person.role, or_(_in_reach(person), _was_sent(person))),
        ),
        *within(_told.c.created_at, created),
        *sight.of_cases(tx),
    )
    if lead_id is not None:
        query = query.where(_told.c.case_id == lead_id)
    if codes:
        query = query.where(_told.c.code.in_(codes))
    return await part(tx, query, INBOX, window, _line)


async def of_lead(tx: Tx, lead_id: UUID, window: Window) -> Rows[Told]:
    """What anybody was told about a lead, oldest first."""
    query = _lines(_deliveries.c.staff_id.is_not(None)).where(_told.c.case_id == lead_id)
    return await part(tx, query, OF_LEAD, window, _line)


def _lines(to_whom: ColumnElement[bool]) -> Select[Any]:
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


def _in_reach(person: Person) -> ColumnElement[bool]:
    """As notices are spread (``store.engine.notifications``): people of neither a dealer nor a
    region have all leads."""
    if person.dealer_id is not None:
        return _cases.c.dealer_id == person.dealer_id
    if person.region is not None:
        return in_regions(_cases.c.dealer_id, _cases.c.region, [person.region])
    return true()


def _was_sent(person: Person) -> ColumnElement[bool]:
    sent = select(_deliveries.c.id).where(
        _deliveries.c.notification_id == _told.c.id, _deliveries.c.staff_id == person.id
    )
    return sent.correlate(_told).exists()


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
