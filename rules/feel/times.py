"""Dates, times and durations: reading, writing and calendar arithmetic (DMN 1.5, 10.3.2.3; ISO
8601)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from rules.feel import moments
from rules.feel.moments import Clock, DateTime, Day, FarDateTime, Moment, is_clock, is_date_time, is_day, is_usual
from rules.feel.values import Value, YearMonthDuration

_DATE = r"(?P<year>-?(?:\d{4}|[1-9]\d{4,8}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
_ZONE = r"(?P<zone>[Zz]|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?"
_DATE_ONLY = re.compile(_DATE)
_TIME_ONLY = re.compile(f"T?{_TIME}{_ZONE}")
_DATE_TIME = re.compile(f"{_DATE}T{_TIME}{_ZONE}")
_DAYS_TIME = re.compile(
    r"(?P<sign>-)?P(?=.)(?:(?P<weeks>\d+)W|(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d*)?)S)?)?)"
)
_YEARS_MONTHS = re.compile(r"(?P<sign>-)?P(?=\d)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?")
_FINEST = 9
"""Digits of a second that are kept: nanoseconds."""
_FARTHEST = timedelta(hours=18)
"""The largest offset from UTC, either way (ISO 8601 and XML Schema have none beyond 14 hours,
Java's library 18)."""
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 1_000
"""Characters of a duration; Python makes no number of some thousands of digits."""


def date_from(text: str) -> Day | None:
    """``2026-11-21``; null for what is no date."""
    found = _DATE_ONLY.fullmatch(text)
    return _day(found) if found else None


def time_from(text: str) -> Clock | None:
    """``08:30:00``, with an offset, ``Z`` or ``@Zone/Name`` if wanted; null for what is no time."""
    found = _TIME_ONLY.fullmatch(text)
    return _clock(found) if found else None


def date_time_from(text: str) -> DateTime | None:
    """``2026-11-21T08:30:00+08:00``; a date alone is its midnight; null for what is neither."""
    if found := _DATE_TIME.fullmatch(text):
        day, clock = _day(found), _clock(found)
        return None if day is None or clock is None else moments.joined(day, clock)
    day_only = date_from(text)
    return moments.joined(day_only, time()) if day_only else None


@lru_cache(1024)
def duration_from(text: str) -> timedelta | YearMonthDuration | None:
    """``P7D``, ``PT24H``, ``P1DT2H``, ``P1W``, ``P3M``, ``P1Y2M``; months and days do not mix; null
    otherwise."""
    if len(text) > _LONGEST:
        return None
    if found := _DAYS_TIME.fullmatch(text):
        count = {unit: Decimal(found[unit] or 0) for unit in ("weeks", "days", "hours", "minutes", "seconds")}
        seconds = ((count["weeks"] * 7 + count["days"]) * 24 + count["hours"]) * 60 + count["minutes"]
        try:
            length = timedelta(microseconds=int((seconds * 60 + count["seconds"]) * 1_000_000))
        except OverflowError:
            return None
        return -length if found["sign"] else length
    if found := _YEARS_MONTHS.fullmatch(text):
        months = int(found["years"] or 0) * 12 + int(found["months"] or 0)
        return YearMonthDuration(-months if found["sign"] else months)
    return None


def read(text: str) -> Value:
    """A date, a date and time, a time or a duration, whichever the text is; null for what is none
    of them."""
    for reader in (date_from, date_time_from, time_from, duration_from):
        value = reader(text)
        if value is not None:
            return value
    return None


def beyond(text: str) -> bool:
    """Whether a text that DMN could read says more than is kept here: days beyond counting, less
    than nanoseconds."""
    if found := _DATE_TIME.fullmatch(text) or _TIME_ONLY.fullmatch(text):
        return len((found["fraction"] or "").rstrip("0")) > _FINEST
    return bool(_DAYS_TIME.fullmatch(text)) and duration_from(text) is None


def iso(value: Moment | timedelta | YearMonthDuration, *, in_utc: bool = False) -> str:
    """The ISO 8601 text that reads back as the same value; with ``in_utc`` aware instants are
    turned to ``…Z``.

    A zone is named where there is no offset that could be told instead of it.
    """
    if isinstance(value, YearMonthDuration):
        years, months = divmod(abs(value.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if value.months < 0 else ''}P{text}"
    if isinstance(value, timedelta):
        return _duration_text(value)
    if is_usual(value) and (not in_utc or value.tzinfo in (None, UTC)):
        return value.isoformat().replace("+00:00", "Z")
    if is_date_time(value):
        if in_utc and moments.offset_in(value) is not None:
            value = moments.at_instant(moments.instant(value), UTC) or value
        return f"{_day_text(moments.day_in(value))}T{_clock_text(value)}{_zone_text(value)}"
    if is_clock(value):
        return f"{_clock_text(value)}{_zone_text(value)}"
    return _day_text(value)


def named(value: Moment | timedelta | YearMonthDuration) -> str:
    """As ``iso``, with the zone by its name if it has one, and no more digits of a second than
    there are."""
    if is_clock(value) or is_date_time(value):
        zone = moments.zone_in(value)
        where = f"@{zone.key}" if isinstance(zone, ZoneInfo) else _zone_text(value)
        day = f"{_day_text(moments.day_in(value))}T" if is_date_time(value) else ""
        return f"{day}{_clock_text(value, shortest=True)}{where}"
    return iso(value)


def shift(moment: Moment, length: timedelta | YearMonthDuration) -> Moment | None:
    """The moment that lies ``length`` later. Months keep the day, or take the month's last; a time
    wraps at midnight.

    A date plus days and hours stays a date. Null beyond the calendar.
    """
    if is_clock(moment):
        return None if isinstance(length, YearMonthDuration) else _later_that_day(moment, length)
    if isinstance(length, YearMonthDuration):
        return _months_later(moment, length.months)
    if is_usual(moment):
        with suppress(OverflowError):
            return moment + length
    if is_date_time(moment):
        # Wall-clock addition would be an hour off across a change of summer time.
        return moments.at_instant(moments.instant(moment) + _nanos(length), moments.zone_in(moment))
    return moments.day_at(moments.ordinal(moment) + length.days)


def between(later: Moment, earlier: Moment) -> timedelta | None:
    """How long it is from ``earlier`` to ``later``; null if one knows its offset and the other does
    not.

    A date beside a date and time is its midnight in UTC.
    """
    clocks = is_clock(later)
    if clocks != is_clock(earlier):
        return None
    if not clocks and moments.kind_of(later) is not moments.kind_of(earlier):
        later, earlier = (moments.midnight(one) if is_day(one) else one for one in (later, earlier))
    if _knows(later) != _knows(earlier):
        return None
    try:
        return timedelta(microseconds=(_point(later) - _point(earlier)) // 1_000)
    except OverflowError:
        return None


def months_between(start: Day, end: Day) -> YearMonthDuration:
    """Whole months from ``start`` to ``end``, negative when ``end`` is earlier."""
    if moments.ordinal(end) < moments.ordinal(start):
        return YearMonthDuration(-months_between(end, start).months)
    months = (end.year - start.year) * 12 + end.month - start.month
    return YearMonthDuration(months - (1 if end.day < start.day else 0))


def fixed(offset: timedelta) -> tzinfo | None:
    """The zone of an offset; null beyond 18 hours."""
    return None if abs(offset) > _FARTHEST else timezone(offset) if offset else UTC


def _knows(moment: Moment) -> bool:
    """Whether it knows its offset. A time in a zone does not: that would take a day."""
    return (is_clock(moment) or is_date_time(moment)) and moments.offset_in(moment) is not None


def _point(moment: Moment) -> int:
    if is_clock(moment) or is_date_time(moment):
        return moments.instant(moment)
    return moments.instant(moments.joined(moment, time()))


def _later_that_day(clock: Clock, length: timedelta) -> Clock:
    zone = moments.zone_in(clock)
    nanos = moments.instant(moments.without_zone(clock)) + _nanos(length)
    later = moments.at_instant(nanos % moments.DAY + moments.DAY, None)
    return clock if later is None else moments.in_zone(moments.clock_in(later), zone)


def _months_later(moment: Day | DateTime, months: int) -> Day | DateTime | None:
    day = moments.day_in(moment)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    found = moments.day_of(year, month + 1, min(day.day, moments.days_in(year, month + 1)))
    if found is None or not is_date_time(moment):
        return found
    return moments.joined(found, moments.clock_in(moment))


def _day(found: re.Match[str]) -> Day | None:
    return moments.day_of(int(found["year"]), int(found["month"]), int(found["day"]))


def _clock(found: re.Match[str]) -> Clock | None:
    nanos = int((found["fraction"] or "0")[:_FINEST].ljust(_FINEST, "0"))
    try:
        clock = time(int(found["hour"]), int(found["minute"]), int(found["second"]), tzinfo=_zone(found["zone"]))
    except ValueError:
        return None
    return moments.clock_of(clock, nanos)


def _zone(text: str | None) -> tzinfo | None:
    """The zone that is written so.

    Raises:
        ValueError: there is none.
    """
    if text is None:
        return None
    if text in "Zz":
        return UTC
    if text.startswith("@"):
        try:
            return ZoneInfo(text[1:])
        except (KeyError, OSError) as missing:
            raise ValueError("no such time zone") from missing
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    zone = fixed(-offset if text[0] == "-" else offset)
    if zone is None or max([minutes, *seconds]) > 59:
        raise ValueError("no such offset")
    return zone


def _day_text(day: Day) -> str:
    return f"{'-' if day.year < 0 else ''}{abs(day.year):04d}-{day.month:02d}-{day.day:02d}"


def _clock_text(moment: Clock | DateTime, *, shortest: bool = False) -> str:
    """Without its zone. Fractions have six digits if these will do, unless the shortest text is
    wanted."""
    clock, nanos = moments.whole(moments.clock_in(moment)), moments.nanosecond_in(moment)
    digits = f"{nanos:09d}".rstrip("0") if shortest or nanos % 1_000 else f"{nanos // 1_000:06d}"
    return clock.replace(tzinfo=None).isoformat() + (f".{digits}" if nanos else "")


def _zone_text(moment: Clock | DateTime) -> str:
    zone, offset = moments.zone_in(moment), moments.offset_in(moment)
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo) and (offset is None or isinstance(moment, FarDateTime)):
        return f"@{zone.key}"
    if not offset:
        return "Z"
    return time(tzinfo=timezone(offset)).isoformat()[len("00:00:00") :]


def _nanos(length: timedelta) -> int:
    return length // _MICROSECOND * 1_000


def _duration_text(length: timedelta) -> str:
    sign, rest = ("-", -length) if length < timedelta(0) else ("", length)
    hours, seconds = divmod(rest.seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    fraction = f".{rest.microseconds:06d}".rstrip("0") if rest.microseconds else ""
    clock = f"{hours}H" if hours else ""
    clock += f"{minutes}M" if minutes else ""
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    days = f"{rest.days}D" if rest.days else ""
    return f"{sign}P{days}T{clock}" if clock else f"{sign}P{days}" if days else "PT0S"
