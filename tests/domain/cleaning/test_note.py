"""What a free note says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.contact import HOURS_FORM
from domain.cleaning import NoteReading, read_note


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("有置换，旧车09年飞度", NoteReading(trade_in=True)),
        ("想试驾", NoteReading(test_drive_wish=True)),
        ("@公司团购 5 台", NoteReading(company=True, cars=5)),
        ("公司采购二十台车", NoteReading(company=True, cars=20)),
        ("请加微信", NoteReading(add_wechat=True)),
        ("白天勿扰，晚上7点后联系", NoteReading(hours=("evenings", "not_before_19"))),
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


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("白天不要", ["evenings"]),
        ("上班时间勿扰", ["evenings"]),
        ("请勿在上班时间致电", ["evenings"]),
        ("晚上联系", ["evenings"]),
        ("下班后打给我", ["evenings"]),
        ("晚上别打", ["not_evenings"]),
        ("周末不要", ["not_weekends"]),
        ("不要在周末打电话", ["not_weekends"]),
        ("请在工作日联系", ["not_weekends"]),
        ("平时没空，周末打电话", ["weekends"]),
        ("中午不要打电话", ["not_noon"]),
        ("上午不要打电话", ["not_before_12"]),
        ("11点前别打", ["not_before_11"]),
        ("十一点之前请勿致电", ["not_before_11"]),
        ("请8:30后联系", ["not_before_9"]),
        ("下午3点以后再联系", ["not_before_15"]),
        ("晚上9点后请勿打扰", ["not_after_21"]),
        ("今天别打，明天联系", ["tomorrow"]),
        ("先别联系下周再说", ["next_week"]),
        ("下个月再联系", ["next_month"]),
        ("暂时不要打电话", ["later"]),
        ("晚上7点看车", []),
        ("周末试驾", []),
        ("电话不通", []),
    ],
)
def test_hours_are_heard_as_codes(typed: str, hours: list[str]) -> None:
    reading = read_note(typed)
    assert (list(reading.hours), reading.do_not_call) == (hours, False)


@pytest.mark.parametrize(
    ("typed", "may_call"),
    [
        ("可以打电话了", True),
        ("之前说不要打现在可以", True),
        ("以前说别打电话，现在可以打了", True),
        ("晚上可以打电话", True),
        ("取消勿扰", True),
        ("you can call me now", True),
        ("我之前说不要打电话，请不要再打", False),
        ("不要打电话，可以联系微信", False),
        ("不可以打电话", False),
        ("please don't call", False),
        ("联系方式换了，可以联系人王先生", False),
        ("想试驾", False),
    ],
)
def test_a_refusal_can_be_withdrawn(typed: str, may_call: bool) -> None:
    assert read_note(typed).may_call is may_call
    assert not (may_call and read_note(typed).do_not_call)


def test_a_time_for_something_else_takes_nothing_from_a_refusal() -> None:
    assert read_note("别打电话，周末看车").do_not_call


@given(st.text(alphabet="不要别勿打电话联系晚上周末下午可以现在之前说11点后，") | st.text())
def test_every_hours_code_is_one_that_can_be_kept(typed: str) -> None:
    reading = read_note(typed)
    assert all(re.match(HOURS_FORM, code) for code in reading.hours)
    assert not (reading.do_not_call and reading.may_call)


@given(st.text() | st.none() | st.integers())
def test_no_text_breaks_it(typed: object) -> None:
    assert isinstance(read_note(typed), NoteReading)
