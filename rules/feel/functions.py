"""The built-in functions, as one table (DMN 1.5, 10.3.4). A wrong type gives null, as everywhere in FEEL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from functools import partial

from rules.feel import arithmetic, times
from rules.feel.text import literal, plain
from rules.feel.values import NUMBERS, Value, YearMonthDuration, both, compare, either, equal, negation


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function and how many arguments it takes; ``most`` None is any number."""

    call: Callable[..., Value]
    least: int
    most: int | None


# --- conversion -------------------------------------------------------------------------------------------------------


def number(given: Value, grouping: Value = None, decimal_sign: Value = None) -> Value:
    if isinstance(given, Decimal):
        return given
    if not isinstance(given, str):
        return None
    text = given.strip()
    if isinstance(grouping, str) and grouping:
        text = text.replace(grouping, "")
    if isinstance(decimal_sign, str) and decimal_sign:
        text = text.replace(decimal_sign, ".")
    # Decimal() would also read underscores, NaN, infinities and other scripts' digits.
    if not text or not set(text) <= set("0123456789+-.eE"):
        return None
    return arithmetic.finite(NUMBERS.create_decimal(text))


def string(given: Value) -> Value:
    match given:
        case None | str():
            return given
        case bool():
            return "true" if given else "false"
        case Decimal():
            return plain(given)
        case date() | time() | timedelta():
            return times.iso(given)
        case list() | dict():
            return literal(given)
        case _:
            return literal(given)


def date_of(given: Value, month: Value = None, day: Value = None) -> Value:
    match given, month, day:
        case Decimal(), Decimal(), Decimal():
            try:
                return date(int(given), int(month), int(day))
            except (ValueError, OverflowError):
                return None
        case datetime(), None, None:
            return given.date()
        case date(), None, None:
            return given
        case str(), None, None:
            return times.date_from(given)
        case _:
            return None


def time_of(given: Value, minute: Value = None, second: Value = None, offset: Value = None) -> Value:
    match given, minute, second:
        case Decimal(), Decimal(), Decimal():
            try:
                micros = int(NUMBERS.multiply(NUMBERS.remainder(second, Decimal(1)), Decimal(1_000_000)))
                zone = timezone(offset) if isinstance(offset, timedelta) else None
                return time(int(given), int(minute), int(second), micros, zone)
            except (ValueError, OverflowError):
                return None
        case datetime(), None, None:
            return given.timetz()
        case time(), None, None:
            return given
        case str(), None, None:
            return times.time_from(given)
        case _:
            return None


def date_and_time(given: Value, clock: Value = None) -> Value:
    match given, clock:
        case datetime(), None:
            return given
        case date(), time():
            return datetime.combine(given, clock)
        case date(), None:
            return datetime.combine(given, time())
        case str(), None:
            return times.date_time_from(given)
        case _:
            return None


def duration(given: Value) -> Value:
    if isinstance(given, str):
        return times.duration_from(given)
    return given if isinstance(given, (timedelta, YearMonthDuration)) else None


def years_and_months(start: Value, end: Value) -> Value:
    if isinstance(start, date) and isinstance(end, date):
        from_day, to_day = date_of(start), date_of(end)
        if isinstance(from_day, date) and isinstance(to_day, date):
            return times.months_between(from_day, to_day)
    return None


# --- strings ----------------------------------------------------------------------------------------------------------


def _strings(operation: Callable[[str, str], Value]) -> Callable[[Value, Value], Value]:
    def call(text: Value, other: Value) -> Value:
        return operation(text, other) if isinstance(text, str) and isinstance(other, str) else None

    return call


def _string(operation: Callable[[str], Value]) -> Callable[[Value], Value]:
    return lambda text: operation(text) if isinstance(text, str) else None


def substring(text: Value, start: Value, length: Value = None) -> Value:
    if not isinstance(text, str) or not isinstance(start, Decimal) or not start:
        return None
    begin = int(start) - 1 if start > 0 else max(0, len(text) + int(start))
    if length is None:
        return text[begin:]
    return text[begin : begin + int(length)] if isinstance(length, Decimal) and length >= 0 else None


# --- lists ------------------------------------------------------------------------------------------------------------


def _listed(items: tuple[Value, ...]) -> list[Value] | None:
    """``min(1, 2)`` and ``min([1, 2])`` are the same."""
    if len(items) == 1:
        return items[0] if isinstance(items[0], list) else None if items[0] is None else [items[0]]
    return list(items)


def _numbers(items: tuple[Value, ...]) -> list[Decimal] | None:
    listed = _listed(items)
    found = [item for item in listed or () if isinstance(item, Decimal)]
    return found if listed and len(found) == len(listed) else None


def count(items: Value) -> Value:
    return Decimal(len(items)) if isinstance(items, list) else None


def _extreme(sign: int, *items: Value) -> Value:
    best: Value = None
    for item in _listed(items) or ():
        if best is None:
            best = item
        order = compare(item, best)
        if order is None:
            return None
        best = item if order * sign > 0 else best
    return best


def sum_of(*items: Value) -> Value:
    numbers = _numbers(items)
    if numbers is None:
        return None
    total = Decimal(0)
    for item in numbers:
        total = NUMBERS.add(total, item)
    return arithmetic.finite(total)


def mean(*items: Value) -> Value:
    numbers = _numbers(items)
    return arithmetic.divide(sum_of(*items), Decimal(len(numbers))) if numbers else None


def list_contains(items: Value, wanted: Value) -> Value:
    return any(equal(item, wanted) for item in items) if isinstance(items, list) else None


def append(items: Value, *more: Value) -> Value:
    return [*(items if isinstance(items, list) else [] if items is None else [items]), *more]


def concatenate(*lists: Value) -> Value:
    joined: list[Value] = []
    for items in lists:
        if not isinstance(items, list):
            return None
        joined += items
    return joined


def distinct(items: Value) -> Value:
    if not isinstance(items, list):
        return None
    kept: list[Value] = []
    for item in items:
        if not any(equal(item, other) for other in kept):
            kept.append(item)
    return kept


def all_of(*items: Value) -> Value:
    result: bool | None = True
    for item in _listed(items) or ():
        result = both(result, item if isinstance(item, bool) else None)
    return result


def any_of(*items: Value) -> Value:
    result: bool | None = False
    for item in _listed(items) or ():
        result = either(result, item if isinstance(item, bool) else None)
    return result


def is_defined(value: Value) -> Value:
    return value is not None


def get_value(context: Value, key: Value) -> Value:
    return context.get(key) if isinstance(context, dict) and isinstance(key, str) else None


# --- numbers ----------------------------------------------------------------------------------------------------------


def _rounded(mode: str, value: Value, scale: Value = Decimal(0)) -> Value:
    if not isinstance(value, Decimal) or not isinstance(scale, Decimal) or abs(scale) > 6_000:
        return None
    context = NUMBERS.copy()
    context.rounding = mode
    digits = int(scale)
    if value.adjusted() + 1 + digits > context.prec:
        return value  # more digits are asked for than the number can have
    return arithmetic.finite(context.quantize(value, Decimal(1).scaleb(-digits)) + 0)


def absolute(value: Value) -> Value:
    if isinstance(value, Decimal):
        return abs(value)
    if isinstance(value, timedelta):
        return abs(value)
    return YearMonthDuration(abs(value.months)) if isinstance(value, YearMonthDuration) else None


def modulo(value: Value, divisor: Value) -> Value:
    if not isinstance(value, Decimal) or not isinstance(divisor, Decimal) or not divisor:
        return None
    quotient = NUMBERS.divide(value, divisor).to_integral_value(ROUND_FLOOR)
    return arithmetic.subtract(value, NUMBERS.multiply(divisor, quotient))


FUNCTIONS: dict[str, Builtin] = {
    "number": Builtin(number, 1, 3),
    "string": Builtin(string, 1, 1),
    "date": Builtin(date_of, 1, 3),
    "time": Builtin(time_of, 1, 4),
    "date and time": Builtin(date_and_time, 1, 2),
    "duration": Builtin(duration, 1, 1),
    "years and months duration": Builtin(years_and_months, 2, 2),
    "contains": Builtin(_strings(lambda text, part: part in text), 2, 2),
    "starts with": Builtin(_strings(str.startswith), 2, 2),
    "ends with": Builtin(_strings(str.endswith), 2, 2),
    "upper case": Builtin(_string(str.upper), 1, 1),
    "lower case": Builtin(_string(str.lower), 1, 1),
    "substring": Builtin(substring, 2, 3),
    "substring before": Builtin(_strings(lambda text, part: text.partition(part)[0] if part in text else ""), 2, 2),
    "substring after": Builtin(_strings(lambda text, part: text.partition(part)[2] if part else text), 2, 2),
    "string length": Builtin(_string(lambda text: Decimal(len(text))), 1, 1),
    "count": Builtin(count, 1, 1),
    "min": Builtin(partial(_extreme, -1), 1, None),
    "max": Builtin(partial(_extreme, 1), 1, None),
    "sum": Builtin(sum_of, 1, None),
    "mean": Builtin(mean, 1, None),
    "floor": Builtin(partial(_rounded, ROUND_FLOOR), 1, 2),
    "ceiling": Builtin(partial(_rounded, ROUND_CEILING), 1, 2),
    "round": Builtin(partial(_rounded, ROUND_HALF_UP), 1, 2),
    "round up": Builtin(partial(_rounded, ROUND_UP), 2, 2),
    "round down": Builtin(partial(_rounded, ROUND_DOWN), 2, 2),
    "round half up": Builtin(partial(_rounded, ROUND_HALF_UP), 2, 2),
    "round half down": Builtin(partial(_rounded, ROUND_HALF_DOWN), 2, 2),
    "decimal": Builtin(partial(_rounded, ROUND_HALF_EVEN), 2, 2),
    "abs": Builtin(absolute, 1, 1),
    "modulo": Builtin(modulo, 2, 2),
    "list contains": Builtin(list_contains, 2, 2),
    "append": Builtin(append, 2, None),
    "concatenate": Builtin(concatenate, 1, None),
    "distinct values": Builtin(distinct, 1, 1),
    "all": Builtin(all_of, 1, None),
    "any": Builtin(any_of, 1, None),
    "get value": Builtin(get_value, 2, 2),
    "not": Builtin(negation, 1, 1),
    "is defined": Builtin(is_defined, 1, 1),
}
"""Name → function. ``now()`` and ``today()`` are read from the context's ``now`` and are no entries here."""

SPACED = tuple(name for name in FUNCTIONS if " " in name)
