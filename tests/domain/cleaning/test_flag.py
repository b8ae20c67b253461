"""A yes or no as people tick it, and a grade as they write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cleaning import is_flag, read_flag, read_grade

YES = ["是", "Y", "yes", "√", "✔", "✔️", "TRUE", "1", 1, 1.0, "1.0", "需要", "想", "on", "要", "有", "对", "是的", True]
NO = [
    "否",
    "N",
    "×",
    "✘",
    "FALSE",
    "0",
    0,
    "0.0",
    "不需要",
    "不想",
    "off",
    "不要",
    "没有",
    "无",
    "已试驾",
    "不是",
    False,
]


@pytest.mark.parametrize(("typed", "means"), [*((one, True) for one in YES), *((one, False) for one in NO)])
def test_a_tick_means_yes_or_no(typed: object, means: bool) -> None:
    assert (read_flag(typed), is_flag(typed)) == (means, True)


@pytest.mark.parametrize(
    ("typed", "understood"), [("未知", True), ("待定", True), ("", True), (None, True), ("嗯嗯", False)]
)
def test_undecided_is_understood_and_neither(typed: object, understood: bool) -> None:
    assert (read_flag(typed), is_flag(typed)) == (None, understood)


@pytest.mark.parametrize(
    ("typed", "grade"),
    [
        *(("H", "H"), ("h", "H"), ("Ａ", "A"), ("A级", "A"), ("H（7天）", "H"), ("b 类", "B"), ("A ", "A"), ("N", "N")),
        *((other, None) for other in ("高", "O", "D", "1", "待定", "-", "", None, "未评级", "HA")),
    ],
)
def test_grades(typed: object, grade: str | None) -> None:
    assert read_grade(typed) == grade


@given(st.text() | st.none() | st.integers() | st.floats() | st.booleans())
def test_no_text_breaks_them(typed: object) -> None:
    assert read_flag(typed) in (True, False, None)
    assert read_grade(typed) in ("H", "A", "B", "C", "N", None)
