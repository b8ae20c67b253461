"""FEEL, the one expression language of Baton: conditions and durations of processes, cells of
decision tables.

Pure and light: no clock, no input, no output; a workflow may import it. The same text with the same
context gives the same value for ever. What FEEL leaves to null stays null here: only a text that
cannot be read raises ``FeelError``, and what asks for more than ``rules.feel.bounds`` allows raises
``FeelTooMuch``, which is one.

::

    evaluate('if grade = "H" then duration("P3D") else duration("P7D")', {"grade": "H"})
    unary_test('[7..15), > 90', 8, {})          # True
    evaluate("now + due", {"now": instant, "due": timedelta(hours=24)})
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from rules.feel import bounds, times
from rules.feel.cursor import NameLearnt
from rules.feel.errors import FeelError, FeelTooMuch
from rules.feel.evaluate import compiled, compiled_tests
from rules.feel.kinds import Types, no_types
from rules.feel.lexer import needs_help, normalise
from rules.feel.measure import Measure, measured, measured_tests
from rules.feel.parser import Parser
from rules.feel.reading import maybe_names, names_of
from rules.feel.scope import Run, RunTest, Scope
from rules.feel.syntax import Node, UnaryTests
from rules.feel.text import handed_on, literal, to_json
from rules.feel.values import Function, Range, Value, YearMonthDuration, to_value

__all__ = [
    "Expression",
    "FeelError",
    "FeelTooMuch",
    "Function",
    "Range",
    "Tests",
    "Value",
    "YearMonthDuration",
    "bounds",
    "evaluate",
    "handed_on",
    "literal",
    "parse",
    "parse_unary_tests",
    "times",
    "to_json",
    "to_value",
    "unary_test",
]


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. ``names`` are the variables that it reads.

    Those in ``maybe`` stand inside of filters only: each may be a variable or a member of the
    filtered items. ``run`` counts what it does as one evaluation, or as a part of the one in
    progress, if ``size`` says so.
    """

    text: str
    node: Node
    names: frozenset[str]
    run: Run = field(repr=False, compare=False)
    maybe: frozenset[str] = frozenset()
    size: Measure = field(default=Measure(1, 1, False), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Tests:
    """A parsed table cell. ``names`` are the variables that it reads beside the tested value."""

    __test__ = False  # pytest takes classes of this name for its own

    text: str
    node: UnaryTests
    names: frozenset[str]
    run: RunTest = field(repr=False, compare=False)
    size: Measure = field(default=Measure(1, 1, False), repr=False, compare=False)


def parse(
    text: str,
    names: Iterable[str] = (),
    functions: Iterable[str] = (),
    *,
    types: Types = no_types,
    lenient: bool = False,
) -> Expression:
    """An expression, cached.

    ``names`` are the variables in scope; only those with spaces or operators in them need to be
    given, since no grammar could guess them. ``functions`` are names that may hold a function.
    ``types`` knows the types of a file. ``lenient`` takes what can only ever give null, such as a
    call without its arguments, for the null that it gives.

    Raises:
        FeelError: the text is no FEEL, calls an unknown function or calls a known one with too few
        arguments.
    """
    own = _normal(functions)
    expression, faults = _parse(text, _hard(names) | _hard(own), own, types)
    if faults and not lenient:
        raise faults[0].again()
    return expression


def evaluate(expression: str | Expression, context: Mapping[str, object]) -> Value:
    """The value of an expression in a context (ints and floats in it are taken as decimals).

    An unknown variable is null, as is everything that cannot be computed.

    Raises:
        FeelError: the text is no FEEL (see ``parse``).
        FeelTooMuch: it asks for more than the bounds allow (``rules.feel.bounds``).
    """
    if isinstance(expression, str):
        functions = [name for name, value in context.items() if isinstance(value, Function)]
        expression = parse(expression, context, functions)
    return expression.run(context)


def parse_unary_tests(
    text: str,
    names: Iterable[str] = (),
    functions: Iterable[str] = (),
    *,
    types: Types = no_types,
    lenient: bool = False,
) -> Tests:
    """A table cell, cached: ``-`` or nothing, ``"a","b"``, ``< 5``, ``[1..3]``, ``not(…)``, or a
    condition on ``?``.

    Its arguments are those of ``parse``.

    Raises:
        FeelError: the text is no cell.
    """
    own = _normal(functions)
    tests, faults = _parse_tests(text, _hard(names) | _hard(own), own, types)
    if faults and not lenient:
        raise faults[0].again()
    return tests


def unary_test(tests: str | Tests, value: object, context: Mapping[str, object]) -> bool | None:
    """Whether the value passes the cell; null when that cannot be said, which is no match.

    Raises:
        FeelError: the text is no cell.
        FeelTooMuch: as ``evaluate``.
    """
    if isinstance(tests, str):
        tests = parse_unary_tests(tests, context)
    return tests.run(to_value(value), context)


R = TypeVar("R")
_Faults = tuple[FeelError, ...]
_MOST_LEARNT = 100


@lru_cache(256)
def _hard_of(names: frozenset[str]) -> frozenset[str]:
    """A file's names are the same for each of its many texts."""
    return frozenset(normalise(name) for name in names if needs_help(name))


def _hard(names: Iterable[str]) -> frozenset[str]:
    return _hard_of(names if isinstance(names, frozenset) else frozenset(names))


@lru_cache(256)
def _normal_of(names: frozenset[str]) -> frozenset[str]:
    return frozenset(map(normalise, names))


def _normal(names: Iterable[str]) -> frozenset[str]:
    return _normal_of(names if isinstance(names, frozenset) else frozenset(names))


@lru_cache(4096)
def _parse(text: str, names: frozenset[str], functions: frozenset[str], types: Types) -> tuple[Expression, _Faults]:
    def make(parser: Parser) -> tuple[Expression, _Faults]:
        node = parser.expression()
        size = _fitting(measured(node))
        run = compiled(node, types)
        if size.counted:
            run = _counted(run, text)
        return Expression(text, node, names_of(node), run, maybe_names(node), size), tuple(parser.faults)

    return _readable(text, names, functions, make)


@lru_cache(4096)
def _parse_tests(text: str, names: frozenset[str], functions: frozenset[str], types: Types) -> tuple[Tests, _Faults]:
    def make(parser: Parser) -> tuple[Tests, _Faults]:
        node = parser.unary_tests()
        size = _fitting(measured_tests(node))
        read = frozenset[str]().union(*(names_of(test) for test in node.tests))
        run = compiled_tests(node, types)
        if size.counted:
            run = _counted_test(run, text)
        return Tests(text, node, read, run, size), tuple(parser.faults)

    return _readable(text, names, functions, make)


def _fitting(size: Measure) -> Measure:
    if size.levels > bounds.DEPTH.limit:
        raise FeelTooMuch(bounds.DEPTH)
    return size


def _counted(run: Run, text: str) -> Run:
    def counted(scope: Scope) -> Value:
        try:
            return bounds.evaluation(run, scope) if bounds.meter.left is None else run(scope)
        except FeelTooMuch as much:
            raise much if much.text else much.within(text) from None

    return counted


def _counted_test(run: RunTest, text: str) -> RunTest:
    def counted(value: Value, scope: Scope) -> bool | None:
        try:
            return bounds.evaluation(run, value, scope) if bounds.meter.left is None else run(value, scope)
        except FeelTooMuch as much:
            raise much if much.text else much.within(text) from None

    return counted


def _readable(text: str, names: frozenset[str], functions: frozenset[str], make: Callable[[Parser], R]) -> R:
    """Adds the text to a problem that the compiler found, and turns the end of Python's stack into
    a problem."""
    try:
        for _ in range(_MOST_LEARNT):
            try:
                return make(Parser(text, names, functions))
            except NameLearnt as learnt:
                if learnt.name in names:
                    break
                names |= {learnt.name}
        raise FeelError("it gives a name that cannot be told from an expression", text=text)
    except FeelError as problem:
        if problem.text:
            raise
        raise problem.within(text) from None
    except RecursionError:
        raise FeelTooMuch(bounds.DEPTH, text=text) from None
