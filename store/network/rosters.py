"""All dealers of the network, as a snapshot of it has them: from these a lead's near ones are
chosen (A6).

A snapshot never changes: the newest is read once a process and database, else a thousand dealers
would be read for every lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Table, bindparam, case, func, select

from store.models import Snapshot
from store.session import Tx

_snapshots: Table = Snapshot.__table__  # pyright: ignore[reportAssignmentType]


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A dealer as a snapshot of the network has it; one that was kept before places were has no
    ``city``. ``point``: latitude and longitude of its own."""

    id: UUID
    code: str
    region: str
    city: str | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """All dealers of a snapshot, and its number."""

    number: int
    dealers: tuple[RosterLine, ...]


_ROSTER = select(_snapshots.c.number, _snapshots.c.content).where(_snapshots.c.kind == "dealers")
NEWEST_NUMBER = (
    select(func.max(_snapshots.c.number)).where(_snapshots.c.kind == "dealers").scalar_subquery().label("roster")
)
"""The number of the newest snapshot of the dealers."""
_NEWEST_ROSTER = (
    select(
        _snapshots.c.number,
        case((_snapshots.c.number != bindparam("known"), _snapshots.c.content)).label("content"),
    )
    .where(_snapshots.c.kind == "dealers")
    .order_by(_snapshots.c.number.desc())
    .limit(1)
)
_rosters: WeakKeyDictionary[Any, Roster] = WeakKeyDictionary()
"""The newest snapshot by engine."""


async def roster(tx: Tx, number: int | None = None) -> Roster:
    """All dealers of the network as they are, or as they were when a snapshot was taken; none if
    there is none."""
    if number is not None:
        found = (await tx.session.execute(_ROSTER.where(_snapshots.c.number == number))).one_or_none()
        return Roster(0, ()) if found is None else _roster(found.number, found.content)
    engine = tx.engine
    known = _rosters.get(engine, Roster(0, ()))
    newest = (await tx.session.execute(_NEWEST_ROSTER, {"known": known.number})).one_or_none()
    if newest is None:
        return Roster(0, ())
    if newest.number != known.number:
        known = _rosters[engine] = _roster(newest.number, newest.content)
    return known


def remembered(tx: Tx, number: int | None) -> Roster | None:
    """The network's newest snapshot, if it has this number and this process has read it before."""
    known = _rosters.get(tx.engine)
    return known if known is not None and known.number == number else None


def _roster(number: int, content: list[list[Any]]) -> Roster:
    return Roster(number, tuple(_line(*line) for line in content))


def _line(
    identity: str,
    code: str,
    region: str,
    city: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> RosterLine:
    point = None if latitude is None or longitude is None else (latitude, longitude)
    return RosterLine(UUID(identity), code, region, city, point)
