"""Reads a network from files: a folder of CSV files, one a kind; one such file; or a workbook with
a sheet a kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from cli.importer import delimited, encodings, workbook
from cli.importer.delimited import HEADING_WITHIN, Record
from cli.importer.headings import plain
from cli.importer.network.cells import CELLS, Absent
from cli.importer.network.kinds import CODE, SHEETS, Column, EntrySheet, of_name
from cli.importer.problems import ImportProblem
from cli.importer.values import clean

MOST_ROWS = 50_000
"""That the API takes at once."""

EXAMPLE = "示例"
"""A row whose code begins with this shows how it is done, and is none."""

_OURS = "network:"
"""Before fields of ours in a mapping, to tell them from the fields of leads."""

_NO_CODE = re.compile(r"[^\w.·-]")

_TEXTS = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet; ``problem`` says what is wrong with one that cannot be sent."""

    sheet: EntrySheet
    number: int
    code: str
    values: Mapping[str, Any]
    problem: str = ""


@dataclass(slots=True)
class Network:
    """What the files say; ``ignored``: sheets, files and columns that mean nothing to us."""

    rows: list[Row] = field(default_factory=list[Row])
    ignored: list[str] = field(default_factory=list[str])


def read(path: Path) -> Network:
    """The rows of all kinds. Raises ``ImportProblem``."""
    if not path.exists():
        raise ImportProblem(f"没有这个文件或目录：{path}（no such file or folder）")
    found, known = Network(), 0
    for name, source in _sources(path, found):
        sheet = of_name(name)
        if sheet is None:
            found.ignored.append(name)
            continue
        known += 1
        found.rows += source(sheet, found)
        if len(found.rows) > MOST_ROWS:
            raise ImportProblem(f"超过 {MOST_ROWS} 行，请拆分（more than {MOST_ROWS} rows: split the file）")
    if not found.rows and known:
        raise ImportProblem(f"没有数据，只有列名或示例：{path.name}（no rows below headings and examples）")
    if not found.rows:
        titles = "、".join(sheet.title for sheet in SHEETS.values())
        raise ImportProblem(f"没有数据；工作表或文件名应为：{titles}（no rows; sheets or files are named like this）")
    return found


def _sources(path: Path, found: Network) -> Iterator[tuple[str, Any]]:
    """What may be a sheet, by its name, and what reads it."""
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        for one in files:
            if one.suffix.lower() in _TEXTS and not one.name.endswith(".result.csv"):
                yield one.stem, lambda sheet, found, one=one: _of_text(one, sheet, found)
        return
    with path.open("rb") as file:
        start = file.read(8)
    if workbook.is_workbook(start):
        workbook.check(path)
        for name in workbook.sheets(path):
            yield name, lambda sheet, found, name=name: _of_workbook(path, name, sheet, found)
    elif not start.strip():
        raise ImportProblem(f"文件是空的：{path.name}（the file is empty）")
    else:
        encodings.detect(path)  # a photo is said to be one, whatever it is called
        yield path.stem, lambda sheet, found: _of_text(path, sheet, found)


def _of_text(path: Path, sheet: EntrySheet, found: Network) -> Iterator[Row]:
    encoding = encodings.detect(path)
    head = list(islice(delimited.lines(encodings.pieces(path, encoding)), 4 * HEADING_WITHIN))
    sniffed = delimited.sniff(head, _mapping(sheet))
    if sniffed is None:
        raise _no_headings(path.name, sheet)
    dialect, line, columns = sniffed
    text = delimited.lines(encodings.pieces(path, encoding))
    records = delimited.records(text, dialect, len(columns.headings))
    return _rows(sheet, path.name, columns.headings, (one for one in records if one.line > line), found, columns.of)


def _of_workbook(path: Path, name: str, sheet: EntrySheet, found: Network) -> Iterator[Row]:
    rows = list(workbook.rows(path, name, _mapping(sheet)))
    if not any(cell.strip() for _, cells in rows for cell in cells):
        return iter(())
    headed = delimited.headings_in(rows, _mapping(sheet))
    if headed is None:
        raise _no_headings(f"{path.name} {name}", sheet)
    line, columns = headed
    records = (Record(number, cells) for number, cells in rows if number > line)
    return _rows(sheet, name, columns.headings, records, found, columns.of)


def _mapping(sheet: EntrySheet) -> dict[str, str]:
    return {word: _OURS + name for word, name in sheet.meanings.items()}


def _no_headings(where: str, sheet: EntrySheet) -> ImportProblem:
    known = "、".join(column.heading for column in sheet.columns)
    return ImportProblem(f"{where}：没有认识的列名，应有 {known}（no known column headings）")


def _rows(
    sheet: EntrySheet,
    where: str,
    headings: Sequence[str],
    records: Iterable[Record],
    found: Network,
    of: Mapping[str, tuple[int, ...]],
) -> Iterator[Row]:
    places = {name.removeprefix(_OURS): at[0] for name, at in of.items() if name.startswith(_OURS)}
    columns = {column.field: column for column in sheet.columns}
    if CODE not in places and sheet.kind not in _CODES:
        raise ImportProblem(f"{where}：没有 {columns[CODE].heading} 列（no column for the code）")
    found.ignored += [f"{where}: {one}" for at, one in enumerate(headings) if one and at not in places.values()]
    return (
        _row(sheet, record, places, columns)
        for record in records
        if any(cell.strip() for cell in record.cells) and not _is_none(record, places.get(CODE, -1), headings)
    )


def _is_none(record: Record, at: int, headings: Sequence[str]) -> bool:
    """An example, or the headings once more."""
    cell = record.cells[at] if 0 <= at < len(record.cells) else ""
    return clean(cell).startswith(EXAMPLE) or (at >= 0 and plain(cell) == plain(headings[at]) != "")


def _row(sheet: EntrySheet, record: Record, places: Mapping[str, int], columns: Mapping[str, Column]) -> Row:
    if record.problem:
        return Row(sheet, record.line, "", {}, record.problem)
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for name, at in places.items():
        cell = clean(record.cells[at]) if at < len(record.cells) else ""
        value = _value(columns[name], cell, wrong)
        if value is not Absent:
            values[name] = value
    code = str(values.pop(CODE, "") or "")
    _put_together(values, columns, wrong)
    if not code and not wrong and sheet.kind in _CODES:
        # A dealer may be meant by a name, with signs in it that no code has.
        code = _NO_CODE.sub("", _CODES[sheet.kind](values))[:100]
    if not code and not wrong:
        wrong.append(f"{columns[CODE].heading}：必填（required）")
    return Row(sheet, record.line, code, values, "；".join(wrong))


def _put_together(values: dict[str, Any], columns: Mapping[str, Column], wrong: list[str]) -> None:
    """Makes a list of the columns that are its parts; without one of them nobody knows what it
    says."""
    parts = [name for name in columns if "/" in name]
    given = {name: values.pop(name) for name in parts if name in values}
    if given and len(given) < len(parts) and not wrong:
        missing = "、".join(columns[name].heading for name in parts if name not in given)
        wrong.append(f"缺少列 {missing}（columns missing）")
    elif given:
        values[parts[0].partition("/")[0]] = list(given.values())


def _code_of_closure(values: Mapping[str, Any]) -> str:
    if "dealer" not in values or "starts_at" not in values:
        return ""
    return f"{values['dealer']}-{CELLS['instant'].write(values['starts_at'])[:10].replace('-', '')}"


def _code_of_hours(values: Mapping[str, Any]) -> str:
    if "team" not in values or "valid_from" not in values:
        return ""
    whose = values.get("dealer") or values.get("region")
    return "-".join(filter(None, (values["team"], whose, values["valid_from"])))


def _code_of_absence(values: Mapping[str, Any]) -> str:
    if "staff" not in values or "starts_at" not in values:
        return ""
    return f"{values['staff']}-{CELLS['instant'].write(values['starts_at'])[:10].replace('-', '')}"


def _code_of_contact_point(values: Mapping[str, Any]) -> str:
    return f"{values['staff']}-{values.get('channel', 'mail')}" if "staff" in values else ""


_CODES = {
    "absences": _code_of_absence,
    "contact-points": _code_of_contact_point,
    "closures": _code_of_closure,
    "hours": _code_of_hours,
}
"""Kinds whose codes say nothing of their own: what they are if a row has none."""


def _value(column: Column, cell: str, wrong: list[str]) -> Any:
    if not cell:
        return Absent if column.field == CODE else column.cell.empty
    try:
        return column.cell.read(cell)
    except (ValueError, OverflowError):
        expected = f"，应为 {column.cell.expected}" if column.cell.expected else ""
        wrong.append(f"{column.heading}：“{cell[:40]}”无法识别{expected}（not read）")
        return Absent
