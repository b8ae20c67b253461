"""Cells as people write them: what is read, what goes to the note as typed, what is cut."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.importer.columns import columns_of
from cli.importer.values import MOST_NOTE, clean, lead_of
from tests.cli.importer.files import rows

NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)
_YES = ("是", "Y", "√", "TRUE", "1", "需要", "想", "✔", "on", "要", "有", "对", "1.0", "true", "是的")
_NO = ("否", "N", "×", "FALSE", "0", "无", "不需要", "不想", "✘", "off", "不要", "没有", "0.0", "不是")


def read(heading: str, cell: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    return lead_of(columns_of([heading], {}), [cell], NOW)


@pytest.mark.parametrize(
    ("heading", "cell", "field", "value"),
    [
        *[
            ("试驾", cell, "test_drive", True)
            for cell in ["是", "Y", "√", "TRUE", "1", "需要", "想", "✔", "on", "要", "有", "对", "1.0", "true", "是的"]
        ],
        *[
            ("置换", cell, "trade_in", False)
            for cell in [
                "否",
                "N",
                "×",
                "FALSE",
                "0",
                "无",
                "不需要",
                "不想",
                "✘",
                "off",
                "不要",
                "没有",
                "0.0",
                "不是",
            ]
        ],
        *[("级别", cell, "grade", "A") for cell in ("A", "a", "Ａ", "A级", "A ", "A（15天）")],
        ("留资时间", "2026/11/20 3:15 PM", "stated_at", "2026-11-20T07:15:00+00:00"),
        ("留资时间", "46346", "stated_at", "2026-11-19T16:00:00+00:00"),
        ("留资时间", "昨天", "stated_at", "2026-11-26T16:00:00+00:00"),
        ("预算(万)", "25-30", "budget", "25-30万"),
        ("预算(万)", "25万", "budget", "25万"),
        ("预算", "25", "budget", "25"),
    ],
)
def test_what_people_tick_and_write(heading: str, cell: str, field: str, value: object) -> None:
    assert read(heading, cell) == ({field: value}, ())


@pytest.mark.parametrize("heading", ["试驾", "置换", "级别", "留资时间"])
@pytest.mark.parametrize("cell", ["-", "无", "", "  ", "N/A"])
def test_what_says_nothing_is_left_out(heading: str, cell: str) -> None:
    lead, remarks = read(heading, cell)

    assert "note" not in lead
    assert remarks == ()


@pytest.mark.parametrize(
    ("heading", "cell", "label"),
    [
        ("是否试驾", "嗯嗯", "试驾"),
        ("级别", "高", "级别"),
        ("创建时间", "#######", "留资时间"),
        ("置换", "旧车一台", "置换"),
        ("时间", "11/12/2026", "留资时间"),
    ],
)
def test_what_cannot_be_read_goes_to_the_note_as_typed(heading: str, cell: str, label: str) -> None:
    lead, (remark,) = lead_of(columns_of([heading, "备注"], {}), [cell, "急"], NOW)

    assert lead == {"note": f"急\n{label}: {cell}"}
    assert remark.startswith(label)
    assert cell in remark


@pytest.mark.parametrize("heading", ["姓名", "意向车型", "购车预算", "计划购车时间", "城市", "活动", "微信"])
def test_what_is_too_long_is_cut_and_whole_in_the_note(heading: str) -> None:
    lead, remarks = read(heading, "长" * 300)

    assert sorted(len(str(value)) for value in lead.values())[0] == 100
    assert "长" * 300 in lead["note"]
    assert len(remarks) == 1


def test_a_note_that_is_too_long_is_cut_and_said_to_be(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, f"手机,渠道,试驾,备注\n1398,x,嗯嗯,{'长' * 2_001}\n")

    assert row.lead is not None
    assert len(row.lead["note"]) == MOST_NOTE
    assert row.lead["note"].startswith("试驾: 嗯嗯\n长")
    assert [remark[:2] for remark in row.remarks] == ["试驾", "备注"]


@pytest.mark.parametrize(
    ("cell", "is_"),
    [
        ('="13911662097"', "13911662097"),
        ("'13911662097", "13911662097"),
        ("'+8613911662097", "+8613911662097"),
        ("'t Hooft", "'t Hooft"),
        ("\t13911662097\t", "13911662097"),
        ("a\x00b\x07c", "abc"),
        ("a\x0bb\u2028c", "a\nb\nc"),
        ("'1'", "'1'"),
        ("=1+1", "=1+1"),
    ],
)
def test_what_spreadsheets_put_around_a_cell(cell: str, is_: str) -> None:
    assert clean(cell) == is_
