"""Rows of a delimited text: lines of every kind, quotes as people leave them, the delimiter by the
columns it shows.

A quotation mark that does not fit costs its row and no other: reading goes on with the next line.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from cli.importer.columns import Columns, columns_of
from cli.importer.encodings import BAD

MOST_CELL = 10_000
"""Characters of a row; more means an open quotation mark that swallowed the rest of the file."""

HEADING_WITHIN = 15
"""Rows in which the headings are looked for."""

DELIMITERS = (",", ";", "\t", "|", "^", "\x1f", "，", "、", ":", " ")
_NO_END = re.compile(r"[^\r\n]*(?:\r*\n|\r)?")
_SEP = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it stands in the file: the line it starts at, its cells, what is wrong with it and
    what was mended."""

    line: int
    cells: list[str]
    problem: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file is delimited; ``single``: cells stand between single or curly quotation
    marks."""

    delimiter: str
    single: bool = False

    def plain(self, text: str) -> str:
        """The text with the quotation marks that CSV knows."""
        if not self.single:
            return text
        delimiter = re.escape(self.delimiter)
        return re.sub(rf"(?:^|(?<={delimiter}))['‘“„]|['’”](?={delimiter}|$)", '"', text, flags=re.MULTILINE)


def lines(pieces: Iterable[str]) -> Iterator[str]:
    """Lines with their ends: LF, CR, CRLF, CRCRLF; where there is none of these in the text, NEL,
    LS, PS, VT, FF."""
    rest, unusual = "", None
    for piece in pieces:
        rest += piece
        if unusual is None and len(rest) > 0:
            unusual = not re.search(r"[\r\n]", rest) and len(re.findall(r"[\x85\u2028\u2029\x0b\x0c]", rest)) > 0
        if unusual:
            rest = re.sub(r"[\x85\u2028\u2029\x0b\x0c]", "\n", rest)
        # What comes after the last end, and an end of CR that may go on with LF, wait for the next
        # piece.
        cut = max(rest.rfind("\n"), rest.rstrip("\r").rfind("\r")) + 1
        if not cut and len(rest) > MOST_CELL:
            yield rest
            rest = ""
            continue
        yield from filter(None, _NO_END.findall(rest[:cut]))
        rest = rest[cut:]
    yield from filter(None, _NO_END.findall(rest))


def records(text: Iterable[str], dialect: Dialect, columns: int | None) -> Iterator[Record]:
    """The rows of a text; ``columns`` is how many a row has, if that is known by now."""
    return _Reader(text, dialect, columns).read()


class _Reader:
    """Reads records from lines, with lines to go back to when a quotation mark turns out not to be
    closed."""

    def __init__(self, text: Iterable[str], dialect: Dialect, columns: int | None) -> None:
        self.lines, self.waiting, self.number = iter(text), deque[str](), 0
        self.dialect, self.columns = dialect, columns
        delimiter = re.escape(dialect.delimiter)
        blank = "[ \t\u3000]*" if dialect.delimiter not in (" ", "\t") else ""
        self.quoted = re.compile(rf'{blank}=?"((?:[^"]|"")*)"{blank}(?P<end>{delimiter}|\Z)', re.DOTALL)
        self.escaped = re.compile(rf'{blank}=?"((?:[^"\\]|\\.|"")*)"{blank}(?P<end>{delimiter}|\Z)', re.DOTALL)
        self.starts = re.compile(rf'{blank}=?"')

    def read(self) -> Iterator[Record]:
        while (line := self._next()) is not None:
            started = self.number
            bare = self.dialect.plain(line.rstrip("\r\n"))
            if '"' not in bare:
                yield self._checked(started, self._split(bare))
                continue
            cells = self._cells(bare)
            if cells is None:
                cells = self._over_lines(line)
            if cells is not None:
                yield self._checked(started, cells)
                continue
            literal = self._split(bare)
            if self.columns is not None and len(literal) == self.columns:
                remark = "引号不成对，按原文读取（unbalanced quotation marks: read as written）"
                yield self._checked(started, literal, remark)
            else:
                problem = f"第 {started} 行引号不成对（a quotation mark that does not fit, line {started}）"
                yield Record(started, literal, problem)

    def _next(self) -> str | None:
        line = self.waiting.popleft() if self.waiting else next(self.lines, None)
        self.number += line is not None
        return line

    def _over_lines(self, first: str) -> list[str] | None:
        """The cells of a row that goes on in the next lines; ``None``, and the lines are back, if
        it never closes."""
        taken: list[str] = []
        text = first
        while len(text) <= MOST_CELL:
            line = self._next()
            if line is None:
                break
            taken.append(line)
            text += line
            whole = self.dialect.plain(text.rstrip("\r\n"))
            if '"' not in self.dialect.plain(line):
                continue
            cells = self._cells(whole)
            if cells is not None and (self.columns is None or len(cells) <= self.columns):
                return cells
            if cells is not None or whole.count('"') % 2 == 0:
                break
        self.waiting.extendleft(reversed(taken))
        self.number -= len(taken)
        return None

    def _split(self, text: str) -> list[str]:
        cells = text.split(self.dialect.delimiter)
        if self.dialect.delimiter == " " and (len(cells) != self.columns if self.columns else "" in cells[1:-1]):
            cells = re.split(r"[ \u3000]+", text.strip())
        return cells

    def _cells(self, text: str) -> list[str] | None:
        """The cells of a whole row; ``None`` when its quotation marks do not fit."""
        cells: list[str] = []
        at, delimiter = 0, self.dialect.delimiter
        while True:
            if self.starts.match(text, at):
                found = self.quoted.match(text, at)
                if found:
                    cells.append(found[1].replace('""', '"'))
                elif found := self.escaped.match(text, at):
                    cells.append(re.sub(r'\\(["\\])|""', lambda sign: sign[1] or '"', found[1]))
                else:
                    return None
                if not found["end"]:
                    return cells
                at = found.end()
                continue
            end = text.find(delimiter, at)
            cells.append(text[at:] if end < 0 else text[at:end])
            if end < 0:
                return cells
            at = end + len(delimiter)

    def _checked(self, line: int, cells: list[str], remark: str = "") -> Record:
        for place, cell in enumerate(cells, start=1):
            if BAD in cell or "\0" in cell:
                problem = f"第 {line} 行第 {place} 列有无法解码的字节（not text: line {line}, column {place}）"
                return Record(line, [cell.replace(BAD, "\ufffd").replace("\0", "") for cell in cells], problem)
            if len(cell) > MOST_CELL:
                problem = f"第 {line} 行第 {place} 列超过 {MOST_CELL} 字（too long: line {line}, column {place}）"
                return Record(line, [cell[:100] for cell in cells], problem)
        return Record(line, cells, remark=remark)


def headings_in(rows: Iterable[tuple[int, list[str]]], mapping: Mapping[str, str]) -> tuple[int, Columns] | None:
    """Of the first rows the one with most known headings, those with a contact before others; with
    its number."""
    best: tuple[int, Columns] | None = None
    for number, cells in islice(rows, HEADING_WITHIN):
        columns = columns_of(cells, mapping)
        if columns.known and (best is None or _score(columns) > _score(best[1])):
            best = number, columns
    return best


def sniff(head: list[str], mapping: Mapping[str, str]) -> tuple[Dialect, int, Columns] | None:
    """How a text is delimited, judged by the headings recognised, with the line and the meaning of
    the headings."""
    named = _SEP.fullmatch(head[0].rstrip("\r\n")) if head else None
    best: tuple[Dialect, int, Columns] | None = None
    for delimiter in (named[1], *DELIMITERS) if named else DELIMITERS:
        found = _headings(head, Dialect(delimiter), mapping)
        if found and (best is None or _score(found[1]) > _score(best[2])):
            best = Dialect(delimiter), *found
    if best and _all_between(best[2].headings):
        dialect = Dialect(best[0].delimiter, single=True)
        found = _headings(head, dialect, mapping)
        best = (dialect, *found) if found else best
    return best


def _headings(head: list[str], dialect: Dialect, mapping: Mapping[str, str]) -> tuple[int, Columns] | None:
    rows = ((one.line, [cell.replace(BAD, "") for cell in one.cells]) for one in records(head, dialect, None))
    return headings_in(rows, mapping)


def _score(columns: Columns) -> tuple[bool, int]:
    return columns.has_contact and columns.known > 1, columns.known


def _all_between(headings: tuple[str, ...]) -> bool:
    said = [heading for heading in headings if heading]
    return len(said) > 0 and all(len(one) > 1 and one[0] in "'‘“„" and one[-1] in "'’”" for one in said)
