"""How points and ranges lie to each other (DMN 1.5, 10.3.4.10, after Allen's interval algebra).

An end of a range is a value and a hair's breadth: ``(5..`` begins a hair above 5, ``..5)`` ends a
hair below. With that, each relation is a comparison of edges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from rules.feel.values import Range, Value, both, compare

Relation: TypeAlias = "Callable[[_Span, _Span], bool | None]"


@dataclass(frozen=True, slots=True)
class _Edge:
    """``beyond`` -1 or 1: there is no end on that side. ``hair`` -1, 0 or 1: just below, at or just
    above."""

    value: Value
    hair: int = 0
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class _Span:
    low: _Edge
    high: _Edge
    is_range: bool


def _span(value: Value) -> _Span | None:
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    if value is None:
        return None
    if not isinstance(value, Range):
        return _Span(_Edge(value), _Edge(value), False)
    if value.operator == "!=":
        return None  # it is no stretch
    low = _Edge(value.low, 0 if value.low_closed else 1) if value.begins else _Edge(None, beyond=-1)
    high = _Edge(value.high, 0 if value.high_closed else -1) if value.ends else _Edge(None, beyond=1)
    return _Span(low, high, True)


def _order(left: _Edge, right: _Edge) -> int | None:
    if left.beyond or right.beyond:
        return (left.beyond > right.beyond) - (left.beyond < right.beyond)
    order = compare(left.value, right.value)
    return order or ((left.hair > right.hair) - (left.hair < right.hair)) if order is not None else None


def _below(left: _Edge, right: _Edge) -> bool | None:
    order = _order(left, right)
    return None if order is None else order < 0


def _within(left: _Edge, right: _Edge) -> bool | None:
    order = _order(left, right)
    return None if order is None else order <= 0


def _at(left: _Edge, right: _Edge) -> bool | None:
    order = _order(left, right)
    return None if order is None else order == 0


def before(left: _Span, right: _Span) -> bool | None:
    return _below(left.high, right.low)


def meets(left: _Span, right: _Span) -> bool | None:
    return _at(left.high, right.low)


def overlaps(left: _Span, right: _Span) -> bool | None:
    return both(_within(right.low, left.high), _within(left.low, right.high))


def overlaps_before(left: _Span, right: _Span) -> bool | None:
    reaching = both(_within(right.low, left.high), _within(left.high, right.high))
    return both(_below(left.low, right.low), reaching)


def finishes(left: _Span, right: _Span) -> bool | None:
    return both(_at(left.high, right.high), _within(right.low, left.low))


def includes(left: _Span, right: _Span) -> bool | None:
    return both(_within(left.low, right.low), _within(right.high, left.high))


def starts(left: _Span, right: _Span) -> bool | None:
    return both(_at(left.low, right.low), _within(left.high, right.high))


def coincides(left: _Span, right: _Span) -> bool | None:
    return both(_at(left.low, right.low), _at(left.high, right.high))


def turned(relation: Relation) -> Relation:
    """The same relation, seen from the other one."""
    return lambda left, right: relation(right, left)


def of(relation: Relation, *takes: str) -> Callable[[Value, Value], Value]:
    """The function of a relation. ``takes`` are the pairs that it is for: "pp", "pr", "rp", "rr"; p
    is a point."""

    def call(left: Value, right: Value) -> Value:
        first, second = _span(left), _span(right)
        if first is None or second is None:
            return None
        pair = ("r" if first.is_range else "p") + ("r" if second.is_range else "p")
        return relation(first, second) if pair in takes else None

    return call
