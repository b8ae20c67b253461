"""Compiles syntax trees to closures. A closure takes the scope (names → given values) and returns a
FEEL value."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from rules.feel import arithmetic, bounds, kinds, times
from rules.feel.cells import COMPARISONS, logic, tests_of
from rules.feel.errors import FeelTooMuch
from rules.feel.functions import FUNCTIONS, as_function
from rules.feel.kinds import TypeName, Types, no_types
from rules.feel.loops import each_of, filter_of
from rules.feel.measure import measured
from rules.feel.members import member
from rules.feel.scope import Run, RunTest, Scope
from rules.feel.syntax import (
    Between,
    Binary,
    Call,
    ContextOf,
    Define,
    Each,
    Filter,
    If,
    In,
    InstanceOf,
    Invoke,
    ListOf,
    Literal,
    Name,
    Negate,
    Node,
    Path,
    RangeOf,
    UnaryTests,
)
from rules.feel.values import Function, Range, Value, both, either, to_value

_OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    **COMPARISONS,
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
}


_CALL_LEVELS = 3
"""Levels of Python's stack between an expression and the body of a function that it calls."""


def compiled(node: Node, types: Types = no_types) -> Run:
    """The closure of an expression; ``types`` knows the types that a file declares."""
    down = partial(compiled, types=types)
    match node:
        case Literal():
            value = node.value
            return lambda scope: value
        case Name():
            name = node.name
            return lambda scope: to_value(scope.get(name))
        case Path():
            return _path(node, types)
        case Binary():
            return _binary(node, types)
        case Negate():
            of = down(node.of)
            return lambda scope: arithmetic.negate(of(scope))
        case If():
            condition, then, otherwise = down(node.condition), down(node.then), down(node.otherwise)
            return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)
        case Call():
            return _call(node, types)
        case Invoke():
            return _invoke(node, types)
        case Define():
            return _define(node, types)
        case InstanceOf():
            of, kind = down(node.of), node.type
            return lambda scope: kinds.is_instance(of(scope), kind, types)
        case Between():
            return _between(node, types)
        case In():
            of, test = down(node.of), compiled_tests(UnaryTests(node.tests), types)
            return lambda scope: test(of(scope), scope)
        case ListOf():
            items = tuple(down(item) for item in node.items)
            return lambda scope: [item(scope) for item in items]
        case RangeOf():
            return _range(node, types)
        case ContextOf():
            return _context(node, types)
        case Filter():
            return filter_of(node, down)
        case Each():
            return each_of(node, down)


def compiled_tests(tests: UnaryTests, types: Types = no_types) -> RunTest:
    """The closure of a table cell: does the value pass? Null is "cannot be said", which matches
    nothing."""
    return tests_of(tests, partial(compiled, types=types))


def _binary(node: Binary, types: Types) -> Run:
    left, right = compiled(node.left, types), compiled(node.right, types)
    if node.operator == "and":
        return lambda scope: False if (first := logic(left(scope))) is False else both(first, logic(right(scope)))
    if node.operator == "or":
        return lambda scope: True if (first := logic(left(scope))) is True else either(first, logic(right(scope)))
    operate, at = _OPERATIONS[node.operator], node.at

    def run(scope: Scope) -> Value:
        try:
            return operate(left(scope), right(scope))
        except FeelTooMuch as much:
            raise much.near(at) from None

    return run


def _between(node: Between, types: Types) -> Run:
    of, low, high = compiled(node.of, types), compiled(node.low, types), compiled(node.high, types)
    least, most = COMPARISONS[">="], COMPARISONS["<="]

    def run(scope: Scope) -> Value:
        value = of(scope)
        return both(least(value, low(scope)), most(value, high(scope)))

    return run


def _range(node: RangeOf, types: Types) -> Run:
    low = compiled(Literal(None) if node.low is None else node.low, types)
    high = compiled(Literal(None) if node.high is None else node.high, types)
    form = (node.low_closed, node.high_closed, node.operator)
    return lambda scope: Range(low(scope), high(scope), *form)


# --- calls
# ------------------------------------------------------------------------------------------------------------


def _call(node: Call, types: Types) -> Run:
    if node.function == "@":
        text = node.arguments[0]
        constant = times.read(text.value) if isinstance(text, Literal) and isinstance(text.value, str) else None
        return lambda scope: constant
    builtin = FUNCTIONS.get(node.function)
    if builtin is None:
        return _own(node, types)
    arguments = tuple(_argument(argument, types, node.function == "sort") for argument in node.arguments)
    call, at = builtin.call, node.at

    def run(scope: Scope) -> Value:
        try:
            return call(*[argument(scope) for argument in arguments])
        except FeelTooMuch as much:
            raise much.near(at) from None

    return run


def _own(node: Call, types: Types) -> Run:
    name, names = node.function, node.names
    arguments = tuple(_argument(argument, types) for argument in node.arguments)

    def run(scope: Scope) -> Value:
        function = scope.get(name)
        if not isinstance(function, Function):
            return None
        return function.invoke(tuple([argument(scope) for argument in arguments]), names)

    return run


def _invoke(node: Invoke, types: Types) -> Run:
    of, names = compiled(node.of, types), node.names
    arguments = tuple(_argument(argument, types) for argument in node.arguments)

    def run(scope: Scope) -> Value:
        function = of(scope)
        if not isinstance(function, Function):
            return None
        return function.invoke(tuple([argument(scope) for argument in arguments]), names)

    return run


def _argument(node: Node, types: Types, takes_functions: bool = True) -> Run:
    """Where a function may be handed over, the name of a built-in one stands for it, unless a
    variable has it."""
    run = compiled(node, types)
    function = as_function(node.name) if takes_functions and isinstance(node, Name) else None
    if function is None:
        return run
    return lambda scope: function if (value := run(scope)) is None else value


def _define(node: Define, types: Types) -> Run:
    names = tuple(name for name, _ in node.parameters)
    declared = tuple(kind for _, kind in node.parameters)
    body, gives = compiled(node.body, types), _stated(node.body)
    size = measured(node.body)

    def run(scope: Scope) -> Value:
        def call(*values: Value) -> Value:
            given = [kinds.coerced(value, kind, types) for value, kind in zip(values, declared, strict=True)]
            if any(made is None is not value for made, value in zip(given, values, strict=True)):
                return None
            bounds.charge(size.steps + (len(scope) >> 4))
            try:
                return bounds.call(size.levels + _CALL_LEVELS, body, {**scope, **dict(zip(names, given, strict=True))})
            except FeelTooMuch as much:
                raise much.near(node.at) from None

        return Function("", names, call, declared, gives)

    return run


def _stated(node: Node) -> TypeName:
    """The type of an expression, if its form shows it."""
    match node:
        case Literal():
            return kinds.of_constant(node.value)
        case ContextOf():
            return TypeName("context", members=tuple((key, _stated(value)) for key, value in node.entries))
        case _:
            return kinds.UNSTATED


# --- contexts and paths
# -----------------------------------------------------------------------------------------------


def _context(node: ContextOf, types: Types) -> Run:
    entries = tuple((key, compiled(value, types)) for key, value in node.entries)
    keys = [key for key, _ in entries]
    if len(set(keys)) < len(keys):
        return lambda scope: None

    def run(scope: Scope) -> Value:
        made: dict[str, Value] = {}
        bounds.charge(len(scope) >> 4)
        inner = dict(scope)
        for key, value in entries:
            made[key] = inner[key] = value(inner)  # later entries see earlier ones
        return made

    return run


def _path(node: Path, types: Types) -> Run:
    of, name = _unconverted(node.of, types), node.name
    return lambda scope: to_value(member(of(scope), name))


def _unconverted(node: Node, types: Types) -> Callable[[Scope], object]:
    """Walks ``a.b.c`` over the given values, so that a large context is not converted to read one
    of its members."""
    if isinstance(node, Name):
        name = node.name
        return lambda scope: scope.get(name)
    if isinstance(node, Path):
        of, inner = _unconverted(node.of, types), node.name
        return lambda scope: member(of(scope), inner)
    return compiled(node, types)
