"""FEEL, the one expression language of Baton: conditions and durations of processes, cells of decision tables.

Pure and light: the standard library only, no clock, no input, no output; a workflow may import it. The same text with
the same context gives the same value for ever. What FEEL leaves to null stays null here: only a text that cannot be
read and what would never end (loops, recursion, patterns) raise ``FeelError``.

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

from rules.feel import times
from rules.feel.cursor import NameLearnt
from rules.feel.errors import FeelError
from rules.feel.evaluate import compiled, compiled_tests
from rules.feel.kinds import Types, no_types
from rules.feel.lexer import needs_help, normalise
from rules.feel.parser import Parser
from rules.feel.reading import maybe_names, names_of
from rules.feel.scope import Run, RunTest
from rules.feel.syntax import Node, UnaryTests
from rules.feel.text import literal, to_json
from rules.feel.values import Function, Range, Value, YearMonthDuration, to_value

__all__ = [
    "Expression",
    "FeelError",
    "Function",
    "Range",
    "Tests",
    "Value",
    "YearMonthDuration",
    "evaluate",
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

    Those in ``maybe`` stand inside of filters only: each may be a variable or a member of the filtered items.
    """

    text: str
    node: Node
    names: frozenset[str]
    run: Run = field(repr=False, compare=False)
    maybe: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tests:
    """A parsed table cell. ``names`` are the variables that it reads beside the tested value."""

    __test__ = False  # pytest takes classes of this name for its own

    text: str
    node: UnaryTests
    names: frozenset[str]
    run: RunTest = field(repr=False, compare=False)


def parse(
    text: str,
    names: Iterable[str] = (),
    functions: Iterable[str] = (),
    *,
    types: Types = no_types,
    lenient: bool = False,
) -> Expression:
    """An expression, cached.

    ``names`` are the variables in scope; only those with spaces or operators in them need to be given, since no
    grammar could guess them. ``functions`` are names that may hold a function. ``types`` knows the types of a file.
    ``lenient`` takes what can only ever give null, such as a call without its arguments, for the null that it gives.

    Raises:
        FeelError: the text is no FEEL, calls an unknown function or calls a known one with too few arguments.
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
        FeelError: the text is no FEEL (see ``parse``), or a loop visits more than 10,000 elements.
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
    """A table cell, cached: ``-`` or nothing, ``"a","b"``, ``< 5``, ``[1..3]``, ``not(…)``, or a condition on ``?``.

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
        expression = Expression(text, node, names_of(node), compiled(node, types), maybe_names(node))
        return expression, tuple(parser.faults)

    return _readable(text, names, functions, make)


@lru_cache(4096)
def _parse_tests(text: str, names: frozenset[str], functions: frozenset[str], types: Types) -> tuple[Tests, _Faults]:
    def make(parser: Parser) -> tuple[Tests, _Faults]:
        node = parser.unary_tests()
        read = frozenset[str]().union(*(names_of(test) for test in node.tests))
        return Tests(text, node, read, compiled_tests(node, types)), tuple(parser.faults)

    return _readable(text, names, functions, make)


def _readable(text: str, names: frozenset[str], functions: frozenset[str], make: Callable[[Parser], R]) -> R:
    """Adds the text to a problem that the compiler found, and turns the end of Python's stack into a problem."""
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
        raise FeelError(problem.reason, text=text, position=problem.position) from None
    except RecursionError:
        raise FeelError("the expression is nested too deeply", text=text) from None
