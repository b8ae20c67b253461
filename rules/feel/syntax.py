"""The syntax tree of FEEL: frozen nodes, no behaviour. ``at`` is where the node begins in its
text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from rules.feel.kinds import TypeName
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
    """``function(arguments)``; ``names`` are those of the arguments, if they are given by name."""

    function: str
    arguments: tuple[Node, ...]
    at: int = field(default=0, compare=False)
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invoke:
    """``of(arguments)`` where ``of`` is an expression that gives a function."""

    of: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Define:
    """``function(parameters) body``."""

    parameters: tuple[tuple[str, TypeName | None], ...]
    body: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class InstanceOf:
    of: Node
    type: TypeName
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
    """``[low..high]``, or with an ``operator`` such as ``(< 5)``, which has no ``low``."""

    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool
    at: int = field(default=0, compare=False)
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Each:
    """``for``, ``some`` and ``every``: ``kind`` says which; ``result`` is the returned or required
    expression."""

    kind: str
    iterators: tuple[tuple[str, Node], ...]
    result: Node
    at: int = field(default=0, compare=False)


Node: TypeAlias = (
    Literal
    | Name
    | Path
    | Filter
    | Call
    | Invoke
    | Define
    | InstanceOf
    | Negate
    | Binary
    | Between
    | In
    | If
    | ListOf
    | ContextOf
    | RangeOf
    | Each
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
    """One table cell: any of ``tests`` holds, or with ``negated`` none. No tests at all: anything
    goes (``-``)."""

    tests: tuple[UnaryTest, ...] = ()
    negated: bool = False
