"""An empty workbook to fill in: the headings that the importer knows, contact columns as text."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from cases.lead_facts import FACTS
from cli.importer.problems import ImportProblem

_COLUMNS = tuple(fact for fact in FACTS if fact.headings)


def write(path: Path) -> None:
    """Writes the template. Raises ``ImportProblem`` when nothing can be written there.

    The example is on a sheet of its own: nobody imports it by mistake.
    """
    try:
        with xlsxwriter.Workbook(str(path)) as book:
            bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
            for name, example in (("线索 leads", ()), ("示例 example", [fact.example for fact in _COLUMNS])):
                sheet = book.add_worksheet(name)
                # Text, so that a long number stays one and 1-2 does not become a date.
                sheet.set_column(0, len(_COLUMNS) - 1, 16, text)
                sheet.freeze_panes(1, 0)
                for column, fact in enumerate(_COLUMNS):
                    sheet.write_string(0, column, fact.heading, bold)
                for column, typed in enumerate(example):
                    sheet.write_string(1, column, typed, text)
    except (OSError, FileCreateError) as failure:
        raise ImportProblem(f"无法写入：{path}（cannot be written: {failure}）") from failure
