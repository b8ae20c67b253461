"""Lives of leads on their processes: which version, where, since when, what they remember.

A life is known by its lead and ``life``, the number of the message that began it. Lives are listed
newest lead first and paged by that key. Whether a life has an incident is asked of the incidents,
never kept twice.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    DateTime,
    Integer,
    LargeBinary,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql import ColumnElement, Select

from cases.contracts import LifeAtRest, PlaceMark, ProcessRef
from cases.errors import NotFound
from store.engine import sight
from store.engine.packing import packed, unpacked
from store.engine.step_keys import execution_in, life_in
from store.listing import Order, Rows, Window, part
from store.models import Bundle, Incident, ProcessInstance, Stand
from store.session import Tx


class InstanceState(StrEnum):
    """How a life is doing."""

    RUNNING = "running"
    INCIDENT = "incident"  # stuck until somebody helps
    ENDED = "ended"


Key = tuple[UUID, int]
"""A life: its lead, and the number of the message that began it."""


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One life as it last came to rest."""

    case_id: UUID
    life: int
    state: InstanceState
    process: ProcessRef
    called: tuple[ProcessRef, ...]
    started_at: datetime
    settled_at: datetime
    ended_at: datetime | None
    outcome: str | None
    applied: int
    place: tuple[PlaceMark, ...]
    snapshot: dict[str, Any]

    @property
    def refs(self) -> tuple[ProcessRef, ...]:
        """All versions that it runs on, its own first."""
        return (self.process, *self.called)


@dataclass(frozen=True, slots=True)
class InstanceLine:
    """One life in a list: without what it remembers."""

    lead_id: UUID
    life: int
    state: InstanceState
    process: ProcessRef
    called: tuple[ProcessRef, ...]
    started_at: datetime
    settled_at: datetime
    ended_at: datetime | None
    outcome: str | None
    place: tuple[PlaceMark, ...]


@dataclass(frozen=True, slots=True)
class InstanceFilters:
    """What to list; empty means everything. ``process`` and ``version`` may be called ones;
    ``element`` is of ``process`` when that is given."""

    states: Collection[InstanceState] = ()
    process: str | None = None
    version: int | None = None
    element: str | None = None
    case_id: UUID | None = None


_t = ProcessInstance.__table__
_stands = Stand.__table__
_place = func.place_of(_t.c.stand, _t.c.place, type_=JSONB).label("place")
_bundles = Bundle.__table__
_called = select(_bundles.c.called).where(_bundles.c.id == _t.c.bundle).scalar_subquery().label("called")
_incidents = Incident.__table__
_open_incident = (
    select(_incidents.c.id)
    .where(
        _incidents.c.case_id == _t.c.case_id,
        _incidents.c.resolved_at.is_(None),
        life_in(_incidents.c.key) == cast(_t.c.life, Text),
    )
    .exists()
)
_CONDITIONS: Final[dict[InstanceState, ColumnElement[bool]]] = {
    InstanceState.RUNNING: _t.c.ended_at.is_(None) & ~_open_incident,
    InstanceState.INCIDENT: _t.c.ended_at.is_(None) & _open_incident,
    InstanceState.ENDED: _t.c.ended_at.is_not(None),
}
FOUND = Order("instances", (_t.c.case_id, _t.c.life), descending=True)
_state = case(
    *((_CONDITIONS[state], literal(state.value)) for state in (InstanceState.ENDED, InstanceState.INCIDENT)),
    else_=literal(InstanceState.RUNNING.value),
).label("state")

RECORD: Final = """
    pinned AS (
        SELECT whose.id, CAST(md5(concat(said.called, said.runs)) AS uuid) AS bundle, said.called, said.runs,
               CAST(md5(CAST(said.marks AS text)) AS uuid) AS stand, said.marks
        FROM whose, (SELECT CAST(:called AS jsonb) AS called, CAST(:runs AS text[]) AS runs,
                            CAST(:marks AS jsonb) AS marks) AS said
    ), bundled AS (
        INSERT INTO bundles (id, called, runs) SELECT bundle, called, runs FROM pinned ON CONFLICT (id) DO NOTHING
    ), stood AS (
        INSERT INTO stands (id, marks) SELECT stand, marks FROM pinned ON CONFLICT (id) DO NOTHING
    ), kept AS (
        INSERT INTO instances AS kept (case_id, life, process_key, process_version, process_sha256, bundle,
                                       started_at, settled_at, ended_at, outcome, applied, remembered, stand, place)
        SELECT id, :life, :process_key, :process_version, :process_sha256, bundle,
               :started_at, :at, CASE WHEN :ended THEN :at END, :outcome, :applied, :remembered, stand,
               CAST(:dues AS jsonb)
        FROM pinned
        ON CONFLICT (case_id, life) DO UPDATE SET
            process_key = excluded.process_key, process_version = excluded.process_version,
            process_sha256 = excluded.process_sha256, bundle = excluded.bundle,
            settled_at = excluded.settled_at, ended_at = excluded.ended_at, outcome = excluded.outcome,
            applied = excluded.applied, snapshot = excluded.snapshot, remembered = excluded.remembered,
            stand = excluded.stand, place = excluded.place
        WHERE kept.settled_at <= excluded.settled_at AND kept.applied <= excluded.applied
          AND (kept.ended_at IS NULL OR excluded.ended_at IS NOT NULL)
    )
"""
"""Part of the statement that writes a rest (``store.engine.settling``): the life as it is now,
unless it is known as later."""

PARAMETERS: Final = (
    bindparam("life", type_=Integer()),
    bindparam("process_key", type_=Text()),
    bindparam("process_version", type_=Integer()),
    bindparam("process_sha256", type_=Text()),
    bindparam("called", type_=Text()),
    bindparam("runs", type_=ARRAY(Text)),
    bindparam("started_at", type_=DateTime(timezone=True)),
    bindparam("ended", type_=Boolean()),
    bindparam("outcome", type_=Text()),
    bindparam("applied", type_=Integer()),
    bindparam("remembered", type_=LargeBinary()),
    bindparam("marks", type_=Text()),
    bindparam("dues", type_=Text()),
)


def values(rest: LifeAtRest, *, ended: bool) -> dict[str, Any]:
    """What ``RECORD`` is filled with."""
    return {
        "life": rest.life,
        "process_key": rest.process.key,
        "process_version": rest.process.version,
        "process_sha256": rest.process.sha256,
        "called": json.dumps([{"key": c.key, "version": c.version, "sha256": c.sha256} for c in rest.called]),
        "runs": [name for ref in (rest.process, *rest.called) for name in (ref.key, _running_on(ref.key, ref.version))],
        "started_at": rest.started_at,
        "ended": ended,
        "outcome": rest.outcome,
        "applied": rest.applied,
        "remembered": packed(rest.snapshot),
        **_stand(rest.place),
    }


def _stand(place: Iterable[PlaceMark]) -> dict[str, str]:
    """Where tokens stand, which many lives say alike, and apart from it what is due there."""
    marks = [_mark(one) for one in place]
    dues = [mark.pop("due") for mark in marks]
    return {"marks": json.dumps(marks, ensure_ascii=False), "dues": json.dumps(dues)}


def as_json(place: Iterable[PlaceMark]) -> str:
    """Places of tokens as the store keeps them."""
    return json.dumps([_mark(one) for one in place], ensure_ascii=False)


def _mark(m: PlaceMark) -> dict[str, str | None]:
    return {"process": m.process, "element": m.element, "name": m.name, "waits_for": m.waits_for, "due": m.due}


async def one(tx: Tx, case_id: UUID, life: int | None = None) -> InstanceRow:
    """A life of a lead, the latest if none is named. Raises ``NotFound``."""
    query = select(*_columns(InstanceRow)).where(_t.c.case_id == case_id).order_by(_t.c.life.desc()).limit(1)
    if life is not None:
        query = query.where(_t.c.life == life)
    query = query.where(*sight.of_rows(tx, _t.c.case_id))
    row = (await tx.session.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("instance_not_found")
    return InstanceRow(**_known(row))


async def stuck(tx: Tx, case_id: UUID, life: int) -> frozenset[str]:
    """The executions of a life that have an open incident."""
    key = _incidents.c.key
    query = select(execution_in(key)).where(
        _incidents.c.case_id == case_id,
        _incidents.c.resolved_at.is_(None),
        life_in(key) == str(life),
    )
    return frozenset((await tx.session.execute(query)).scalars())


async def of_version(tx: Tx, key: str, version: int, after: Key | None, limit: int) -> tuple[InstanceRow, ...]:
    """Lives that run on a version, their own or a called one's, oldest first, from behind
    ``after``."""
    bundles = await _running(tx, key, version)
    query = select(*_columns(InstanceRow)).where(
        _t.c.ended_at.is_(None), _t.c.bundle.in_(bundles), *sight.of_rows(tx, _t.c.case_id)
    )
    if after is not None:
        query = query.where(tuple_(_t.c.case_id, _t.c.life) > after)
    rows = await tx.session.execute(query.order_by(_t.c.case_id, _t.c.life).limit(limit))
    return tuple(InstanceRow(**_known(row)) for row in rows.mappings())


async def find(tx: Tx, filters: InstanceFilters, window: Window) -> Rows[InstanceLine]:
    """Lives, those of the newest leads first."""
    columns = _columns(InstanceLine)
    names = [column.name for column in columns]
    bundles = None if filters.process is None else await _running(tx, filters.process, filters.version)
    query = select(*columns).where(*(await _sought(tx, filters, bundles)), *sight.of_rows(tx, _t.c.case_id))
    return await part(tx, query, FOUND, window, lambda row: InstanceLine(**_known(dict(zip(names, row, strict=False)))))


async def _sought(tx: Tx, filters: InstanceFilters, bundles: Collection[UUID] | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.states:
        found.append(or_(*(_CONDITIONS[state] for state in filters.states)))
    if bundles is not None:
        found.append(_t.c.bundle.in_(bundles))
    if filters.element is not None:
        name = filters.element if filters.process is None else f"{filters.process}:{filters.element}"
        found.append(await _standing_at(tx, name))
    if filters.case_id is not None:
        found.append(_t.c.case_id == filters.case_id)
    return found


async def _standing_at(tx: Tx, name: str) -> ColumnElement[bool]:
    """Whether a token stands at an element. The stands with it are named in the query of lives, as
    bundles are; lives that have come to no rest since 0051 say themselves where they stand."""
    at = select(_stands.c.id).where(func.elements_in(_stands.c.marks, type_=ARRAY(Text)).contains([name]))
    themselves = func.elements_in(_t.c.place, type_=ARRAY(Text)).contains([name])
    return or_(_t.c.stand.in_((await tx.session.scalars(at)).all()), and_(_t.c.stand.is_(None), themselves))


async def _running(tx: Tx, key: str, version: int | None) -> tuple[UUID, ...]:
    """The bundles in which a version is. Named in the query of lives, a version that few run is
    taken for as rare as it is; else PostgreSQL walks over all."""
    return tuple((await tx.session.scalars(_with(key, version))).all())


def on_version(key: str, version: int) -> ColumnElement[bool]:
    """Whether a life runs on a version, its own or a called one's."""
    return _t.c.bundle.in_(_with(key, version))


def _with(key: str, version: int | None) -> Select[Any]:
    name = key if version is None else _running_on(key, version)
    return select(_bundles.c.id).where(_bundles.c.runs.contains([name]))


def _running_on(key: str, version: int) -> str:
    return f"{key}:{version}"


def _columns(kind: type[InstanceRow] | type[InstanceLine]) -> list[Any]:
    """What a row of this kind is made of."""
    ref = [_t.c.process_key, _t.c.process_version, _t.c.process_sha256, _state]
    elsewhere = ("process", "state", "lead_id", "called", "place")
    plain = [_called, _place, *(_t.c[field.name] for field in fields(kind) if field.name not in elsewhere)]
    if kind is InstanceRow:
        plain.append(_t.c.remembered)
    return [*ref, *plain] if kind is InstanceRow else [*ref, _t.c.case_id.label("lead_id"), *plain]


def _known(row: Mapping[Any, Any]) -> dict[str, Any]:
    read = dict(row)
    read["state"] = InstanceState(read["state"])
    process = ProcessRef(read.pop("process_key"), read.pop("process_version"), read.pop("process_sha256"))
    called = tuple(ProcessRef(**ref) for ref in read["called"])
    if (remembered := read.pop("remembered", None)) is not None:
        read["snapshot"] = unpacked(remembered)
    return read | {"process": process, "called": called, "place": tuple(PlaceMark(**mark) for mark in read["place"])}
