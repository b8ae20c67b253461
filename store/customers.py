"""The person behind a lead: what the rules need to know, and who looks the same (A3, A4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, bindparam, select

from leads.states import ENDED, Status
from store.models import Channel, Customer, Lead
from store.session import Tx

_table: Table = Customer.__table__  # pyright: ignore[reportAssignmentType]
_leads: Table = Lead.__table__  # pyright: ignore[reportAssignmentType]
_channels: Table = Channel.__table__  # pyright: ignore[reportAssignmentType]


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer as Baton knows them, with the side (``maker``, ``dealer``) of the lead's channel. Personal data."""

    name: str | None
    phone: str | None
    wechat: str | None
    city: str | None
    side: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another open lead whose customer's number is one slip away, or whose WeChat id is the same. Personal data."""

    lead_id: UUID
    created_at: datetime
    name: str | None
    phone: str | None
    wechat: str | None
    city: str | None


_CONTACT = (
    select(_table.c.name, _table.c.phone, _table.c.wechat, _table.c.city, _channels.c.side)
    .join(_leads, _leads.c.customer_id == _table.c.id)
    .join(_channels, _channels.c.code == _leads.c.channel)
    .where(_leads.c.id == bindparam("lead_id"))
)


async def contact(tx: Tx, lead_id: UUID) -> Contact:
    """The customer of a lead."""
    return Contact(*(await tx.session.execute(_CONTACT, {"lead_id": lead_id})).one())


async def may_be_called(tx: Tx, customer_id: UUID) -> bool:
    """Whether the customer has not asked to be left alone (F3)."""
    barred = await tx.session.scalar(select(_table.c.do_not_call).where(_table.c.id == customer_id))
    return not barred


async def neighbours(tx: Tx, lead_id: UUID, person: Contact) -> tuple[Neighbour, ...]:
    """Open leads of other customers that might be the same person, the oldest first, whoever may see them (A4)."""
    numbers = list(_one_slip(person.phone)) if person.phone else []
    same = _table.c.phone.in_(numbers)
    if person.wechat:
        same = same | (_table.c.wechat == person.wechat)
    if not numbers and not person.wechat:
        return ()
    own = select(_leads.c.customer_id).where(_leads.c.id == lead_id).scalar_subquery()
    rows = await tx.session.execute(
        select(_leads.c.id, _leads.c.created_at, _table.c.name, _table.c.phone, _table.c.wechat, _table.c.city)
        .join(_leads, _leads.c.customer_id == _table.c.id)
        .where(same, _table.c.id != own, _leads.c.status.not_in(sorted(ENDED - {Status.WON})))
        .order_by(_leads.c.created_at)
        .limit(50)
    )
    return tuple(Neighbour(*row) for row in rows)


def _one_slip(number: str) -> Iterator[str]:
    """Every number that one wrong digit or two swapped ones would make of this one: one look-up in the index."""
    start = 3 if number.startswith("+86") else 2
    for place in range(start, len(number)):
        before, digit, after = number[:place], number[place], number[place + 1 :]
        for other in "0123456789":
            if other != digit:
                yield before + other + after
        if after and after[0] != digit:
            yield before + after[0] + digit + after[1:]
