"""What a person may state about a round: that a period is to be done."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cases.errors import Conflict, FieldProblem, Invalid, NotFound
from cases.parties import Party, Team
from cases.zone import minute_shown
from domain.forms import Code, Form
from domain.reach import HEAD_OFFICE, the_person, with_role
from domain.rounds import laws, opening
from domain.rounds.kind import RUN_ASKED
from domain.rounds.laws import Period, Rhythm
from domain.rounds.words import RoundStatus
from domain.speaker import Speaker
from store.engine import cases, outbox, timeline
from store.kinds import rounds
from store.kinds.rounds import RoundRow, Run
from store.network import hours
from store.session import Tx


class RunForm(Form):
    """Which period is to be done."""

    period: Annotated[
        Code, Field(description="As the round's length is: `2026-11-29T13`, `2026-11-29`, `2026-W48`, `2026-11`, …")
    ]


async def ask_run(tx: Tx, speaker: Speaker, key: str, form: RunForm) -> Run:
    """Has a period of a round done that the outage, the table or a later set-up left out.

    Raises ``Forbidden``, ``NotFound`` for a round that never ran, ``Invalid`` for what is none of
    its periods, ``Conflict`` when it is over, the period is not due yet, waits, or was done.
    """
    with_role(the_person(speaker), HEAD_OFFICE)
    at = speaker.now()
    found = await of(tx, key)
    rhythm = laws.rhythm_of(opening.row_of(await speaker.tables(tx), key, at))
    if found.status != RoundStatus.RUNNING or rhythm is None:
        raise Conflict("round_over", round=key)
    period = _period(form.period, rhythm)
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
