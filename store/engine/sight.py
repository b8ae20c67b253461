"""Cases that the transaction's actor may not know of are not there, at whatever address they are
sought.

Which these are is in the transaction's scope, made from what each kind of case declares
(``domain.sight``). Whatever lists or finds rows of cases asks here; processes see everything, and
their statements are as if this were not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import and_, false, func, or_, select, true
from sqlalchemy.sql import ColumnElement

from cases.actors import Unseen
from cases.errors import NotFound
from cases.states import CASE_OPENED
from store.models import Case, TimelineEntry
from store.session import Tx

_cases = Case.__table__
_lines = TimelineEntry.__table__


def of_cases(tx: Tx, kind: str | None = None, *, or_own: bool = False) -> list[ColumnElement[bool]]:
    """Conditions for a query that has the table of cases, of one ``kind`` if it is given, in it.

    ``or_own``: what the actor opened under their own name is there for them, too.
    """
    rules = [one for one in tx.scope.unseen if kind in (None, one.kind)]
    if not rules:
        return []
    seen = ~or_(*(_hit(one) for one in rules))
    return [or_(seen, _own(tx)) if or_own and tx.actor.kind == "staff" else seen]


def of_rows(tx: Tx, case_id: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """Conditions for a query of rows that name a case by its id; null names none."""
    if not tx.scope.unseen:
        return []
    # A value and no EXISTS: that would be a join for PostgreSQL, which reads every case for it.
    hit = select(or_(*(_hit(one) for one in tx.scope.unseen))).where(_cases.c.id == case_id)
    # A query may have other cases in it: these are the row's.
    return [func.coalesce(hit.correlate_except(_cases).scalar_subquery(), false()).is_(False)]


def is_there(tx: Tx, kind: str, facts: Mapping[str, Any]) -> bool:
    """Whether a case of this kind, with these facts, is there for the actor."""
    return not any(one.kind == kind and facts.get(one.fact) in one.values for one in tx.scope.unseen)


async def there(tx: Tx, case_id: UUID, code: str) -> None:
    """Raises ``NotFound`` with this code for a row of a case that is not there for the actor."""
    if case_id in await _unseen_of(tx, [case_id]):
        raise NotFound(code)


async def blanked(tx: Tx, value: Any) -> Any:
    """A stored value without the ids of cases that are not there for the actor, wherever in it they
    stand: None in their place."""
    if not tx.scope.unseen:
        return value
    hidden = {str(one) for one in await _unseen_of(tx, _ids(value))}
    return _without(value, hidden) if hidden else value


def knowing(tx: Tx) -> Tx:
    """The same transaction, for what follows from a statement: whoever makes it need not see what
    comes of it."""
    return replace(tx, scope=replace(tx.scope, unseen=()))


async def _unseen_of(tx: Tx, ids: Iterable[UUID]) -> set[UUID]:
    sought = list(ids)
    if not tx.scope.unseen or not sought:
        return set()
    query = select(_cases.c.id).where(_cases.c.id.in_(sought), or_(*(_hit(one) for one in tx.scope.unseen)))
    return set((await tx.session.execute(query)).scalars())


def _hit(rule: Unseen) -> ColumnElement[bool]:
    return and_(_cases.c.kind == rule.kind, func.coalesce(_cases.c.facts[rule.fact].astext, "").in_(rule.values))


def _own(tx: Tx) -> ColumnElement[bool]:
    opened = (_lines.c.case_id == _cases.c.id, _lines.c.code == CASE_OPENED, _lines.c.actor == str(tx.actor))
    # As above: asked of each case in question, instead of finding all that the actor opened.
    return func.coalesce(select(true()).where(*opened).limit(1).scalar_subquery(), false())


def _ids(value: Any) -> Iterator[UUID]:
    if isinstance(value, UUID):
        yield value
    elif isinstance(value, str):
        try:
            yield UUID(value)
        except ValueError:
            return
    elif isinstance(value, Mapping):
        for one in cast("Mapping[Any, Any]", value).values():
            yield from _ids(one)
    elif isinstance(value, (list, tuple)):
        for one in cast("Iterable[Any]", value):
            yield from _ids(one)


def _without(value: Any, hidden: set[str]) -> Any:
    if isinstance(value, (str, UUID)):
        return None if str(value) in hidden else value
    if isinstance(value, Mapping):
        return {name: _without(one, hidden) for name, one in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_without(one, hidden) for one in cast("Iterable[Any]", value)]
    return value
