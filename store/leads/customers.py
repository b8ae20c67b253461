"""The person behind a lead: what the rules need to know, and who looks the same (A3, A4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Table, Text, Uuid, bindparam, func, select, text, update

from cases.contact import CallWish
from store.models import Case, Channel, Customer, Lead, Staff
from store.session import Tx

_table: Table = Customer.__table__  # pyright: ignore[reportAssignmentType]
_cases: Table = Case.__table__  # pyright: ignore[reportAssignmentType]
_leads: Table = Lead.__table__  # pyright: ignore[reportAssignmentType]
_staff: Table = Staff.__table__  # pyright: ignore[reportAssignmentType]
_channels: Table = Channel.__table__  # pyright: ignore[reportAssignmentType]


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer as Baton knows them, with the side (``maker``, ``dealer``) of the lead's channel,
    and the role of the person who entered it, empty for a channel. Personal data."""

    name: str | None
    phone: str | None
    wechat: str | None
    city: str | None
    side: str
    author: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another open lead whose customer's number is the same or one slip away, or whose WeChat id is
    the same, or that was named at the door. Personal data."""

    lead_id: UUID
    created_at: datetime
    name: str | None
    phone: str | None
    wechat: str | None
    city: str | None


_NEIGHBOURS = text(
    """
    SELECT other.id, other.created_at, customers.name, customers.phone, customers.wechat, customers.city
    FROM customers JOIN whole_leads AS other ON other.customer_id = customers.id
    WHERE (customers.phone = ANY(:phones) OR customers.wechat = ANY(:wechats) OR other.id = ANY(:named))
      AND customers.id <> (SELECT customer_id FROM cases WHERE id = :lead_id)
      AND other.status NOT IN ('lost', 'invalid', 'archived', 'attached', 'erased')
    ORDER BY other.created_at LIMIT 50
    """
).bindparams(
    bindparam("lead_id", type_=Uuid()),
    bindparam("phones", type_=ARRAY(Text)),
    bindparam("wechats", type_=ARRAY(Text)),
    bindparam("named", type_=ARRAY(Uuid)),
)

_CALL_WISH = select(_table.c.do_not_call, _table.c.call_hours, _table.c.call_said_at).where(
    _table.c.id == bindparam("customer_id")
)

_CONTACT = (
    select(
        _table.c.name,
        _table.c.phone,
        _table.c.wechat,
        _table.c.city,
        _channels.c.side,
        func.coalesce(_staff.c.role, ""),
    )
    .join(_cases, _cases.c.customer_id == _table.c.id)
    .join(_leads, _leads.c.id == _cases.c.id)
    .join(_channels, _channels.c.code == _leads.c.channel)
    .outerjoin(_staff, _staff.c.id == _leads.c.author_id)
    .where(_leads.c.id == bindparam("lead_id"))
)


async def contact(tx: Tx, lead_id: UUID) -> Contact:
    """The customer of a lead."""
    return Contact(*(await tx.session.execute(_CONTACT, {"lead_id": lead_id})).one())


async def call_wish(tx: Tx, customer_id: UUID) -> CallWish:
    """Whether and when the customer wants to be called (F3)."""
    never, hours, since = (await tx.session.execute(_CALL_WISH, {"customer_id": customer_id})).one()
    return CallWish(never, tuple(hours), since)


async def hear_call_wish(
    tx: Tx,
    customer_id: UUID,
    at: datetime,
    *,
    never: bool | None = None,
    hours: Sequence[str] | None = None,
    said: str | None = None,
) -> str | None:
    """Keeps what the customer says about being called; what is not given stays. The newest wish
    counts: with a refusal the hours go, hours alone withdraw no refusal.

    Returns the code of its line in the history: ``call_refused``, ``call_hours_asked``,
    ``call_allowed``; None if nothing is new.
    """
    before = await call_wish(tx, customer_id)
    refuses = before.never if never is None else never
    wanted = before.hours if hours is None else tuple(dict.fromkeys(hours))
    if never:
        wanted = ()
    if (refuses, wanted) == (before.never, before.hours) and (not wanted or hours is None):
        return None
    nothing = not refuses and not wanted
    values = {
        "do_not_call": refuses,
        "call_hours": list(wanted),
        "call_said_at": None if nothing else at,
        "call_said": None if nothing else said,
    }
    await tx.session.execute(update(_table).where(_table.c.id == customer_id).values(**values))
    if never:
        return "call_refused"
    return "call_hours_asked" if wanted else "call_allowed"


async def neighbours(tx: Tx, lead_id: UUID, person: Contact, named: Sequence[UUID] = ()) -> tuple[Neighbour, ...]:
    """Open leads of other customers that might be the same person, the oldest first, whoever may
    see them (A4).

    ``named`` are leads that count whatever their customer's contact is.
    """
    parameters = {
        "lead_id": lead_id,
        "phones": list(_one_slip(person.phone)) if person.phone else [],
        "wechats": [person.wechat] if person.wechat else [],
        "named": list(named),
    }
    rows = await tx.session.execute(_NEIGHBOURS, parameters)
    return tuple(Neighbour(*row) for row in rows)


def _one_slip(number: str) -> Iterator[str]:
    """Every number that one wrong digit or two swapped ones would make of this one: one look-up in
    the index.

    The number itself, too: one that others share proves nobody's identity, so another customer may
    have it. Another extension is another person's, not a slip.
    """
    yield number
    number, parameter, extension = number.partition(";")
    start = 3 if number.startswith("+86") else 2
    for place in range(start, len(number)):
        before, digit, after = number[:place], number[place], number[place + 1 :]
        for other in "0123456789":
            if other != digit:
                yield before + other + after + parameter + extension
        if after and after[0] != digit:
            yield before + after[0] + digit + after[1:] + parameter + extension
