"""What a decision's tables, formulas and declared shapes say of its inputs: types, constants,
allowed values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, fields, is_dataclass
from typing import cast

from rules.constants import Scalar, constants
from rules.feel import Expression, FeelError, Tests, Value
from rules.feel.evaluate import compiled
from rules.feel.syntax import Call, Literal, Name, Node, Path
from rules.model import Column, Decision, Rule, Table
from rules.shapes import Shape

Place = tuple[str, ...]
"""An input's name, then the names of the components that lead to a value inside it."""


@dataclass(slots=True)
class Spoken:
    """What is said of the values at one place."""

    kind: str | None = None
    constants: list[Value] = field(default_factory=list[Value])
    allowed: list[Tests] = field(default_factory=list[Tests])


@dataclass(slots=True)
class Vocabulary:
    """All places that a decision, or one that it requires, reads; and its tables."""

    places: dict[Place, Spoken] = field(default_factory=dict[Place, Spoken])
    tables: list[Table] = field(default_factory=list[Table])

    @classmethod
    def of(cls, decision: Decision) -> Vocabulary:
        made = cls()
        made._logic((decision.logic, decision.requires, decision.knowledge))
        for name, shape in decision.shapes:
            made._shape((name,), shape)
        return made

    def at(self, place: Place) -> Spoken:
        """What is said of a place; the places that lead to it become known with it."""
        for end in range(1, len(place)):
            self.places.setdefault(place[:end], Spoken())
        return self.places.setdefault(place, Spoken())

    def _shape(self, place: Place, shape: Shape) -> None:
        spoken = self.at(place)
        spoken.kind = spoken.kind or shape.kind
        spoken.allowed += shape.allowed
        for tests in shape.allowed:
            spoken.constants += constants(tests) or ()
        for name, inner in shape.components:
            self._shape((*place, name), inner)
        if shape.items is not None:
            self._shape(place, shape.items)

    def _logic(self, part: object) -> None:
        """Finds the tables and expressions in whatever is boxed."""
        if isinstance(part, Table):
            self._table(part)
        elif isinstance(part, Expression):
            self._expression(part)
        else:
            for inner in _parts(part):
                self._logic(inner)

    def _table(self, table: Table) -> None:
        if table.rules:
            self.tables.append(table)
        for at, column in enumerate(table.columns):
            self._column(column, [rule.cells[at] for rule in table.rules])
        for rule in table.rules:
            self._row(rule)

    def _column(self, column: Column, cells: Iterable[Tests]) -> None:
        place = place_of(column.expression.node)
        found = [value for cell in cells for value in _constants(cell.node)]
        if place is None:
            self._said_beside(column.expression.names, found)
            self._expression(column.expression)
            return
        spoken = self.at(place)
        spoken.kind = spoken.kind or column.kind
        spoken.constants += found
        if column.allowed is not None and not column.allowed.names:
            spoken.allowed.append(column.allowed)
            spoken.constants += constants(column.allowed) or ()

    def _row(self, rule: Rule) -> None:
        for cell in rule.cells:
            if cell.names:
                self._said_beside(cell.names, list(_constants(cell.node)))
        for output in rule.outputs:
            self._expression(output)

    def _expression(self, expression: Expression) -> None:
        if expression.names:
            self._said_beside(expression.names, list(_constants(expression.node)))

    def _said_beside(self, names: Iterable[str], found: list[Value]) -> None:
        for name in names:
            self.at((name,)).constants += found


def place_of(node: Node) -> Place | None:
    """The place that an expression reads, if it does nothing else."""
    match node:
        case Name():
            return (node.name,)
        case Path():
            of = place_of(node.of)
            return None if of is None else (*of, node.name)
        case _:
            return None


def _constants(node: object) -> Iterator[Value]:
    """The constants in a syntax tree, those included that only a call can write (dates,
    durations)."""
    if isinstance(node, Literal):
        if isinstance(node.value, Scalar):
            yield node.value
        return
    if isinstance(node, Call) and all(isinstance(argument, Literal) for argument in node.arguments):
        with suppress(FeelError):
            value = compiled(node)({})
            if isinstance(value, Scalar):
                yield value
                return
    for part in _parts(node):
        yield from _constants(part)


def _parts(whole: object) -> tuple[object, ...]:
    """What a tuple holds, or a dataclass; declared shapes are no part of what is computed."""
    if isinstance(whole, tuple):
        return cast("tuple[object, ...]", whole)
    if is_dataclass(whole) and not isinstance(whole, Shape):
        return tuple(getattr(whole, part.name) for part in fields(whole))
    return ()
