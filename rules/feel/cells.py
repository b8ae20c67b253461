"""Table cells, compiled: unary tests of one value (DMN 1.5, 7.3 and 10.3.2.8)."""

from __future__ import annotations

from collections.abc import Callable

from rules.feel.reading import mentions_input
from rules.feel.scope import Compile, RunTest, Scope
from rules.feel.syntax import Against, Between, Binary, Each, In, InstanceOf, UnaryTest, UnaryTests
from rules.feel.values import Range, Value, compare, either, equal, negation


def _equals(left: Value, right: Value) -> bool | None:
    return equal(left, right)


def _differs(left: Value, right: Value) -> bool | None:
    return negation(equal(left, right))


def _ordered(holds: Callable[[int], bool]) -> Callable[[Value, Value], bool | None]:
    def operate(left: Value, right: Value) -> bool | None:
        order = compare(left, right)
        return None if order is None else holds(order)

    return operate


COMPARISONS: dict[str, Callable[[Value, Value], bool | None]] = {
    "=": _equals,
    "!=": _differs,
    "<": _ordered(lambda order: order < 0),
    "<=": _ordered(lambda order: order <= 0),
    ">": _ordered(lambda order: order > 0),
    ">=": _ordered(lambda order: order >= 0),
}


def logic(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None


def tests_of(tests: UnaryTests, compiled: Compile) -> RunTest:
    """The closure of a table cell: does the value pass? Null is "cannot be said", which matches
    nothing."""
    if not tests.tests:
        return lambda value, scope: True
    runs = tuple(_test(test, compiled) for test in tests.tests)
    if len(runs) == 1 and not tests.negated:
        return runs[0]

    def run(value: Value, scope: Scope) -> bool | None:
        result: bool | None = False
        for test in runs:
            result = either(result, test(value, scope))
            if result:
                break
        return negation(result) if tests.negated else result

    return run


def _test(test: UnaryTest, compiled: Compile) -> RunTest:
    if isinstance(test, Against):
        compare_to, right = COMPARISONS[test.operator], compiled(test.right)
        return lambda value, scope: compare_to(value, right(scope))
    if mentions_input(test.expression):
        condition = compiled(test.expression)
        return lambda value, scope: logic(condition({**scope, "?": value}))
    expected = compiled(test.expression)
    if _is_condition(test):
        return lambda value, scope: _condition(value, expected(scope))
    return lambda value, scope: _lies_in(value, expected(scope))


def _is_condition(test: UnaryTest) -> bool:
    """Whether a cell states a truth about other variables, such as ``limit > 5``, rather than a
    value."""
    node = None if isinstance(test, Against) else test.expression
    if isinstance(node, Binary):
        return node.operator in COMPARISONS or node.operator in {"and", "or"}
    return isinstance(node, (Between, In, InstanceOf)) or (isinstance(node, Each) and node.kind != "for")


def _condition(value: Value, held: Value) -> bool | None:
    """Of a boolean column the cell is what has to be equal; any other column cannot equal it: the
    cell must hold."""
    return equal(value, held) if isinstance(value, bool) else logic(held)


def _lies_in(value: Value, expected: Value) -> bool | None:
    if isinstance(expected, Range) and not isinstance(value, Range):
        return expected.holds(value)
    if isinstance(expected, list):
        result = equal(value, expected) if isinstance(value, list) else False
        for item in expected:
            if isinstance(item, (list, Range)):
                result = either(result, _lies_in(value, item))
            elif not isinstance(value, list):
                result = either(result, equal(value, item) is True)
        return result
    return equal(value, expected)
