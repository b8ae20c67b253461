"""Leads found by what somebody typed, among a million customers in some milliseconds (C42 of the
intake cases).

Each meaning of the text is looked up in its own index. The leads of few customers are found through
them; what many have (王) is quicker met by walking the list that is asked for, lead by lead
(``store.leads.lead_lists``).

The statements are prepared, and PostgreSQL may plan them without knowing the values. So a beginning
is asked for as a range: for a ``LIKE`` of an unknown pattern no index is of use, and every customer
would be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)

from store.models import Case, Customer, CustomerKeys, Lead
from store.narrowing import planned
from store.session import Tx

_cases = Case.__table__

FEW = 5_000
"""Customers whose leads are all read and sorted. Among a million leads this takes as long as
walking then does: a page of 50 is complete after about 10,000."""

MANY = 10_000
"""Customers who are remembered while a list is walked; of more, each lead's customer is looked at.
Reading more of them takes longer than looking at those who come before a page is complete. When
more are expected, none is read first; if that is wrong, the answer comes later but is the same."""

PATIENCE = 400
"""Leads that are walked for each row of a page. What is not met by then is rarer than one of so
many, or all of it is old: then it is found by its index, be it many."""

BETWEEN = r"[\s·.・•,，'’()（）/-]+"
"""Signs between the parts of a name that mean nothing; a pattern for Python and PostgreSQL
alike."""

_SOUND = "~"
_LONGEST_SOUND = 16
"""Letters of a beginning that are kept; a longer one is compared with the whole."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a text can mean; what it cannot mean is None.

    ``phone``: a whole number in E.164, with its extension; ``extensions``: also whoever is reached
    behind it. ``head`` and ``tail`` are digits that a number begins (without +86) and ends with;
    with ``both`` it does both, as a masked 139****2097 says, else either. ``part`` is a part of a
    name without blanks, ``letters`` one in Latin letters or pinyin, both in lower case; ``wechat``
    the beginning of an id in lower case. ``leads``: ids from … to.
    """

    phone: str | None = None
    extensions: bool = False
    head: str | None = None
    tail: str | None = None
    both: bool = False
    part: str | None = None
    letters: str | None = None
    wechat: str | None = None
    leads: tuple[UUID, UUID] | None = None

    @property
    def nothing(self) -> bool:
        """Whether the text says nothing that can be looked for."""
        return self == Sought()


@dataclass(frozen=True, slots=True)
class Meaning:
    """One way to read what is sought: ``customers`` are the ids of all who have it, by its index;
    ``has`` says of one customer's id whether it does."""

    customers: Select[UUID]
    has: Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Found:
    """Who is meant: ``known`` customers, those whom one of the ``frequent`` meanings fits, the
    leads of a beginning."""

    known: Sequence[UUID]
    frequent: Sequence[Meaning]
    leads: tuple[UUID, UUID] | None
    few: bool

    def by_index(self) -> ColumnElement[bool]:
        """What a query over cases asks for, however many there are."""
        found = self._begun(_cases.c.id)
        ids = self._ids()
        if self.frequent:
            # As one value the ids are known before the leads are looked for, however many the
            # planner expects.
            all_ways = union_all(select(func.unnest(ids)), *(meaning.customers for meaning in self.frequent)).subquery()
            ids = func.array(select(all_ways.c[0]).scalar_subquery())
        if self.known or self.frequent:
            found.append(_cases.c.customer_id == func.any(ids))
        return or_(false(), *found)

    def each(self, lead_id: Any, customer_id: Any) -> ColumnElement[bool]:
        """The same of one lead after the other, without an index but those that find its
        customer."""
        found = self._begun(lead_id) + [meaning.has(customer_id) for meaning in self.frequent]
        if self.known:
            # IS TRUE keeps the ids a table to look into; as a join they might be met in another
            # order than the list's.
            found.append(customer_id.in_(select(func.unnest(self._ids()))).is_(True))
        return or_(false(), *found)

    def _ids(self) -> ColumnElement[Any]:
        return literal(list(self.known), ARRAY(Uuid))

    def _begun(self, lead_id: Any) -> list[ColumnElement[bool]]:
        return [] if self.leads is None else [lead_id.between(*self.leads)]


async def look_up(tx: Tx, sought: Sought) -> Found:
    """Who has what is sought; a meaning that more than ``MANY`` have is only known to be
    frequent."""
    known, frequent = list[UUID](), list[Meaning]()
    # Where one in a hundred is meant, the planner may expect that reading all of them is no slower
    # than an index.
    await tx.session.execute(text("SET LOCAL enable_seqscan = off"))
    for meaning in meanings(sought):
        ids = None if await _expected(tx, meaning.customers) > MANY else await _ids(tx, meaning.customers)
        if ids is None:
            frequent.append(meaning)
        else:
            known += ids
    begun = 0
    if sought.leads is not None:
        these = select(Lead.id).where(Lead.id.between(*sought.leads)).limit(FEW + 1).subquery()
        begun = await tx.session.scalar(select(func.count()).select_from(these)) or 0
    few = not frequent and max(len(known), begun) <= FEW
    return Found(known, frequent, sought.leads if begun else None, few)


async def _ids(tx: Tx, customers: Select[UUID]) -> Sequence[UUID] | None:
    """All of them, None if there are more than ``MANY``."""
    some = customers.limit(MANY + 1).subquery()
    found = func.coalesce(func.array_agg(some.c[0], type_=ARRAY(Uuid)), literal([], ARRAY(Uuid)))
    return await tx.session.scalar(select(case((func.count() <= MANY, found))).select_from(some))


async def _expected(tx: Tx, query: Select[UUID]) -> int:
    """How many rows PostgreSQL thinks there are."""
    return int((await planned(tx, query))["Plan Rows"])


def meanings(sought: Sought) -> Iterator[Meaning]:
    """Each way to read what is sought, but as a lead's id."""
    for condition in _of_customers(sought):
        yield Meaning(select(Customer.id).where(condition), _looked_at(condition))
    for keys in _keys(sought):
        having = CustomerKeys.keys.contains(keys)
        named = select(CustomerKeys.customer_id).where(having)
        if len(keys) == 1:
            yield Meaning(named, _looked_at(having, CustomerKeys.customer_id))
        else:
            whole = named.join(Customer, Customer.id == CustomerKeys.customer_id).where(_whole(sought))
            yield Meaning(whole, _looked_at(_whole(sought)))


def _looked_at(condition: ColumnElement[bool], key: Any = Customer.id) -> Callable[[Any], ColumnElement[bool]]:
    # A scalar subquery is asked for each row; an EXISTS might be answered by reading every customer
    # first.
    return lambda customer_id: select(condition).where(key == customer_id).scalar_subquery()


def _of_customers(sought: Sought) -> list[ColumnElement[bool]]:
    """One condition on ``Customer`` for each meaning but names, in the form that its index
    knows."""
    found: list[ColumnElement[bool]] = []
    # Literally as the index has it: with values in their place an unknown plan could not tell that
    # it is the same.
    phone, backwards = Customer.phone, func.reverse(func.split_part(Customer.phone, text("';'"), text("1")))
    if sought.phone is not None:
        found.append(phone == sought.phone)
        if sought.extensions:
            found.append(_begins(phone, f"{sought.phone};ext="))
    begins = _begins(phone, f"+86{sought.head}") if sought.head else None
    ends = _begins(backwards, sought.tail[::-1]) if sought.tail else None
    either = [one for one in (begins, ends) if one is not None]
    found += [and_(*either)] if sought.both else either
    if sought.wechat is not None:
        found.append(_begins(func.lower(Customer.wechat), sought.wechat))
    return found


def _keys(sought: Sought) -> list[list[str]]:
    """The pieces that a name has to have, for each way to read what is sought as a part of one."""
    found: list[list[str]] = []
    if sought.part:
        pairs = [sought.part[at : at + 2] for at in range(len(sought.part) - 1)]
        found.append(pairs or [sought.part])
    if sought.letters:
        letters = sought.letters[:_LONGEST_SOUND]
        found.append([_SOUND + letters] if len(letters) > 1 else [letters])
    return found


def _whole(sought: Sought) -> ColumnElement[bool]:
    """A name with all the pairs of 张小明 need not have them in this order."""
    plain = func.regexp_replace(func.lower(Customer.name), BETWEEN, "", "g")
    return func.strpos(plain, sought.part) > 0


def _begins(column: Any, start: str) -> ColumnElement[bool]:
    """Between a text and the next one that does not begin with it, sign by sign as
    ``text_pattern_ops`` sorts."""
    last = ord(start[-1]) + 1
    beyond = start[:-1] + chr(0xE000 if last == 0xD800 else last)  # no text has surrogates
    return and_(column.op("~>=~", is_comparison=True)(start), column.op("~<~", is_comparison=True)(beyond))
