"""Working hours as they are kept, and the calendar that follows from them (A10).

A week's hours are a row of whom they are for and since when; a dealer or region without rows has
those that are for all of its kind. What a clock refers to is exactly what it was worked out with:
the days that differ for all have a snapshot by trigger, a party's weeks and closures one by
content, made when a calendar is first used.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Text, Uuid, bindparam, select, text
from sqlalchemy.dialects.postgresql import insert

from cases.calendar import Calendars, Span, Week, WorkCalendar
from cases.ids import new_id
from cases.parties import Party, Team
from cases.weekly import read_week, write_week
from store.models import Snapshot, WorkingHours
from store.prepared import Prepared
from store.session import Tx

_CALENDAR_OF = text(
    """
    WITH found AS (
        SELECT valid_from, hours, holidays, dealer_id IS NOT NULL OR region IS NOT NULL AS own
        FROM working_hours
        WHERE team = :team AND (dealer_id = :dealer_id OR dealer_id IS NULL) AND (region = :region OR region IS NULL)
    ), party AS (
        SELECT jsonb_build_array(
            (SELECT coalesce(jsonb_agg(jsonb_build_array(valid_from, hours, holidays) ORDER BY valid_from), '[]')
             FROM found
             WHERE own OR valid_from < coalesce((SELECT min(valid_from) FROM found WHERE own), 'infinity')),
            (SELECT coalesce(jsonb_agg(jsonb_build_array(starts_at AT TIME ZONE 'UTC', ends_at AT TIME ZONE 'UTC')
                                       ORDER BY starts_at, ends_at, id), '[]')
             FROM closures WHERE closures.dealer_id = :dealer_id AND ends_at > :at)
        ) AS content
    ), days AS (
        SELECT number, content FROM snapshots WHERE kind = 'calendar' ORDER BY number DESC LIMIT 1
    )
    SELECT coalesce(days.number, 0), CAST(coalesce(days.content, '[]') AS text), CAST(party.content AS text),
           (SELECT number FROM snapshots kept
            WHERE kept.kind = 'hours' AND md5(kept.content::text) = md5(party.content::text))
    FROM party LEFT JOIN days ON true
    """
).bindparams(
    bindparam("team", type_=Text),
    bindparam("dealer_id", type_=Uuid()),
    bindparam("region", type_=Text),
    bindparam("at", type_=DateTime(timezone=True)),
)
_CALENDAR = Prepared(_CALENDAR_OF)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('snapshot:hours', 0))")
_KEPT = text(
    "SELECT number FROM snapshots WHERE kind = 'hours' AND md5(content::text) = md5(CAST(:content AS jsonb)::text)"
)
_KEEP = text(
    """
    INSERT INTO snapshots (kind, number, content)
    SELECT 'hours', coalesce(max(number), 0) + 1, CAST(:content AS jsonb) FROM snapshots WHERE kind = 'hours'
    RETURNING number
    """
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A calendar as it stands, with the numbers by which it can be asked for later (``calendars``):
    of the days that differ for all, 0 while none does, and of the party's hours."""

    calendar: WorkCalendar
    days: int
    hours: int


async def calendar(tx: Tx, party: Party, at: datetime) -> Kept:
    """The calendar of a party as it stands; closures that were over at an instant are left out."""
    values = {"team": party.team.value, "dealer_id": party.dealer_id, "region": party.region, "at": at}
    ((number, days, content, kept),) = await _CALENDAR.rows(tx, values)
    return Kept(_calendar(days, content), number, kept or await _keep(tx, content))


async def calendars(tx: Tx) -> Calendars:
    """Every calendar that clocks of the past refer to."""
    query = select(Snapshot.kind, Snapshot.number, Snapshot.content).where(Snapshot.kind.in_(("calendar", "hours")))
    rows = (await tx.session.execute(query)).all()
    return Calendars(
        {0: dict[date, bool]()} | {row.number: _days(row.content) for row in rows if row.kind == "calendar"},
        {row.number: _read(row.content) for row in rows if row.kind == "hours"},
    )


def code_of(team: Team, whose: object, since: date) -> str:
    """What hours are known by that nobody has given a code: the team, whose (None: of all), from
    which day on."""
    return "-".join(str(one) for one in (team.value, whose, since) if one is not None)


async def keep(tx: Tx, party: Party, week: Week) -> None:
    """A party has these hours from ``week.since`` on, instead of what was said for that day before.

    Clocks that run keep what they were planned with; the next rung is planned with these.
    """
    row = {
        "code": code_of(party.team, party.dealer_id or party.region, week.since),
        "team": party.team.value,
        "dealer_id": party.dealer_id,
        "region": party.region,
        "valid_from": week.since,
        "hours": write_week(week.hours),
        "holidays": week.holidays,
    }
    statement = insert(WorkingHours).values(id=new_id(), **row)
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=["team", "dealer_id", "region", "valid_from"],
            set_={"hours": row["hours"], "holidays": row["holidays"]},
        )
    )


@lru_cache(maxsize=1_000)
def _calendar(days: str, content: str) -> WorkCalendar:
    """What is written there: most leads of a dealer find the same."""
    weeks, closed = _read(json.loads(content))
    return WorkCalendar(weeks, _days(json.loads(days)), closed)


async def _keep(tx: Tx, content: str) -> int:
    """The number under which a party's hours are kept from now on; somebody else may have been
    faster."""
    await tx.session.execute(_LOCK)
    values = {"content": content}
    return await tx.session.scalar(_KEPT, values) or (await tx.session.execute(_KEEP, values)).scalar_one()


def _read(content: list[Any]) -> tuple[tuple[Week, ...], tuple[Span, ...]]:
    weeks, closed = content
    read = tuple(Week(read_week(hours), holidays, date.fromisoformat(since)) for since, hours, holidays in weeks)
    return (Week(), *read), tuple((_instant(begins), _instant(ends)) for begins, ends in closed)


def _days(content: list[Any]) -> dict[date, bool]:
    return {date.fromisoformat(day): bool(working) for day, working in content}


def _instant(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=UTC)
