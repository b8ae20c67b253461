"""Functions on dates and times (DMN 1.5, 10.3.4.6 and 10.3.4.8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

from rules.feel.library.arguments import single
from rules.feel.values import Value, equal, in_winter

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def of_day(operation: Callable[[date], Value]) -> Callable[[Value], Value]:
    """A function of a date, or of a date and time."""

    def call(given: Value) -> Value:
        day = single(given)
        return operation(day) if isinstance(day, date) else None

    return call


def day_of_year(day: date) -> Value:
    return Decimal(day.timetuple().tm_yday)


def day_of_week(day: date) -> Value:
    return _DAYS[day.weekday()]


def month_of_year(day: date) -> Value:
    return _MONTHS[day.month - 1]


def week_of_year(day: date) -> Value:
    return Decimal(day.isocalendar().week)


def same(left: Value, right: Value) -> Value:
    """``is(…)``: the same value in the same form; 08:00 in two zones is one instant and not the same."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (datetime, time)) and isinstance(right, (datetime, time)):
        first, second = (in_winter(one) if isinstance(one, time) else one for one in (left, right))
        return first.utcoffset() == second.utcoffset() and first.replace(tzinfo=None) == second.replace(tzinfo=None)
    return equal(left, right) is True
