"""An empty workbook to fill in: the headings that the importer knows, contact columns as text."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from cli.importer.headings import WORDS
from cli.importer.problems import ImportProblem

_COLUMNS = tuple(field for field in WORDS if field not in ("channel1", "channel2", "channel3"))
_EXAMPLE = {
    "name": "周敏",
    "phone": "139 1166 2097",
    "model": "傲虎",
    "budget": "25-30万",
    "purchase_time": "两周内",
    "province": "江苏",
    "city": "苏州",
    "district": "昆山市",
    "channel": "maker.vertical.dongchedi",
    "stated_at": "2026-11-20 10:15",
    "test_drive": "是",
    "trade_in": "否",
    "grade": "A",
}


def write(path: Path) -> None:
    """Writes the template. Raises ``ImportProblem`` when nothing can be written there.

    The example is on a sheet of its own: nobody imports it by mistake.
    """
    try:
        with xlsxwriter.Workbook(str(path)) as book:
            bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
            for name, rows in (("线索 leads", [{}]), ("示例 example", [_EXAMPLE])):
                sheet = book.add_worksheet(name)
                # Text, so that a long number stays one and 1-2 does not become a date.
                sheet.set_column(0, len(_COLUMNS) - 1, 16, text)
                sheet.freeze_panes(1, 0)
                for column, field in enumerate(_COLUMNS):
                    sheet.write_string(0, column, WORDS[field], bold)
                    for row, example in enumerate(rows, start=1):
                        sheet.write_string(row, column, example.get(field, ""), text)
    except (OSError, FileCreateError) as failure:
        raise ImportProblem(f"无法写入：{path}（cannot be written: {failure}）") from failure
