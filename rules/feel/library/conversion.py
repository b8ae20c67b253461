"""Functions that make a value of another type (DMN 1.5, 10.3.4.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, time, timedelta
from decimal import Decimal

from rules.feel import arithmetic, moments, times
from rules.feel.library.arguments import decimal, single, text
from rules.feel.moments import is_clock, is_date_time, is_day
from rules.feel.text import shown
from rules.feel.values import NUMBERS, Range, Value, YearMonthDuration, compare

_GROUPING = (" ", ",", ".")
_RANGE = re.compile(r"\s*([\[(\]])(.*?)\.\.(.*)([\])\[])\s*", re.DOTALL)
_LONGEST_RANGE = 1_000
"""Characters; looking for the dots in a text of nothing else takes their number squared."""
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
            return moments.day_of(_count(year), _count(month), _count(day))
        case [str() as written]:
            return times.date_from(written)
        case [moment] if is_day(moment) or is_date_time(moment):
            return moments.day_in(moment)
        case _:
            return None


def time_of(*given: Value) -> Value:
    """From a text or a moment, or from hour, minute, second and, if wanted, an offset."""
    match [single(value) for value in given]:
        case [Decimal() as hour, Decimal() as minute, Decimal() as second, *offset]:
            return _clock(hour, minute, second, offset[0] if offset else None)
        case [str() as written]:
            return times.time_from(written)
        case [moment] if is_clock(moment) or is_date_time(moment):
            return moments.clock_in(moment)
        case [moment] if is_day(moment):
            return time(tzinfo=UTC)
        case _:
            return None


def _clock(hour: Decimal, minute: Decimal, second: Decimal, offset: Value) -> Value:
    if not (offset is None or isinstance(offset, timedelta)):
        return None
    zone = None if offset is None else times.fixed(offset)
    if zone is None is not offset or second < 0:
        return None
    try:
        clock = time(_count(hour), _count(minute), _count(second), tzinfo=zone)
    except ValueError:
        return None
    return moments.clock_of(clock, int(NUMBERS.multiply(NUMBERS.remainder(second, Decimal(1)), Decimal(1_000_000_000))))


def _count(number: Decimal) -> int:
    """Without what stands behind the decimal point; nothing that would have to be written out is of
    any calendar."""
    return int(number) if abs(number) <= moments.FURTHEST else moments.FURTHEST + 1


def date_and_time(*given: Value) -> Value:
    """From a text or a date, or from a date and a time."""
    match [single(value) for value in given]:
        case [str() as written]:
            return times.date_time_from(written)
        case [moment] if is_date_time(moment):
            return moment
        case [day] if is_day(day):
            return moments.joined(day, time())
        case [day, clock] if (is_day(day) or is_date_time(day)) and is_clock(clock):
            return moments.joined(moments.day_in(day), clock)
        case _:
            return None


def duration(given: Value) -> Value:
    given = single(given)
    if isinstance(given, str):
        return times.duration_from(given)
    return given if isinstance(given, (timedelta, YearMonthDuration)) else None


def years_and_months(start: Value, end: Value) -> Value:
    since, until = single(start), single(end)
    if (is_day(since) or is_date_time(since)) and (is_day(until) or is_date_time(until)):
        return times.months_between(moments.day_in(since), moments.day_in(until))
    return None


def range_of(given: Value) -> Value:
    """``range("[18..21)")``; its ends are literals."""
    written = text(given) or ""
    found = _RANGE.fullmatch(written) if len(written) <= _LONGEST_RANGE else None
    if not found:
        return None
    low, high = _end(found[2].strip()), _end(found[3].strip())
    if low is None and (found[2].strip() or found[1] == "[" or high is None):
        return None
    if high is None and (found[3].strip() or found[4] == "]"):
        return None
    if low is not None and high is not None and compare(low, high) not in (-1, 0):
        return None
    without_end = (">=" if found[1] == "[" else ">") if high is None else ""
    without_begin = ("<=" if found[4] == "]" else "<") if low is None else ""
    return Range(low, high, found[1] == "[", found[4] == "]", without_end or without_begin)


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
