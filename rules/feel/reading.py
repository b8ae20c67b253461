"""Which names an expression reads from its context, and what stands below a node."""

from __future__ import annotations

from rules.feel.functions import FUNCTIONS
from rules.feel.syntax import (
    Against,
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
    Match,
    Name,
    Negate,
    Node,
    Path,
    RangeOf,
    UnaryTest,
)

_BUILT_IN = frozenset({*FUNCTIONS, "@"})
_ITEM = frozenset({"item"})
_PARTIAL = frozenset({"partial"})


def below(node: Node) -> tuple[Node, ...]:
    """The expressions that a node is made of."""
    match node:
        case Literal() | Name():
            return ()
        case Path() | Negate() | InstanceOf():
            return (node.of,)
        case Filter():
            return (node.of, node.by)
        case Call():
            return node.arguments
        case Invoke():
            return (node.of, *node.arguments)
        case Define():
            return (node.body,)
        case Binary():
            return (node.left, node.right)
        case Between():
            return (node.of, node.low, node.high)
        case In():
            return (node.of, *(test.right if isinstance(test, Against) else test.expression for test in node.tests))
        case If():
            return (node.condition, node.then, node.otherwise)
        case ListOf():
            return node.items
        case ContextOf():
            return tuple(value for _, value in node.entries)
        case RangeOf():
            return tuple(end for end in (node.low, node.high) if end is not None)
        case Each():
            return (*(of for _, of in node.iterators), node.result)


def mentions_input(node: Node) -> bool:
    """Whether a cell's expression speaks of ``?``, the tested value."""
    return node.name == "?" if isinstance(node, Name) else any(map(mentions_input, below(node)))


def names_of(node: Node | UnaryTest) -> frozenset[str]:
    """The variables that an expression reads from its context, ``?`` and inner ones aside."""
    match node:
        case Name():
            return frozenset({node.name}) - {"?"}
        case Call():
            called = frozenset[str]() if node.function in _BUILT_IN else frozenset({node.function})
            return _all(node.arguments) | called
        case Filter():
            return names_of(node.of) | (names_of(node.by) - _ITEM)
        case Define():
            return names_of(node.body) - {name for name, _ in node.parameters}
        case ContextOf():
            return _of_context(node)
        case Each():
            bound = {name for name, _ in node.iterators}
            inner = names_of(node.result) - bound - (_PARTIAL if node.kind == "for" else frozenset())
            return inner | _of_iterators(node)
        case Against():
            return names_of(node.right)
        case Match():
            return names_of(node.expression)
        case _:
            return _all(below(node))


def maybe_names(node: Node | UnaryTest) -> frozenset[str]:
    """Names that may be no variables: inside of filters members of the items, among arguments
    built-in functions."""
    match node:
        case Call() | Invoke():
            handed = frozenset(part.name for part in node.arguments if isinstance(part, Name)) & _BUILT_IN
            return handed.union(*map(maybe_names, below(node)))
        case Filter():
            return maybe_names(node.of) | (names_of(node.by) - _ITEM)
        case Against():
            return maybe_names(node.right)
        case Match():
            return maybe_names(node.expression)
        case _:
            return frozenset[str]().union(*map(maybe_names, below(node)))


def _of_context(node: ContextOf) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    earlier: frozenset[str] = frozenset()
    for key, value in node.entries:
        found |= names_of(value) - earlier
        earlier |= {key}
    return found


def _of_iterators(node: Each) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    earlier: frozenset[str] = frozenset()
    for name, of in node.iterators:
        found |= names_of(of) - earlier
        earlier |= {name}
    return found


def _all(nodes: tuple[Node | UnaryTest, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(names_of(node) for node in nodes))
