"""What a free note says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning import NoteReading, read_note


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("有置换，旧车09年飞度", NoteReading(trade_in=True)),
        ("想试驾", NoteReading(test_drive_wish=True)),
        ("@公司团购 5 台", NoteReading(company=True, cars=5)),
        ("公司采购二十台车", NoteReading(company=True, cars=20)),
        ("请加微信", NoteReading(add_wechat=True)),
        ("白天勿扰，晚上7点后联系", NoteReading(evenings=True)),
        ("请勿打电话", NoteReading(do_not_call=True)),
        ("无置换，已试驾", NoteReading()),
        ("不想试驾", NoteReading()),
        ("=1+1", NoteReading()),
        ("要现车\n颜色：白", NoteReading()),
        ("对比CR-V", NoteReading()),
        ("", NoteReading()),
        (None, NoteReading()),
    ],
)
def test_notes(typed: str | None, reading: NoteReading) -> None:
    assert read_note(typed) == reading


@pytest.mark.parametrize(
    "typed",
    [
        "别给我打电话",
        "不要给我打电话",
        "请勿拨打",
        "请勿致电",
        "电话勿扰",
        "勿扰",
        "退订",
        "拒接电话",
        "拒绝来电",
        "别再骚扰我",
        "不想接电话",
        "不用联系了",
        "谢绝推销",
        "微信联系，不要打电话",
        "do not call",
        "Don't call me",
        "STOP",
    ],
)
def test_a_wish_not_to_be_called_is_heard(typed: str) -> None:
    assert read_note(typed).do_not_call


@pytest.mark.parametrize(
    ("typed", "evenings"),
    [
        ("白天不要打电话，晚上联系", True),
        ("上班时间请勿致电", True),
        ("11点前别打电话", False),
        ("周末不要联系", False),
        ("先别联系，下周再说", False),
        ("电话不通", False),
        ("不要现车", False),
        ("不用贷款 打电话给我", False),
    ],
)
def test_a_wish_about_when_is_none_for_good(typed: str, evenings: bool) -> None:
    assert (read_note(typed).do_not_call, read_note(typed).evenings) == (False, evenings)


@given(st.text() | st.none() | st.integers())
def test_no_text_breaks_it(typed: object) -> None:
    assert isinstance(read_note(typed), NoteReading)
