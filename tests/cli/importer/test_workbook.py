"""Spreadsheets: what cells mean, which sheet is read, and what a hostile or damaged one may do:
nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from cli.importer import template, workbook
from cli.importer.problems import ImportProblem
from cli.importer.reading import read
from tests.cli.importer import binary_workbook

HEADINGS = ["姓名", "手机号(必填)", "渠道", "试驾", "留资时间", "备注"]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "leads.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        made.add_worksheet("说明").write(0, 0, "请看第二页")
        sheet = made.add_worksheet("线索")
        sheet.write(0, 0, "11月线索")
        sheet.write_row(2, 1, HEADINGS)
        sheet.write_row(3, 1, ["王芳", 13981590830.0])
        sheet.merge_range(3, 3, 4, 3, "dongchedi")
        sheet.write_boolean(3, 4, True)
        dated = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_datetime(3, 5, datetime(2026, 11, 20, 10, 15, 5), dated)  # noqa: DTZ001
        sheet.write_formula(3, 6, "=1/0", value="#DIV/0!")
        sheet.write_row(4, 1, ["李强", "13981590831"])
        sheet.write(4, 4, "嗯嗯")
        other = made.add_worksheet("十月")
        other.write_row(0, 0, ["手机", "渠道"])
        other.write_row(1, 0, [13981590832, "yiche"])
    return path


def test_dates_numbers_booleans_errors_and_merged_cells(book: Path) -> None:
    first, second = read(book).rows

    assert (first.number, second.number) == (4, 5)
    assert first.lead == {
        "name": "王芳",
        "phone": "13981590830",
        "channel": "dongchedi",
        "test_drive": True,
        "stated_at": "2026-11-20T02:15:05+00:00",
    }
    assert second.lead == {"name": "李强", "phone": "13981590831", "channel": "dongchedi", "note": "试驾: 嗯嗯"}


def test_a_sheet_is_chosen_by_name(book: Path) -> None:
    assert [row.lead for row in read(book, sheet="十月").rows] == [{"phone": "13981590832", "channel": "yiche"}]
    with pytest.raises(ImportProblem, match="说明、线索、十月"):
        read(book, sheet="九月")


@pytest.mark.parametrize("start", [workbook.PACKED, workbook.OLD])
def test_a_damaged_workbook_is_one_line(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "leads.xlsx"
    path.write_bytes(start + bytes(range(256)) * 20)

    with pytest.raises(ImportProblem) as refused:
        read(path)

    assert "\n" not in str(refused.value)


def test_a_part_of_a_workbook_is_one_line(book: Path) -> None:
    book.write_bytes(book.read_bytes()[:-200])

    with pytest.raises(ImportProblem, match="damaged"):
        read(book)


def test_an_archive_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "leads.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("leads.csv", "手机,渠道\n")

    with pytest.raises(ImportProblem, match="unpack it first"):
        read(path)


def test_what_unpacks_to_too_much_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "leads.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made, made.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(110):
            part.write(b" " * 2**20)
    monkeypatch.setattr(workbook, "rows", lambda *_: pytest.fail("it was opened"))

    with pytest.raises(ImportProblem, match="unpacks to too much"):
        read(path)


@pytest.mark.parametrize("limit", ["MEMORY", "WALL_SECONDS"])
def test_a_child_that_needs_too_much_is_ended(book: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(workbook, limit, 2**20 if limit == "MEMORY" else 0.0)

    with pytest.raises(ImportProblem, match="within limits"):
        list(workbook.rows(book, None, {}))


def test_the_template_is_read_and_its_example_is_a_lead(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"

    template.write(path)

    with pytest.raises(ImportProblem, match="no rows"):
        read(path)
    (row,) = read(path, sheet="示例 example").rows
    assert row.lead is not None
    assert (row.remarks, row.lead["grade"], row.lead["test_drive"]) == ((), "A", True)


def _xls(path: Path, rows: list[list[object]]) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("线索")
    dated = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell, *([dated] if isinstance(cell, datetime) else []))
    book.save(str(path))


def _ods(path: Path, rows: list[list[object]]) -> None:
    def cell(value: object) -> str:
        match value:
            case datetime():
                return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
            case bool():
                return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
            case int() | float():
                return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
            case _:
                return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = '<manifest:file-entry manifest:full-path="/" manifest:media-type="' + kind + '"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f"{entry}</manifest:manifest>",
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content{names}><office:body><office:spreadsheet><table:table table:name="线索">{lines}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )


@pytest.mark.parametrize(("name", "write"), [("leads.xls", _xls), ("leads.ods", _ods)])
def test_spreadsheets_of_other_programs(tmp_path: Path, name: str, write: Callable[..., None]) -> None:
    path = tmp_path / name
    write(path, [HEADINGS, ["王芳", 13981590830, "dongchedi", True, datetime(2026, 11, 20, 10, 15), "红色"]])  # noqa: DTZ001

    assert [row.lead for row in read(path).rows] == [
        {
            "name": "王芳",
            "phone": "13981590830",
            "channel": "dongchedi",
            "test_drive": True,
            "stated_at": "2026-11-20T02:15:00+00:00",
            "note": "红色",
        }
    ]


def test_a_binary_workbook(tmp_path: Path) -> None:
    path = tmp_path / "leads.xlsb"
    rows = [["11月线索"], ["姓名", "手机号", "渠道", "试驾"], ["王𠮷", 13981590830.0, "dongchedi", True], [], ["李强"]]
    binary_workbook.write(path, "线索", rows)

    first, second = read(path).rows

    assert (first.number, second.number) == (3, 5)
    assert first.lead == {"name": "王𠮷", "phone": "13981590830", "channel": "dongchedi", "test_drive": True}
    assert second.lead == {"name": "李强"}


def test_a_binary_workbook_that_is_cut_short_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "leads.xlsb"
    binary_workbook.write(path, "线索", [["姓名", "手机号", "渠道"], ["王芳", "13981590830", "dongchedi"]])
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    for name, content in parts.items():
        with zipfile.ZipFile(path, "w") as archive:
            for other, kept in parts.items():
                archive.writestr(other, content[: len(content) // 2] if other == name else kept)
        with pytest.raises(ImportProblem) as refused:
            list(read(path).rows)
        assert "\n" not in str(refused.value), name
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ImportProblem, match="已损坏"):
        read(path)
