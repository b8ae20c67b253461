"""Takes a table cell apart into the constants that it compares with; the compiler and the checks
live on it.

A cell is *plain* if each of its tests is a comparison, value or range of constant scalars. A plain
cell's truth depends on nothing but where the value lies among those constants.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from rules.feel import Range, Tests, Value, YearMonthDuration
from rules.feel.evaluate import compiled
from rules.feel.syntax import Against, Call, Literal, Negate, Node, RangeOf, UnaryTest

Scalar = (bool, Decimal, str, datetime, date, time, timedelta, YearMonthDuration)
_READERS = frozenset({"date", "time", "date and time", "duration", "@"})


def constants(cell: Tests) -> tuple[Value, ...] | None:
    """The cell's constants, ends of ranges included (null too, where it is written); None if it is
    not plain."""
    found: list[Value] = []
    for test in cell.node.tests:
        part = _of_test(test)
        if part is None:
            return None
        found += part
    return tuple(found)


def unreadable(cell: Tests) -> bool:
    """Whether the cell compares with a date, time or duration that is none, such as
    date("2026-02-30")."""
    return any(
        value is None and not isinstance(node, Literal)
        for test in cell.node.tests
        for node in _operands(test)
        if isinstance(node, (Call, Negate)) and is_constant(node)
        for value in (compiled(node)({}),)
    )


def _operands(test: UnaryTest) -> tuple[Node, ...]:
    node = test.right if isinstance(test, Against) else test.expression
    if not isinstance(node, RangeOf):
        return (node,)
    return tuple(end for end in (node.low, node.high) if end is not None)


def _of_test(test: UnaryTest) -> list[Value] | None:
    found: list[Value] = []
    for node in _operands(test):
        if not is_constant(node):
            return None
        value = compiled(node)({})
        if isinstance(value, Range) or not (value is None or isinstance(value, Scalar)):
            return None
        found.append(value)
    return found


def is_constant(node: Node) -> bool:
    """Whether the expression is written out: a literal, or a date, time or duration as FEEL has to
    write it."""
    match node:
        case Literal():
            return True
        case Negate():
            return is_constant(node.of)
        case Call():
            return node.function in _READERS and all(map(is_constant, node.arguments))
        case _:
            return False
