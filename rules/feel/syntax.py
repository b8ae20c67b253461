"""The syntax tree of FEEL: frozen nodes, no behaviour. ``at`` is where the node begins in its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from rules.feel.values import Value


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """``of.name``"""

    of: Node
    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """``of[by]``: an index from 1 (from -1 backwards), or a condition on ``item``."""

    of: Node
    by: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Negate:
    of: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic ``+ - * / **``, comparison ``= != < <= > >=``, logic ``and or``."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    of: Node
    low: Node
    high: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class In:
    of: Node
    tests: tuple[UnaryTest, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class If:
    condition: Node
    then: Node
    otherwise: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    items: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ContextOf:
    entries: tuple[tuple[str, Node], ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RangeOf:
    low: Node
    high: Node
    low_closed: bool
    high_closed: bool
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Each:
    """``for``, ``some`` and ``every``: ``kind`` says which; ``result`` is the returned or required expression."""

    kind: str
    iterators: tuple[tuple[str, Node], ...]
    result: Node
    at: int = field(default=0, compare=False)


Node: TypeAlias = (
    "Literal | Name | Path | Filter | Call | Negate | Binary | Between | In | If | ListOf | ContextOf | RangeOf | Each"
)


@dataclass(frozen=True, slots=True)
class Against:
    """``< 5``: the tested value stands left of the operator."""

    operator: str
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Match:
    """A value to equal, a range or list to lie in, or (with ``?``) a condition to hold."""

    expression: Node
    at: int = field(default=0, compare=False)


UnaryTest: TypeAlias = Against | Match


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """One table cell: any of ``tests`` holds, or with ``negated`` none. No tests at all: anything goes (``-``)."""

    tests: tuple[UnaryTest, ...] = ()
    negated: bool = False


def names_of(node: Node | UnaryTest) -> frozenset[str]:
    """The variables that an expression reads from its context, ``?`` and inner ones aside."""
    match node:
        case Name():
            return frozenset({node.name}) - {"?"}
        case Literal():
            return frozenset()
        case Path() | Negate():
            return names_of(node.of)
        case Filter():
            return names_of(node.of) | (names_of(node.by) - {"item"})
        case Call():
            return _all(node.arguments)
        case Binary():
            return names_of(node.left) | names_of(node.right)
        case Between():
            return _all((node.of, node.low, node.high))
        case In():
            return names_of(node.of) | _all(node.tests)
        case If():
            return _all((node.condition, node.then, node.otherwise))
        case ListOf():
            return _all(node.items)
        case ContextOf():
            return _all(tuple(value for _, value in node.entries)) - {key for key, _ in node.entries}
        case RangeOf():
            return names_of(node.low) | names_of(node.high)
        case Each():
            bound = {name for name, _ in node.iterators}
            return (names_of(node.result) - bound) | _all(tuple(of for _, of in node.iterators))
        case Against():
            return names_of(node.right)
        case Match():
            return names_of(node.expression)


def _all(nodes: tuple[Node | UnaryTest, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(names_of(node) for node in nodes))
