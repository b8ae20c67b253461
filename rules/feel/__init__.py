"""S-FEEL, the one expression language of Baton: conditions and durations of processes, cells of decision tables.

Pure and light: the standard library only, no clock, no input, no output; a workflow may import it. The same text with
the same context gives the same value for ever. What goes beyond S-FEEL: ``if``, ``for``, ``some``, ``every``, lists,
contexts, filters, ranges as values. What FEEL leaves to null stays null here: only a text that cannot be read and a
runaway loop raise ``FeelError``.

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
from rules.feel.errors import FeelError
from rules.feel.evaluate import Run, RunTest, compiled, compiled_tests
from rules.feel.lexer import needs_help, normalise
from rules.feel.parser import Parser
from rules.feel.syntax import Node, UnaryTests, names_of
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
    """A parsed expression. ``names`` are the variables that it reads."""

    text: str
    node: Node
    names: frozenset[str]
    run: Run = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Tests:
    """A parsed table cell. ``names`` are the variables that it reads beside the tested value."""

    __test__ = False  # pytest takes classes of this name for its own

    text: str
    node: UnaryTests
    names: frozenset[str]
    run: RunTest = field(repr=False, compare=False)


def parse(text: str, names: Iterable[str] = (), functions: Iterable[str] = ()) -> Expression:
    """An expression, cached.

    ``names`` are the variables in scope; only those with spaces or operators in them need to be given, since no
    grammar could guess them. ``functions`` are functions that the context will supply.

    Raises:
        FeelError: the text is no FEEL, calls an unknown function or calls a known one with too few arguments.
    """
    own = frozenset(normalise(name) for name in functions)
    return _parse(text, _hard(names) | _hard(own), own)


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


def parse_unary_tests(text: str, names: Iterable[str] = ()) -> Tests:
    """A table cell, cached: ``-`` or nothing, ``"a","b"``, ``< 5``, ``[1..3]``, ``not(…)``, or a condition on ``?``.

    Raises:
        FeelError: the text is no cell.
    """
    return _parse_tests(text, _hard(names))


def unary_test(tests: str | Tests, value: object, context: Mapping[str, object]) -> bool | None:
    """Whether the value passes the cell; null when that cannot be said, which is no match.

    Raises:
        FeelError: the text is no cell.
    """
    if isinstance(tests, str):
        tests = parse_unary_tests(tests, context)
    return tests.run(to_value(value), context)


R = TypeVar("R")


def _hard(names: Iterable[str]) -> frozenset[str]:
    return frozenset(normalise(name) for name in names if needs_help(name))


@lru_cache(4096)
def _parse(text: str, names: frozenset[str], functions: frozenset[str]) -> Expression:
    def make() -> Expression:
        node = Parser(text, names, functions).expression()
        return Expression(text, node, names_of(node), compiled(node))

    return _readable(text, make)


@lru_cache(4096)
def _parse_tests(text: str, names: frozenset[str]) -> Tests:
    def make() -> Tests:
        node = Parser(text, names, frozenset()).unary_tests()
        read = frozenset[str]().union(*(names_of(test) for test in node.tests))
        return Tests(text, node, read, compiled_tests(node))

    return _readable(text, make)


def _readable(text: str, make: Callable[[], R]) -> R:
    """Adds the text to a problem that the compiler found, and turns the end of Python's stack into a problem."""
    try:
        return make()
    except FeelError as problem:
        if problem.text:
            raise
        raise FeelError(problem.reason, text=text, position=problem.position) from None
    except RecursionError:
        raise FeelError("the expression is nested too deeply", text=text) from None
