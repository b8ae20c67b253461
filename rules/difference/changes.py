"""What a comparison of two versions of a decision finds (``rules.difference``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

from rules.difference.properties import Property

Side: TypeAlias = Literal["input", "output", "note"]


class TableChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """An input or output column that came, went or is another now."""

    kind: TableChangeKind
    side: Side
    name: str
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row says in a column."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that came, went, has another place or another id. Numbers count from 1; None: not in
    that version.

    ``old_id`` differs from ``id`` only where the row was renamed. Of rows that came or went
    ``cells`` says what they say, by column.
    """

    kind: TableChangeKind
    id: str
    old_id: str
    old: int | None
    new: int | None
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that says something else now. ``row`` is the new version's id, the numbers count from
    1."""

    row: str
    old_row: int
    new_row: int
    side: Side
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ExampleChange:
    """An example that came, went or says something else."""

    kind: TableChangeKind
    name: str
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs in a decision, or in a decision or knowledge model that it requires
    (``within``).

    ``kind`` is CHANGED, but for what is required in one version only. ``properties``: hit policy,
    names, logic that is no table.
    """

    kind: TableChangeKind
    element: Literal["decision", "businessKnowledgeModel"]
    name: str
    properties: tuple[Property, ...] = ()
    columns: tuple[ColumnChange, ...] = ()
    rows: tuple[RowChange, ...] = ()
    cells: tuple[CellChange, ...] = ()
    examples: tuple[ExampleChange, ...] = ()
    within: tuple[Difference, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether both versions say the same."""
        return self.kind is TableChangeKind.CHANGED and not (
            self.properties or self.columns or self.rows or self.cells or self.examples or self.within
        )
