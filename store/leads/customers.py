"""The person behind a lead: what the rules need to know, and who looks the same (A3, A4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BindParameter, FromClause, Table, Text, Uuid, bindparam, func, select, text, update

from cases.contact import CallWish
from store.models import Case, Channel, Customer, Lead, Staff
from store.prepared import Prepared
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


_MOST_NEIGHBOURS = 50


def _neighbours(near: str, *given: BindParameter[Any]) -> Prepared:
    """Open leads of other customers which ``near`` says."""
    return Prepared(
        text(
            f"""
            SELECT other.id, other.opened_at, customers.name, customers.phone, customers.wechat, customers.city
            FROM customers JOIN cases AS other ON other.customer_id = customers.id AND other.kind = 'lead'
            WHERE {near} AND customers.id <> :customer_id
              AND other.status NOT IN ('lost', 'invalid', 'archived', 'attached', 'erased')
            ORDER BY other.opened_at LIMIT {_MOST_NEIGHBOURS}
            """
        ).bindparams(bindparam("customer_id", type_=Uuid()), *given),
        reads=frozenset(),  # other customers' leads: nothing that a step of this one has changed
    )


# One statement for both would have no index to go by: each half has its own.
_BY_CONTACT = _neighbours(
    """customers.id IN (SELECT id FROM customers WHERE phone = ANY(:phones)
                        UNION SELECT id FROM customers WHERE wechat = ANY(:wechats))""",
    bindparam("phones", type_=ARRAY(Text)),
    bindparam("wechats", type_=ARRAY(Text)),
)
_NAMED = _neighbours("other.id = ANY(:named)", bindparam("named", type_=ARRAY(Uuid)))

CALL_WISH = (_table.c.do_not_call, _table.c.call_hours, _table.c.call_said_at)
"""What a ``CallWish`` is read from, in its order."""
_CALL_WISH = Prepared(select(*CALL_WISH).where(_table.c.id == bindparam("customer_id")))

CONTACT = (
    *(_table.c.name, _table.c.phone, _table.c.wechat, _table.c.city),
    *(_channels.c.side, func.coalesce(_staff.c.role, "")),
)
"""What a ``Contact`` is read from, in its order."""


def of_leads(whole: FromClause) -> FromClause:
    """Leads and their cases with whom they are from."""
    return (
        whole.join(_table, _table.c.id == _cases.c.customer_id)
        .join(_channels, _channels.c.code == _leads.c.channel)
        .outerjoin(_staff, _staff.c.id == _leads.c.author_id)
    )


_CONTACT = Prepared(
    select(*CONTACT)
    .select_from(of_leads(_cases.join(_leads, _leads.c.id == _cases.c.id)))
    .where(_leads.c.id == bindparam("lead_id"))
)


async def contact(tx: Tx, lead_id: UUID) -> Contact:
    """The customer of a lead."""
    (row,) = await _CONTACT.rows(tx, {"lead_id": lead_id})
    return Contact(*row)


async def call_wish(tx: Tx, customer_id: UUID) -> CallWish:
    """Whether and when the customer wants to be called (F3)."""
    ((never, hours, since),) = await _CALL_WISH.rows(tx, {"customer_id": customer_id})
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


async def neighbours(tx: Tx, customer_id: UUID, person: Contact, named: Sequence[UUID] = ()) -> tuple[Neighbour, ...]:
    """Open leads of other customers that might be the same person, the oldest first, whoever may
    see them (A4).

    ``named`` are leads that count whatever their customer's contact is.
    """
    of_contact = {
        "customer_id": customer_id,
        "phones": list(_one_slip(person.phone)) if person.phone else [],
        "wechats": [person.wechat] if person.wechat else [],
    }
    found = [Neighbour(*row) for row in await _BY_CONTACT.rows(tx, of_contact)]
    if named:
        found += [Neighbour(*row) for row in await _NAMED.rows(tx, {"customer_id": customer_id, "named": list(named)})]
    ones = {one.lead_id: one for one in sorted(found, key=lambda one: one.created_at)}
    return tuple(ones.values())[:_MOST_NEIGHBOURS]


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
