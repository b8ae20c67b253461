"""A table as boxes of inputs, and the way back: from a box to an input that the evaluators can be
asked about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from rules import reference
from rules.analysis.boxes import Box
from rules.analysis.dimensions import Dimension
from rules.errors import RulesError
from rules.evaluation import evaluate
from rules.feel import FeelError, Tests, Value, literal
from rules.feel.syntax import Name
from rules.model import Decision, Matched, Table
from rules.positions import Inexpressible
from rules.shapes import ANYTHING

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A row's inputs as a box. ``unclear`` are the columns whose cells say more than the box: it is
    too large then."""

    number: int
    box: Box
    unclear: tuple[int, ...] = ()


def meeting_rows(row: Row, others: Sequence[Row]) -> Sequence[Row]:
    """Those that have an input in common with the row, as far as boxes say."""
    for place, side in enumerate(row.box):
        others = [other for other in others if other.box[place] & side]
    return others


@dataclass(frozen=True, slots=True)
class SeenAtInput:
    """What the plain evaluator saw at one input: the rows that match, and what outputs can read."""

    rows: tuple[int, ...]
    scope: dict[str, object]


class Grid:
    """The inputs of a decision's table, cut so that the cells of a row are the sides of a box.

    A column that computes, or looks at another decision's result, has no dimension: nobody can say
    which inputs lead to which value of it.
    """

    def __init__(self, decision: Decision, table: Table) -> None:
        self.decision = decision
        self.table = table
        self._places: list[tuple[Dimension, tuple[int, ...]]] = list(_dimensions(decision, table))
        self.dimensions = [dimension for dimension, _ in self._places]
        self.possible: Box = tuple(dimension.possible for dimension in self.dimensions)
        self.declared: Box = tuple(dimension.declared for dimension in self.dimensions)
        self._dimension_at = {place: dimension for dimension, places in self._places for place in places}
        self.rows = [self._row(number) for number in range(len(table.rules))]

    def by_column(self) -> Iterator[tuple[int, Dimension]]:
        """The columns that have a dimension, by their place in the table."""
        return ((place, dimension) for dimension, places in self._places for place in places)

    def example(self, box: Box) -> dict[str, Value]:
        """The plainest input in a box; what the box says nothing about is null."""
        inputs: dict[str, Value] = dict.fromkeys(self.decision.inputs)
        for dimension, side in zip(self.dimensions, box, strict=True):
            inputs[dimension.name] = dimension.sample(side)
        return inputs

    def seen(self, example: dict[str, Value]) -> SeenAtInput | None:
        """The rows that really match an input; None if it is refused before the rows are asked."""
        found: list[SeenAtInput] = []

        def matching(table: Table, values: tuple[Value, ...], scope: dict[str, object]) -> Matched:
            matched = reference.matching(table, values, scope)
            if table is self.table:
                found.append(SeenAtInput(matched.rows, scope))
            return matched

        with suppress(RulesError, FeelError):  # rows that contradict each other are what is looked for
            evaluate(self.decision, example, matching)
        return found[-1] if found else None

    def shown(self, example: dict[str, Value], box: Box) -> str:
        """An input in words, as far as the box is particular about it."""
        particular = {
            dimension.name
            for dimension, side, room in zip(self.dimensions, box, self.declared, strict=True)
            if room & ~side
        }
        names = [name for name in example if name in particular] or list(example)
        return ", ".join(f"{name} = {literal(example[name])}" for name in names) or "no input"

    def named(self, rows: Sequence[int]) -> str:
        """Rows by number and id, for people."""
        texts = [f"{row + 1} ({self.table.rules[row].id})" for row in rows]
        if len(texts) == 1:
            return f"row {texts[0]}"
        if len(texts) > _MOST_NAMED:
            return f"rows {', '.join(texts[:_MOST_NAMED])} and {len(texts) - _MOST_NAMED} more"
        return f"rows {', '.join(texts[:-1])} and {texts[-1]}"

    def _row(self, number: int) -> Row:
        cells = self.table.rules[number].cells
        box = list(self.possible)
        for at, (dimension, places) in enumerate(self._places):
            for place in places:
                box[at] &= dimension.mask(cells[place])
        unclear = tuple(
            place
            for place, cell in enumerate(cells)
            if cell.node.tests
            and (place not in self._dimension_at or self._dimension_at[place].constants(cell) is None)
        )
        return Row(number, tuple(box), unclear)


def _dimensions(decision: Decision, table: Table) -> list[tuple[Dimension, tuple[int, ...]]]:
    supplied = {required.variable for required in decision.requires} | {model.name for model in decision.knowledge}
    found: dict[str, list[int]] = {}
    for place, column in enumerate(table.columns):
        node = column.expression.node
        if isinstance(node, Name) and node.name in decision.inputs and node.name not in supplied:
            found.setdefault(node.name, []).append(place)
    shapes = {name: shape for name, shape in decision.shapes if not shape.components and shape.items is None}
    made: list[tuple[Dimension, tuple[int, ...]]] = []
    for name, places in found.items():
        columns = [table.columns[place] for place in places]
        if len({column.kind for column in columns}) > 1:
            continue  # the same text may be a date in one column and a text in the other
        cells: list[Tests] = [rule.cells[place] for rule in table.rules for place in places]
        try:
            made.append((Dimension(name, columns, cells, shapes.get(name, ANYTHING)), tuple(places)))
        except Inexpressible:
            continue
    return made
