"""What the desk sees of lives: which there are, all that one holds, its way, the heat of a
version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from cases.errors import FieldProblem, Invalid
from domain.coded import coded
from domain.instances import tokens
from domain.instances.tokens import TimerView, TokenView, VariablesView
from domain.leads.reads import seen
from domain.repairs.laws.who import mends
from domain.repairs.reads.incidents import resolved_by
from domain.speaker import Speaker
from store.engine import inbox, instances, sight, visits
from store.engine.inbox import IncidentLine
from store.engine.instances import InstanceFilters, InstanceLine, InstanceRow
from store.engine.visits import Heat, VisitRow
from store.leads import views
from store.listing import Rows, Window
from store.session import Tx
from store.tables import definitions
from workflows.bpmn import State

MOST_INCIDENTS = 50
USUAL = timedelta(days=30)
"""How far back a period reaches that says no beginning."""


@dataclass(frozen=True, slots=True)
class Life:
    """One life as it last came to rest; ``moving``: facts are on their way to it, so it may differ
    in a moment. ``version`` is that of its lead.

    ``incidents`` are the lead's newest, resolved ones too.
    """

    row: InstanceRow
    version: int
    moving: bool
    tokens: tuple[TokenView, ...]
    variables: tuple[VariablesView, ...]
    timers: tuple[TimerView, ...]
    incidents: tuple[IncidentLine, ...]


@dataclass(frozen=True, slots=True)
class Heated:
    """The elements of a version that tokens have been at from ``start`` on, before ``end``."""

    start: datetime
    end: datetime
    elements: tuple[Heat, ...]


async def find(tx: Tx, speaker: Speaker, filters: InstanceFilters, window: Window) -> Rows[InstanceLine]:
    """Lives as they last came to rest, those of the newest leads first. Raises ``Forbidden``."""
    mends(speaker)
    return await instances.find(tx, filters, window)


async def life(tx: Tx, speaker: Speaker, lead_id: UUID, number: int | None) -> Life:
    """One life of a lead, the latest unless a ``number`` is given. Raises ``Forbidden``,
    ``NotFound``."""
    mends(speaker)
    version = await seen.version_of(tx, lead_id)
    row = await instances.one(tx, lead_id, number)
    state = State.from_json(row.snapshot)
    since = await visits.standing(tx, lead_id, row.life)
    stuck = await instances.stuck(tx, lead_id, row.life)
    found = await inbox.incidents(tx, Window(MOST_INCIDENTS), lead_id=lead_id, open_only=False)
    return Life(
        row=row,
        version=version,
        moving=await views.moving(tx, lead_id),
        tokens=tokens.tokens(state, since, stuck),
        variables=await _in_codes(tx, tokens.variables(state)),
        timers=tokens.timers(state),
        incidents=tuple(await resolved_by(tx, found.items)),
    )


async def path(
    tx: Tx, speaker: Speaker, lead_id: UUID, number: int | None, window: Window, after: int = 0
) -> Rows[VisitRow]:
    """Every visit of an element, in the order in which they began. Raises as ``life`` does."""
    mends(speaker)
    lived = (await instances.one(tx, lead_id, number)).life
    return await visits.path(tx, lead_id, lived, window, after=after)


async def heat(
    tx: Tx, speaker: Speaker, key: str, version: int, since: datetime | None = None, until: datetime | None = None
) -> Heated:
    """How each element of a version did: 30 days before ``until`` unless ``since`` is given, up to
    now unless ``until`` is.

    Raises ``Forbidden``, ``NotFound``, and ``Invalid`` for a period that ends before it begins.
    """
    mends(speaker)
    now = speaker.now()
    end = until or now
    start = since or end - USUAL
    if start >= end:
        raise Invalid("invalid_input", problems=(FieldProblem("to", "out_of_range"),))
    await definitions.process(tx, key, version)
    # What happens at this very instant belongs to a period that reaches until now.
    before = end if until else end + timedelta.resolution
    return Heated(start, end, tuple(await visits.heat(tx, key, version, start, before, now)))


async def _in_codes(tx: Tx, remembered: Sequence[VariablesView]) -> tuple[VariablesView, ...]:
    names = await views.named_in(tx, (one.variables for one in remembered))
    plain = await sight.blanked(tx, [one.variables for one in remembered])
    pairs = zip(remembered, plain, strict=True)
    return tuple(replace(one, variables=coded(variables, names)) for one, variables in pairs)
