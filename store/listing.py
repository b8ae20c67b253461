"""Lists in pages, by key set: a page ends at the keys of its last row, the next one begins behind
them.

Rows that arrive meanwhile neither shift nor double anything. A row that moves in the order while
somebody pages (a list sorted by what changes) may be met where it was and where it is; none that
stays is missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import func, literal, select, text, tuple_
from sqlalchemy.sql import ColumnElement, visitors

from store.session import Tx

Item = TypeVar("Item")
Other = TypeVar("Other")

MOST_COUNTED = 2_000
"""Rows up to which a list is counted: among millions of leads a screen would wait a second for a
number of which nobody reads the last digits."""


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: by keys of which none is ever null and the last is the row's own; all
    rise or all fall.

    ``name`` tells lists and their orders apart: a cursor is good for one of them.
    """

    name: str
    keys: tuple[Any, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: so many rows behind those keys; ``total``: count the whole list,
    too."""

    limit: int
    after: tuple[Any, ...] | None = None
    total: bool = False


@dataclass(frozen=True, slots=True)
class Rows(Generic[Item]):
    """Part of a list. ``last`` are the keys that the next part begins behind, None if this is the
    end; ``total`` above ``MOST_COUNTED`` says that there are more than that."""

    order: str
    items: tuple[Item, ...]
    last: tuple[Any, ...] | None
    total: int | None

    def shown_as(self, items: Sequence[Other]) -> Rows[Other]:
        """The same part of the list, its rows as people see them."""
        return Rows(self.order, tuple(items), self.last, self.total)


_SETTLED = text(
    """
    SELECT least(now(), min(xact_start)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    """
)


async def settled(tx: Tx) -> datetime:
    """Up to when all is known that ``updated_at`` says: no transaction that runs still bears an
    earlier instant.

    Whoever reads changes in their order stops before it, else what is committed late would be
    passed over.
    """
    return (await tx.session.execute(_SETTLED)).scalar_one()


async def part(tx: Tx, query: Any, order: Order, window: Window, made: Callable[[Any], Item]) -> Rows[Item]:
    """The part of ``query``, a ``Select``, that the window shows; ``made`` gets each ``Row``, which
    has the keys of the order behind its own columns."""
    total = await counted(tx, query) if window.total else None
    keys = [key.label(f"order_key_{number}") for number, key in enumerate(order.keys)]
    found = (await tx.session.execute(placed(query.add_columns(*keys), order, window).limit(window.limit + 1))).all()
    shown = found[: window.limit]
    last = tuple(shown[-1][-len(keys) :]) if len(found) > window.limit else None
    return Rows(order.name, tuple(made(row) for row in shown), last, total)


def placed(query: Any, order: Order, window: Window) -> Any:
    """``query`` in its order, from where the window begins."""
    return behind(query, order, window).order_by(*sorting(order, order.keys))


def behind(query: Any, order: Order, window: Window) -> Any:
    """``query`` from where the window begins."""
    if window.after is None:
        return query
    place = tuple_(*order.keys)
    return query.where(place < window.after if order.descending else place > window.after)


def sorting(order: Order, keys: Sequence[Any]) -> list[Any]:
    """What to sort by, for the order's own keys or columns that hold them."""
    return [key.desc() if order.descending else key for key in keys]


async def counted(tx: Tx, query: Any) -> int:
    """How many rows there are of ``query``, a ``Select``, in all; one more than ``MOST_COUNTED`` if
    there are more."""
    some = query.with_only_columns(literal(1).label("one"), maintain_column_froms=True).limit(MOST_COUNTED + 1)
    return await tx.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def all_of(*asked: tuple[Any, Sequence[Any]]) -> list[ColumnElement[bool]]:
    """One condition for each column of which values are asked for."""
    return [any_of(column, values) for column, values in asked if values]


def any_of(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """One value is asked for as such: then an index that begins with the column can also give the
    order."""
    return column == values[0] if len(values) == 1 else column.in_(values)


def tables_of(asked: Iterable[ColumnElement[Any]]) -> frozenset[Any]:
    """The tables whose columns some conditions or keys name."""
    parts = (part for one in asked for part in visitors.iterate(one) if part.__visit_name__ == "column")
    return frozenset(getattr(part, "table", None) for part in parts)
