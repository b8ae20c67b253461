"""Compiles syntax trees to closures. A closure takes the scope (names → given values) and returns a FEEL value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

from rules.feel import arithmetic, times
from rules.feel.errors import FeelError
from rules.feel.functions import FUNCTIONS
from rules.feel.members import member
from rules.feel.syntax import (
    Against,
    Between,
    Binary,
    Call,
    ContextOf,
    Each,
    Filter,
    If,
    In,
    ListOf,
    Literal,
    Name,
    Negate,
    Node,
    Path,
    RangeOf,
    UnaryTest,
    UnaryTests,
)
from rules.feel.values import (
    Function,
    Range,
    Value,
    both,
    compare,
    either,
    equal,
    negation,
    to_value,
)

Scope: TypeAlias = Mapping[str, object]
Run: TypeAlias = Callable[[Scope], Value]
RunTest: TypeAlias = Callable[[Value, Scope], "bool | None"]

MOST_STEPS = 10_000
"""Elements that one ``for``, ``some`` or ``every`` may visit; a typing error in a range must not stop a worker."""


def _equals(left: Value, right: Value) -> bool | None:
    return equal(left, right)


def _differs(left: Value, right: Value) -> bool | None:
    return negation(equal(left, right))


def _ordered(holds: Callable[[int], bool]) -> Callable[[Value, Value], bool | None]:
    def operate(left: Value, right: Value) -> bool | None:
        order = compare(left, right)
        return None if order is None else holds(order)

    return operate


def _logic(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None


COMPARISONS: dict[str, Callable[[Value, Value], bool | None]] = {
    "=": _equals,
    "!=": _differs,
    "<": _ordered(lambda order: order < 0),
    "<=": _ordered(lambda order: order <= 0),
    ">": _ordered(lambda order: order > 0),
    ">=": _ordered(lambda order: order >= 0),
}
_OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    **COMPARISONS,
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
}


def compiled(node: Node) -> Run:
    """The closure of an expression."""
    match node:
        case Literal():
            value = node.value
            return lambda scope: value
        case Name():
            name = node.name
            return lambda scope: to_value(scope.get(name))
        case Path():
            return _path(node)
        case Binary():
            return _binary(node)
        case Negate():
            of = compiled(node.of)
            return lambda scope: arithmetic.negate(of(scope))
        case If():
            condition, then, otherwise = compiled(node.condition), compiled(node.then), compiled(node.otherwise)
            return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)
        case Call():
            return _call(node)
        case Between():
            of, low, high = compiled(node.of), compiled(node.low), compiled(node.high)
            return lambda scope: Range(low(scope), high(scope)).holds(of(scope))
        case In():
            of, test = compiled(node.of), compiled_tests(UnaryTests(node.tests))
            return lambda scope: test(of(scope), scope)
        case ListOf():
            items = tuple(compiled(item) for item in node.items)
            return lambda scope: [item(scope) for item in items]
        case RangeOf():
            low, high = compiled(node.low), compiled(node.high)
            ends = (node.low_closed, node.high_closed)
            return lambda scope: Range(low(scope), high(scope), *ends)
        case ContextOf():
            return _context(node)
        case Filter():
            return _filter(node)
        case Each():
            return _each(node)


def compiled_tests(tests: UnaryTests) -> RunTest:
    """The closure of a table cell: does the value pass? Null is "cannot be said", which matches nothing."""
    if not tests.tests:
        return lambda value, scope: True
    runs = tuple(_test(test) for test in tests.tests)
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


def _test(test: UnaryTest) -> RunTest:
    if isinstance(test, Against):
        compare_to, right = COMPARISONS[test.operator], compiled(test.right)
        return lambda value, scope: compare_to(value, right(scope))
    if _mentions_input(test.expression):
        condition = compiled(test.expression)
        return lambda value, scope: _logic(condition({**scope, "?": value}))
    expected = compiled(test.expression)
    return lambda value, scope: _lies_in(value, expected(scope))


def _lies_in(value: Value, expected: Value) -> bool | None:
    if isinstance(expected, Range) and not isinstance(value, Range):
        return expected.holds(value)
    if isinstance(expected, list) and not isinstance(value, list):
        result: bool | None = False
        for item in expected:
            result = either(result, _lies_in(value, item))
        return result
    return equal(value, expected)


def _mentions_input(node: Node) -> bool:
    match node:
        case Name():
            return node.name == "?"
        case Literal():
            return False
        case Path() | Negate():
            return _mentions_input(node.of)
        case Filter():
            return _mentions_input(node.of) or _mentions_input(node.by)
        case Call():
            return any(map(_mentions_input, node.arguments))
        case Binary():
            return _mentions_input(node.left) or _mentions_input(node.right)
        case Between():
            return any(map(_mentions_input, (node.of, node.low, node.high)))
        case In():
            inner = (test.right if isinstance(test, Against) else test.expression for test in node.tests)
            return _mentions_input(node.of) or any(map(_mentions_input, inner))
        case If():
            return any(map(_mentions_input, (node.condition, node.then, node.otherwise)))
        case ListOf():
            return any(map(_mentions_input, node.items))
        case ContextOf():
            return any(_mentions_input(value) for _, value in node.entries)
        case RangeOf():
            return _mentions_input(node.low) or _mentions_input(node.high)
        case Each():
            return _mentions_input(node.result) or any(_mentions_input(of) for _, of in node.iterators)


def _binary(node: Binary) -> Run:
    left, right = compiled(node.left), compiled(node.right)
    if node.operator == "and":
        return lambda scope: False if (first := _logic(left(scope))) is False else both(first, _logic(right(scope)))
    if node.operator == "or":
        return lambda scope: True if (first := _logic(left(scope))) is True else either(first, _logic(right(scope)))
    operate = _OPERATIONS[node.operator]
    return lambda scope: operate(left(scope), right(scope))


def _call(node: Call) -> Run:
    arguments = tuple(compiled(argument) for argument in node.arguments)
    if node.function == "@":
        text = node.arguments[0]
        constant = _at_literal(text.value) if isinstance(text, Literal) and isinstance(text.value, str) else None
        if constant is None:
            raise FeelError("after @ stands a date, time, date and time or duration", position=node.at)
        return lambda scope: constant
    builtin = FUNCTIONS.get(node.function)
    name = node.function
    if builtin is None:

        def own(scope: Scope) -> Value:
            function = scope.get(name)
            if not isinstance(function, Function) or function.parameters != len(arguments):
                return None
            return function.call(*(argument(scope) for argument in arguments))

        return own
    call = builtin.call
    if len(arguments) == 1:
        only = arguments[0]
        return lambda scope: call(only(scope))
    return lambda scope: call(*(argument(scope) for argument in arguments))


def _at_literal(text: str) -> Value:
    for read in (times.date_from, times.date_time_from, times.time_from, times.duration_from):
        value = read(text)
        if value is not None:
            return value
    return None


def _context(node: ContextOf) -> Run:
    entries = tuple((key, compiled(value)) for key, value in node.entries)

    def run(scope: Scope) -> Value:
        made: dict[str, Value] = {}
        inner = dict(scope)
        for key, value in entries:
            made[key] = inner[key] = value(inner)  # later entries see earlier ones
        return made

    return run


def _filter(node: Filter) -> Run:
    of, by = compiled(node.of), compiled(node.by)

    def run(scope: Scope) -> Value:
        value = of(scope)
        items = value if isinstance(value, list) else [] if value is None else [value]
        index = by(scope)
        if isinstance(index, Decimal):
            place = int(index) - 1 if index > 0 else len(items) + int(index)
            return items[place] if index and 0 <= place < len(items) else None
        kept: list[Value] = []
        for item in items:
            inner = {**scope, **item, "item": item} if isinstance(item, dict) else {**scope, "item": item}
            if by(inner) is True:
                kept.append(item)
        return kept

    return run


def _each(node: Each) -> Run:
    iterators = tuple((name, compiled(of)) for name, of in node.iterators)
    result = compiled(node.result)

    def scopes(scope: Scope, left: tuple[tuple[str, Run], ...], budget: list[int]) -> list[Scope]:
        if not left:
            budget[0] -= 1
            if budget[0] < 0:
                raise FeelError(f"“{node.kind}” visits more than {MOST_STEPS} elements", position=node.at)
            return [scope]
        name, of = left[0]
        return [made for item in _elements(of(scope)) for made in scopes({**scope, name: item}, left[1:], budget)]

    def run(scope: Scope) -> Value:
        found = [result(inner) for inner in scopes(scope, iterators, [MOST_STEPS])]
        if node.kind == "for":
            return found
        return FUNCTIONS["any" if node.kind == "some" else "all"].call(found)

    return run


def _elements(value: Value) -> list[Value]:
    if isinstance(value, Range):
        low, high = value.low, value.high
        if not isinstance(low, Decimal) or not isinstance(high, Decimal):
            return []
        step = 1 if high >= low else -1
        if abs(high - low) > MOST_STEPS:
            raise FeelError(f"a range to walk through has more than {MOST_STEPS} elements")
        return [Decimal(number) for number in range(int(low), int(high) + step, step)]
    return value if isinstance(value, list) else [] if value is None else [value]


def _path(node: Path) -> Run:
    of, name = _unconverted(node.of), node.name

    def run(scope: Scope) -> Value:
        return to_value(member(of(scope), name))

    return run


def _unconverted(node: Node) -> Callable[[Scope], object]:
    """Walks ``a.b.c`` over the given values, so that a large context is not converted to read one of its members."""
    if isinstance(node, Name):
        name = node.name
        return lambda scope: scope.get(name)
    if isinstance(node, Path):
        of, inner = _unconverted(node.of), node.name
        return lambda scope: member(of(scope), inner)
    return compiled(node)
