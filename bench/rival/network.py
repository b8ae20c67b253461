"""Dealers, distances and working hours: numbered where they are kept, so in memory by their
numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from bench.rival.policy import NotWritten
from cases.calendar import Week, WorkCalendar
from cases.weekly import read_week
from domain.cleaning import Place, distance_km, read_place

NAMED: Final = 5
"""Dealers beyond the limit that are named; one line stands for the others."""

_ROSTER = "SELECT content FROM snapshots WHERE kind = 'dealers' AND number = $1"
_DAYS = "SELECT content FROM snapshots WHERE kind = 'calendar' AND number = $1"
_HOURS = """
    WITH found AS (
        SELECT valid_from, hours, holidays, dealer_id IS NOT NULL AS own FROM working_hours
        WHERE team = 'dealer' AND region IS NULL AND (dealer_id = $1 OR dealer_id IS NULL)
    ), party AS (
        SELECT jsonb_build_array(
            (SELECT coalesce(jsonb_agg(jsonb_build_array(valid_from, hours, holidays) ORDER BY valid_from), '[]')
             FROM found
             WHERE own OR valid_from < coalesce((SELECT min(valid_from) FROM found WHERE own), 'infinity')),
            (SELECT coalesce(jsonb_agg(jsonb_build_array(starts_at AT TIME ZONE 'UTC', ends_at AT TIME ZONE 'UTC')
                                       ORDER BY starts_at, ends_at, id), '[]')
             FROM closures WHERE dealer_id = $1 AND ends_at > $2)
        ) AS content
    )
    SELECT party.content, coalesce((SELECT max(number) FROM snapshots WHERE kind = 'calendar'), 0) AS days,
           (SELECT number FROM snapshots AS kept
            WHERE kept.kind = 'hours' AND md5(kept.content::text) = md5(party.content::text)) AS hours
    FROM party
"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('snapshot:hours', 0))"
_KEEP = """
    WITH known AS (SELECT number FROM snapshots WHERE kind = 'hours' AND md5(content::text) = md5($1::jsonb::text)),
    kept AS (
        INSERT INTO snapshots (kind, number, content)
        SELECT 'hours', coalesce(max(number), 0) + 1, $1::jsonb FROM snapshots
        WHERE kind = 'hours' HAVING NOT EXISTS (SELECT FROM known)
        RETURNING number
    )
    SELECT number FROM known UNION ALL SELECT number FROM kept
"""


@dataclass(frozen=True, slots=True)
class Located:
    """A dealer of the roster, with where it is."""

    id: UUID
    code: str
    region: str
    place: Place | None
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Near:
    """A dealer that is near enough, in whole kilometres."""

    dealer: Located
    km: int
    same_city: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """A dealer's calendar, and the numbers under which it is kept."""

    calendar: WorkCalendar
    days: int
    hours: int


class Network:
    """What does not change without a new number."""

    def __init__(self) -> None:
        self._rosters: dict[int, tuple[Located, ...]] = {}
        self._around: dict[tuple[int, str, int], tuple[tuple[Near, ...], tuple[dict[str, Any], ...]]] = {}
        self._days: dict[int, dict[date, bool]] = {0: {}}
        self._calendars: dict[tuple[int, int], WorkCalendar] = {}

    async def around(
        self, db: asyncpg.Connection, number: int, place: Place, most_km: int
    ) -> tuple[tuple[Near, ...], tuple[dict[str, Any], ...]]:
        """The dealers that are near enough, the nearest first, and the lines of those that are
        not."""
        if number not in self._rosters:
            content = await db.fetchval(_ROSTER, number)
            self._rosters = {number: tuple(_located(*line) for line in content or [])}
            self._around = {}
        asked = (number, place.code, most_km)
        if asked not in self._around:
            self._around[asked] = _around(number, self._rosters[number], place, most_km)
        return self._around[asked]

    async def hours(self, db: asyncpg.Connection, dealer: UUID, at: datetime) -> Hours:
        """When a dealer's people work."""
        found: Any = await db.fetchrow(_HOURS, dealer, at)
        content, days = found["content"], int(found["days"])
        hours = int(found["hours"] or await _keep(db, content))
        if (days, hours) not in self._calendars:
            if days not in self._days:
                read: Any = await db.fetchval(_DAYS, days)
                self._days[days] = {date.fromisoformat(day): bool(working) for day, working in read}
            weeks, closed = content
            week = tuple(Week(read_week(said), holidays, date.fromisoformat(since)) for since, said, holidays in weeks)
            spans = tuple((_instant(begins), _instant(ends)) for begins, ends in closed)
            self._calendars[days, hours] = WorkCalendar((Week(), *week), self._days[days], spans)
        return Hours(self._calendars[days, hours], days, hours)


async def _keep(db: asyncpg.Connection, content: Any) -> Any:
    """The number under which hours that nobody has used before are kept from now on."""
    await db.execute(_LOCK)
    return await db.fetchval(_KEEP, content)


def _located(
    identity: str,
    code: str,
    region: str,
    city: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> Located:
    place = read_place(city).found
    own = None if latitude is None or longitude is None else (latitude, longitude)
    return Located(UUID(identity), code, region, place, own or (place.point if place else None))


def _around(
    number: int, roster: tuple[Located, ...], place: Place, most_km: int
) -> tuple[tuple[Near, ...], tuple[dict[str, Any], ...]]:
    found: list[Near] = []
    for dealer in roster:
        if dealer.point is None or dealer.place is None:
            raise NotWritten("a dealer whose place nobody knows")
        same = (dealer.place.province, dealer.place.city) == (place.province, place.city)
        found.append(Near(dealer, round(distance_km(place.point, dealer.point)), same))
    found.sort(key=lambda one: (one.km, one.dealer.code))
    near = tuple(one for one in found if one.km <= most_km)
    far = found[len(near) :]
    lines: list[dict[str, Any]] = [
        {"id": str(one.dealer.id), "code": one.dealer.code, "reason": "too_far", "distance_km": one.km}
        for one in far[:NAMED]
    ]
    return near, tuple([{"reason": "too_far", "roster": number}, *lines] if len(far) > NAMED else lines)


def _instant(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=UTC)
