"""Plain facts, read: each by the reader that its declaration names, for channels and for people
alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cases.errors import FieldProblem
from cases.lead_facts import Fact, Reads
from domain import cleaning

LONGEST: Final = 100
"""Characters that a cell may have: a longer one is something else."""

Reader = Callable[[Any], Any]
"""From a text, number or tick that says something to its value, or ``None``. Never raises."""


@dataclass(frozen=True, slots=True)
class How:
    """How cells of one kind are read. ``takes``: the types of JSON that may hold one; ``code``:
    what is said of one that cannot be read (``cases.texts``); ``silent``: whether a cell says
    nothing at all."""

    read: Reader
    takes: tuple[type, ...] = (str, int, float)
    code: str = "unreadable"
    silent: Callable[[Any], bool] = cleaning.is_blank


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain fact as read: its value, and what is wrong with the cell. Neither: nothing was
    said."""

    value: Any = None
    problem: FieldProblem | None = None


def _text(cell: Any) -> str | None:
    return cleaning.tidy(cell) or None


HOW: Final[Mapping[Reads, How]] = {
    Reads.TEXT: How(_text),
    Reads.NUMBER: How(cleaning.read_count),
    Reads.FLAG: How(
        cleaning.read_flag,
        takes=(bool, str, int, float),
        silent=lambda cell: cleaning.is_flag(cell) and cleaning.read_flag(cell) is None,
    ),
    Reads.PLATE: How(cleaning.read_plate, code="bad_plate"),
}
"""Each kind of plain fact; a new kind of value is a reader in ``domain.cleaning`` and a line
here."""


def read_plain(fact: Fact, cell: Any) -> Plain:
    """Reads one cell as it was sent. Never raises: what cannot be read is the ``problem``."""
    how = HOW[fact.reads]
    if cell is None:
        return Plain()
    if not isinstance(cell, how.takes) or (isinstance(cell, bool) and bool not in how.takes):
        return Plain(problem=_wrong(fact, how))
    if how.silent(cell):
        return Plain()
    if isinstance(cell, str) and len(cell.strip()) > LONGEST:
        return Plain(problem=FieldProblem(fact.name, "too_long", {"limit": str(LONGEST)}))
    value = how.read(cell)
    return Plain(value) if value is not None else Plain(problem=FieldProblem(fact.name, how.code))


def _wrong(fact: Fact, how: How) -> FieldProblem:
    if bool in how.takes:
        return FieldProblem(fact.name, how.code)
    return FieldProblem(fact.name, "wrong_type", {"expected": "text"})
