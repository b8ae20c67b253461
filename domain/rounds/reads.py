"""How rounds stand, for people: the last run, what it did, the next instant, a lamp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cases.actors import staff_id
from cases.messages import Language, say
from cases.states import Lamp, word
from domain.rounds.words import WORDS, RoundStatus
from store.kinds import rounds
from store.kinds.rounds import RoundRow, Run
from store.leads.views import Named, people_of
from store.session import Tx

LATE: Final = timedelta(hours=1)
"""So long after its instant a round that still waits is late."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """One period of a round: ``done`` rows so far, ``ended_at`` None while it is not finished.

    ``planned``: the table came to it; ``asked_by``: who asked for it.
    """

    period: str
    planned: bool
    asked_at: datetime | None
    asked_by: Named | None
    started_at: datetime | None
    ended_at: datetime | None
    done: int


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round by its name in the table ``rounds``. ``case_id`` is what its incidents and migrations
    go by.

    ``lamp``: red with an open incident, amber when it is more than an hour late, else green.
    ``last`` is its newest period.
    """

    key: str
    name: str
    case_id: UUID
    status: RoundStatus
    lamp: Lamp
    opened_at: datetime
    next_at: datetime | None
    process: str
    version: int
    last: RunLine | None


def lamp(row: RoundRow, at: datetime) -> Lamp:
    """How urgent it is that somebody looks at a round."""
    if row.troubled:
        return Lamp.RED
    late = row.next_due_at is not None and row.next_due_at + LATE < at
    return Lamp.AMBER if late and row.status == RoundStatus.RUNNING else Lamp.GREEN


async def lines(tx: Tx, at: datetime, language: Language) -> list[RoundLine]:
    """Every round that was ever opened, by its name."""
    newest = await rounds.last_runs(tx)
    names = await people_of(tx, [run.asked_by for run in newest.values()])
    return [_line(row, newest.get(row.round), names, at, language) for row in await rounds.rounds(tx)]


async def line(tx: Tx, row: RoundRow, at: datetime, language: Language) -> RoundLine:
    """One round."""
    last = (await rounds.last_runs(tx)).get(row.round)
    names = await people_of(tx, [last.asked_by if last else None])
    return _line(row, last, names, at, language)


async def run_lines(tx: Tx, found: tuple[Run, ...]) -> list[RunLine]:
    """Periods as people see them."""
    names = await people_of(tx, [run.asked_by for run in found])
    return [_run(run, names) for run in found]


def _line(row: RoundRow, last: Run | None, names: Mapping[str, Named], at: datetime, language: Language) -> RoundLine:
    return RoundLine(
        row.round,
        say(WORDS, row.round, language),
        row.case_id,
        word(RoundStatus, row.status),
        lamp(row, at),
        row.opened_at,
        row.next_due_at if row.status == RoundStatus.RUNNING else None,
        row.process_key,
        row.process_version,
        None if last is None else _run(last, names),
    )


def _run(run: Run, names: Mapping[str, Named]) -> RunLine:
    by = names.get(staff_id(run.asked_by))
    return RunLine(run.period, run.planned, run.asked_at, by, run.started_at, run.ended_at, run.done)
