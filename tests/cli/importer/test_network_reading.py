"""Files of a network are read as people write them: sheets, headings, cells, weeks."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from cli.importer.network.kinds import SHEETS, of_name
from cli.importer.network.reading import read
from cli.importer.problems import ImportProblem
from tests.cli.importer.networks import written


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("dealers", "dealers"), ("经销商", "dealers"), ("经销商 dealers", "dealers"), ("Dealer", "dealers"),
        ("门店", "dealers"), ("staff", "staff"), ("顾问", "staff"), ("车型", "models"),
        ("calendar-days", "calendar-days"),
        ("日历", "calendar-days"), ("说明", None), ("Sheet1", None),
    ],
)  # fmt: skip
def test_a_sheet_is_known_by_its_name(name: str, kind: str | None) -> None:
    found = of_name(name)
    assert (found and found.kind) == kind


@pytest.mark.parametrize(
    "text",
    [
        "经销商编码,经销商名称,大区,城市,日容量\nN1,新店,华北区,北京,60\n",
        "门店编码;名称;所属大区;所在城市;日承接量\nN1;新店;华北区;北京;60\n",
        "code\tname\tregion\tcity\tdaily_capacity\nN1\t新店\t华北区\t北京\t60条\n",
        "2026 年网络,,,,\n*经销商编码（必填）,经销商名称(必填),大区,城市,日容量\nN1,新店,华北区,北京,60.0\n",
        '"城市","大区","日容量","名称","编码"\n"北京","华北区","60","新店","N1"\n经销商编码,,,,\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_headings_delimiters_and_encodings_are_read_as_of_leads(files: Path, text: str, encoding: str) -> None:
    files.mkdir()
    (files / "经销商.csv").write_text(text, encoding=encoding)
    row = read(files).rows[0]
    assert (row.code, row.problem) == ("N1", "")
    assert dict(row.values) == {"name": "新店", "region": "华北区", "city": "北京", "daily_capacity": 60}


CELLS = [
    ("dealers", "models", "傲虎、outback，XV；\"A、B\"", ["傲虎", "outback", "XV", "A、B"]),
    ("dealers", "models", "", []),
    ("dealers", "active", "停用", False),
    ("dealers", "active", "√", True),
    ("staff", "rest_days", "周二、周日", [2, 7]),
    ("staff", "rest_days", "星期天 3", [3, 7]),
    ("staff", "role", "店总", "dealer_manager"),
    ("staff", "role", "Consultant", "consultant"),
    ("staff", "dealer", "", None),
    ("models", "price", "199,800元", 199800),
    ("channels", "side", "厂商", "maker"),
    ("closures", "starts_at", "2027/1/1", "2026-12-31T16:00:00+00:00"),
    ("calendar-days", "code", "2027年1月1日", "2027-01-01"),
    ("calendar-days", "working", "放假", False),
    ("hours", "team", "门店", "dealer"),
    ("hours", "valid_from", "2026年10月1日", "2026-10-01"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "field", "cell", "value"), CELLS)
def test_a_cell_means(files: Path, kind: str, field: str, cell: str, value: Any) -> None:
    sheet = SHEETS[kind]
    heading = {column.field: column.heading for column in sheet.columns}
    names = [heading["code"], *([] if field == "code" else [heading[field]])]
    rows = io.StringIO()
    csv.writer(rows).writerows([names, [cell] if field == "code" else ["2027-01-01", cell]])
    row = read(written(files, **{kind.replace("-", "_"): rows.getvalue()})).rows[0]
    assert row.problem == ""
    assert (row.code if field == "code" else row.values[field]) == value


@pytest.mark.parametrize(
    ("kind", "heading", "cell"),
    [
        ("dealers", "日容量", "很多"), ("dealers", "在用", "也许"), ("staff", "休息日", "周八"),
        ("staff", "角色", "老板"),
        ("calendar-days", "上班", "?"), ("closures", "开始", "不久"), ("models", "指导价", "-1"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_costs_its_row_and_says_which(
    files: Path, kind: str, heading: str, cell: str
) -> None:
    code = SHEETS[kind].columns[0].heading
    text = f"{code},{heading}\n2027-01-01,{cell}\n2027-01-02,\n"
    first, second = read(written(files, **{kind.replace("-", "_"): text})).rows
    assert heading in first.problem and cell in first.problem and first.number == 2
    assert second.problem == ""


WEEK = "周一,周二,周三,周四,周五,周六,周日"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("08:30-12:00 13:30-18:00", [["08:30", "12:00"], ["13:30", "18:00"]]),
        ("8：30～12：00、13:30 至 18:00", [["08:30", "12:00"], ["13:30", "18:00"]]),
        ("9:00:00 – 24:00", [["09:00", "24:00"]]),
        ("休息", []),
        ("", []),
    ],
)
def test_a_week_has_a_column_a_day(files: Path, cell: str, day: Any) -> None:
    rows = io.StringIO()
    names = ["适用对象", "经销商", "生效日", *WEEK.split(",")]
    csv.writer(rows).writerows([names, ["经销商", "BJ01", "2026-10-01", *[cell] * 6, "10:00-16:00"]])
    (row,) = read(written(files, hours=rows.getvalue())).rows
    assert (row.problem, row.code) == ("", "dealer-BJ01-2026-10-01")
    assert row.values["hours"] == [day] * 6 + [[["10:00", "16:00"]]]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        (
            "hours",
            f"适用对象,经销商,生效日,{WEEK}\n经销商,广州 (天河) 店,2026-10-01,8:00-9:00,,,,,,\n",
            "dealer-广州天河店-2026-10-01",
        ),
        ("closures", "经销商,开始,结束\n广州 (天河) 店,2026-10-01,2026-10-02\n", "广州天河店-20261001"),
    ],
)
def test_a_code_that_is_made_of_a_name_has_no_signs_that_codes_have_not(
    files: Path, name: str, text: str, code: str
) -> None:
    (row,) = read(written(files, **{name: text})).rows
    assert (row.problem, row.code) == ("", code)


def test_a_week_lacks_no_day(files: Path) -> None:
    (row,) = read(written(files, hours="适用对象,生效日,周一,周二\n总部,2026-10-01,09:00-18:00,\n")).rows
    assert "周三、周四、周五、周六、周日" in row.problem


@pytest.mark.parametrize("cell", ["上午", "09:00", "09:00-", "9-18", "09:00-12:00-13:00"])
def test_a_day_that_cannot_be_read_is_named(files: Path, cell: str) -> None:
    (row,) = read(written(files, hours=f"适用对象,生效日,{WEEK}\n总部,2026-10-01,,,{cell},,,,\n")).rows
    assert "周三" in row.problem and cell in row.problem


def test_of_a_workbook_each_sheet_is_a_kind_and_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "network.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in {
            "说明": [["请填写"]],
            "大区": [["大区编码", "大区名称"], ["R1", "一区"]],
            "人员 staff": [["工号", "姓名", "颜色"], [1001.0, "王", "红"]],
        }.items():
            page = book.add_worksheet(name)
            for at, cells in enumerate(rows):
                page.write_row(at, 0, cells)
    found = read(path)
    assert [(row.sheet.kind, row.number, row.code) for row in found.rows] == [
        ("regions", 2, "R1"),
        ("staff", 2, "1001"),
    ]
    assert found.ignored == ["说明", "人员 staff: 颜色"]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"notes": "a,b\n1,2\n"}, "没有数据"),
        ({"dealers": "经销商编码,名称\n"}, "没有数据"),
        ({"dealers": "颜色,形状\n红,圆\n"}, "没有认识的列名"),
        ({"dealers": "名称,城市\n新店,北京\n"}, "没有 经销商编码 列"),
    ],
)
def test_what_is_no_network_costs_one_line(files: Path, texts: dict[str, str], said: str) -> None:
    with pytest.raises(ImportProblem, match=said):
        read(written(files, **texts))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("dealers.csv", b"", "文件是空的"),
        ("network.xlsx", b"", "文件是空的"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40, "不是文本文件"),
        ("network.xlsx", b"PK\x03\x04" + b"half a workbook", "已损坏"),
        ("leads.csv", "姓名,手机\n王,13900000000\n".encode(), "没有数据；工作表或文件名应为"),
        ("dealers.csv", "经销商编码,名称\n".encode(), "只有列名或示例"),
    ],
)
def test_a_file_that_is_no_network_is_said_to_be_what_it_is(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(ImportProblem, match=said):
        read(path)
