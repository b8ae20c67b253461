"""A round plans its next period and does it, part by part (docs/decisions/0050)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from cases.parties import Party, Team
from cases.states import Role
from domain.rounds import laws, opening
from domain.rounds.laws import Rhythm
from domain.rounds.registry import ROUNDS, Turn
from domain.rounds.words import RoundStatus
from domain.work import InputRefused, Result, Work
from store.engine import cases
from store.kinds import rounds
from store.kinds.rounds import Run

HEAD_OFFICE: Final = Party(Team.HEAD_OFFICE)
"""Whose working days count."""
_HOURS: Final = 24.0  # what counts as old where the table does not say it
_DAYS: Final = 60.0  # how far ahead is looked where the table does not say it


async def plan_round(work: Work) -> Result:
    """Asks the table when the round's next period is due; the case ends if there is no row for it
    any more."""
    case = await cases.get(work.tx, work.case.id)
    key = str(case.facts["round"])
    await opening.open_missing(work.tx, work.tables, work.at)  # a row that came back would wait for the next start
    made = work.decide("rounds", round=key) if opening.row_of(work.tables, key, work.at) else None
    rhythm = _rhythm(made.outputs) if made is not None else None
    if made is None or rhythm is None:
        work.change(status=RoundStatus.OVER.value, ended_at=work.at, outcome=RoundStatus.OVER.value)
        work.note("round_over", because=made.id if made is not None else None)
        return {"period": None, "at": None}
    calendar = (await work.calendar(HEAD_OFFICE)).calendar
    last = await rounds.newest(work.tx, key)
    planned = laws.following(rhythm, calendar, last=last, since=case.opened_at, now=work.at)
    work.note("round_planned", because=made.id, round=key, period=planned.period.name, at=planned.at)
    return {"period": planned.period.name, "at": planned.at}


async def run_round(work: Work) -> Result:
    """Does one part of a period, at most 500 rows in one transaction; a period that is done is not
    done again.

    Without ``period``: what was asked for and is not done, the first one first.
    """
    case = await cases.get(work.tx, work.case.id)
    key = str(case.facts["round"])
    row = opening.row_of(work.tables, key, work.at)
    run = await _run(work, key, _rhythm(row))
    if run is None or run.ended_at is not None:
        return {"more": False, "after": None, "done": 0}
    part = await ROUNDS[key](
        Turn(
            work.tx,
            work.at,
            laws.read(run.period),
            run.position,
            timedelta(hours=float(row.get("older_than_hours") or _HOURS)),
            timedelta(days=float(row.get("ahead_days") or _DAYS)),
            work.house,
            lambda code, /, **data: work.tell(code, role=Role.HQ, **data),
        )
    )
    ended = work.at if part.after is None else None
    await rounds.note(work.tx, run, done=part.done, position=part.after, ended_at=ended)
    if ended is not None:
        work.note("round_done", round=key, period=run.period, count=run.done + part.done)
    left = part.after is not None or (work.data.get("period") is None and await _asked(work, key) is not None)
    return {"more": left, "after": part.after, "done": part.done}


async def _run(work: Work, key: str, rhythm: Rhythm | None) -> Run | None:
    """The period that is to be done, held; None if there is nothing to do."""
    name = work.data.get("period")
    if name is None:
        return await _asked(work, key)
    try:
        period = laws.read(str(name))
    except ValueError as failure:
        raise InputRefused("period", "the name of a period, as plan_round gives it") from failure
    # Its instant came in an outage: by now a newer one may be due, which takes its place.
    if rhythm is not None and await rounds.run(work.tx, key, period.name) is None:
        calendar = (await work.calendar(HEAD_OFFICE)).calendar
        if laws.passed_over(rhythm, calendar, period, work.at):
            work.note("round_passed_over", round=key, period=period.name)
            return None
    return await rounds.begin(work.tx, key, period.name, period.begins, work.case.id, work.at)


async def _asked(work: Work, key: str) -> Run | None:
    return await rounds.asked(work.tx, key, work.at)


def _rhythm(row: Mapping[str, Any]) -> Rhythm | None:
    """What the table says; None if it has no row for the round. Raises ``InputRefused``."""
    try:
        return laws.rhythm_of(row)
    except ValueError as failure:
        raise InputRefused("on", "a weekday, 1 to 7") from failure
