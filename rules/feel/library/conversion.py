"""Functions that make a value of another type (DMN 1.5, 10.3.4.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from rules.feel import arithmetic, times
from rules.feel.library.arguments import decimal, single, text
from rules.feel.text import shown
from rules.feel.values import NUMBERS, Range, Value, YearMonthDuration, compare

_GROUPING = (" ", ",", ".")
_RANGE = re.compile(r"\s*([\[(\]])(.*?)\.\.(.*)([\])\[])\s*", re.DOTALL)
_END = re.compile(r'(?:(?:(date and time|date|time|duration)\s*\()|(@))?\s*"([^"\\]*)"\s*(\))?')


def number(given: Value, grouping: Value = None, decimal_sign: Value = None) -> Value:
    if decimal(given) is not None:
        return decimal(given)
    string = text(given)
    group, point = single(grouping), single(decimal_sign)
    if string is None or group not in (None, *_GROUPING) or point not in (None, ",", ".") or None is not group == point:
        return None
    string = string.strip()
    if isinstance(group, str):
        string = string.replace(group, "")
    if isinstance(point, str):
        string = string.replace(point, ".")
    # Decimal() would also read underscores, NaN, infinities and other scripts' digits.
    if not string or not set(string) <= set("0123456789+-.eE"):
        return None
    return arithmetic.finite(NUMBERS.create_decimal(string))


def string(given: Value) -> Value:
    return None if given is None else given if isinstance(given, str) else shown(given)


def date_of(*given: Value) -> Value:
    """From a text or a moment, or from year, month and day."""
    match [single(value) for value in given]:
        case [Decimal() as year, Decimal() as month, Decimal() as day]:
            try:
                return date(int(year), int(month), int(day))
            except (ValueError, OverflowError):
                return None
        case [datetime() as moment]:
            return moment.date()
        case [date() as found]:
            return found
        case [str() as written]:
            return times.date_from(written)
        case _:
            return None


def time_of(*given: Value) -> Value:
    """From a text or a moment, or from hour, minute, second and, if wanted, an offset."""
    match [single(value) for value in given]:
        case [Decimal() as hour, Decimal() as minute, Decimal() as second, *offset]:
            return _clock(hour, minute, second, offset[0] if offset else None)
        case [datetime() as moment]:
            # A zone's offset depends on the day, which a time no longer has.
            then = moment.utcoffset()
            return moment.timetz().replace(tzinfo=None if then is None else timezone(then) if then else UTC)
        case [date()]:
            return time(tzinfo=UTC)
        case [time() as clock]:
            return clock
        case [str() as written]:
            return times.time_from(written)
        case _:
            return None


def _clock(hour: Decimal, minute: Decimal, second: Decimal, offset: Value) -> Value:
    if not (offset is None or isinstance(offset, timedelta)):
        return None
    try:
        micros = int(NUMBERS.multiply(NUMBERS.remainder(second, Decimal(1)), Decimal(1_000_000)))
        zone = None if offset is None else timezone(offset) if offset else UTC
        return time(int(hour), int(minute), int(second), micros, zone)
    except (ValueError, OverflowError):
        return None


def date_and_time(*given: Value) -> Value:
    """From a text or a date, or from a date and a time."""
    match [single(value) for value in given]:
        case [datetime() as moment]:
            return moment
        case [date() as day, time() as at]:
            return datetime.combine(day, at)
        case [date() as day]:
            return datetime.combine(day, time())
        case [str() as written]:
            return times.date_time_from(written)
        case _:
            return None


def duration(given: Value) -> Value:
    given = single(given)
    if isinstance(given, str):
        return times.duration_from(given)
    return given if isinstance(given, (timedelta, YearMonthDuration)) else None


def years_and_months(start: Value, end: Value) -> Value:
    from_day, to_day = single(start), single(end)
    if isinstance(from_day, date) and isinstance(to_day, date):
        return times.months_between(_day(from_day), _day(to_day))
    return None


def range_of(given: Value) -> Value:
    """``range("[18..21)")``; its ends are literals."""
    found = _RANGE.fullmatch(text(given) or "")
    if not found:
        return None
    low, high = _end(found[2].strip()), _end(found[3].strip())
    if low is None and (found[2].strip() or found[1] == "[" or high is None):
        return None
    if high is None and (found[3].strip() or found[4] == "]"):
        return None
    if low is not None and high is not None and compare(low, high) not in (-1, 0):
        return None
    return Range(low, high, found[1] == "[", found[4] == "]")


def _end(written: str) -> Value:
    """A number, a text, or a date, time or duration; nothing that would have to be computed."""
    if not (found := _END.fullmatch(written)):
        return number(written)
    function, at, inner, closed = found.groups()
    if bool(function) != bool(closed):
        return None
    return _READERS[function](inner) if function else times.read(inner) if at else inner


_READERS: dict[str, Callable[[str], Value]] = {
    "date": times.date_from,
    "time": times.time_from,
    "date and time": times.date_time_from,
    "duration": times.duration_from,
}


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
