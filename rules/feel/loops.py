"""``for``, ``some``, ``every`` and filters, compiled (DMN 1.5, 10.3.2.5, 10.3.2.14-10.3.2.16)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules.feel import moments
from rules.feel.errors import FeelError
from rules.feel.library import lists
from rules.feel.reading import names_of
from rules.feel.scope import Compile, Run, Scope
from rules.feel.syntax import Each, Filter
from rules.feel.values import Range, Value

MOST_STEPS = 10_000
"""Elements that one ``for``, ``some`` or ``every`` may visit; a typing error in a range must not stop a worker."""


def filter_of(node: Filter, compiled: Compile) -> Run:
    of, by = compiled(node.of), compiled(node.by)
    return lambda scope: filtered(of(scope), by, scope)


def filtered(value: Value, by: Run, scope: Scope) -> Value:
    """The item at an index from 1, or from -1 backwards, or the items for which a condition holds."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    index = by(scope)
    if isinstance(index, Decimal):
        place = int(index) - 1 if index > 0 else len(items) + int(index)
        return items[place] if index and 0 <= place < len(items) else None
    kept: list[Value] = []
    for item in items:
        inner = {**scope, "item": item, **item} if isinstance(item, dict) else {**scope, "item": item}
        verdict = by(inner)
        if verdict is True:
            kept.append(item)
        elif not _is_truth(verdict):
            return None
    return kept


def each_of(node: Each, compiled: Compile) -> Run:
    iterators = tuple((name, compiled(of)) for name, of in node.iterators)
    result = compiled(node.result)
    partial = node.kind == "for" and "partial" in names_of(node.result)

    def run(scope: Scope) -> Value:
        steps = Steps(node.kind, node.at)
        if node.kind == "for":
            return repeated(iterators, result, scope, steps, partial=partial)
        return judged(node.kind, iterators, result, scope, steps)

    return run


class _Endless(Exception):
    """What is to be walked through has no next element: null, as all that cannot be computed."""


class Steps:
    """Counts the elements that a loop visits."""

    def __init__(self, kind: str, at: int = 0) -> None:
        self._kind = kind
        self._at = at
        self._left = MOST_STEPS

    def one(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise FeelError(f"“{self._kind}” visits more than {MOST_STEPS} elements", position=self._at)


def repeated(
    iterators: tuple[tuple[str, Run], ...], result: Run, scope: Scope, steps: Steps, *, partial: bool
) -> list[Value] | None:
    """What ``for`` returns; with ``partial`` each round sees what the earlier ones gave."""
    found: list[Value] = []
    try:
        for inner in scopes(scope, iterators, steps):
            found.append(result({**inner, "partial": list(found)} if partial else inner))
    except _Endless:
        return None
    return found


def judged(kind: str, iterators: tuple[tuple[str, Run], ...], result: Run, scope: Scope, steps: Steps) -> bool | None:
    """Whether ``some`` or ``every`` round holds; null if one gives what is neither true, false nor null."""
    try:
        found = [result(inner) for inner in scopes(scope, iterators, steps)]
    except _Endless:
        return None
    if not all(map(_is_truth, found)):
        return None
    return lists.any_of(found) if kind == "some" else lists.all_of(found)


def _is_truth(verdict: Value) -> bool:
    return verdict is None or isinstance(verdict, bool)


def scopes(scope: Scope, left: tuple[tuple[str, Run], ...], steps: Steps) -> Iterator[Scope]:
    """A scope for each combination of elements; later iterators see the earlier ones' elements."""
    if not left:
        steps.one()
        yield scope
        return
    name, of = left[0]
    for item in _elements(of(scope)):
        yield from scopes({**scope, name: item}, left[1:], steps)


def _elements(value: Value) -> list[Value]:
    if isinstance(value, Range):
        return _walked(value)
    return value if isinstance(value, list) else [] if value is None else [value]


def _walked(span: Range) -> list[Value]:
    """The whole numbers or the days from one end of a range to the other, backwards if the ends are so."""
    low, high = span.low, span.high
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        if abs(high - low) > MOST_STEPS:
            raise FeelError(f"a range to walk through has more than {MOST_STEPS} elements")
        step = 1 if high >= low else -1
        found: list[Value] = [Decimal(number) for number in range(int(low), int(high) + step, step)]
    elif moments.is_day(low) and moments.is_day(high):
        first, last = moments.ordinal(low), moments.ordinal(high)
        if abs(last - first) > MOST_STEPS:
            raise FeelError(f"a range to walk through has more than {MOST_STEPS} elements")
        step = 1 if last >= first else -1
        found = [moments.day_at(day) for day in range(first, last + step, step)]
    else:
        raise _Endless
    begin = 0 if span.low_closed or found[0] != low else 1
    return found[begin : None if span.high_closed or found[-1] != high else -1]
