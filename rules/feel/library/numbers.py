"""Functions on numbers (DMN 1.5, 10.3.4.5)."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal

from rules.feel import arithmetic
from rules.feel.library.arguments import decimal, single
from rules.feel.values import NUMBERS, Value, YearMonthDuration

_COARSEST, _FINEST = -6_111, 6_176
"""The exponents that a decimal of 34 digits can have (DMN 1.5, table 77)."""


def rounded(mode: str, given: Value, scale: Value = Decimal(0)) -> Value:
    value, digits = decimal(given), decimal(scale)
    if value is None or digits is None or not _COARSEST <= digits <= _FINEST:
        return None
    context = NUMBERS.copy()
    context.rounding = mode
    places = int(digits)
    if value.adjusted() + 1 + places > context.prec:
        return value  # more digits are asked for than the number can have
    return arithmetic.finite(context.quantize(value, Decimal(1).scaleb(-places)) + 0)


def absolute(given: Value) -> Value:
    value = single(given)
    if isinstance(value, (Decimal, timedelta)):
        return abs(value)
    return YearMonthDuration(abs(value.months)) if isinstance(value, YearMonthDuration) else None


def modulo(given: Value, by: Value) -> Value:
    value, divisor = decimal(given), decimal(by)
    if value is None or not divisor:
        return None
    quotient = NUMBERS.divide(value, divisor).to_integral_value(ROUND_FLOOR)
    return arithmetic.subtract(value, NUMBERS.multiply(divisor, quotient))


def sqrt(given: Value) -> Value:
    value = decimal(given)
    return None if value is None or value < 0 else arithmetic.finite(NUMBERS.sqrt(value))


def log(given: Value) -> Value:
    value = decimal(given)
    return None if value is None or value <= 0 else arithmetic.finite(NUMBERS.ln(value))


def exp(given: Value) -> Value:
    value = decimal(given)
    return None if value is None else arithmetic.finite(NUMBERS.exp(value))


def odd(given: Value) -> Value:
    value = decimal(given)
    return None if value is None else abs(NUMBERS.remainder(value, Decimal(2))) == 1


def even(given: Value) -> Value:
    value = decimal(given)
    return None if value is None else NUMBERS.remainder(value, Decimal(2)) == 0
