"""A decision table explained: the rows in the caller's words, computed with the very version that
decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cases.messages import EXPLAINED, Language, say
from rules import Decision as Table
from rules import RulesError
from rules.explaining import Cell, Explanation, Row, explain
from rules.feel import FeelError, literal, to_json
from store.tables.decisions import Decision


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell and the value that it was asked about. ``verdict`` null: it cannot be said, which is
    no match."""

    column: str
    input: str
    cell: str
    value: Any
    verdict: bool | None


@dataclass(frozen=True, slots=True)
class RowView:
    """One row, counted from 1. It ``applies`` if all its cells hold, and ``speaks`` if the hit
    policy then let it.

    ``cells`` are those of a row that applies; of any other, ``failing`` are the cells that kept it
    from applying and ``failed_at`` the first of them. ``outputs`` are its output cells as written.
    """

    number: int
    id: str
    note: str
    text: str
    applies: bool
    speaks: bool
    outputs: dict[str, str]
    cells: tuple[CellView, ...]
    failed_at: CellView | None
    failing: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class WhyView:
    """A decision as its version makes it; ``requires`` are those whose results it read. A formula
    has no rows."""

    key: str
    name: str
    version: int
    hit_policy: str | None
    aggregation: str | None
    matched: tuple[str, ...]
    result: Any
    rows: tuple[RowView, ...]
    requires: tuple[WhyView, ...]


def repeated(made: Decision, table: Table) -> Explanation | None:
    """The stored decision made and explained once more; None if its version can no longer run on
    what was stored."""
    try:
        return explain(table, made.inputs)
    except (RulesError, FeelError):
        return None


def agrees(found: Explanation, made: Decision) -> bool:
    """Whether the explanation came to what was stored then, result and rows."""
    result = {"list": found.result} if isinstance(found.result, list) else found.result or {}
    return (result, found.matched) == (made.result, made.matched)


def told(found: Explanation, language: Language) -> WhyView:
    """An explanation in the caller's language."""
    return WhyView(
        found.key,
        found.name,
        found.version,
        found.policy.name.replace("_", " ") if found.policy else None,
        found.aggregation,
        found.matched,
        found.result,
        tuple(_row(row, language) for row in found.rows),
        tuple(told(one, language) for one in found.requires),
    )


def _row(row: Row, language: Language) -> RowView:
    return RowView(
        row.number,
        row.id,
        row.note,
        _words(row, language),
        row.applies,
        row.speaks,
        dict(row.outputs),
        tuple(map(_cell, row.cells)) if row.applies else (),
        _cell(row.failed_at) if row.failed_at else None,
        tuple(map(_cell, row.failing)),
    )


def _words(row: Row, language: Language) -> str:
    first = row.failed_at
    if first is None:
        return say(EXPLAINED, "speaks" if row.speaks else "applies", language, {"number": row.number})
    code = "unknown" if first.verdict is None else "fails"
    data = {"number": row.number, "column": first.column, "value": literal(first.value), "cell": first.text}
    return say(EXPLAINED, code, language, data)


def _cell(cell: Cell) -> CellView:
    return CellView(cell.column, cell.input, cell.text, to_json(cell.value), cell.verdict)
