"""An entry of the network is added or replaced, changed in part, removed; a year of the calendar is
confirmed.

Only head office changes the network, one change after the other, each at the instant of its
statement.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from cases.errors import Invalid
from domain.forms import Form
from domain.network.forms import FORMS, said, whole
from domain.network.laws.leaving import give_on
from domain.network.laws.reach import head_office
from domain.network.laws.seen import as_expected
from domain.network.reads.entries import nowhere
from domain.speaker import Speaker
from domain.versions import Versions
from store.leads import edits
from store.network import keeping
from store.network.keeping import KINDS, EntryKind, EntryOutcome, Wanted, history
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


class Confirmed(BaseModel):
    """A year whose days are as the authority has published them; ``days`` were not known to be
    before."""

    year: int
    days: int


async def put(
    tx: Tx, speaker: Speaker, kind: str, code: str, body: Form, expected: Versions | None = None
) -> tuple[Kept, int]:
    """The entry is as ``body`` (``FORMS[kind].whole``) says; what came of it, and its version.

    Raises ``Forbidden``; ``Changed`` when it is not what the speaker saw; ``Invalid`` with all that
    is wrong with it.
    """
    at = await _begin(tx, speaker)
    return await _keep(tx, speaker, Wanted(kind, code, whole(body), whole=True), expected, at)


async def patch(
    tx: Tx, speaker: Speaker, kind: str, code: str, body: Form, expected: Versions | None = None
) -> tuple[Kept, int]:
    """The fields that ``body`` (``FORMS[kind].part``) gives are changed. Raises as ``put`` does,
    and ``NotFound``."""
    if not (given := said(body)):
        raise Invalid("nothing_to_change")
    at = await _begin(tx, speaker)
    if await keeping.entry(tx, KINDS[kind], code) is None:
        raise nowhere(kind, code)
    return await _keep(tx, speaker, Wanted(kind, code, given), expected, at)


async def remove(tx: Tx, speaker: Speaker, kind: str, code: str, expected: Versions | None = None) -> RemovedView:
    """The entry is no more. Raises ``Forbidden``, ``NotFound``, ``Changed``, and ``Conflict`` where
    something refers to it."""
    await _begin(tx, speaker)
    await as_expected(tx, kind, code, expected)
    gone = await keeping.remove(tx, KINDS[kind], code)
    was = {"code": code} | FORMS[kind].open(gone.before)
    return RemovedView(kind=EntryKind(gone.kind), code=code, entry=was)


async def confirm_year(tx: Tx, speaker: Speaker, year: int) -> Confirmed:
    """The year's days are as the authority has published them. Raises ``Forbidden``."""
    await _begin(tx, speaker)
    return Confirmed(year=year, days=await keeping.confirm_year(tx, year))


def changes(outcome: EntryOutcome) -> dict[str, FieldChange]:
    """The fields that differ."""
    forms = FORMS[outcome.kind]
    before, after = forms.open(outcome.before), forms.open(outcome.after)
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
    """How many leads go on to others from now on (``domain.network.laws.departures``)."""
    return outcome.open_leads if outcome.kind == "dealers" else 0


async def _begin(tx: Tx, speaker: Speaker) -> datetime:
    """The statement's instant, the network held. Raises ``Forbidden``."""
    head_office(speaker)
    await keeping.hold(tx)
    at = speaker.now()
    await edits.dated(tx, at)
    return at


async def _keep(tx: Tx, speaker: Speaker, wanted: Wanted, expected: Versions | None, at: datetime) -> tuple[Kept, int]:
    await as_expected(tx, wanted.kind, wanted.code, expected)
    (outcome,) = await keeping.keep(tx, [wanted])
    verdict = outcome.verdict
    if verdict == "refused":
        raise Invalid("invalid_input", problems=outcome.problems)
    outcome, given = await give_on(tx, speaker, outcome, at)
    kept = Kept(
        kind=EntryKind(outcome.kind),
        code=outcome.code,
        verdict=verdict,
        entry={"code": outcome.code} | FORMS[outcome.kind].open(outcome.values or {}),
        changes=changes(outcome),
        given_on=given,
        left_behind=left_behind(outcome),
        going_on=going_on(outcome),
    )
    return kept, await history.version(tx, outcome.kind, outcome.code)
