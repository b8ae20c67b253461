"""Whose data an erasure is about: who was settled to be the same person, and by which contacts they
are known (F3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, bindparam, case, or_, select, text, update

from cases.kind import Emptied
from store.models import Base, Case, City, Lead
from store.session import Tx

_SAME_PERSON = text(
    """
    WITH RECURSIVE same AS (
        SELECT CAST(:customer AS uuid) AS id
        UNION
        SELECT found.customer_id FROM same JOIN whole_leads own ON own.customer_id = same.id JOIN LATERAL (
            SELECT customer_id FROM whole_leads WHERE own.status = 'attached' AND id = own.attached_to
            UNION ALL SELECT customer_id FROM whole_leads WHERE status = 'attached' AND attached_to = own.id
        ) AS found ON true
    )
    SELECT id FROM same ORDER BY id
    """
).bindparams(bindparam("customer", type_=Uuid()))

_CONTACTS = text(
    """
    SELECT key FROM customers, LATERAL (
        SELECT 'phone:' || phone AS key UNION SELECT 'wechat:' || wechat UNION SELECT unnest(further)
    ) AS known WHERE customers.id = ANY (:ids) AND key IS NOT NULL
    UNION
    SELECT field || ':' || said FROM customer_edits, LATERAL (
        SELECT before #>> '{}' AS said UNION SELECT after #>> '{}'
    ) AS both_sides
    WHERE customer_id = ANY (:ids) AND field IN ('phone', 'wechat') AND said IS NOT NULL
    """
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))


_leads, _cases = Lead.__table__, Case.__table__
_STAYS: Final[Mapping[str, ColumnElement[bool]]] = {
    "leads.province": _leads.c.place_code.is_not(None),
    "leads.city": _leads.c.place_code.is_not(None) | _leads.c.city.in_(select(City.__table__.c.name)),
    "leads.district": _leads.c.place_code.is_not(None),
}
"""Where a column holds none of the customer's own words: a place that was read, or of which the
network knows at least the city."""


async def empty(tx: Tx, customer_id: UUID, erased: Iterable[Emptied]) -> None:
    """Empties these columns of a customer's cases, and of cases that came from them. Raises
    ``LookupError`` for a table or column that is not there."""
    own = select(_cases.c.id).where(_cases.c.customer_id == customer_id)
    theirs = select(_cases.c.id).where(or_(_cases.c.id.in_(own), _cases.c.about_id.in_(own)))
    for one in erased:
        table = Base.metadata.tables[one.table]
        left: dict[str, Any] = {
            name: case((_STAYS[f"{one.table}.{name}"], table.c[name]), else_=value)
            if f"{one.table}.{name}" in _STAYS
            else value
            for name, value in one.to.items()
        }
        await tx.session.execute(update(table).where(table.c[one.of].in_(theirs)).values(left))


async def same_person(tx: Tx, customer_id: UUID) -> tuple[UUID, ...]:
    """The customer and all who were settled to be the same person, by leads attached to one
    another."""
    return tuple((await tx.session.execute(_SAME_PERSON, {"customer": customer_id})).scalars())


async def contacts_of(tx: Tx, customers: Sequence[UUID]) -> tuple[list[str], list[str]]:
    """Numbers and WeChat ids that these customers have or had. Personal data."""
    keys = list((await tx.session.execute(_CONTACTS, {"ids": list(customers)})).scalars())
    phones, wechats = (
        [key.removeprefix(kind) for key in keys if key.startswith(kind)] for kind in ("phone:", "wechat:")
    )
    return phones, wechats
