"""Dates, times and durations: reading, writing and calendar arithmetic (DMN 1.5, 10.3.2.3; ISO 8601)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

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
_FRACTION = re.compile(r"(\.\d*[1-9])0+(?=\D|$)")
_DAY = timedelta(days=1)


def date_from(text: str) -> date | None:
    """``2026-11-21``; null for what is no date."""
    found = _DATE_ONLY.fullmatch(text)
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None


def time_from(text: str) -> time | None:
    """``08:30:00``, with an offset, ``Z`` or ``@Zone/Name`` if wanted; null for what is no time."""
    found = _TIME_ONLY.fullmatch(text)
    try:
        return _time(found) if found else None
    except ValueError:
        return None


def date_time_from(text: str) -> datetime | None:
    """``2026-11-21T08:30:00+08:00``; a date alone is its midnight; null for what is neither."""
    if found := _DATE_TIME.fullmatch(text):
        try:
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
            return datetime.combine(day, _time(found))
        except ValueError:
            return None
    day_only = date_from(text)
    return datetime.combine(day_only, time()) if day_only else None


@lru_cache(1024)
def duration_from(text: str) -> timedelta | YearMonthDuration | None:
    """``P7D``, ``PT24H``, ``P1DT2H``, ``P1W``, ``P3M``, ``P1Y2M``; months and days do not mix; null otherwise."""
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
    """A date, a date and time, a time or a duration, whichever the text is; null for what is none of them."""
    for reader in (date_from, date_time_from, time_from, duration_from):
        value = reader(text)
        if value is not None:
            return value
    return None


def beyond(text: str) -> bool:
    """Whether a text that DMN could read is outside of what there is here: the years 1-9999, and microseconds."""
    found = _DATE_TIME.fullmatch(text) or _DATE_ONLY.fullmatch(text) or _TIME_ONLY.fullmatch(text)
    if found is None:
        return bool(_DAYS_TIME.fullmatch(text)) and duration_from(text) is None
    parts = found.groupdict()
    year = parts.get("year") or "2000"
    if not 1 <= int(year) <= 9_999:
        return True
    return len((parts.get("fraction") or "").rstrip("0")) > 6


def iso(value: date | time | timedelta | YearMonthDuration, *, in_utc: bool = False) -> str:
    """The ISO 8601 text that reads back as the same value; with ``in_utc`` aware instants are turned to ``…Z``."""
    if isinstance(value, YearMonthDuration):
        years, months = divmod(abs(value.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if value.months < 0 else ''}P{text}"
    if isinstance(value, timedelta):
        return _duration_text(value)
    if isinstance(value, datetime) and in_utc and value.tzinfo is not None:
        value = value.astimezone(UTC)
    zone = value.tzinfo if isinstance(value, (datetime, time)) else None
    if isinstance(zone, ZoneInfo) and isinstance(value, (datetime, time)) and value.utcoffset() is None:
        return f"{value.replace(tzinfo=None).isoformat()}@{zone.key}"
    return value.isoformat().replace("+00:00", "Z")


def named(value: date | time | timedelta | YearMonthDuration) -> str:
    """As ``iso``, with the zone by its name if it has one, and no more digits of a second than there are."""
    zone = value.tzinfo if isinstance(value, (datetime, time)) else None
    if isinstance(zone, ZoneInfo) and isinstance(value, (datetime, time)):
        return f"{named(value.replace(tzinfo=None))}@{zone.key}"
    return _FRACTION.sub(r"\1", iso(value)) if isinstance(value, (datetime, time)) else iso(value)


def shift(moment: date | time, length: timedelta | YearMonthDuration) -> date | time | None:
    """The moment that lies ``length`` later. Months keep the day, or take the month's last; a time wraps at midnight.

    A date plus days and hours stays a date. Null outside the years 1-9999.
    """
    try:
        if isinstance(length, YearMonthDuration):
            return None if isinstance(moment, time) else _months_later(moment, length.months)
        if isinstance(moment, datetime):
            return _shift_instant(moment, length)
        if isinstance(moment, time):
            anchor = datetime.combine(date(2000, 1, 1), moment.replace(tzinfo=None)) + length % _DAY
            return anchor.time().replace(tzinfo=moment.tzinfo)
        return (datetime.combine(moment, time()) + length).date()
    except (OverflowError, ValueError):
        return None


def between(later: date | time, earlier: date | time) -> timedelta | None:
    """How long it is from ``earlier`` to ``later``; null if one knows its offset and the other does not."""
    if isinstance(later, time) or isinstance(earlier, time):
        if not (isinstance(later, time) and isinstance(earlier, time)):
            return None
        later, earlier = datetime.combine(date(2000, 1, 1), later), datetime.combine(date(2000, 1, 1), earlier)
    left, right = _instant(later, earlier), _instant(earlier, later)
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    if left.tzinfo is not None:
        return left.astimezone(UTC) - right.astimezone(UTC)
    return left - right


def months_between(start: date, end: date) -> YearMonthDuration:
    """Whole months from ``start`` to ``end``, negative when ``end`` is earlier."""
    if end < start:
        return YearMonthDuration(-months_between(end, start).months)
    months = (end.year - start.year) * 12 + end.month - start.month
    return YearMonthDuration(months - (1 if end.day < start.day else 0))


def _shift_instant(moment: datetime, length: timedelta) -> datetime:
    if isinstance(moment.tzinfo, ZoneInfo):
        # Wall-clock addition would be an hour off across a change of summer time.
        return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)
    return moment + length


def _instant(moment: date, other: date) -> datetime:
    """A date beside a date and time is its midnight in UTC."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(tzinfo=UTC if isinstance(other, datetime) else None))


def _months_later(moment: date, months: int) -> date:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _time(found: re.Match[str]) -> time:
    micros = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    return time(int(found["hour"]), int(found["minute"]), int(found["second"]), micros, _zone(found["zone"]))


def _zone(text: str | None) -> tzinfo | None:
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
    return timezone(-offset if text[0] == "-" else offset)


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
