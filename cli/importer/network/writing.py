"""Writes a network to files, as they are read again: all that is there, or a template with one
example a sheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from cli.importer.network.kinds import CODE, SHEETS, EntrySheet
from cli.importer.network.reading import EXAMPLE
from cli.importer.problems import ImportProblem
from cli.importer.results import harmless

Entries = Mapping[str, Sequence[Mapping[str, Any]]]
"""Kind → its entries, as the API shows them."""


def write(path: Path, network: Entries) -> None:
    """Writes entries of all kinds to a workbook, or to a folder of CSV files. Raises
    ``ImportProblem``."""
    _write(path, {sheet.kind: [_cells(sheet, one) for one in network[sheet.kind]] for sheet in SHEETS.values()})


def write_template(path: Path) -> None:
    """Writes the headings and one example a sheet, which is not read. Raises ``ImportProblem``."""
    _write(path, {sheet.kind: [_example(sheet)] for sheet in SHEETS.values()})


def _cells(sheet: EntrySheet, entry: Mapping[str, Any]) -> list[str]:
    return [_cell(column.cell.write, _of(entry, column.field)) for column in sheet.columns]


def _of(entry: Mapping[str, Any], field: str) -> Any:
    name, _, place = field.partition("/")
    return entry[name][int(place)] if place else entry[name]


def _cell(write: Any, value: Any) -> str:
    return "" if value is None else write(value)


def _example(sheet: EntrySheet) -> list[str]:
    return [f"{EXAMPLE} {one.example}" if one.field == CODE else one.example for one in sheet.columns]


def _write(path: Path, rows: Mapping[str, Iterable[list[str]]]) -> None:
    try:
        if path.suffix.lower() == ".xlsx":
            _workbook(path, rows)
        elif path.suffix:
            raise ImportProblem(f"应为目录或 .xlsx：{path}（a folder or FILE.xlsx）")
        else:
            _folder(path, rows)
    except (OSError, FileCreateError) as failure:
        raise ImportProblem(f"无法写入：{path}（cannot be written: {failure}）") from failure


def _workbook(path: Path, rows: Mapping[str, Iterable[list[str]]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for sheet in SHEETS.values():
            page = book.add_worksheet(sheet.title)
            # Text, so that a long code stays one and 1-2 does not become a date.
            page.set_column(0, len(sheet.columns) - 1, 18, text)
            page.freeze_panes(1, 0)
            for at, column in enumerate(sheet.columns):
                page.write_string(0, at, column.heading, bold)
            for number, cells in enumerate(rows[sheet.kind], start=1):
                for at, cell in enumerate(cells):
                    page.write_string(number, at, cell, text)


def _folder(path: Path, rows: Mapping[str, Iterable[list[str]]]) -> None:
    path.mkdir(parents=True, exist_ok=True)
    for sheet in SHEETS.values():
        with (path / f"{sheet.kind}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column.heading for column in sheet.columns])
            writer.writerows([[harmless(cell) for cell in cells] for cells in rows[sheet.kind]])
