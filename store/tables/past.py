"""What was decided about leads in a period, as it was stored, in order: what a back-test reads
(DESIGN, idea 3).

A decision keeps its inputs, and a deadline how it came about, so nothing here looks at the network
as it is now.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Text, and_, case, cast, func, lateral, not_, select, true

from cases.states import GRADE_VALIDITY
from store.leads.assignments import AssignmentKind
from store.models import Assignment, DecisionRecord, SlaClock
from store.session import Tx

_decisions = DecisionRecord.__table__
_clocks = SlaClock.__table__
_assignments = Assignment.__table__

AT_A_TIME = 500
"""Rows in memory at once: a choice among hundreds of dealers is 100 kB."""


@dataclass(frozen=True, slots=True)
class PastClock:
    """The deadline that a decision set, and what became of it. ``calendar`` and ``hours`` are
    numbers of snapshots (``store.network.hours``)."""

    kind: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    calendar: int | None
    promised_at: datetime | None
    hours: int | None = None
    paused_minutes: float = 0


@dataclass(frozen=True, slots=True)
class Past:
    """One stored decision. ``candidates`` is JSON that only few need to read; ``dealer`` is the
    lead's at the time.

    ``got_at``: of a decision how long the grade is valid, when its consultant had got the lead, if
    from then on they could have the whole time: not where the clock of the grade before goes on,
    nor where they had had the lead before (``domain.grade_validity``).
    """

    id: UUID
    case_id: UUID
    at: datetime
    key: str
    version: int
    inputs: dict[str, Any]
    result: dict[str, Any]
    candidates: str
    dealer: UUID | None
    clock: PastClock | None
    got_at: datetime | None = None


async def by_lead(
    tx: Tx, keys: Collection[str], since: datetime, until: datetime, first: UUID, last: UUID
) -> AsyncIterator[list[Past]]:
    """The decisions of some tables in [since, until) about the leads from ``first`` to ``last``: a
    lead at a time, each in the order in which it was decided."""
    d, c = _decisions.c, _clocks.c
    held = lateral(
        select(_assignments.c.dealer_id, _assignments.c.staff_id, _assignments.c.at)
        .where(_assignments.c.lead_id == d.case_id, _assignments.c.at <= d.at, d.key != "dispatch")
        .order_by(_assignments.c.at.desc(), _assignments.c.id.desc())
        .limit(1)
    ).alias("held")
    whole_time = and_(c.kind == GRADE_VALIDITY, held.c.staff_id.is_not(None), not_(_goes_on()), not_(_had_before(held)))
    query = (
        select(
            d.id,
            d.case_id,
            d.at,
            d.key,
            d.version,
            d.inputs,
            d.result,
            cast(d.candidates, Text),
            held.c.dealer_id,
            case((c.kind == GRADE_VALIDITY, case((whole_time, held.c.at)))),
            c.kind,
            c.started_at,
            c.due_at,
            c.stopped_at,
            c.calendar,
            c.promised_at,
            c.hours,
            c.paused_minutes,
        )
        .select_from(_decisions)
        .outerjoin(_clocks, and_(c.case_id == d.case_id, c.decision_id == d.id))
        .outerjoin(held, true())
        .where(d.case_id.between(first, last), d.key.in_(sorted(keys)), d.at >= since, d.at < until)
        .order_by(d.case_id, d.at, d.id)
    )
    rows = await tx.session.stream(query.execution_options(yield_per=AT_A_TIME))
    lead: list[Past] = []
    async for some in rows.partitions():
        for case_id, found in groupby(map(_past, some), key=lambda one: one.case_id):
            if lead and lead[0].case_id != case_id:
                yield lead
                lead = []
            lead.extend(found)
    if lead:
        yield lead


def _goes_on() -> ColumnElement[bool]:
    """Whether the clock began where that of another grade was stopped for it: it counts from where
    that one did."""
    former, c = _clocks.alias().c, _clocks.c
    same = and_(former.case_id == c.case_id, former.kind == c.kind, former.started_at == c.started_at)
    ended = and_(former.stopped_at == _decisions.c.at, former.grade != c.grade)
    return select(former.id).where(same, ended).exists()


def _had_before(held: FromClause) -> ColumnElement[bool]:
    """As ``store.leads.assignments.had_before``, at the instant of the decision."""
    d, one, back = _decisions.c, _assignments.alias().c, _assignments.alias().c
    returned = select(func.max(back.at)).where(
        back.lead_id == d.case_id, back.kind == AssignmentKind.RETURN, back.at <= d.at
    )
    return (
        select(one.id)
        .where(
            one.lead_id == d.case_id,
            one.previous_staff_id == held.c.staff_id,
            one.at > func.greatest(_clocks.c.started_at, returned.scalar_subquery()),
            one.at <= d.at,
        )
        .exists()
    )


async def stored_inputs(tx: Tx, key: str, since: datetime, until: datetime, look: int = 50) -> frozenset[str] | None:
    """The names of what a table was asked, as far as the newest decisions of a period keep it; None
    without any."""
    d = _decisions.c
    newest = (
        select(d.inputs, d.candidates)
        .where(d.key == key, d.at >= since, d.at < until)
        .order_by(d.at.desc(), d.id.desc())
        .limit(look)
    )
    rows = (await tx.session.execute(newest)).all()
    if not rows:
        return None
    names: set[str] = set()
    for inputs, candidates in rows:
        names |= inputs.keys()
        for line in candidates:
            names |= line.get("inputs", {}).keys()
    return frozenset(names)


def _past(row: Any) -> Past:
    (decision, lead, at, key, version, inputs, result, candidates, dealer, got_at, *clock) = row
    kept = None if clock[0] is None else PastClock(*clock)
    return Past(decision, lead, at, key, version, inputs, result, candidates, dealer, kept, got_at)
