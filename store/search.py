"""Leads found by what somebody typed, among a million customers in some milliseconds (C42 of the intake cases).

Each meaning of the text is looked up in its own index. What few customers have is looked up first and the leads
follow from it; what very many have (王) is quicker met by walking the list that is asked for, so the walk is left to
the list's own query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, exists, false, func, literal, or_, select, true, union_all
from sqlalchemy.sql import ColumnElement

from store.models import Customer, CustomerKeys, Lead
from store.session import Tx

MANY = 5_000
"""Customers; from here on a list is walked instead of sorted. Of a million leads both take the same time then: a page
of 50 is complete after about 10,000."""

BETWEEN = r"[\s·.・•,，'’()（）/-]+"
"""Signs between the parts of a name that mean nothing; a pattern for Python and PostgreSQL alike."""

_SOUND = "~"
_LONGEST_SOUND = 16
"""Letters of a beginning that are kept; a longer one is compared with the whole."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a text can mean; what it cannot mean is None.

    ``phone``: a whole number in E.164, with its extension; ``extensions``: also whoever is reached behind it. ``head``
    and ``tail`` are digits that a number begins (without +86) and ends with; with ``both`` it does both, as a masked
    139****2097 says, else either. ``part`` is a part of a name without blanks, ``letters`` one in Latin letters or
    pinyin, both in lower case; ``wechat`` the beginning of an id in lower case. ``leads``: ids from … to.
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


async def condition(tx: Tx, sought: Sought) -> ColumnElement[bool]:
    """What a query over ``Lead`` and ``Customer`` has to ask for, so that it finds what is sought."""
    meant = _meanings(sought)
    own = [] if sought.leads is None else [Lead.id.between(*sought.leads)]
    if not meant:
        return or_(false(), *own)
    having = union_all(*(select(Customer.id).where(meaning) for meaning in meant)).subquery()
    some = select(having.c.id).limit(MANY + 1)
    count = await tx.session.scalar(select(func.count()).select_from(some.subquery()))
    if count is not None and count > MANY:
        return _walked(meant, sought)
    # As an array the ids are known before the leads are looked for, whatever the planner thinks of their number.
    return or_(Customer.id == func.any(func.array(some.scalar_subquery())), *own)


def _meanings(sought: Sought) -> Sequence[ColumnElement[bool]]:
    """One condition on ``Customer`` for each meaning, in the form that its index knows."""
    found: list[ColumnElement[bool]] = []
    phone, backwards = Customer.phone, func.reverse(func.split_part(Customer.phone, ";", 1))
    if sought.phone is not None:
        found.append(phone == sought.phone)
        if sought.extensions:
            found.append(phone.like(f"{sought.phone};ext=%"))
    begins = phone.like(f"+86{sought.head}%") if sought.head else None
    ends = backwards.like(f"{sought.tail[::-1]}%") if sought.tail else None
    either = [one for one in (begins, ends) if one is not None]
    found += [and_(*either)] if sought.both else either
    if sought.wechat is not None:
        found.append(func.lower(Customer.wechat).like(_literally(sought.wechat) + "%"))
    return found + [_named(keys) & _whole(sought, keys) for keys in _keys(sought)]


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


def _named(keys: Sequence[str]) -> ColumnElement[bool]:
    named = select(CustomerKeys.customer_id).where(CustomerKeys.keys.contains(keys))
    return Customer.id.in_(named)


def _whole(sought: Sought, keys: Sequence[str]) -> ColumnElement[bool]:
    """A name with all the pairs of 张小明 need not have them in this order."""
    if len(keys) == 1:
        return true()
    return func.regexp_replace(func.lower(Customer.name), BETWEEN, "", "g").contains(sought.part, autoescape=True)


def _walked(meant: Sequence[ColumnElement[bool]], sought: Sought) -> ColumnElement[bool]:
    """The same in a form that no index knows, so that the list's order is walked and each row looked at."""
    looked = list(meant[: len(meant) - len(_keys(sought))])
    for keys in _keys(sought):
        has = [literal(key) == func.any(CustomerKeys.keys) for key in keys]
        named = exists().where(CustomerKeys.customer_id == Customer.id, *has)
        looked.append(named & _whole(sought, keys))
    if sought.leads is not None:
        looked.append(Lead.id.between(*sought.leads))
    return or_(*looked)


def _literally(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
