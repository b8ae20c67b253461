"""Deployed processes and published decision tables, every version kept for ever (DESIGN, ideas 2
and 3)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, cast, func, insert, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.sql import Select

from cases.contracts import ProcessRef
from cases.errors import NotFound
from cases.ids import new_id
from store.models import Bundle, ProcessDefinition, ProcessInstance
from store.session import Tx
from store.tables.table_versions import (
    TableLine,
    TableVersion,
    count_tables,
    effective_table,
    effective_tables,
    hold_table,
    in_order,
    newest_table,
    publish_table,
    table_lines,
    table_version,
    tables,
    withdraw,
    withdraw_scheduled,
)

__all__ = [
    "ProcessLine",
    "ProcessVersion",
    "TableLine",
    "TableVersion",
    "by_sha",
    "calls_of",
    "closure",
    "count_tables",
    "deploy_process",
    "effective_table",
    "effective_tables",
    "hold_processes",
    "hold_table",
    "in_order",
    "latest",
    "newest",
    "newest_refs",
    "newest_table",
    "process",
    "process_lines",
    "publish_table",
    "table_lines",
    "table_version",
    "tables",
    "withdraw",
    "withdraw_scheduled",
]


@dataclass(frozen=True, slots=True)
class ProcessVersion:
    """One deployed version of a process. ``calls`` are the keys of the processes that it calls."""

    id: UUID
    key: str
    version: int
    sha256: str
    name: str
    xml: bytes
    calls: tuple[str, ...]
    deployed_at: datetime
    deployed_by: str
    comment: str

    @property
    def ref(self) -> ProcessRef:
        return ProcessRef(self.key, self.version, self.sha256)


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """A deployed version without its file, as lists show it; so many live ``instances`` run it, as
    called one, too."""

    key: str
    version: int
    sha256: str
    name: str
    calls: tuple[str, ...]
    deployed_at: datetime
    deployed_by: str
    comment: str
    instances: int


_processes = ProcessDefinition.__table__
_instances = ProcessInstance.__table__
_bundles = Bundle.__table__


def _process(row: Any) -> ProcessVersion:
    return ProcessVersion(**{**row, "calls": tuple(row["calls"])})


async def deploy_process(
    tx: Tx, key: str, name: str, xml: bytes, calls: Sequence[str], at: datetime, by: str, comment: str = ""
) -> ProcessVersion:
    """Deploys a process. The file that is already the newest version is that version again; else
    the next one."""
    await _serialise(tx, f"process:{key}")
    newest = (await tx.session.execute(_newest_process(key))).mappings().one_or_none()
    sha256 = hashlib.sha256(xml).hexdigest()
    if newest is not None and newest["sha256"] == sha256:
        return _process(newest)
    values = {
        "id": new_id(),
        "key": key,
        "version": newest["version"] + 1 if newest else 1,
        "sha256": sha256,
        "name": name,
        "xml": xml,
        "calls": list(calls),
        "deployed_at": at,
        "deployed_by": by,
        "comment": comment,
    }
    await tx.session.execute(insert(_processes).values(values))
    return _process(values)


async def latest(tx: Tx, key: str) -> ProcessVersion:
    """The newest version of a process. Raises ``NotFound``."""
    row = (await tx.session.execute(_newest_process(key))).mappings().one_or_none()
    if row is None:
        raise NotFound("process_not_found", key=key)
    return _process(row)


async def by_sha(tx: Tx, sha256: str) -> ProcessVersion:
    """The version whose file has this hash. Raises ``NotFound``."""
    query = select(_processes).where(_processes.c.sha256 == sha256).order_by(_processes.c.version.desc()).limit(1)
    row = (await tx.session.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("process_not_found", key=sha256)
    return _process(row)


async def process(tx: Tx, key: str, version: int) -> ProcessVersion:
    """One version of a process. Raises ``NotFound``."""
    query = select(_processes).where(_processes.c.key == key, _processes.c.version == version)
    row = (await tx.session.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("process_not_found", key=key)
    return _process(row)


async def process_lines(tx: Tx, key: str | None = None) -> tuple[ProcessLine, ...]:
    """Every version of every process, or of one, newest first within its key; without the files."""
    c = _processes.c
    lives = (
        select(_instances.c.bundle, func.count().label("count"))
        .where(_instances.c.ended_at.is_(None))
        .group_by(_instances.c.bundle)
        .subquery()
    )
    running = (
        select(func.unnest(_bundles.c.runs).label("process"), cast(func.sum(lives.c.count), Integer).label("count"))
        .join_from(lives, _bundles, _bundles.c.id == lives.c.bundle)
        .group_by("process")
        .subquery()
    )
    columns = [c[one.name] for one in fields(ProcessLine) if one.name != "instances"]
    query = (
        select(*columns, func.coalesce(running.c.count, 0).label("instances"))
        .outerjoin(running, running.c.process == func.concat(c.key, ":", c.version))
        .order_by(c.key, c.version.desc())
    )
    rows = await tx.session.execute(query if key is None else query.where(c.key == key))
    return tuple(ProcessLine(**{**row, "calls": tuple(row["calls"])}) for row in rows.mappings())


async def hold_processes(tx: Tx, keys: Iterable[str]) -> None:
    """Makes other deployments of these wait until this transaction ends; taken in one order, so
    none deadlocks."""
    for key in sorted(keys):
        await _serialise(tx, f"process:{key}")


async def newest(tx: Tx) -> tuple[ProcessVersion, ...]:
    """The newest version of every process, with its file, in the order of their keys."""
    c = _processes.c
    query = select(_processes).ext(distinct_on(c.key)).order_by(c.key, c.version.desc())
    return tuple(_process(row) for row in (await tx.session.execute(query)).mappings())


async def newest_refs(tx: Tx) -> dict[str, tuple[ProcessRef, tuple[str, ...]]]:
    """For each process key: the newest version and what it calls, without the files. One small
    query."""
    c = _processes.c
    query = select(c.key, c.version, c.sha256, c.calls).ext(distinct_on(c.key)).order_by(c.key, c.version.desc())
    rows = await tx.session.execute(query)
    return {row.key: (ProcessRef(row.key, row.version, row.sha256), tuple(row.calls)) for row in rows}


async def calls_of(tx: Tx, ref: ProcessRef) -> tuple[str, ...]:
    """The keys that one version of a process calls. Raises ``NotFound``."""
    query = select(_processes.c.calls).where(_processes.c.key == ref.key, _processes.c.version == ref.version)
    calls = (await tx.session.execute(query)).scalar_one_or_none()
    if calls is None:
        raise NotFound("process_not_found", key=ref.key)
    return tuple(calls)


async def closure(tx: Tx, ref: ProcessRef) -> tuple[ProcessRef, ...]:
    """The newest versions of all processes that a version calls, directly or not, in the order of
    their keys.

    Raises ``NotFound`` when one of them was never deployed.
    """
    newest = await newest_refs(tx)
    found: dict[str, ProcessRef] = {}
    waiting = list(await calls_of(tx, ref))
    while waiting:
        key = waiting.pop()
        if key in found or key == ref.key:
            continue
        if key not in newest:
            raise NotFound("process_not_found", key=key)
        found[key], calls = newest[key]
        waiting.extend(calls)
    return tuple(found[key] for key in sorted(found))


def _newest_process(key: str) -> Select[Any]:
    return select(_processes).where(_processes.c.key == key).order_by(_processes.c.version.desc()).limit(1)


async def _serialise(tx: Tx, name: str) -> None:
    # Two workers that start together would both count the same next version.
    await tx.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(text(":name")))), {"name": name})
