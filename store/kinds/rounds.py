"""Rounds: which run, and what each has done in which period. A period has one row, so it is done
once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from cases.states import CaseKind
from store.listing import Order, Rows, Window, part
from store.models import Case, RoundRun
from store.models import Incident as IncidentRow
from store.session import Tx


@dataclass(frozen=True, slots=True)
class Run:
    """One period of a round. ``planned``: the table's turn; one that somebody asked for has
    ``asked_by`` (an actor), and is both if the table comes to it, too. ``done`` counts rows;
    ``ended_at`` None: it is not finished."""

    round: str
    period: str
    case_id: UUID
    begins_at: datetime
    planned: bool
    asked_at: datetime | None
    asked_by: str | None
    started_at: datetime | None
    ended_at: datetime | None
    position: str | None
    done: int


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as it stands: its newest case. ``troubled``: it has an open incident."""

    round: str
    case_id: UUID
    status: str
    opened_at: datetime
    ended_at: datetime | None
    next_due_at: datetime | None
    troubled: bool
    process_key: str
    process_version: int


_runs = RoundRun.__table__
_cases = Case.__table__
_incidents = IncidentRow.__table__
_columns = [_runs.c[field.name] for field in fields(Run)]
_key = _cases.c.facts["round"].astext
NEWEST: Final = Order("round_runs", (_runs.c.begins_at, _runs.c.period), descending=True)
FEW: Final = Window(50)
_OPENING = text("SELECT pg_advisory_xact_lock(hashtextextended('rounds are opened', 0))")


# -- which run -----------------------------------------------------------------------------------


async def running(tx: Tx) -> Mapping[str, UUID]:
    """The case of each round that has not ended; nobody else opens one until this transaction
    ends."""
    await tx.session.execute(_OPENING)
    query = select(_key, _cases.c.id).where(_cases.c.kind == CaseKind.ROUND, _cases.c.ended_at.is_(None))
    return {row[0]: row[1] for row in await tx.session.execute(query)}


async def rounds(tx: Tx, key: str | None = None) -> tuple[RoundRow, ...]:
    """Every round that was ever opened, or one: its newest case."""
    troubled = select(_incidents.c.id).where(_incidents.c.case_id == _cases.c.id, _incidents.c.resolved_at.is_(None))
    c = _cases.c
    columns = (c.id, c.status, c.opened_at, c.ended_at, c.next_due_at)
    query = (
        select(_key.label("round"), *columns, troubled.exists(), c.process_key, c.process_version)
        .where(c.kind == CaseKind.ROUND)
        .ext(distinct_on(_key))
        .order_by(_key, c.opened_at.desc(), c.id.desc())
    )
    if key is not None:
        query = query.where(_key == key)
    return tuple(RoundRow(*row) for row in await tx.session.execute(query))


# -- what they do --------------------------------------------------------------------------------


async def newest(tx: Tx, key: str) -> datetime | None:
    """When the newest period begins that the table has come to."""
    query = select(func.max(_runs.c.begins_at)).where(_runs.c.round == key, _runs.c.planned)
    return await tx.session.scalar(query)


async def begin(tx: Tx, key: str, period: str, begins_at: datetime, case_id: UUID, at: datetime) -> Run:
    """The table has come to a period: its row, held for this transaction alone, whether or not it
    was there."""
    mine = {"round": key, "period": period, "begins_at": begins_at, "case_id": case_id}
    fresh = insert(_runs).values(mine | {"planned": True, "started_at": at, "done": 0})
    found = fresh.on_conflict_do_update(
        index_elements=["round", "period"],
        set_={"planned": True, "started_at": func.coalesce(_runs.c.started_at, at)},
    )
    return Run(*(await tx.session.execute(found.returning(*_columns))).one())


async def asked(tx: Tx, key: str, at: datetime) -> Run | None:
    """The period that was asked for first and is not done, held for this transaction alone."""
    c = _runs.c
    waits = (c.round == key) & c.asked_at.is_not(None) & c.ended_at.is_(None)
    query = select(c.period).where(waits).order_by(c.asked_at, c.begins_at).limit(1).with_for_update()
    period = await tx.session.scalar(query)
    if period is None:
        return None
    started = update(_runs).where(c.round == key, c.period == period).values(started_at=func.coalesce(c.started_at, at))
    return Run(*(await tx.session.execute(started.returning(*_columns))).one())


async def note(tx: Tx, run: Run, *, done: int, position: str | None, ended_at: datetime | None) -> None:
    """What one part of a run, which is held, came to; ``ended_at`` after the last one."""
    this = (_runs.c.round == run.round) & (_runs.c.period == run.period)
    values = {"done": _runs.c.done + done, "position": position, "ended_at": ended_at}
    await tx.session.execute(update(_runs).where(this).values(**values))


async def ask(tx: Tx, key: str, period: str, begins_at: datetime, case_id: UUID, at: datetime) -> bool:
    """Somebody (the transaction's actor) wants a period done; False if it has been, or is waited
    for."""
    mine = {"round": key, "period": period, "begins_at": begins_at, "case_id": case_id}
    wanted = {"planned": False, "asked_at": at, "asked_by": str(tx.actor), "done": 0}
    fresh = insert(_runs).values(mine | wanted).on_conflict_do_nothing().returning(_runs.c.period)
    return (await tx.session.execute(fresh)).first() is not None


# -- what is shown -------------------------------------------------------------------------------


async def run(tx: Tx, key: str, period: str) -> Run | None:
    """One period of a round, if it has a row."""
    query = select(*_columns).where(_runs.c.round == key, _runs.c.period == period)
    row = (await tx.session.execute(query)).one_or_none()
    return None if row is None else Run(*row)


async def runs(tx: Tx, key: str, window: Window) -> Rows[Run]:
    """The periods of a round, newest first."""
    query = select(*_columns).where(_runs.c.round == key)
    return await part(tx, query, NEWEST, window, lambda row: Run(*row[: len(_columns)]))


async def last_runs(tx: Tx) -> Mapping[str, Run]:
    """Of each round the newest period that has a row."""
    query = select(*_columns).ext(distinct_on(_runs.c.round)).order_by(_runs.c.round, _runs.c.begins_at.desc())
    return {row.round: Run(*row) for row in await tx.session.execute(query)}


# -- what some look for --------------------------------------------------------------------------


_UNCONFIRMED = text(
    """
    SELECT year FROM unnest(CAST(:years AS integer[])) AS year
    WHERE NOT EXISTS (SELECT FROM calendar_days WHERE confirmed AND extract(year FROM day) = year)
    ORDER BY year
    """
)


async def unconfirmed(tx: Tx, years: list[int]) -> tuple[int, ...]:
    """Those of these years for which nobody has confirmed a single day of the working calendar."""
    return tuple((await tx.session.execute(_UNCONFIRMED, {"years": years})).scalars())


async def stale_incidents(tx: Tx, before: datetime) -> int:
    """How many open incidents have been open since before an instant."""
    query = select(func.count()).where(_incidents.c.resolved_at.is_(None), _incidents.c.at < before)
    return int(await tx.session.scalar(query) or 0)
