"""Functions on lists (DMN 1.5, 10.3.4.4)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key

from rules.feel import arithmetic, bounds
from rules.feel.errors import FeelTooMuch
from rules.feel.library.arguments import items, several, single, whole
from rules.feel.values import NUMBERS, Function, Value, both, compare, either, equal, to_value


def _numbers(values: tuple[Value, ...]) -> list[Decimal] | None:
    listed = several(values)
    found = [item for item in listed or () if isinstance(item, Decimal)]
    return found if listed is not None and len(found) == len(listed) else None


def count(given: Value) -> Value:
    listed = items(given)
    return None if listed is None else Decimal(len(listed))


def extreme(sign: int, *values: Value) -> Value:
    best: Value = None
    for item in several(values) or ():
        if best is None:
            best = item
        order = compare(item, best)
        if order is None:
            return None
        best = item if order * sign > 0 else best
    return best


def sum_of(*values: Value) -> Value:
    numbers = _numbers(values)
    if not numbers:
        return None
    total = Decimal(0)
    for item in numbers:
        total = NUMBERS.add(total, item)
    return arithmetic.finite(total)


def product(*values: Value) -> Value:
    numbers = _numbers(values)
    if not numbers:
        return None
    total = Decimal(1)
    for item in numbers:
        total = NUMBERS.multiply(total, item)
    return arithmetic.finite(total)


def mean(*values: Value) -> Value:
    numbers = _numbers(values)
    return arithmetic.divide(sum_of(*values), Decimal(len(numbers))) if numbers else None


def median(*values: Value) -> Value:
    numbers = sorted(_numbers(values) or ())
    if not numbers:
        return None
    middle, odd = divmod(len(numbers), 2)
    return numbers[middle] if odd else mean(numbers[middle - 1], numbers[middle])


def stddev(*values: Value) -> Value:
    """Of a sample: there are none of fewer than two numbers."""
    numbers, average = _numbers(values), mean(*values)
    if numbers is None or len(numbers) < 2 or not isinstance(average, Decimal):
        return None
    squares = [NUMBERS.power(NUMBERS.subtract(number, average), Decimal(2)) for number in numbers]
    variance = arithmetic.divide(sum_of(list[Value](squares)), Decimal(len(numbers) - 1))
    return arithmetic.finite(NUMBERS.sqrt(variance)) if isinstance(variance, Decimal) else None


def mode(*values: Value) -> Value:
    numbers = _numbers(values)
    if numbers is None:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return list[Value](sorted(number for number, times in counts.items() if times == most))


def contains(given: Value, wanted: Value) -> Value:
    listed = items(given)
    return None if listed is None else any(equal(item, wanted) for item in listed)


def append(given: Value, *more: Value) -> Value:
    listed = items(given) or ()
    bounds.items(len(listed) + len(more))
    return [*listed, *more]


def concatenate(*lists: Value) -> Value:
    joined: list[Value] = []
    for given in lists:
        listed = items(given)
        if listed is None:
            return None
        bounds.items(len(joined) + len(listed))
        joined += listed
    return joined


def distinct(given: Value) -> Value:
    listed = items(given)
    if listed is None:
        return None
    kept: list[Value] = []
    for item in listed:
        bounds.charge(len(kept))
        if not any(equal(item, other) for other in kept):
            kept.append(item)
    return kept


def union(*lists: Value) -> Value:
    return distinct(concatenate(*lists))


def all_of(*values: Value) -> bool | None:
    listed = several(values)
    result: bool | None = None if listed is None else True
    for item in listed or ():
        result = both(result, item if isinstance(item, bool) else None)
    return result


def any_of(*values: Value) -> bool | None:
    listed = several(values)
    result: bool | None = None if listed is None else False
    for item in listed or ():
        result = either(result, item if isinstance(item, bool) else None)
    return result


def _place(listed: list[Value] | None, position: Value) -> int | None:
    """The index of an item counted from 1, or from -1 backwards."""
    place = whole(position)
    if listed is None or not place or abs(place) > len(listed):
        return None
    return place - 1 if place > 0 else len(listed) + place


def sublist(given: Value, start: Value, length: Value = None) -> Value:
    listed = items(given)
    place, many = _place(listed, start), whole(length)
    if listed is None or place is None:
        return None
    if length is None:
        return listed[place:]
    return listed[place : place + many] if many is not None and 0 < many <= len(listed) - place else None


def insert_before(given: Value, position: Value, item: Value) -> Value:
    listed = items(given)
    place = _place(listed, position)
    if listed is None or place is None:
        return None
    bounds.items(len(listed) + 1)
    return [*listed[:place], item, *listed[place:]]


def remove(given: Value, position: Value) -> Value:
    listed = items(given)
    place = _place(listed, position)
    return None if listed is None or place is None else [*listed[:place], *listed[place + 1 :]]


def replace(given: Value, position: Value, item: Value) -> Value:
    """``position`` may be a function of an item and the new one that says which items are to be
    replaced."""
    listed, which = items(given), single(position)
    if listed is None:
        return None
    if isinstance(which, Function):
        verdicts = [which.invoke((old, item)) for old in listed]
        if not all(isinstance(verdict, bool) for verdict in verdicts):
            return None
        # Copied each time: as one and the same it would be small here and huge where it is written
        # down.
        return [to_value(item) if verdict else old for old, verdict in zip(listed, verdicts, strict=True)]
    place = _place(listed, which)
    return None if place is None else [*listed[:place], item, *listed[place + 1 :]]


def reverse(given: Value) -> Value:
    listed = items(given)
    return None if listed is None else listed[::-1]


def index_of(given: Value, wanted: Value) -> Value:
    listed = items(given)
    if listed is None:
        return None
    return [Decimal(place) for place, item in enumerate(listed, 1) if equal(item, wanted) is True]


def flatten(given: Value) -> Value:
    listed = items(given)
    if listed is None:
        return None
    flat: list[Value] = []
    _flatten(listed, flat, 1)
    return flat


def _flatten(listed: list[Value], flat: list[Value], level: int) -> None:
    if level > bounds.LEVELS.limit:
        raise FeelTooMuch(bounds.LEVELS)
    bounds.charge(len(listed))
    for item in listed:
        if isinstance(item, list):
            _flatten(item, flat, level + 1)
        else:
            flat.append(item)
    if len(flat) > bounds.ITEMS.limit:
        raise FeelTooMuch(bounds.ITEMS)


def sort(given: Value, precedes: Value = None) -> Value:
    """By a function that says whether one item goes before another; without it, by the order of the
    items."""
    listed, by = items(given), single(precedes)
    if listed is None:
        return None
    if by is None:
        return _sorted(listed, compare)
    if not isinstance(by, Function) or len(by.parameters or ("", "")) != 2:
        return None

    def order(left: Value, right: Value) -> int:
        bounds.charge(8)
        return -1 if by.invoke((left, right)) is True else int(by.invoke((right, left)) is True)

    return _sorted(listed, order)


def _sorted(listed: list[Value], order: Callable[[Value, Value], int | None]) -> Value:
    unordered: list[Value] = []

    def compared(left: Value, right: Value) -> int:
        bounds.charge(1)
        found = order(left, right)
        if found is None:
            unordered.append(left)
        return found or 0

    found = sorted(listed, key=cmp_to_key(compared))
    return None if unordered else found
