"""A file of leads is read as it comes; one that is none is told apart in one line (A2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.importer.problems import ImportProblem
from cli.importer.reading import read
from cli.importer.results import harmless

CSV = "客户姓名,手机号码,意向车型,一级渠道,二级渠道,三级渠道,备注\n谢璐,13309378657,森林人,厂商,垂直媒体,易车,\n"


def file(tmp_path: Path, content: bytes, name: str = "leads.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_that_people_have(tmp_path: Path, encoding: str) -> None:
    sheet = read(file(tmp_path, CSV.encode(encoding)))

    assert next(sheet.rows).lead == {
        "name": "谢璐",
        "phone": "13309378657",
        "model": "森林人",
        "channel": ["厂商", "垂直媒体", "易车"],
    }


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separators_that_people_have(tmp_path: Path, separator: str) -> None:
    assert next(read(file(tmp_path, CSV.replace(",", separator).encode())).rows).number == 2


def test_headings_in_other_words_and_columns_that_mean_nothing(tmp_path: Path) -> None:
    text = " 姓 名 ,联系电话*,来源渠道,是否试驾,级别,颜色\n谢璐,13309378657,maker.vertical.yiche,是,a,白\n\n,,,,,\n"

    sheet = read(file(tmp_path, text.encode()))

    assert [row.lead for row in sheet.rows] == [
        {
            "name": "谢璐",
            "phone": "13309378657",
            "channel": "maker.vertical.yiche",
            "test_drive": True,
            "grade": "A",
        }
    ]
    assert sheet.ignored == ("颜色",)


def test_a_row_of_another_width_is_rejected_alone(tmp_path: Path) -> None:
    sheet = read(file(tmp_path, (CSV + "a,b,c,d,e,f,g,h\n王飞,13309378658\n").encode()))

    assert [bool(row.problem) for row in sheet.rows] == [False, True, False]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (CSV.split("\n")[0].encode(), "no rows"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\xd0\xcf\x11\xe0rest", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (bytes(range(256)) * 4, "no text"),
        ("甲,乙\n1,2\n".encode(), "no known column"),
        ("姓名,渠道\n谢璐,x\n".encode(), "no column for a phone"),
        ("姓名,手机\n谢璐,1\n".encode(), "no column for the channel"),
    ],
)
def test_what_is_no_file_of_leads_is_said_in_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(ImportProblem) as refused:
        read(file(tmp_path, content))

    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_and_a_directory(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="no such file"):
        read(tmp_path / "absent.csv")
    with pytest.raises(ImportProblem, match="directory"):
        read(tmp_path)


@pytest.mark.parametrize("cell", ["=1+1", "+86 139", "-5", "@sum", "\t=1", " =1"])
def test_a_result_runs_nothing_in_a_spreadsheet(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("谢璐") == "谢璐"
