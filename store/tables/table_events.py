"""The audit of decision tables: who did what to which, when and why. Only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from cases.ids import new_id
from store.listing import Order, Rows, Window, part
from store.models import TableEvent
from store.session import Tx

_table = TableEvent.__table__
ORDER = Order("table_events", (_table.c.number,), descending=True)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a table's history. ``number`` counts in the order of writing; ``code`` keys
    ``TABLE_EVENTS``."""

    id: UUID
    number: int
    key: str
    at: datetime
    actor: str
    code: str
    draft_id: UUID | None
    version: int | None
    reason: str
    data: Mapping[str, Any]


async def record(
    tx: Tx,
    key: str,
    code: str,
    at: datetime,
    *,
    draft_id: UUID | None = None,
    version: int | None = None,
    reason: str = "",
    actor: str | None = None,
    **data: Any,
) -> None:
    """Writes one line, in the name of the transaction's actor unless another is given.

    ``code`` keys the catalogue ``cases.messages.TABLE_EVENTS``, whose sentences ``data`` fill
    (instants and ids go in as texts). It is part of the transaction that does the thing: neither is
    there without the other.
    """
    values = {
        "id": new_id(),
        "key": key,
        "at": at,
        "actor": actor or str(tx.actor),
        "code": code,
        "draft_id": draft_id,
        "version": version,
        "reason": reason,
        "data": {name: _plain(value) for name, value in data.items()},
    }
    await tx.session.execute(insert(_table).values(**values))


async def of_key(tx: Tx, key: str, window: Window) -> Rows[Event]:
    """A table's history, newest first."""
    columns = [_table.c[field.name] for field in fields(Event)]
    return await part(tx, select(*columns).where(_table.c.key == key), ORDER, window, lambda row: Event(*row[:-1]))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
