"""Published versions of decision tables: every one kept for ever, each in force from its instant
(DESIGN, idea 3).

The version in force at an instant is the one with the greatest (``effective_from``, ``version``)
among those whose time has come and that were not withdrawn before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.sql import ColumnElement, Select

from cases.errors import Conflict, NotFound
from cases.ids import new_id
from store.models import DecisionTable, Shadow
from store.session import Tx
from store.tables import table_events

_tables = DecisionTable.__table__
_shadows = Shadow.__table__


@dataclass(frozen=True, slots=True)
class TableVersion:
    """One published version of a decision table; it decides from ``effective_from`` until the next
    one's.

    ``draft_id``: what it was published from; ``restores``: the version that a roll-back brought
    back. One that was withdrawn never came into force.
    """

    id: UUID
    key: str
    version: int
    sha256: str
    name: str
    xml: bytes
    published_at: datetime
    published_by: str
    effective_from: datetime
    comment: str
    draft_id: UUID | None = None
    restores: int | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None


@dataclass(frozen=True, slots=True)
class TableLine:
    """A published version without its file, as lists show it."""

    key: str
    version: int
    sha256: str
    name: str
    published_at: datetime
    published_by: str
    effective_from: datetime
    comment: str
    draft_id: UUID | None
    restores: int | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None


_lines = [_tables.c[field.name] for field in fields(TableLine)]

# -- changing -------------------------------------------------------------------------------------


async def hold_table(tx: Tx, key: str) -> None:
    """Makes whoever else publishes, withdraws or rolls back this table wait until the transaction
    ends."""
    # Two that publish at once would both count the same next version.
    lock = select(func.pg_advisory_xact_lock(func.hashtext(text(":name"))))
    await tx.session.execute(lock, {"name": f"table:{key}"})


async def publish_table(
    tx: Tx,
    key: str,
    name: str,
    xml: bytes,
    at: datetime,
    by: str,
    comment: str = "",
    effective_from: datetime | None = None,
    *,
    draft_id: UUID | None = None,
    restores: int | None = None,
) -> TableVersion:
    """Publishes a table, effective at once unless said otherwise, and writes it down in the audit.

    A file that comes neither from a draft nor from a roll-back (one that is shipped) and is the
    newest version already stays that version.
    """
    await hold_table(tx, key)
    sha256 = hashlib.sha256(xml).hexdigest()
    if draft_id is None and restores is None:
        newest = await newest_table(tx, key)
        if newest is not None and newest.sha256 == sha256:
            return newest
    numbers = select(func.coalesce(func.max(_tables.c.version), 0)).where(_tables.c.key == key)
    published = TableVersion(
        new_id(),
        key,
        (await tx.session.execute(numbers)).scalar_one() + 1,
        sha256,
        name,
        xml,
        at,
        by,
        effective_from or at,
        comment,
        draft_id,
        restores,
    )
    values = {field.name: getattr(published, field.name) for field in fields(TableVersion)}
    await tx.session.execute(insert(_tables).values(values))
    code = "rolled_back" if restores else "scheduled" if published.effective_from > at else "published"
    await table_events.record(
        tx,
        key,
        code,
        at,
        draft_id=draft_id,
        version=published.version,
        reason=comment,
        actor=by,
        effective_from=published.effective_from,
        **({"restores": restores} if restores else {}),
    )
    return published


async def withdraw(tx: Tx, key: str, version: int, at: datetime, reason: str) -> TableVersion:
    """Takes back a version whose time has not come.

    Raises ``NotFound``, and ``Conflict`` when it is in force, was, or is withdrawn already.
    """
    await hold_table(tx, key)
    found = await table_version(tx, key, version)
    if found.withdrawn_at is not None:
        raise Conflict("version_withdrawn", version=version)
    if found.effective_from <= at:
        raise Conflict("version_effective", version=version)
    await _withdraw(tx, at, _tables.c.id == found.id)
    await table_events.record(tx, key, "withdrawn", at, version=version, reason=reason)
    return await table_version(tx, key, version)


async def withdraw_scheduled(tx: Tx, key: str, at: datetime, reason: str) -> tuple[int, ...]:
    """Takes back every version of a table whose time has not come; returns their numbers."""
    await hold_table(tx, key)
    numbers = await _withdraw(tx, at, _tables.c.key == key, _tables.c.effective_from > at)
    for number in numbers:
        await table_events.record(tx, key, "withdrawn", at, version=number, reason=reason)
    return numbers


async def _withdraw(tx: Tx, at: datetime, *which: ColumnElement[bool]) -> tuple[int, ...]:
    taking = update(_tables).where(*which, _tables.c.withdrawn_at.is_(None))
    taking = taking.values(withdrawn_at=at, withdrawn_by=str(tx.actor)).returning(_tables.c.version)
    return tuple(sorted((await tx.session.scalars(taking)).all()))


# -- reading -------------------------------------------------------------------------------------


def in_order(versions: Iterable[TableVersion]) -> tuple[TableVersion, ...]:
    """The versions of one table that decide or will, the one that comes into force last first."""
    standing = [version for version in versions if version.withdrawn_at is None]
    return tuple(sorted(standing, key=lambda one: (one.effective_from, one.version), reverse=True))


async def table_version(tx: Tx, key: str, version: int) -> TableVersion:
    """One version of a table, withdrawn or not. Raises ``NotFound``."""
    query = select(_tables).where(_tables.c.key == key, _tables.c.version == version)
    row = (await tx.session.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("table_not_found", key=key)
    return TableVersion(**row)


async def newest_table(tx: Tx, key: str) -> TableVersion | None:
    """The version of a table that was published last and not withdrawn, in force or scheduled."""
    query = select(_tables).where(_tables.c.key == key, _tables.c.withdrawn_at.is_(None))
    row = (await tx.session.execute(query.order_by(_tables.c.version.desc()).limit(1))).mappings().one_or_none()
    return None if row is None else TableVersion(**row)


async def effective_table(tx: Tx, key: str, at: datetime) -> TableVersion:
    """The version of a table that decides at an application instant. Raises ``NotFound``."""
    query = _effective(at).where(_tables.c.key == key)
    row = (await tx.session.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("table_not_found", key=key)
    return TableVersion(**row)


async def effective_tables(tx: Tx, at: datetime) -> dict[str, TableVersion]:
    """All tables that decide at an application instant, by key."""
    rows = (await tx.session.execute(_effective(at))).mappings()
    return {row["key"]: TableVersion(**row) for row in rows}


async def count_tables(tx: Tx) -> int:
    """A number that every publication, withdrawal, start and stop of a shadow changes: whether
    anything is new."""
    return (await tx.session.execute(select(changes()))).scalar_one()


def changes() -> ColumnElement[int]:
    """``count_tables`` as a part of another statement. It only grows: what is added here, or over,
    stays so."""
    versions = select(func.count() + func.count(_tables.c.withdrawn_at)).select_from(_tables).scalar_subquery()
    shadows = select(func.count() + func.count(_shadows.c.stopped_at)).select_from(_shadows).scalar_subquery()
    return versions + shadows


async def tables(tx: Tx) -> tuple[TableVersion, ...]:
    """Every version of every table, newest first within its key, also those that were withdrawn."""
    query = select(_tables).order_by(_tables.c.key, _tables.c.version.desc())
    return tuple(TableVersion(**row) for row in (await tx.session.execute(query)).mappings())


async def table_lines(tx: Tx, key: str | None = None) -> tuple[TableLine, ...]:
    """Every version of every table, or of one, newest first within its key; without the files."""
    query = select(*_lines).order_by(_tables.c.key, _tables.c.version.desc())
    rows = await tx.session.execute(query if key is None else query.where(_tables.c.key == key))
    return tuple(TableLine(**row) for row in rows.mappings())


def _effective(at: datetime) -> Select[Any]:
    c = _tables.c
    query = select(_tables).where(c.effective_from <= at, c.withdrawn_at.is_(None)).ext(distinct_on(c.key))
    return query.order_by(c.key, c.effective_from.desc(), c.version.desc())
