"""Encodings, line ends, delimiters and quotation marks as they come."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.importer import delimited
from cli.importer.delimited import Dialect
from cli.importer.encodings import detect
from tests.cli.importer.files import leads, opened, rows

TEXT = "客户姓名,手机号码,渠道,备注\n王芳,13980000000,x,红色\n李强,13980007919,x,白色\n"
TRADITIONAL = "客戶姓名,電話,渠道,備註\n陳大文,13980000000,x,紅色\n"
LATIN = "name,phone,channel\nO’Brien,13980174218,x\nJosé Müller,13980174219,x\nBjörk Æsir,13980174210,x\n"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-8", b"\xef\xbb\xbf\xef\xbb\xbf"),
        ("gbk", b""),
        ("gb18030", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
        ("utf-32-be", b"\x00\x00\xfe\xff"),
        ("utf-32-le", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, mark: bytes, end: str) -> None:
    found = leads(tmp_path, mark + TEXT.replace("\n", end).encode(encoding))

    assert [(lead["name"], lead["note"]) for lead in found] == [("王芳", "红色"), ("李强", "白色")]


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (LATIN, "cp1252", "cp1252"),
        ("name,phone,channel\nJosé,13980174218,x\n", "latin-1", "cp1252"),
        ("name,phone,channel\nÅse,13980174218,x\n", "latin-1", "cp1252"),
        ("name,phone,channel\n王芳,13980174218,x\n", "gbk", "gb18030"),
        ("name,phone,channel\n王喆,13980174218,x\n", "gbk", "gb18030"),
        ("name,phone,channel\n陳大文,13980174218,x\n林志玲,13980174219,x\n", "big5", "big5"),
        ("客户姓名,手机号码,渠道\n㐂子,1398,x\n𠮷野,1398,x\n", "gb18030", "gb18030"),
        ("name,phone,channel\n" + "Ann,13980174218,x\n" * 40_000 + "王芳,13980174218,x\n", "gbk", "gb18030"),
    ],
)
def test_an_encoding_is_told_by_what_its_signs_say(tmp_path: Path, text: str, written: str, read: str) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes(text.encode(written))

    assert detect(path) == read


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (b"\xe6\x9d\x8e\xff,13980190056,x,", 1),
        ("李强".encode("gbk") + b",13980190056,x,", 1),
        ("李强,13980190056,x,红".encode()[:-1], 4),
        ("李强,1398019".encode() + b"\0" + b"0056,x,", 2),
    ],
)
def test_bytes_that_are_no_text_cost_their_row_and_say_where(tmp_path: Path, row: bytes, column: int) -> None:
    found = rows(tmp_path, TEXT.encode() + row + "\n赵敏,13980190057,x,\n".encode())

    assert [row.lead is None for row in found] == [False, False, True, False]
    assert f"line 4, column {column}" in found[2].problem


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\x0b", "\x0c"])
def test_odd_line_ends_stay_in_a_cell_but_end_lines_where_there_is_no_other(tmp_path: Path, end: str) -> None:
    assert leads(tmp_path, f"手机,渠道,备注\n1398,x,第一{end}第二\n")[0]["note"] == "第一\n第二"
    assert len(leads(tmp_path, TEXT.replace("\n", end))) == 2


def test_what_editors_of_old_leave_at_the_end(tmp_path: Path) -> None:
    assert len(rows(tmp_path, TEXT + "\x1a")) == len(rows(tmp_path, TEXT.rstrip("\n"))) == 2


@pytest.mark.parametrize("delimiter", delimited.DELIMITERS)
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    found = leads(tmp_path, TEXT.replace(",", delimiter))

    assert [(lead["name"], lead["note"]) for lead in found] == [("王芳", "红色"), ("李强", "白色")]


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("姓名(先生,女士);手机;备注(颜色,配置,其他);渠道\n王;1398;红,顶配;x\n", {"name": "王", "note": "红,顶配"}),
        ('"客户\n姓名","手机\n号码",渠道\n王,1398,x\n', {"name": "王"}),
        ('"说明;多行;;;;\n备注",手机号码,渠道\nx,1398,x\n', {}),
        ("sep=;\n姓名;手机;渠道\n王;1398;x\n", {"name": "王"}),
        ('"sep=|"\n姓名|手机|渠道\n王|1398|x\n', {"name": "王"}),
        ("姓名  手机         渠道\n王    1398   x\n", {"name": "王"}),
        ("'姓名','手机','渠道','备注'\n'O'Brien','1398','x',''\n", {"name": "O'Brien"}),
        ("“姓名”,“手机”,“渠道”\n“王”,“1398”,“x”\n", {"name": "王"}),
        ('"姓名", "手机", "渠道", "备注"\n"王", "1398", "x", "红,白"\n', {"name": "王", "note": "红,白"}),
    ],
)
def test_the_delimiter_is_the_one_that_shows_columns(tmp_path: Path, text: str, lead: dict[str, str]) -> None:
    (found,) = leads(tmp_path, text)

    assert found == {"phone": "1398", "channel": "x", **lead}


@pytest.mark.parametrize(
    ("cells", "name", "note"),
    [
        ('王,1398,x,"他说""再看看"""', "王", '他说"再看看"'),
        (r'王,1398,x,"他说\"再看看\""', "王", '他说"再看看"'),
        ('王,1398,x,18"轮毂', "王", '18"轮毂'),
        ('"大王"老王,1398,x,急', '"大王"老王', "急"),
        ('王,1398,x,"没关', "王", '"没关'),
        ('王,1398,x,"第一\r\n第二\n第三"', "王", "第一\r\n第二\n第三"),
        ("王,1398,x,“红色”", "王", "“红色”"),
        (r'王,1398,x,"C:\"', "王", "C:\\"),
        ('王,="1398",x,="急"', "王", "急"),
        ('王,"=""1398""",x,急', "王", "急"),
        ("王,'1398,x,急", "王", "急"),
        ("王,\t1398\t,x,急", "王", "急"),
    ],
)
def test_quotation_marks_as_people_leave_them(tmp_path: Path, cells: str, name: str, note: str) -> None:
    first, second = leads(tmp_path, f"姓名,手机,渠道,备注\n{cells}\n李,1399,x,\n")

    assert first == {"name": name, "phone": "1398", "channel": "x", "note": note}
    assert second["name"] == "李"


@pytest.mark.parametrize(
    "bad", ['"王,芳,1398,x,', '王,"13"98",x,"a,b', '"王",1398,"x,急', 'a,b,c,d,e,f"', '"', '"王,"芳",a,b,1398,x,急']
)
def test_a_bad_quotation_mark_costs_no_other_row(tmp_path: Path, bad: str) -> None:
    text = f"姓名,手机,渠道,备注\n前,1397,x,\n{bad}\n" + '李,1399,x,"说""好"""\n赵,1390,x,\n' * 20

    found = rows(tmp_path, text)

    good = [row.lead["name"] for row in found if row.lead and row.number != 3]
    assert good == ["前", *["李", "赵"] * 20]


def test_a_quotation_mark_on_every_line_takes_no_longer_than_its_lines(tmp_path: Path) -> None:
    found = rows(tmp_path, "姓名,手机,渠道,备注\n" + '王,芳,"1398,x,\n' * 3_000)

    assert [row.lead for row in found] == [None] * 3_000


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0\uffff"), max_size=8), min_size=3, max_size=3
        )
    )
)
@settings(max_examples=200)
def test_what_csv_writes_is_read_back(table: list[list[str]]) -> None:
    import csv
    import io

    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(table)

    lines = delimited.lines([written.getvalue()])

    assert [one.cells for one in delimited.records(lines, Dialect(","), 3)] == table


@given(st.text(st.sampled_from("ab,\"'\\\r\n ="), max_size=60), st.integers(1, 20))
@settings(max_examples=300)
def test_no_text_is_a_traceback_and_pieces_make_no_difference(text: str, size: int) -> None:
    whole = list(delimited.lines([text]))
    pieces = list(delimited.lines(text[at : at + size] for at in range(0, len(text), size)))

    assert "".join(whole) == text
    assert pieces == whole
    list(delimited.records(whole, Dialect(","), 3))


def test_a_row_of_another_width_is_refused_alone(tmp_path: Path) -> None:
    sheet = opened(tmp_path, "手机,渠道,备注\n1398,x,红,白\n1399,x\n1390,x,,,,\n")

    assert [bool(row.problem) for row in sheet.rows] == [True, False, False]
