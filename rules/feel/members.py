"""``a.b``: members of contexts, and the properties of dates, times, durations and ranges (DMN 1.5,
10.3.2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import cast

from rules.feel import moments
from rules.feel.bounds import LEVELS, charge
from rules.feel.errors import FeelTooMuch
from rules.feel.moments import MOMENTS, Moment, is_clock, is_day
from rules.feel.values import Range, YearMonthDuration


def member(value: object, name: str) -> object:
    """What ``value.name`` is, unconverted; of a list it is the list of its items' members."""
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value).get(name)
    if isinstance(value, (list, tuple)):
        return _members(cast("list[object]", value), name, 1)
    if isinstance(value, (*MOMENTS, timedelta, YearMonthDuration, Range)):
        return _property(value, name)
    return None


def _members(values: list[object], name: str, level: int) -> list[object]:
    if level > LEVELS.limit:
        raise FeelTooMuch(LEVELS)
    charge(len(values))
    return [
        _members(cast("list[object]", item), name, level + 1) if isinstance(item, (list, tuple)) else member(item, name)
        for item in values
    ]


def _property(value: Moment | timedelta | YearMonthDuration | Range, name: str) -> object:
    match value:
        case Range():
            names = {"start": value.low, "end": value.high}
            names |= {"start included": value.low_closed, "end included": value.high_closed}
            return names.get(name)
        case YearMonthDuration():
            sign = -1 if value.months < 0 else 1
            years, months = divmod(abs(value.months), 12)
            return {"years": sign * years, "months": sign * months}.get(name)
        case timedelta():
            sign, length = (-1, -value) if value < timedelta(0) else (1, value)
            minutes, seconds = divmod(length.seconds, 60)
            parts = {"days": length.days, "hours": minutes // 60, "minutes": minutes % 60, "seconds": seconds}
            return sign * parts[name] if name in parts else None
        case _:
            return _of_moment(value, name)


def _of_moment(moment: Moment, name: str) -> object:
    if name in {"year", "month", "day", "weekday"} and not is_clock(moment):
        day = moments.day_in(moment)
        return moments.like(day).isoweekday() if name == "weekday" else getattr(day, name)
    if is_day(moment):
        return None
    match name:
        case "hour" | "minute" | "second":
            return getattr(moments.whole(moments.clock_in(moment)), name)
        case "time offset":
            return moments.offset_in(moment)
        case "timezone":
            return getattr(moments.zone_in(moment), "key", None)
        case _:
            return None
