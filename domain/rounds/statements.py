"""What a person may state about a round: that a period is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.errors import Conflict, FieldProblem, Invalid, NotFound
from cases.parties import Party, Team
from cases.zone import minute_shown
from domain.rounds import laws
from domain.rounds.kind import RUN_ASKED
from domain.rounds.laws import Period, Rhythm
from domain.rounds.words import RoundStatus
from store.engine import cases, outbox, timeline
from store.kinds import rounds
from store.kinds.rounds import RoundRow, Run
from store.network import hours
from store.session import Tx


async def ask_run(tx: Tx, key: str, name: str, row: Mapping[str, Any], at: datetime) -> Run:
    """Has a period of a round done that the outage, the table or a later set-up left out; ``row``
    is the table's.

    Raises ``NotFound`` for a round that never ran, ``Invalid`` for what is none of its periods,
    ``Conflict`` when it is over, the period is not due yet, waits, or was done.
    """
    found = await of(tx, key)
    rhythm = laws.rhythm_of(row)
    if found.status != RoundStatus.RUNNING or rhythm is None:
        raise Conflict("round_over", round=key)
    period = _period(name, rhythm)
    calendar = (await hours.calendar(tx, Party(Team.HEAD_OFFICE), at)).calendar
    due = rhythm.due(period, calendar)
    if due > at:
        raise Conflict("period_not_due", period=period.name, due=minute_shown(due))
    await cases.lock(tx, found.case_id)
    if not await rounds.ask(tx, key, period.name, period.begins, found.case_id, at):
        raise _refusal(await _run(tx, key, period))
    await timeline.record(tx, found.case_id, at, "round_asked", round=key, period=period.name)
    await outbox.tell(tx, found.case_id, RUN_ASKED, at, {"period": period.name})
    return await _run(tx, key, period)


async def of(tx: Tx, key: str) -> RoundRow:
    """A round as it stands. Raises ``NotFound``."""
    found = await rounds.rounds(tx, key)
    if not found:
        raise NotFound("round_not_found", round=key)
    return found[0]


def _period(name: str, rhythm: Rhythm) -> Period:
    like = laws.period_of(rhythm.every, laws.EXAMPLE).name
    try:
        period = laws.read(name)
    except ValueError as failure:
        raise Invalid("invalid_input", problems=(FieldProblem("period", "no_period", {"like": like}),)) from failure
    if period.every is not rhythm.every:
        raise Invalid("invalid_input", problems=(FieldProblem("period", "no_period", {"like": like}),))
    return period


def _refusal(run: Run) -> Conflict:
    if run.ended_at is None:
        return Conflict("period_running", period=run.period)
    return Conflict("period_done", period=run.period, at=minute_shown(run.ended_at), count=run.done)


async def _run(tx: Tx, key: str, period: Period) -> Run:
    run = await rounds.run(tx, key, period.name)
    assert run is not None  # it is there: its key is why it was refused, or it has just been written
    return run
