"""How large an expression is: what it costs to evaluate it once more, and how deep its parts lie
within each other."""

from __future__ import annotations

from typing import Final, NamedTuple

from rules.feel.reading import below
from rules.feel.syntax import (
    Against,
    Binary,
    Call,
    ContextOf,
    Define,
    Each,
    Filter,
    In,
    Invoke,
    ListOf,
    Literal,
    Node,
    UnaryTests,
)

_CALL: Final = 8
_SLOW: Final = 50
_SLOW_CALLS: Final = frozenset({"exp", "log", "sqrt", "stddev"})
_TWICE: Final = (Call, Invoke, Filter, ListOf, ContextOf, In)
"""Parts that go two levels down into Python's stack."""
_COUNTED: Final = (Each, Filter, Invoke, Define, ContextOf)
_CONSTANT_CALLS: Final = frozenset({"@", "date", "time", "date and time", "duration"})


class Measure(NamedTuple):
    """``steps``: what one evaluation counts for. ``levels``: how far it reaches down.

    ``counted``: it may take more steps than its text has, by loops or functions, and has to be
    watched.
    """

    steps: int
    levels: int
    counted: bool


def measured(*nodes: Node) -> Measure:
    """Without recursion, so that what is too deep is measured rather than met."""
    steps = deepest = 0
    counted = False
    left = [(node, 1) for node in nodes]
    while left:
        node, level = left.pop()
        deepest = max(deepest, level)
        steps += _steps(node)
        counted = counted or isinstance(node, _COUNTED) or (isinstance(node, Call) and not _is_written_out(node))
        level += 1 + isinstance(node, _TWICE)
        if isinstance(node, Each):
            level += len(node.iterators)
        left.extend((part, level) for part in below(node))
    return Measure(steps, deepest, counted)


def measured_tests(tests: UnaryTests) -> Measure:
    """Of a table cell."""
    return measured(*(test.right if isinstance(test, Against) else test.expression for test in tests.tests))


def _steps(node: Node) -> int:
    match node:
        case Call():
            return _SLOW if node.function in _SLOW_CALLS else _CALL
        case Binary():
            return _SLOW if node.operator == "**" else 1
        case _:
            return 1


def _is_written_out(node: Call) -> bool:
    """``date("2026-11-21")``: nothing but a constant."""
    return node.function in _CONSTANT_CALLS and all(isinstance(part, Literal) for part in node.arguments)
