"""Reads a CSV file as it comes from Excel, partners and platforms: encodings, separators, bounds."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importer.columns import fields_of, lead_of
from importer.problems import ImportProblem

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_CELL = 10_000
"""Characters of one cell; more means an open quotation mark that swallowed the rest of the file."""

_NOT_CSV = {
    b"PK\x03\x04": "这是 Excel 或压缩文件，请另存为 CSV 后导入（an Excel or zip file: save it as CSV first）",
    b"\xd0\xcf\x11\xe0": "这是旧版 Excel 文件，请另存为 CSV 后导入（an old Excel file: save it as CSV first）",
    b"%PDF": "这是 PDF 文件，不是 CSV（a PDF, no CSV）",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: its number (the headings are 1), its cells, and the lead they mean.

    ``problem`` says what is wrong with a row that cannot be a lead at all.
    """

    number: int
    cells: tuple[str, ...]
    lead: dict[str, Any] | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read. ``ignored`` are headings that mean nothing to us."""

    headings: tuple[str, ...]
    ignored: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    sha256: str


def read(path: Path) -> Sheet:
    """Reads a file of leads. Raises ``ImportProblem`` with one line for whoever asked for it."""
    content = _bytes(path)
    text, encoding = decode(content)
    if not text.strip():
        raise ImportProblem(f"文件是空的：{path.name}（the file is empty）")
    records = _records(text)
    try:
        headings = tuple(cell.strip() for cell in next(records))
        fields = fields_of(headings)
        rows = tuple(_rows(records, fields))
    except csv.Error as failure:
        raise ImportProblem(f"不是有效的 CSV：{path.name}（not a CSV file: {failure}）") from failure
    if not rows:
        raise ImportProblem(f"文件只有列名，没有数据：{path.name}（no rows below the headings）")
    ignored = tuple(heading for heading, field in zip(headings, fields, strict=True) if field is None and heading)
    return Sheet(headings, ignored, rows, encoding, hashlib.sha256(content).hexdigest())


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ImportProblem(f"这是目录，不是文件：{path}（a directory, no file）")
        if path.stat().st_size > MOST_BYTES:
            raise ImportProblem(f"文件超过 {MOST_BYTES // 2**20} MB：{path.name}，请拆分（too large: split it）")
        content = path.read_bytes()
    except FileNotFoundError as failure:
        raise ImportProblem(f"没有这个文件：{path}（no such file）") from failure
    except OSError as failure:
        raise ImportProblem(f"无法读取：{path}（cannot be read: {failure.strerror}）") from failure
    for start, message in _NOT_CSV.items():
        if content.startswith(start):
            raise ImportProblem(f"{path.name}：{message}")
    return content


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-8, UTF-16 with its mark, else GB18030. Raises ``ImportProblem``."""
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise ImportProblem("不是文本文件，或编码无法识别（UTF-8、GB18030、UTF-16）（no text, or of an unknown encoding）")


def _records(text: str) -> Iterator[list[str]]:
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(MOST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _rows(records: Iterator[list[str]], fields: Sequence[str | None]) -> Iterator[Row]:
    count = 0
    for number, cells in enumerate(records, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise ImportProblem(f"超过 {MOST_ROWS} 行，请拆分（more than {MOST_ROWS} rows: split the file）")
        yield _row(number, cells, fields)


def _row(number: int, cells: list[str], fields: Sequence[str | None]) -> Row:
    if len(cells) > len(fields) and any(cell.strip() for cell in cells[len(fields) :]):
        problem = f"有 {len(cells)} 列，应为 {len(fields)} 列（too many columns）"
        return Row(number, tuple(cells), None, problem)
    cells = (cells + [""] * len(fields))[: len(fields)]
    return Row(number, tuple(cells), lead_of(fields, cells))
