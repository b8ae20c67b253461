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


@given(st.text() | st.none() | st.integers())
def test_no_text_breaks_it(typed: object) -> None:
    assert isinstance(read_note(typed), NoteReading)
