"""When timers are due (BPMN 2.0.2, 10.5.5.1; ISO 8601): date, duration and cycle become absolute
UTC instants.

A cycle is anchored: its n-th instant is anchor + n periods, so neither lateness nor the length of
months adds up.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from rules.feel import FeelError, evaluate, moments, parse
from rules.feel.moments import is_date_time, is_day
from rules.feel.times import date_time_from, duration_from, iso
from rules.feel.values import YearMonthDuration
from workflows.bpmn.model import TimerKind

_LATER: Final = parse("start + period * times")


class Schedule(NamedTuple):
    """A first due instant and, for cycles, how it goes on (fields as in ``state.Timer``)."""

    due: datetime
    left: int = 0
    period: str = ""
    anchor: datetime | None = None
    nth: int = 0


def schedule(kind: TimerKind, value: object, at: datetime) -> Schedule:
    """The schedule of a timer that is armed at ``at``.

    Raises:
        FeelError: the value is no date, duration or cycle of the kind wanted.
    """
    match kind:
        case TimerKind.DATE:
            return Schedule(instant(value))
        case TimerKind.DURATION:
            return Schedule(later(at, _period(value)))
        case TimerKind.CYCLE:
            return _cycle(value, at)


def instant(value: object) -> datetime:
    """A UTC instant from a date and time (or its ISO text). Without an offset it is taken as UTC.

    Raises:
        FeelError: it is neither, or lies beyond the years 1 to 9999.
    """
    if isinstance(value, str):
        value = date_time_from(value)
    if is_day(value):
        value = moments.midnight(value)
    if not is_date_time(value):
        raise FeelError("a date and time is needed here")
    in_utc = moments.at_instant(moments.instant(value), UTC)
    found = None if in_utc is None else moments.nearest(in_utc)
    if found is None:
        raise FeelError("what is due has to lie between the years 1 and 9999")
    return found


def later(start: datetime, period: timedelta | YearMonthDuration, times: int = 1) -> datetime:
    """``start`` + ``times`` periods; months keep the day where the calendar allows (31 Jan + P1M =
    28 Feb).

    Raises:
        FeelError: the sum is beyond the calendar.
    """
    if isinstance(period, timedelta):
        try:
            return start + period * times
        except OverflowError:
            raise FeelError("this duration leads beyond the calendar") from None
    return instant(evaluate(_LATER, {"start": start, "period": period, "times": times}))


def next_due(period: str, anchor: datetime, times: int) -> datetime:
    """The ``times``-th instant of a cycle after its anchor."""
    return later(anchor, _period(period), times)


def _period(value: object) -> timedelta | YearMonthDuration:
    if isinstance(value, str):
        value = duration_from(value)
    if isinstance(value, timedelta | YearMonthDuration):
        return value
    raise FeelError("a duration such as P7D or PT24H is needed here")


def _cycle(value: object, at: datetime) -> Schedule:
    if isinstance(value, timedelta | YearMonthDuration):
        value = f"R/{iso(value)}"
    parts = value.split("/") if isinstance(value, str) else []
    count = parts[0][1:] if parts and parts[0].startswith("R") else None
    if count is None or len(parts) not in (2, 3) or (count and not (count.isascii() and count.isdigit())):
        raise FeelError("a cycle such as R3/PT10M, R/P14D or R/2026-01-01T08:00:00Z/P1D is needed here")
    times = int(count) if count else -1
    period = _period(parts[-1])
    # A cycle without length would fire for ever within one moment.
    if times == 0 or not later(at, period) > at:
        raise FeelError("a cycle needs at least one repetition and a period longer than nothing")
    left = times - 1 if times > 0 else -1
    # With a start the first instant is the start itself; without, it is one period from now.
    anchor, nth = (instant(parts[1]), 0) if len(parts) == 3 else (at, 1)
    return Schedule(later(anchor, period, nth), left, iso(period), anchor, nth)
