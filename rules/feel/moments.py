"""Dates and times that Python's own cannot hold: every year that DMN can write, and nanoseconds
(DMN 1.5, 10.3.2.3).

A moment is Python's own wherever that can hold it, so each has one form only and the usual ones
cost nothing more. Moments are ordered by whole seconds, as DMN says of the number that stands for
each (10.3.2.3.4-10.3.2.3.6).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, TypeAlias, TypeGuard
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from typing_extensions import TypeIs

FURTHEST = 999_999_999
"""The last year, and the first one below zero."""


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date before the year 1 or after 9999, in the calendar of today; the year before 1 is 0."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class FineTime:
    """A time with nanoseconds: ``clock`` has the whole seconds and the zone."""

    clock: time
    nanosecond: int


@dataclass(frozen=True, slots=True)
class FarDateTime:
    """A date and time of which one part is no plain one."""

    day: date | FarDate
    clock: time | FineTime


Day: TypeAlias = date | FarDate
Clock: TypeAlias = time | FineTime
DateTime: TypeAlias = datetime | FarDateTime
Moment: TypeAlias = date | time | FarDate | FineTime | FarDateTime
MOMENTS = (date, time, FarDate, FineTime, FarDateTime)

_KINDS: dict[type, type] = {FarDate: date, FineTime: time, FarDateTime: datetime}
SECOND = 1_000_000_000
DAY = 86_400 * SECOND
"""Nanoseconds."""
_MICROSECOND = timedelta(microseconds=1)
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
"""After so many years the calendar repeats itself, days of the week and all."""
_ANY_DAY = date(2000, 1, 1)


# --- making them
# ------------------------------------------------------------------------------------------------------


def day_of(year: int, month: int, day: int) -> Day | None:
    """The date; null for one that is not in the calendar."""
    if abs(year) > FURTHEST or not 1 <= month <= 12 or not 1 <= day <= days_in(year, month):
        return None
    return date(year, month, day) if 1 <= year <= 9_999 else FarDate(year, month, day)


def days_in(year: int, month: int) -> int:
    return monthrange(_like(year), month)[1]


def day_at(ordinal: int) -> Day | None:
    """The date that is so many days after the last of the year 0; null beyond the calendar."""
    cycles, rest = divmod(ordinal - 1, _CYCLE_DAYS)
    found = date.fromordinal(rest + 1)
    return day_of(found.year + cycles * _CYCLE_YEARS, found.month, found.day)


def clock_of(clock: time, nanosecond: int) -> Clock:
    """A time of whole seconds with the fraction of a second that it has."""
    micros, rest = divmod(nanosecond, 1_000)
    return FineTime(clock, nanosecond) if rest else clock.replace(microsecond=micros)


def joined(day: Day, clock: Clock) -> DateTime:
    if isinstance(day, date) and isinstance(clock, time):
        return datetime.combine(day, clock)
    return FarDateTime(day, clock)


def midnight(day: Day) -> DateTime:
    """What a date is as a date and time (DMN 1.5, 10.3.2.9.4)."""
    return joined(day, time(tzinfo=UTC))


def at_instant(nanos: int, zone: tzinfo | None) -> DateTime | None:
    """The date and time of a number that ``instant`` gives; null beyond the calendar."""
    days, rest = divmod(nanos + (_nanos(_offset_at(nanos, zone)) if zone else 0), DAY)
    day = day_at(days)
    seconds, nanosecond = divmod(rest, SECOND)
    clock = time(seconds // 3600, seconds // 60 % 60, seconds % 60, tzinfo=zone)
    return None if day is None else joined(day, clock_of(clock, nanosecond))


def _offset_at(nanos: int, zone: tzinfo) -> timedelta:
    """How far a zone is ahead of UTC at an instant; at the ends of Python's calendar that of a
    cycle further in."""
    days, rest = divmod(nanos, DAY)
    day = like(day_at(days) or _ANY_DAY)
    if day.year in {1, 9_999}:  # a step to local time could leave it
        day = day.replace(year=day.year + (_CYCLE_YEARS if day.year == 1 else -_CYCLE_YEARS))
    in_utc = datetime.combine(day, time(), UTC) + timedelta(microseconds=rest // 1_000)
    return in_utc.astimezone(zone).utcoffset() or timedelta(0)


# --- looking at them
# --------------------------------------------------------------------------------------------------


def is_day(value: object) -> TypeIs[Day]:
    return type(value) is date or isinstance(value, FarDate)


def is_clock(value: object) -> TypeIs[Clock]:
    return isinstance(value, (time, FineTime))


def is_date_time(value: object) -> TypeIs[DateTime]:
    return isinstance(value, (datetime, FarDateTime))


def is_usual(value: object) -> TypeGuard[datetime]:
    """Whether it is Python's own and without a zone's rules: what Python reckons with in one
    step."""
    return type(value) is datetime and type(value.tzinfo) is not ZoneInfo


def kind_of(value: object) -> type:
    """The type that stands for the value's kind: that of Python where there are two."""
    return _KINDS.get(type(value), type(value))


def day_in(moment: Day | DateTime) -> Day:
    if isinstance(moment, FarDateTime):
        return moment.day
    return moment.date() if isinstance(moment, datetime) else moment


def clock_in(moment: Clock | DateTime) -> Clock:
    if isinstance(moment, FarDateTime):
        return moment.clock
    return moment.timetz() if isinstance(moment, datetime) else moment


def zone_in(moment: Moment) -> tzinfo | None:
    if is_day(moment):
        return None
    clock = clock_in(moment)
    return (clock.clock if isinstance(clock, FineTime) else clock).tzinfo


def offset_in(moment: Clock | DateTime) -> timedelta | None:
    """How far it is ahead of UTC; null without a zone, and for a time whose zone would need a day
    to tell."""
    if isinstance(moment, FarDateTime):
        day = moment.day
        zone = zone_in(moment)
        return None if zone is None else datetime.combine(like(day), whole(moment.clock), zone).utcoffset()
    return (moment.clock if isinstance(moment, FineTime) else moment).utcoffset()


def ordinal(day: Day) -> int:
    """Days since the last of the year 0."""
    if isinstance(day, date):
        return day.toordinal()
    near = _like(day.year)
    return date(near, day.month, day.day).toordinal() + (day.year - near) // _CYCLE_YEARS * _CYCLE_DAYS


def like(day: Day) -> date:
    """A date that Python can tell things of: itself, or the same day of a year that is like its
    own."""
    return day if isinstance(day, date) else date(_like(day.year), day.month, day.day)


def nanosecond_in(moment: Clock | DateTime) -> int:
    """The fraction of its second."""
    clock = clock_in(moment)
    return clock.nanosecond if isinstance(clock, FineTime) else clock.microsecond * 1_000


def whole(clock: Clock) -> time:
    """The time without the fraction of its second."""
    return clock.clock if isinstance(clock, FineTime) else clock.replace(microsecond=0)


def without_zone(clock: Clock) -> Clock:
    return in_zone(clock, None)


def in_zone(clock: Clock, zone: tzinfo | None) -> Clock:
    """The same on the clock, there."""
    return clock_of(whole(clock).replace(tzinfo=zone), nanosecond_in(clock))


def nearest(moment: DateTime) -> datetime | None:
    """Python's own date and time, what is smaller than a microsecond cut off; null beyond its
    calendar."""
    if isinstance(moment, datetime):
        return moment
    if not isinstance(moment.day, date):
        return None
    return datetime.combine(moment.day, whole(moment.clock).replace(microsecond=nanosecond_in(moment) // 1_000))


def instant(moment: Clock | DateTime) -> int:
    """Nanoseconds since the last of the year 0, of a time since midnight; in UTC if it has an
    offset."""
    clock = whole(clock_in(moment))
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    days = ordinal(day_in(moment)) if is_date_time(moment) else 0
    away = offset_in(moment)
    return days * DAY + seconds * SECOND + nanosecond_in(moment) - (_nanos(away) if away else 0)


def in_winter(clock: Clock) -> Clock:
    """A time in a zone as one with an offset: without a day it is in no summer."""
    zone = zone_in(clock)
    if not isinstance(zone, ZoneInfo):
        return clock
    on_a_day = datetime.combine(_ANY_DAY, whole(clock))
    offset = (on_a_day.utcoffset() or timedelta(0)) - (on_a_day.dst() or timedelta(0))
    return in_zone(clock, timezone(offset))


def order(left: Moment, right: Moment) -> int | None:
    """-1, 0 or 1; null for different kinds, and if only one of them knows its offset."""
    if is_usual(left) and is_usual(right) and type(left.tzinfo) is type(right.tzinfo):
        if left.microsecond or right.microsecond:
            left, right = left.replace(microsecond=0), right.replace(microsecond=0)
        return (left > right) - (left < right)
    if kind_of(left) is not kind_of(right) or (zone_in(left) is None) != (zone_in(right) is None):
        return None
    first, second = _place(left), _place(right)
    return (first > second) - (first < second)


def _place(moment: Moment) -> int:
    if is_clock(moment):
        return instant(in_winter(moment)) // SECOND
    if is_date_time(moment):
        return instant(moment) // SECOND
    return ordinal(moment)


def _like(year: int) -> int:
    """A year with the same days that Python has, as near as may be: a zone has rules of its own for
    each age."""
    if 1 <= year <= 9_999:
        return year
    return year % _CYCLE_YEARS + (_CYCLE_YEARS if year < 1 else 23 * _CYCLE_YEARS)


def _nanos(length: timedelta) -> int:
    return length // _MICROSECOND * 1_000
