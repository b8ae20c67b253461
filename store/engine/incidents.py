"""What could not be done: a lead waits at an incident until somebody retries it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Text, and_, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from cases.errors import Conflict, NotFound
from cases.ids import new_id
from cases.states import ENDED
from store.engine import batches, sight
from store.engine.step_keys import execution_in, life_in
from store.models import VISITS, Bundle, Case, ProcessInstance
from store.models import Incident as Row
from store.session import Tx

MISSING_DEFINITION: Final = "missing_definition"
"""The kind of an incident that no retry mends: no worker can load a version that the lead runs
on."""

_table = Row.__table__
_lives = ProcessInstance.__table__
_bundles = Bundle.__table__
_cases = Case.__table__
_visits = VISITS


@dataclass(frozen=True, slots=True)
class Incident:
    """One step that failed for good. ``message`` is for engineers and holds no personal data."""

    id: UUID
    case_id: UUID
    key: str
    element: str
    kind: str
    message: str
    at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


@dataclass(frozen=True, slots=True)
class Sought:
    """Which open incidents; empty means all. ``element`` is an id of ``process`` if that is given.

    ``message`` is a part of the incident's, as it is written.
    """

    kind: str | None = None
    element: str | None = None
    process: str | None = None
    message: str | None = None


async def record(tx: Tx, case_id: UUID | str, key: str, element: str, kind: str, message: str, at: datetime) -> bool:
    """Records an incident under its key; True if it is new or open again, False if it was open
    already.

    One that a bulk retry had closed is that retry's failure.
    """
    fresh = insert(_table).values(
        id=new_id(), case_id=UUID(str(case_id)), key=key, element=element, kind=kind, message=message, at=at
    )
    again = fresh.on_conflict_do_update(
        index_elements=["key"],
        set_={"at": at, "message": message, "resolved_at": None, "resolved_by": None},
        where=_table.c.resolved_at.is_not(None),
    )
    happened = (await tx.session.execute(again.returning(_table.c.id))).first() is not None
    if happened:
        await batches.failed_again(tx, UUID(str(case_id)), key, message)
    return happened


async def resolve(tx: Tx, incident_id: UUID, at: datetime, by: str) -> Incident:
    """Closes an incident. Raises ``NotFound``, and ``Conflict`` when somebody has closed it
    already."""
    closing = update(_table).where(_table.c.id == incident_id, _table.c.resolved_at.is_(None))
    closing = closing.values(resolved_at=at, resolved_by=by).returning(_table)
    row = (await tx.session.execute(closing)).mappings().one_or_none()
    if row is not None:
        return Incident(**row)
    if (await tx.session.execute(select(_table.c.id).where(_table.c.id == incident_id))).first() is None:
        raise NotFound("incident_not_found")
    raise Conflict("incident_resolved")


async def resolve_at(tx: Tx, key: str, at: datetime, by: str) -> None:
    """Closes whatever incident is open at a step, if any."""
    closing = update(_table).where(_table.c.key == key, _table.c.resolved_at.is_(None))
    await tx.session.execute(closing.values(resolved_at=at, resolved_by=by))


async def sought(tx: Tx, what: Sought) -> tuple[Incident, ...]:
    """All open incidents that are sought and that a retry may mend, those of one lead together,
    oldest first."""
    query = select(_table).where(_table.c.resolved_at.is_(None), _table.c.kind != MISSING_DEFINITION)
    query = query.where(*sight.of_rows(tx, _table.c.case_id))
    for column, value in ((_table.c.kind, what.kind), (_table.c.element, what.element)):
        if value is not None:
            query = query.where(column == value)
    if what.message is not None:
        query = query.where(_table.c.message.contains(what.message, autoescape=True))
    if what.process is not None:
        # A step is done in the visit of the same key.
        there = and_(
            _visits.c.case_id == _table.c.case_id,
            cast(_visits.c.life, Text) == life_in(_table.c.key),
            _visits.c.execution == execution_in(_table.c.key),
            _visits.c.process == what.process,
        )
        query = query.where(select(_visits.c.life).where(there).exists())
    rows = await tx.session.execute(query.order_by(_table.c.case_id, _table.c.at, _table.c.id))
    return tuple(Incident(**row) for row in rows.mappings())


async def by_id(tx: Tx, ids: Collection[UUID]) -> tuple[Incident, ...]:
    """These incidents, open or not, as far as they exist; those of one lead together, oldest
    first."""
    mine = (_table.c.id.in_(ids), *sight.of_rows(tx, _table.c.case_id))
    query = select(_table).where(*mine).order_by(_table.c.case_id, _table.c.at, _table.c.id)
    return tuple(Incident(**row) for row in (await tx.session.execute(query)).mappings())


# -- versions that are not there -----------------------------------------------------------------


async def definition_missing(tx: Tx, sha256: str, at: datetime) -> int:
    """No worker can load this file: every lead that runs on it waits. Returns how many incidents
    are new."""
    going_on = _cases.c.ended_at.is_(None) & _cases.c.status.not_in(ENDED)
    starts = select(_cases.c.id).where(_cases.c.process_sha256 == sha256, going_on)
    runs = select(_lives.c.case_id).where(
        _lives.c.ended_at.is_(None),
        or_(
            _lives.c.process_sha256 == sha256,
            _lives.c.bundle.in_(select(_bundles.c.id).where(_bundles.c.called.contains([{"sha256": sha256}]))),
        ),
    )
    waiting = (await tx.session.execute(starts.union(runs))).scalars().all()
    message = f"no process version with sha256 {sha256} is deployed; deploy that file and the lead goes on by itself"
    news = [
        await record(tx, lead, f"{lead}:definition:{sha256}", "", MISSING_DEFINITION, message, at) for lead in waiting
    ]
    return sum(news)


async def definition_found(tx: Tx, sha256: str, at: datetime) -> None:
    """A worker has loaded this file: what waited for it goes on."""
    mine = update(_table).where(
        _table.c.kind == MISSING_DEFINITION,
        _table.c.resolved_at.is_(None),
        func.split_part(_table.c.key, ":", 3) == sha256,
    )
    await tx.session.execute(mine.values(resolved_at=at, resolved_by=str(tx.actor)))
