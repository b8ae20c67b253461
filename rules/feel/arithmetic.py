"""``+ - * / **`` over numbers, strings, dates and durations (DMN 1.5, table 52 ff.). What has no
value is null."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal

from rules.feel import bounds
from rules.feel.moments import FarDate, FarDateTime, FineTime
from rules.feel.times import between, shift
from rules.feel.values import NUMBERS, Value, YearMonthDuration

_MICROSECOND = timedelta(microseconds=1)


def add(left: Value, right: Value) -> Value:
    match left, right:
        case Decimal(), Decimal():
            return finite(NUMBERS.add(left, right))
        case str(), str():
            bounds.characters(len(left) + len(right))
            return left + right
        case ((date() | time() | FarDate() | FineTime() | FarDateTime()), (timedelta() | YearMonthDuration())):
            return shift(left, right)
        case ((timedelta() | YearMonthDuration()), (date() | time() | FarDate() | FineTime() | FarDateTime())):
            return shift(right, left)
        case timedelta(), timedelta():
            return _length(_micros(left) + _micros(right))
        case YearMonthDuration(), YearMonthDuration():
            return YearMonthDuration(left.months + right.months)
        case _:
            return None


def subtract(left: Value, right: Value) -> Value:
    match left, right:
        case Decimal(), Decimal():
            return finite(NUMBERS.subtract(left, right))
        case (
            (date() | time() | FarDate() | FineTime() | FarDateTime()),
            (date() | time() | FarDate() | FineTime() | FarDateTime()),
        ):
            return between(left, right)
        case _, (timedelta() | YearMonthDuration()):
            return add(left, negate(right))
        case _:
            return None


def multiply(left: Value, right: Value) -> Value:
    match left, right:
        case Decimal(), Decimal():
            return finite(NUMBERS.multiply(left, right))
        case ((timedelta() | YearMonthDuration()), Decimal()):
            return _scaled(left, lambda length: NUMBERS.multiply(length, right))
        case Decimal(), (timedelta() | YearMonthDuration()):
            return _scaled(right, lambda length: NUMBERS.multiply(length, left))
        case _:
            return None


def divide(left: Value, right: Value) -> Value:
    match left, right:
        case Decimal(), Decimal():
            return finite(NUMBERS.divide(left, right))
        case ((timedelta() | YearMonthDuration()), Decimal()):
            return _scaled(left, lambda length: NUMBERS.divide(length, right)) if right else None
        case timedelta(), timedelta():
            return finite(NUMBERS.divide(Decimal(_micros(left)), Decimal(_micros(right))))
        case YearMonthDuration(), YearMonthDuration():
            return finite(NUMBERS.divide(Decimal(left.months), Decimal(right.months)))
        case _:
            return None


def power(left: Value, right: Value) -> Value:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.power(left, right))
    return None


def negate(value: Value) -> Value:
    match value:
        case Decimal():
            return finite(NUMBERS.minus(value))
        case timedelta():
            return _length(-_micros(value))
        case YearMonthDuration():
            return YearMonthDuration(-value.months)
        case _:
            return None


def finite(number: Decimal) -> Decimal | None:
    """The number, or null for what overflowed or has no value."""
    return number if number.is_finite() else None


def _micros(length: timedelta) -> int:
    return length // _MICROSECOND


def _length(micros: int) -> timedelta | None:
    try:
        return timedelta(microseconds=micros)
    except OverflowError:
        return None


def _scaled(length: timedelta | YearMonthDuration, scale: Callable[[Decimal], Decimal]) -> Value:
    """Months are cut off, microseconds rounded."""
    if isinstance(length, YearMonthDuration):
        months = finite(scale(Decimal(length.months)))
        return None if months is None or abs(months) > 120_000 else YearMonthDuration(int(months))
    micros = finite(scale(Decimal(_micros(length))))
    return None if micros is None or abs(micros) > 10**20 else _length(int(NUMBERS.to_integral_value(micros)))
