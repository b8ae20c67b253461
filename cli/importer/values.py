"""A row as the API takes it. What cannot be read in an optional cell goes to the note, as typed: it
costs no lead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cases.lead_facts import PLAIN, Reads
from cli.importer.columns import Columns, word
from cli.importer.headings import LEVELS
from domain.cleaning.flag import is_flag, read_flag
from domain.cleaning.grade import read_grade
from domain.cleaning.instant import read_instant
from domain.cleaning.text import is_blank

MOST_SHORT = 100
MOST_NOTE = 2_000
"""Characters that the API takes in a short text and in the note."""

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""The instants that the API takes."""

KEPT = frozenset({"phone", "wechat", "model", "province", "city", "district"})
"""Fields of which a second column with another value is worth a line in the note."""

_FIGURES = re.compile(r"[0-9.]+(?:\s*[-~—–至到]+\s*[0-9.]+)?")
_FORMULA = re.compile(r'=\s*"((?:[^"]|"")*)"')
_BREAKS = str.maketrans(dict.fromkeys("\x0b\x0c\x85\u2028\u2029\x1c\x1d\x1e\x1f", "\n"))


@dataclass(slots=True)
class _Reading:
    lead: dict[str, Any] = field(default_factory=dict)
    additions: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def keep(self, label: str, cell: str, why: str) -> None:
        self.additions.append(f"{label}: {cell}")
        self.remarks.append(f"{label}：{why}")


def clean(cell: str) -> str:
    """A cell without what spreadsheets put around it: ="…", a leading apostrophe, blanks, control
    signs."""
    cell = cell.strip()
    found = _FORMULA.fullmatch(cell)
    if found:
        cell = found[1].replace('""', '"').strip()
    if len(cell) > 1 and cell[0] in "'‘’" and cell[1] in "+-=@0123456789" and cell[-1] not in "'’":
        cell = cell[1:]
    if cell.isprintable():
        return cell
    cell = cell.translate(_BREAKS)
    return "".join(sign for sign in cell if sign in "\n\r\t" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()


def lead_of(columns: Columns, cells: Sequence[str], now: datetime) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The lead of a row, and what there is to say about it: cells that were not understood or not
    taken whole.

    ``now`` is what a time without a year or a day (昨天) is counted from.
    """
    reading = _Reading()
    levels: list[str] = []
    notes: list[str] = []
    for name, places in columns.of.items():
        said = [(columns.headings[place], cell) for place in places if (cell := clean(cells[place]))]
        if not said:
            continue
        if name == "note":
            notes = [cell for _, cell in said]
        elif name in LEVELS:
            levels.append(name)
        else:
            _take(reading, name, said, now)
    if levels and "channel" not in reading.lead:
        ordered = [clean(cells[place]) for level in LEVELS if level in levels for place in columns.of[level][:1]]
        reading.lead["channel"] = [cell for cell in ordered if cell]
    _note(reading, list(dict.fromkeys(notes)))
    return reading.lead, tuple(reading.remarks)


def _take(reading: _Reading, name: str, said: list[tuple[str, str]], now: datetime) -> None:
    """The first column that says something; of the others what is worth keeping."""
    best = next((index for index, (_, cell) in enumerate(said) if not is_blank(cell)), 0)
    heading, cell = said[best]
    if name == "budget" and "万" in heading and _FIGURES.fullmatch(cell):
        cell += "万"
    if name in _READERS:
        value = _READERS[name](cell, now)
        if value is not None:
            reading.lead[name] = value
        elif not _says_nothing(name, cell):
            reading.keep(word(name), cell, f"“{cell[:40]}”无法识别，已写入备注（not read: kept in the note）")
        return
    if name != "channel" and len(cell) > MOST_SHORT:
        reading.keep(word(name), cell, f"超过 {MOST_SHORT} 字，全文在备注（cut: the whole is in the note）")
        cell = cell[:MOST_SHORT]
    reading.lead[name] = cell
    if name in KEPT:
        for heading, other in said:
            if other != cell and not is_blank(other) and other not in cell:
                reading.additions.append(f"{heading}: {other}")


def _note(reading: _Reading, notes: list[str]) -> None:
    note = "\n".join([*notes, *reading.additions])
    if len(note) > MOST_NOTE:
        # What was taken out of other cells comes first then: it would be lost otherwise.
        note = "\n".join([*(one[: MOST_SHORT * 5] for one in reading.additions), *notes])[:MOST_NOTE]
        reading.remarks.append(f"备注：超过 {MOST_NOTE} 字，已截断（the note was cut）")
    if note:
        reading.lead["note"] = note


def _instant(cell: str, now: datetime) -> str | None:
    found = read_instant(cell, now)
    return found.isoformat() if found and EARLIEST <= found < LATEST else None


_FLAGS = tuple(fact.name for fact in PLAIN if fact.reads is Reads.FLAG)
_READERS: dict[str, Callable[[str, datetime], Any]] = {
    "stated_at": _instant,
    "grade": lambda cell, now: read_grade(cell),
} | {name: lambda cell, now: read_flag(cell) for name in _FLAGS}


def _says_nothing(name: str, cell: str) -> bool:
    """Nothing that a note should keep: blank words and, of flags, 待定 and the like."""
    return is_blank(cell) or (name in _FLAGS and is_flag(cell))
