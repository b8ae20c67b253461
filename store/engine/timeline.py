"""What happened to a lead, in business words, for people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, case, cast, func, select

from cases.ids import new_id
from cases.states import OPENED_ABOUT
from store.engine import case_words, sight
from store.engine.case_words import WORDS
from store.listing import Order, Rows, Window, part
from store.models import TimelineEntry
from store.session import Tx


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a lead's history. ``number`` counts all entries in the order of writing: a
    cursor."""

    number: int
    id: UUID
    case_id: UUID
    at: datetime
    actor: str
    code: str
    element: str | None
    data: dict[str, Any]


_table = TimelineEntry.__table__
_columns: list[Any] = [_table.c[field.name] for field in fields(Entry) if field.name != "data"]
_columns.append(case_words.with_words(_table.c.data, _table.c.id))  # the last of an entry's fields
_OPENED = case((_table.c.code == OPENED_ABOUT, cast(_table.c.data["opened"].astext, Uuid)))
"""The case that a line says was opened about this one."""
ORDER = Order("timeline", (_table.c.number,))
WHOLE = Window(500)


async def record(tx: Tx, case_id: UUID | str, at: datetime, code: str, element: str | None = None, **data: Any) -> None:
    """Writes one entry in the name of the transaction's actor; ``code`` keys the message catalogue,
    ``data`` fills it.

    It goes to the database with the transaction's next flush, at the latest with its commit. Data
    are ids and codes: names are looked up when the line is shown. A person's words
    (``case_words.WORDS``) are kept apart.
    """
    mine, line, words = UUID(str(case_id)), new_id(), str(data.pop(WORDS, None) or "")
    plain = {"at": at, "actor": str(tx.actor), "code": str(code), "element": element, "data": _plain(data)}
    tx.session.add(TimelineEntry(id=line, case_id=mine, **plain))
    await case_words.write(tx, mine, at, {WORDS: words}, line)


async def last(tx: Tx, case_id: UUID | str) -> int:
    """The number of a lead's last entry; 0 without one."""
    await tx.session.flush()  # what this transaction has recorded counts
    table = TimelineEntry.__table__
    query = select(func.max(table.c.number)).where(table.c.case_id == UUID(str(case_id)))
    return int(await tx.session.scalar(query) or 0)


async def last_of(tx: Tx, case_id: UUID | str, code: str) -> datetime | None:
    """When a line with this code was last written about a lead."""
    table = TimelineEntry.__table__
    query = select(func.max(table.c.at)).where(table.c.case_id == UUID(str(case_id)), table.c.code == code)
    return await tx.session.scalar(query)


async def of_lead(tx: Tx, case_id: UUID | str, window: Window = WHOLE, *, after: int = 0) -> Rows[Entry]:
    """A lead's history in the order of writing, from the entry after number ``after``."""
    query = select(*_columns).where(_table.c.case_id == UUID(str(case_id)), _table.c.number > after)
    query = query.where(*sight.of_rows(tx, _OPENED))  # that another was opened tells of it
    return await part(tx, query, ORDER, window, lambda row: Entry(*row[:-1]))


async def with_codes(tx: Tx, case_id: UUID, codes: Collection[str]) -> tuple[Entry, ...]:
    """The lines of a lead's history that have one of these codes, in the order of writing."""
    query = select(*_columns).where(_table.c.case_id == case_id, _table.c.code.in_(codes)).order_by(_table.c.number)
    return tuple(Entry(*row) for row in await tx.session.execute(query))


async def weighs_since(tx: Tx, case_id: UUID, instant: datetime) -> bool:
    """Whether the customer has said something since that the grade depends on."""
    table = TimelineEntry.__table__
    said = (table.c.code == "said_anew") & table.c.data.contains({"weighs": True})
    query = select(table.c.id).where(table.c.case_id == case_id, table.c.at >= instant, said).limit(1)
    return (await tx.session.execute(query)).first() is not None


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {name: _json(value) for name, value in data.items()}


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value
