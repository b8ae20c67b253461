"""Writes the smallest .xlsb there is: no library does, and people save their lists as such.

A part is a run of records: type and length in groups of seven bits, then the content ([MS-XLSB]
2.1.4).
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

Cell = str | float | bool | None

_ROW, _BLANK, _BOOL, _REAL, _TEXT = 0x00, 0x01, 0x04, 0x05, 0x06
_BEGIN_SHEET, _END_SHEET, _BEGIN_BOOK, _END_BOOK = 0x81, 0x82, 0x83, 0x84
_BEGIN_SHEETS, _END_SHEETS, _BEGIN_DATA, _END_DATA = 0x8F, 0x90, 0x91, 0x92
_SIZE, _SHEET, _CALCULATION = 0x94, 0x9C, 0x9D

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"


def write(path: Path, name: str, rows: Sequence[Sequence[Cell]]) -> None:
    """A workbook of one sheet."""
    relation = f'<Relationship Id="rId1" Type="{_KIND}" Target="worksheets/sheet1.bin"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>'
        )
        archive.writestr("xl/workbook.bin", b"".join(_book(name)))
        archive.writestr("xl/worksheets/sheet1.bin", b"".join(_sheet(rows)))


def _book(name: str) -> Iterator[bytes]:
    yield _record(_BEGIN_BOOK)
    yield _record(_BEGIN_SHEETS)
    yield _record(_SHEET, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name))
    yield _record(_END_SHEETS)
    yield _record(_CALCULATION, bytes(26))
    yield _record(_END_BOOK)


def _sheet(rows: Sequence[Sequence[Cell]]) -> Iterator[bytes]:
    yield _record(_BEGIN_SHEET)
    yield _record(_SIZE, struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1))
    yield _record(_BEGIN_DATA)
    for number, cells in enumerate(rows):
        yield _record(_ROW, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        for column, cell in enumerate(cells):
            kind, content = _content(cell)
            yield _record(kind, struct.pack("<II", column, 0) + content)
    yield _record(_END_DATA)
    yield _record(_END_SHEET)


def _content(cell: Cell) -> tuple[int, bytes]:
    if cell is None:
        return _BLANK, b""
    if isinstance(cell, bool):
        return _BOOL, bytes([cell])
    if isinstance(cell, str):
        return _TEXT, _wide(cell)
    return _REAL, struct.pack("<d", cell)


def _record(kind: int, content: bytes = b"") -> bytes:
    return _sevens(kind) + _sevens(len(content)) + content


def _sevens(number: int) -> bytes:
    groups = bytearray()
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*groups, number])


def _wide(text: str) -> bytes:
    units = text.encode("utf-16-le")
    return struct.pack("<I", len(units) // 2) + units
