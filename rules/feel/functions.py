"""The built-in functions, as one table (DMN 1.5, 10.3.4). A wrong type gives null, as everywhere in
FEEL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
)
from functools import partial

from rules.feel.library import contexts, conversion, dates, intervals, lists, numbers, strings
from rules.feel.values import Function, Value, negation


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function and how many arguments it takes; ``most`` None is any number.

    ``signatures`` name its parameters, in order, for calls that do so: the first that has all given
    names is taken.
    """

    call: Callable[..., Value]
    least: int
    most: int | None
    signatures: tuple[tuple[str, ...], ...]

    def invoke(self, *arguments: Value) -> Value:
        """The function as a value: what it gives, null for a number of arguments that it does not
        take."""
        if len(arguments) < self.least or (self.most is not None and len(arguments) > self.most):
            return None
        return self.call(*arguments)


def placed(builtin: Builtin, names: tuple[str, ...]) -> tuple[int | None, ...] | None:
    """For each parameter the place of its argument among the named ones, or null; null if the names
    fit nowhere."""
    if len(set(names)) < len(names):
        return None
    for signature in builtin.signatures:
        if set(names) <= set(signature):
            order = [names.index(name) if name in names else None for name in signature]
            while order and order[-1] is None:
                order.pop()
            if len(order) >= builtin.least and None not in order[: builtin.least]:
                return tuple(order)
    return None


def as_function(name: str) -> Function | None:
    """A built-in function as a value."""
    builtin = FUNCTIONS.get(name)
    return Function(name, None, builtin.invoke) if builtin else None


def is_defined(value: Value) -> Value:
    return value is not None


def _one(call: Callable[..., Value], *signatures: str) -> Builtin:
    """From signatures such as "string, start position, length?"; a name with … stands for any
    number of arguments."""
    read = [[name.strip() for name in signature.split(",")] for signature in signatures]
    least = min(sum(not name.endswith("?") for name in names) for names in read)
    endless = any(name.endswith("…") for names in read for name in names)
    most = None if endless else max(map(len, read))
    return Builtin(call, least, most, tuple(tuple(name.rstrip("?…") for name in names) for names in read))


def _rounding(mode: str, scale: str = ", scale") -> Builtin:
    return _one(partial(numbers.rounded, mode), f"n{scale}")


def _relation(relation: intervals.Relation, takes: str, *signatures: str) -> Builtin:
    names = signatures or ("range1, range2",)
    return _one(intervals.of(relation, *takes.split()), *names)


_POINTS = ("point1, point2", "point, range", "range, point", "range1, range2")
_POINT_RANGE = ("point, range", "range1, range2")
_RANGE_POINT = ("range, point", "range1, range2")

FUNCTIONS: dict[str, Builtin] = {
    "number": _one(conversion.number, "from, grouping separator?, decimal separator?"),
    "string": _one(conversion.string, "from"),
    "date": _one(conversion.date_of, "from", "year, month, day", "date"),
    "time": _one(conversion.time_of, "from", "hour, minute, second, offset?"),
    "date and time": _one(conversion.date_and_time, "from", "date, time"),
    "duration": _one(conversion.duration, "from"),
    "years and months duration": _one(conversion.years_and_months, "from, to"),
    "range": _one(conversion.range_of, "from"),
    "contains": _one(strings.of_two(strings.contains), "string, match"),
    "starts with": _one(strings.of_two(str.startswith), "string, match"),
    "ends with": _one(strings.of_two(str.endswith), "string, match"),
    "upper case": _one(strings.of_one(str.upper), "string"),
    "lower case": _one(strings.of_one(str.lower), "string"),
    "substring": _one(strings.substring, "string, start position, length?"),
    "substring before": _one(strings.of_two(strings.before), "string, match"),
    "substring after": _one(strings.of_two(strings.after), "string, match"),
    "string length": _one(strings.of_one(strings.length), "string"),
    "matches": _one(strings.matches, "input, pattern, flags?"),
    "replace": _one(strings.replace, "input, pattern, replacement, flags?"),
    "split": _one(strings.split, "string, delimiter"),
    "string join": _one(strings.join, "list, delimiter?, prefix?, suffix?"),
    "count": _one(lists.count, "list"),
    "min": _one(partial(lists.extreme, -1), "list…"),
    "max": _one(partial(lists.extreme, 1), "list…"),
    "sum": _one(lists.sum_of, "list…"),
    "product": _one(lists.product, "list…"),
    "mean": _one(lists.mean, "list…"),
    "median": _one(lists.median, "list…"),
    "stddev": _one(lists.stddev, "list…"),
    "mode": _one(lists.mode, "list…"),
    "floor": _rounding(ROUND_FLOOR, ", scale?"),
    "ceiling": _rounding(ROUND_CEILING, ", scale?"),
    "round": _rounding(ROUND_HALF_UP, ", scale?"),
    "round up": _rounding(ROUND_UP),
    "round down": _rounding(ROUND_DOWN),
    "round half up": _rounding(ROUND_HALF_UP),
    "round half down": _rounding(ROUND_HALF_DOWN),
    "decimal": _rounding(ROUND_HALF_EVEN),
    "abs": _one(numbers.absolute, "n"),
    "modulo": _one(numbers.modulo, "dividend, divisor"),
    "sqrt": _one(numbers.sqrt, "number"),
    "log": _one(numbers.log, "number"),
    "exp": _one(numbers.exp, "number"),
    "odd": _one(numbers.odd, "number"),
    "even": _one(numbers.even, "number"),
    "list contains": _one(lists.contains, "list, element"),
    "append": _one(lists.append, "list, item…"),
    "concatenate": _one(lists.concatenate, "list…"),
    "union": _one(lists.union, "list…"),
    "distinct values": _one(lists.distinct, "list"),
    "insert before": _one(lists.insert_before, "list, position, newItem"),
    "remove": _one(lists.remove, "list, position"),
    "list replace": _one(lists.replace, "list, position, newItem", "list, match, newItem"),
    "sublist": _one(lists.sublist, "list, start position, length?"),
    "reverse": _one(lists.reverse, "list"),
    "index of": _one(lists.index_of, "list, match"),
    "flatten": _one(lists.flatten, "list"),
    "sort": _one(lists.sort, "list, precedes?"),
    "all": _one(lists.all_of, "list…"),
    "any": _one(lists.any_of, "list…"),
    "day of year": _one(dates.of_day(dates.day_of_year), "date"),
    "day of week": _one(dates.of_day(dates.day_of_week), "date"),
    "month of year": _one(dates.of_day(dates.month_of_year), "date"),
    "week of year": _one(dates.of_day(dates.week_of_year), "date"),
    "is": _one(dates.same, "value1, value2"),
    "before": _relation(intervals.before, "pp pr rp rr", *_POINTS),
    "after": _relation(intervals.turned(intervals.before), "pp pr rp rr", *_POINTS),
    "meets": _relation(intervals.meets, "rr"),
    "met by": _relation(intervals.turned(intervals.meets), "rr"),
    "overlaps": _relation(intervals.overlaps, "rr"),
    "overlaps before": _relation(intervals.overlaps_before, "rr"),
    "overlaps after": _relation(intervals.turned(intervals.overlaps_before), "rr"),
    "finishes": _relation(intervals.finishes, "pr rr", *_POINT_RANGE),
    "finished by": _relation(intervals.turned(intervals.finishes), "rp rr", *_RANGE_POINT),
    "includes": _relation(intervals.includes, "rp rr", *_RANGE_POINT),
    "during": _relation(intervals.turned(intervals.includes), "pr rr", *_POINT_RANGE),
    "starts": _relation(intervals.starts, "pr rr", *_POINT_RANGE),
    "started by": _relation(intervals.turned(intervals.starts), "rp rr", *_RANGE_POINT),
    "coincides": _relation(intervals.coincides, "pp rr", "point1, point2", "range1, range2"),
    "get value": _one(contexts.get_value, "m, key", "context, key", "context, keys"),
    "get entries": _one(contexts.get_entries, "m", "context"),
    "context": _one(contexts.context, "entries"),
    "context put": _one(contexts.put, "context, key, value", "context, keys, value"),
    "context merge": _one(contexts.merge, "contexts"),
    "not": _one(negation, "negand"),
    "is defined": _one(is_defined, "value"),
}
"""Name → function. ``now()`` and ``today()`` are read from the context's ``now`` and are no entries
here."""

SPACED = tuple(name for name in FUNCTIONS if " " in name)
