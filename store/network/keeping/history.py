"""What was changed in the network, by whom and when; and the version of an entry that follows from
it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from store.listing import Order, Rows, Window, part
from store.models import NetworkChange
from store.session import Tx

_table = NetworkChange.__table__
ORDER = Order("network_changes", (_table.c.number,), descending=True)


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry's change: the fields that differ, ``before`` and ``after``; of one that came to be
    or was removed all, on one side. ``by``: the actor."""

    number: int
    at: datetime
    by: str
    kind: str
    code: str
    before: dict[str, Any]
    after: dict[str, Any]


async def version(tx: Tx, kind: str, code: str) -> int:
    """The number of an entry's last change; 0 for one that is older than all changes that are
    kept."""
    query = select(func.max(_table.c.number)).where(_table.c.kind == kind, _table.c.code == code)
    return int(await tx.session.scalar(query) or 0)


async def since(tx: Tx, kind: str, code: str, number: int) -> tuple[EntryChange, ...]:
    """An entry's changes after a version, oldest first."""
    c = _table.c
    query = select(*_table.c).where(c.kind == kind, c.code == code, c.number > number).order_by(c.number)
    return tuple(EntryChange(**row) for row in (await tx.session.execute(query)).mappings())


async def lines(tx: Tx, window: Window, *, kind: str | None, code: str | None, by: str | None) -> Rows[EntryChange]:
    """Changes, newest first; of a kind, an entry, an actor if given."""
    c = _table.c
    query = select(*(c[field.name] for field in fields(EntryChange)))
    for column, value in ((c.kind, kind), (c.code, code), (c.by, by)):
        if value is not None:
            query = query.where(column == value)
    return await part(tx, query, ORDER, window, lambda row: EntryChange(*row[:-1]))
