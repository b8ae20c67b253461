"""Functions on dates and times (DMN 1.5, 10.3.4.6 and 10.3.4.8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from rules.feel import moments
from rules.feel.library.arguments import single
from rules.feel.moments import Clock, DateTime, is_clock, is_date_time, is_day
from rules.feel.values import Value, equal

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def of_day(operation: Callable[[date], Value]) -> Callable[[Value], Value]:
    """A function of a date, or of a date and time."""

    def call(given: Value) -> Value:
        day = single(given)
        return operation(moments.like(moments.day_in(day))) if is_day(day) or is_date_time(day) else None

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
    """``is(…)``: the same value in the same form; 08:00 in two zones is one instant and not the
    same."""
    if is_clock(left) and is_clock(right):
        return _form(moments.in_winter(left)) == _form(moments.in_winter(right))
    if is_date_time(left) and is_date_time(right):
        return moments.day_in(left) == moments.day_in(right) and _form(left) == _form(right)
    return equal(left, right) is True


def _form(moment: Clock | DateTime) -> tuple[object, ...]:
    """The clock as it is shown, and how far it is ahead of UTC."""
    clock = moments.clock_in(moment)
    return moments.without_zone(clock), moments.offset_in(moment)
