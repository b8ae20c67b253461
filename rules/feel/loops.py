"""``for``, ``some``, ``every`` and filters, compiled (DMN 1.5, 10.3.2.5, 10.3.2.14-10.3.2.16)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

from rules.feel import moments
from rules.feel.bounds import ITEMS, charge
from rules.feel.errors import FeelTooMuch
from rules.feel.library import lists
from rules.feel.measure import measured
from rules.feel.reading import names_of
from rules.feel.scope import Compile, Run, Scope
from rules.feel.syntax import Each, Filter
from rules.feel.values import NUMBERS, Range, Value


def filter_of(node: Filter, compiled: Compile) -> Run:
    of, by, cost, at = compiled(node.of), compiled(node.by), measured(node.by).steps, node.at

    def run(scope: Scope) -> Value:
        try:
            return filtered(of(scope), by, scope, cost)
        except FeelTooMuch as much:
            raise much.near(at) from None

    return run


def filtered(value: Value, by: Run, scope: Scope, cost: int = 1) -> Value:
    """The item at an index from 1, or from -1 backwards, or the items for which a condition holds.

    ``cost`` are the steps that the condition counts for.
    """
    items = value if isinstance(value, list) else [] if value is None else [value]
    index = by(scope)
    if isinstance(index, Decimal):
        place = int(index) - 1 if index > 0 else len(items) + int(index)
        return items[place] if index and 0 <= place < len(items) else None
    kept: list[Value] = []
    cost += len(scope) >> 4
    for item in items:
        charge(cost)
        inner = {**scope, "item": item, **item} if isinstance(item, dict) else {**scope, "item": item}
        verdict = by(inner)
        if verdict is True:
            kept.append(item)
        elif not _is_truth(verdict):
            return None
    return kept


def each_of(node: Each, compiled: Compile) -> Run:
    parts = [(name, compiled(of), measured(of).steps) for name, of in node.iterators]
    body, cost, at = compiled(node.result), measured(node.result).steps, node.at
    # A step of an iterator costs what comes next in it: the elements of the next one, or the
    # result.
    costs = [*(steps for _, _, steps in parts[1:]), cost]
    iterators = tuple((name, of, steps) for (name, of, _), steps in zip(parts, costs, strict=True))
    partial = node.kind == "for" and "partial" in names_of(node.result)

    def run(scope: Scope) -> Value:
        try:
            if node.kind == "for":
                return repeated(iterators, body, scope, partial=partial)
            return judged(node.kind, iterators, body, scope)
        except FeelTooMuch as much:
            raise much.near(at) from None

    return run


Iterated: TypeAlias = tuple[str, Run, int]
"""A name, the elements that it goes through, and the steps that each of them counts for."""


class _Endless(Exception):
    """What is to be walked through has no next element: null, as all that cannot be computed."""


def repeated(iterators: tuple[Iterated, ...], result: Run, scope: Scope, *, partial: bool) -> list[Value] | None:
    """What ``for`` returns; with ``partial`` each round sees what the earlier ones gave."""
    found: list[Value] = []
    try:
        for inner in scopes(scope, iterators):
            if partial:
                charge(len(found))
                inner = {**inner, "partial": list(found)}
            found.append(result(inner))
            if len(found) > ITEMS.limit:
                raise FeelTooMuch(ITEMS)
    except _Endless:
        return None
    return found


def judged(kind: str, iterators: tuple[Iterated, ...], result: Run, scope: Scope) -> bool | None:
    """Whether ``some`` or ``every`` round holds; null if one gives what is neither true, false nor
    null."""
    try:
        found = [result(inner) for inner in scopes(scope, iterators)]
    except _Endless:
        return None
    if not all(map(_is_truth, found)):
        return None
    return lists.any_of(found) if kind == "some" else lists.all_of(found)


def _is_truth(verdict: Value) -> bool:
    return verdict is None or isinstance(verdict, bool)


def scopes(scope: Scope, left: tuple[Iterated, ...]) -> Iterator[Scope]:
    """A scope for each combination of elements; later iterators see the earlier ones' elements."""
    if not left:
        yield scope
        return
    name, of, cost = left[0]
    cost += 1 + (len(scope) >> 4)
    for item in _elements(of(scope)):
        charge(cost)
        yield from scopes({**scope, name: item}, left[1:])


def _elements(value: Value) -> list[Value]:
    if isinstance(value, Range):
        return _walked(value)
    return value if isinstance(value, list) else [] if value is None else [value]


def _walked(span: Range) -> list[Value]:
    """The whole numbers or the days from one end of a range to the other, backwards if the ends are
    so."""
    low, high = span.low, span.high
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        if NUMBERS.abs(NUMBERS.subtract(high, low)) >= ITEMS.limit:
            raise FeelTooMuch(ITEMS)
        step = 1 if high >= low else -1
        found: list[Value] = [Decimal(number) for number in range(int(low), int(high) + step, step)]
    elif moments.is_day(low) and moments.is_day(high):
        first, last = moments.ordinal(low), moments.ordinal(high)
        if abs(last - first) >= ITEMS.limit:
            raise FeelTooMuch(ITEMS)
        step = 1 if last >= first else -1
        found = [moments.day_at(day) for day in range(first, last + step, step)]
    else:
        raise _Endless
    charge(len(found))
    begin = 0 if span.low_closed or found[0] != low else 1
    return found[begin : None if span.high_closed or found[-1] != high else -1]
