"""What head office is told of changes to the network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.network.forms import SPOKEN
from cases.actors import staff_id
from domain.versions import Change, Changed, Versions
from store.leads.views import Named, people_of
from store.network.keeping import EntryKind, EntryOutcome, history
from store.network.keeping.history import EntryChange
from store.session import Tx


class FieldChange(BaseModel):
    """A field as it was and as it is now."""

    before: Any
    after: Any


class LeftBehind(BaseModel):
    """Leads that a person has left behind: give them on with ``POST /leads:reassign``, 500 at a
    time."""

    open_leads: int
    leads: list[UUID] = Field(description="The first 500 of them")


class Kept(BaseModel):
    """What became of an entry. Of one that became inactive: how many open leads were given on,
    those that are left behind, and of a dealer how many go on to others from now on, one by one."""

    kind: EntryKind
    code: str
    verdict: Literal["created", "changed", "unchanged"]
    entry: dict[str, Any]
    changes: dict[str, FieldChange]
    given_on: int
    left_behind: LeftBehind | None
    going_on: int


class RemovedView(BaseModel):
    """An entry that is no more, as it was."""

    kind: EntryKind
    code: str
    entry: dict[str, Any]


class NetworkChangeView(BaseModel):
    """A change of an entry. ``what``: it came to be, was changed or removed; ``by``: None for Baton
    itself."""

    number: int
    at: datetime
    by: Named | None
    kind: EntryKind
    code: str
    what: Literal["created", "changed", "removed"]
    before: dict[str, Any]
    after: dict[str, Any]


def changes(outcome: EntryOutcome) -> dict[str, FieldChange]:
    """The fields that differ."""
    spoken = SPOKEN[outcome.kind]
    before, after = spoken.open(outcome.before), spoken.open(outcome.after)
    return {
        name: FieldChange(before=before.get(name), after=value)
        for name, value in after.items()
        if outcome.verdict == "changed"
    }


def left_behind(outcome: EntryOutcome) -> LeftBehind | None:
    """The leads for which somebody has to be found; those of a dealer go on by themselves."""
    if not outcome.open_leads or outcome.kind == "dealers":
        return None
    return LeftBehind(open_leads=outcome.open_leads, leads=list(outcome.leads))


def going_on(outcome: EntryOutcome) -> int:
    """How many leads go on to others from now on (``activities.departures``)."""
    return outcome.open_leads if outcome.kind == "dealers" else 0


async def lines(tx: Tx, found: Sequence[EntryChange]) -> list[NetworkChangeView]:
    """Changes as people see them."""
    known = await people_of(tx, [one.by for one in found])
    return [
        NetworkChangeView(
            number=one.number,
            at=one.at,
            by=known.get(staff_id(one.by)),
            kind=EntryKind(one.kind),
            code=one.code,
            what="created" if not one.before else "changed" if one.after else "removed",
            before=one.before,
            after=one.after,
        )
        for one in found
    ]


async def as_expected(tx: Tx, kind: str, code: str, expected: Versions | None) -> None:
    """Raises ``Changed`` with every field that differs from what the caller saw."""
    if expected is None:
        return
    version = await history.version(tx, kind, code)
    if expected.match(version):
        return
    seen = next((number for number in expected.numbers() if number < version), None)
    made = () if seen is None else await history.since(tx, kind, code, seen)
    known = await people_of(tx, [one.by for one in made])
    first, last = dict[str, EntryChange](), dict[str, EntryChange]()
    for line in made:
        for name in {**line.before, **line.after}:
            first.setdefault(name, line)
            last[name] = line
    found = [
        Change(name, first[name].before.get(name), line.after.get(name), line.at, known.get(staff_id(line.by)))
        for name, line in last.items()
        if first[name].before.get(name) != line.after.get(name)  # changed to and fro: as the caller saw it
    ]
    raise Changed(version, {"changes": found})
