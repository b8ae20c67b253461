"""Why: every decision with its inputs, table version, matched rows and result (DESIGN, idea 3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from cases.errors import NotFound
from store.engine import sight
from store.listing import Order, Rows, Window, part
from store.models import DecisionRecord, DecisionTable
from store.session import Tx
from store.tables.definitions import TableVersion

_table = DecisionRecord.__table__
_versions = DecisionTable.__table__


@dataclass(frozen=True, slots=True)
class Decision:
    """One evaluation of a table. ``candidates``: for routing, each with its points or the first
    reason against it."""

    id: UUID
    case_id: UUID
    at: datetime
    element: str | None
    key: str
    version: int
    inputs: dict[str, Any]
    matched: tuple[str, ...]
    result: dict[str, Any]
    candidates: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A decision as a line of the timeline tells it; ``sha256`` of the file that decided, None if
    it is lost."""

    id: UUID
    key: str
    version: int
    sha256: str | None
    matched: list[str]
    result: dict[str, Any]
    candidates: list[Any]


_columns = [_table.c[field.name] for field in fields(Decision)]
ORDER = Order("decisions", (_table.c.at, _table.c.id))
WHOLE = Window(500)


async def of_lead(tx: Tx, case_id: UUID | str, window: Window = WHOLE) -> Rows[Decision]:
    """Decisions about a lead, oldest first."""
    query = select(*_columns).where(_table.c.case_id == UUID(str(case_id)))
    names = [field.name for field in fields(Decision)]
    return await part(tx, query, ORDER, window, lambda row: _decision(dict(zip(names, row, strict=False))))


async def one(tx: Tx, decision_id: UUID) -> Decision:
    """A decision by its id. Raises ``NotFound``."""
    query = select(*_columns).where(_table.c.id == decision_id, *sight.of_rows(tx, _table.c.case_id))
    row = (await tx.session.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("decision_not_found")
    return _decision(row)


async def last_result(tx: Tx, case_id: UUID, key: str) -> Mapping[str, Any]:
    """What a table answered about a lead the last time it was asked; nothing if it never was."""
    query = select(_table.c.result).where(_table.c.case_id == case_id, _table.c.key == key)
    return await tx.session.scalar(query.order_by(_table.c.at.desc(), _table.c.id.desc()).limit(1)) or {}


async def briefly(tx: Tx, ids: Collection[UUID]) -> tuple[Brief, ...]:
    """Some decisions at once, each with the file that decided."""
    same = and_(_versions.c.key == _table.c.key, _versions.c.version == _table.c.version)
    columns = (_table.c.id, _table.c.key, _table.c.version, _versions.c.sha256)
    query = select(*columns, _table.c.matched, _table.c.result, _table.c.candidates)
    rows = await tx.session.execute(query.outerjoin_from(_table, _versions, same).where(_table.c.id.in_(ids)))
    return tuple(Brief(*row) for row in rows)


async def file_of(tx: Tx, key: str, version: int) -> bytes | None:
    """The file of a version, None if the database has lost it."""
    query = select(_versions.c.xml).where(_versions.c.key == key, _versions.c.version == version)
    return await tx.session.scalar(query)


async def table_of(tx: Tx, decision: Decision) -> TableVersion | None:
    """The very version of the table that decided, whatever was published since; None if the
    database has lost it."""
    query = select(_versions).where(_versions.c.key == decision.key, _versions.c.version == decision.version)
    row = (await tx.session.execute(query)).mappings().one_or_none()
    return None if row is None else TableVersion(**row)


def _decision(row: Mapping[Any, Any]) -> Decision:
    return Decision(**{**row, "matched": tuple(row["matched"]), "candidates": tuple(row["candidates"])})
