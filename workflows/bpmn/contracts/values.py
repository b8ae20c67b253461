"""Which texts an expression may come to, as far as can be told without running it.

Codes are texts, so texts are all that is looked at: of a number, a truth value or null it is enough
that it is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from cases.signatures import Field
from rules.feel.reading import below
from rules.feel.syntax import Between, Binary, Each, If, In, InstanceOf, Literal, Match, Name, Negate, Node
from workflows.bpmn.model import Template

Texts: TypeAlias = "frozenset[str] | None"
"""All texts that a value may be; None: any."""

Look: TypeAlias = "Callable[[str], Texts]"
"""What a variable may be, by its name."""

NO_TEXT: frozenset[str] = frozenset()
_ARITHMETIC = frozenset({"+", "-", "*", "/", "**"})


def joined(first: Texts, second: Texts) -> Texts:
    """What may be either."""
    return None if first is None or second is None else first | second


def of_field(one: Field) -> Texts:
    """What a declared value may be."""
    if one.codes:
        return frozenset(one.codes)
    return NO_TEXT if one.kind in ("number", "boolean", "list", "context") else None


def of_template(template: Template | None, look: Look) -> Texts:
    """What a literal or computed value may be."""
    if template is None:
        return NO_TEXT
    if template.expression is None:
        return frozenset({template.text})
    return of_node(template.expression.node, look)


def of_node(node: Node, look: Look) -> Texts:
    """What an expression may come to."""
    match node:
        case Literal():
            return frozenset({node.value}) if isinstance(node.value, str) else NO_TEXT
        case Name():
            return look(node.name)
        case If():
            return joined(of_node(node.then, look), of_node(node.otherwise, look))
        case Binary():
            return None if node.operator in _ARITHMETIC else NO_TEXT
        case Between() | In() | InstanceOf() | Each() | Negate():
            return NO_TEXT
        case _:
            return None


def written(template: Template | None) -> Iterator[str]:
    """The texts that stand in a value themselves, where they may become what it comes to."""
    if template is None:
        return
    if template.expression is None:
        yield template.text
    else:
        yield from _written(template.expression.node)


def _written(node: Node) -> Iterator[str]:
    match node:
        case Literal() if isinstance(node.value, str):
            yield node.value
        case If():
            yield from _written(node.then)
            yield from _written(node.otherwise)
        case _:
            pass


class Comparison(NamedTuple):
    """A variable that is compared with a text."""

    name: str
    text: str


def comparisons(node: Node, bound: frozenset[str] = frozenset()) -> Iterator[Comparison]:
    """Every comparison of a variable with a written text, inside of whatever."""
    match node:
        case Binary() if node.operator in ("=", "!="):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                yield from _compared(one, other, bound)
        case In():
            for test in node.tests:
                if isinstance(test, Match):
                    yield from _compared(node.of, test.expression, bound)
        case Each():
            bound |= {name for name, _ in node.iterators}
        case _:
            pass
    for part in below(node):
        yield from comparisons(part, bound)


def _compared(one: Node, other: Node, bound: frozenset[str]) -> Iterator[Comparison]:
    if isinstance(one, Name) and one.name not in bound and isinstance(other, Literal) and isinstance(other.value, str):
        yield Comparison(one.name, other.value)
