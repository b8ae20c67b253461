"""Reads a file of leads as it comes, row by row: what kind it is, where its headings are, what each
row means."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from cli.importer import delimited, encodings, workbook
from cli.importer.columns import CONTACTS, Columns, check
from cli.importer.delimited import HEADING_WITHIN, Record
from cli.importer.headings import plain
from cli.importer.problems import ImportProblem
from cli.importer.values import lead_of

MOST_BYTES = 2 * 2**30
MOST_ROWS = 5_000_000

_NO_LEADS = {b"%PDF": "这是 PDF 文件，请导出为 CSV 或 Excel（a PDF: export it as CSV or Excel）"}
_TOTALS = re.compile(r"(?:本页)?(?:合计|总计|小计|共计|总数|汇总|总和|(?:sub|grand)?total|sum)[0-9]*[条行个人]?")
"""As ``plain`` has them."""

_HEAD = 4 * HEADING_WITHIN
"""Lines in which the headings are looked for; a heading may go over several."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: the line it starts at, its cells, and the lead they mean.

    ``problem`` says what is wrong with a row that cannot be a lead at all, ``remarks`` what was not
    understood or not taken whole in one that can.
    """

    number: int
    cells: tuple[str, ...]
    lead: dict[str, Any] | None
    problem: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class Skipped:
    """Rows that are none: headings again, totals. Counted while the rows are read."""

    headings: int = 0
    totals: int = 0


@dataclass(frozen=True, slots=True)
class LeadFile:
    """A file that can be read. ``encoding`` says how it is written, for people; ``sha256`` is of
    content and mapping.

    ``lines`` is about how many rows there are, 0 if that is not known. ``channel`` is that of rows
    that name none.
    """

    path: Path
    columns: Columns
    encoding: str
    sha256: str
    lines: int
    records: Any
    now: datetime
    channel: tuple[str, ...] = ()
    skipped: Skipped = field(default_factory=Skipped)

    @property
    def headings(self) -> tuple[str, ...]:
        return self.columns.headings

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headings that mean nothing to us."""
        return self.columns.ignored

    @property
    def rows(self) -> Iterator[Row]:
        """The rows from the first on, each as it is read: a long file takes no more memory than a
        short one."""
        self.skipped.headings = self.skipped.totals = 0
        return _rows(self)


def read(
    path: Path, mapping: Mapping[str, str] | None = None, sheet: str | None = None, channel: str | None = None
) -> LeadFile:
    """Looks at a file of leads. Raises ``ImportProblem`` with one line for whoever asked for it.

    ``mapping`` (``cli.importer.columns.mapping_of``) says what headings mean; ``sheet`` is the
    sheet of a workbook. ``channel``: of rows that name none, its code or its names from the top
    with ``/`` between.
    """
    mapping = mapping or {}
    named = tuple(name.strip() for name in (channel or "").split("/") if name.strip())
    start = _start(path)
    for sign, message in _NO_LEADS.items():
        if start.startswith(sign):
            raise ImportProblem(f"{path.name}：{message}")
    if workbook.is_workbook(start):
        found = _of_workbook(path, mapping, sheet)
    elif sheet is not None:
        raise ImportProblem(f"--sheet 只用于 Excel 文件：{path.name}（--sheet is for Excel files）")
    else:
        found = _of_text(path, mapping)
    check(found.columns, mapping, channel_known=bool(named))
    found = replace(found, channel=named, sha256=_with_channel(found.sha256, named))
    if next(found.rows, None) is None:
        raise ImportProblem(f"文件只有列名，没有数据：{path.name}（no rows below the headings）")
    return found


def _with_channel(sha256: str, channel: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps([sha256, channel]).encode()).hexdigest() if channel else sha256


def _start(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ImportProblem(f"这是目录，不是文件：{path}（a directory, no file）")
        if path.stat().st_size > MOST_BYTES:
            raise ImportProblem(f"文件超过 {MOST_BYTES // 2**20} MB：{path.name}，请拆分（too large: split it）")
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError as failure:
        raise ImportProblem(f"没有这个文件：{path}（no such file）") from failure
    except OSError as failure:
        raise ImportProblem(f"无法读取：{path}（cannot be read: {failure.strerror}）") from failure
    if not start.strip():
        raise ImportProblem(f"文件是空的：{path.name}（the file is empty）")
    return start


# -- texts ---------------------------------------------------------------------------------------


def _of_text(path: Path, mapping: Mapping[str, str]) -> LeadFile:
    encoding = encodings.detect(path)
    head = list(islice(delimited.lines(encodings.pieces(path, encoding)), _HEAD))
    found = delimited.sniff(head, mapping)
    if found is None:
        return _empty(path, encoding)
    dialect, line, columns = found
    digest, lines = _digest(path, mapping, None)

    def records() -> Iterator[Record]:
        text = delimited.lines(encodings.pieces(path, encoding))
        return _below(delimited.records(text, dialect, len(columns.headings)), line)

    return LeadFile(path, columns, encoding, digest, lines, records, _written(path))


def _below(records: Iterable[Record], line: int) -> Iterator[Record]:
    return (record for record in records if record.line > line)


def _empty(path: Path, encoding: str) -> LeadFile:
    return LeadFile(path, Columns((), {}), encoding, "", 0, lambda: iter(()), datetime.now(UTC))


def _digest(path: Path, mapping: Mapping[str, str], sheet: str | None) -> tuple[str, int]:
    digest = hashlib.sha256(json.dumps([sorted(mapping.items()), sheet]).encode())
    lines = 0
    with path.open("rb") as file:
        for piece in iter(partial(file.read, encodings.PIECE), b""):
            digest.update(piece)
            lines += piece.count(b"\n")
    return digest.hexdigest(), lines


def _written(path: Path) -> datetime:
    """What 昨天 in a file is counted from: when the file was written, so that it means the same at
    each import."""
    return min(datetime.fromtimestamp(path.stat().st_mtime, UTC), datetime.now(UTC))


# -- workbooks -----------------------------------------------------------------------------------


def _of_workbook(path: Path, mapping: Mapping[str, str], sheet: str | None) -> LeadFile:
    workbook.check(path)
    found = delimited.headings_in(workbook.rows(path, sheet, mapping), mapping)
    if found is None:
        return _empty(path, "Excel")
    line, columns = found
    digest, _ = _digest(path, mapping, sheet)

    def records() -> Iterator[Record]:
        return _below((Record(number, cells) for number, cells in workbook.rows(path, sheet, mapping)), line)

    return LeadFile(path, columns, "Excel", digest, 0, records, _written(path))


# -- rows ----------------------------------------------------------------------------------------


def _rows(sheet: LeadFile) -> Iterator[Row]:
    count = 0
    again = [plain(heading) for heading in sheet.headings]
    for record in sheet.records():
        if not any(cell.strip() for cell in record.cells):
            continue
        if not record.problem:
            if _is_heading(record.cells, again, sheet.columns):
                sheet.skipped.headings += 1
                continue
            if _is_total(record.cells, sheet.columns):
                sheet.skipped.totals += 1
                continue
        count += 1
        if count > MOST_ROWS:
            raise ImportProblem(f"超过 {MOST_ROWS} 行，请拆分（more than {MOST_ROWS} rows: split the file）")
        yield _row(record, sheet)


def _is_heading(cells: list[str], headings: list[str], columns: Columns) -> bool:
    """The headings once more, as where files were put together: each known column says its own
    name."""
    known = [place for places in columns.of.values() for place in places]
    first = known[0]
    if first >= len(cells) or plain(cells[first]) != headings[first]:
        return False
    return all(place < len(cells) and plain(cells[place]) == headings[place] for place in known)


def _is_total(cells: list[str], columns: Columns) -> bool:
    """合计 in the first cell that says something, and nothing that could be a contact."""
    said = next(cell for cell in cells if cell.strip())
    if len(said) > 20 or not _TOTALS.fullmatch(plain(said)):
        return False
    contacts = [cells[place] for field in CONTACTS for place in columns.of.get(field, ()) if place < len(cells)]
    return all(sum(sign.isdigit() for sign in cell) < 7 for cell in contacts)


def _row(record: Record, sheet: LeadFile) -> Row:
    width, cells = len(sheet.headings), record.cells
    if record.problem:
        return Row(record.line, tuple(cells), None, record.problem)
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        problem = f"第 {record.line} 行有 {len(cells)} 列，应为 {width} 列（too many columns）"
        return Row(record.line, tuple(cells), None, problem)
    cells = (cells + [""] * width)[:width]
    lead, remarks = lead_of(sheet.columns, cells, sheet.now)
    if sheet.channel and not lead.get("channel"):
        lead["channel"] = list(sheet.channel)
    return Row(record.line, tuple(cells), lead, remarks=(record.remark, *remarks) if record.remark else remarks)
