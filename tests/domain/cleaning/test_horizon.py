"""How soon somebody wants to buy, in days from a Saturday in November 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.zone import CHINA
from domain.cleaning import is_undecided, read_horizon
from domain.cleaning.lunar import NEW_YEARS, next_new_year

SATURDAY = date(2026, 11, 14)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("马上", 0),
        ("随时可订", 0),
        ("明天", 1),
        ("3天内", 3),
        ("三天内", 3),
        ("15天", 15),
        ("30天内", 30),
        ("本周", 1),
        ("这个周末", 1),
        ("下周", 8),
        ("下周末后", 9),
        ("下下周", 15),
        ("一周内", 7),
        ("两周内", 14),
        ("２周", 14),
        ("一两周", 14),
        ("半个月内", 15),
        ("一个月内", 30),
        ("一个半月", 45),
        ("本月", 16),
        ("月底", 16),
        ("下个月", 30),
        ("下下个月", 60),
        ("三个月内", 90),
        ("2-3个月", 90),
        ("2～3个月", 90),
        ("两三个月", 90),
        ("2个多月", 60),
        ("半年", 180),
        ("半年后", 180),
        ("一年内", 365),
        ("一年半", 545),
        ("年底", 47),
        ("元旦前", 48),
        ("12月底", 47),
        ("3月份", 137),
        ("12月20日", 36),
        ("2月31日", 106),
        ("1月5号", 52),
        ("2027-01-05", 52),
        ("2027年3月", 137),
        ("明年3月", 137),
        ("明年上半年", 228),
        ("明年", 229),
        ("年前", 83),
        ("春节前", 83),
        ("春节前后", 84),
        ("过年", 84),
        ("春节后", 91),
        ("双十一", 362),
        ("国庆", 321),
        ("看情况，三个月内", 90),
        ("近期", 30),
        ("30", 30),
    ],
)
def test_said_on_a_saturday(typed: str, days: int) -> None:
    assert read_horizon(typed, SATURDAY) == days


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("半月内", 15),
        ("两月内", 60),
        ("俩月内", 60),
        ("一两月内", 60),
        ("三两月内", 60),
        ("两三月", 90),
        ("几月内", 90),
        ("数月内", 90),
        ("几个月内", 90),
        ("数个月内", 90),
        ("两月", 60),
        ("近两月", 60),
        ("最近两月", 60),
        ("近三月", 90),
        ("2月内", 60),
        ("三月内", 90),
        ("几周内", 21),
        ("几天内", 3),
        ("几年内", 1095),
    ],
)
@pytest.mark.parametrize("today", [date(2026, 11, 1), date(2026, 11, 28), date(2027, 2, 28)])
def test_a_span_of_months_is_the_same_on_every_day(typed: str, days: int, today: date) -> None:
    assert read_horizon(typed, today) == days


@pytest.mark.parametrize(
    ("typed", "days"), [("3月", 137), ("二月", 106), ("2月份", 106), ("二三月", 137), ("月内", 16)]
)
def test_a_month_by_name_ends_with_that_month(typed: str, days: int) -> None:
    assert read_horizon(typed, SATURDAY) == days


@pytest.mark.parametrize(
    "typed", ["", None, "无", "不急", "看情况", "不确定", "暂无计划", "再说", "=1+1", "2020-01-01"]
)
def test_no_day_can_be_read(typed: str | None) -> None:
    assert read_horizon(typed, SATURDAY) is None


@pytest.mark.parametrize(
    ("typed", "undecided"), [("不急", True), ("看情况", True), ("暂无计划", True), ("", False), ("下个月", False)]
)
def test_an_undecided_answer_is_not_silence(typed: str, undecided: bool) -> None:
    assert is_undecided(typed) is undecided


def test_the_day_is_shanghais() -> None:
    late_in_utc = datetime(2026, 11, 14, 17, 0, tzinfo=UTC)  # already Sunday in Shanghai
    assert read_horizon("本周", late_in_utc) == 0
    assert read_horizon("本周", late_in_utc.astimezone(CHINA)) == 0
    assert read_horizon("本周", datetime(2026, 11, 14, 17, 0)) == 1  # noqa: DTZ001 naive is Shanghai's


def test_a_festival_that_is_over_is_next_years() -> None:
    assert read_horizon("春节前后", date(2026, 2, 17)) == 0
    assert read_horizon("春节前后", date(2026, 2, 18)) == (date(2027, 2, 6) - date(2026, 2, 18)).days


@pytest.mark.parametrize("new_year", [day for day in NEW_YEARS if day.year <= 2026])
def test_the_new_years_are_the_published_ones(new_year: date) -> None:
    day_off, name = chinese_calendar.get_holiday_detail(new_year)
    assert (day_off, name) == (True, "Spring Festival")


def test_beyond_the_table_a_new_year_is_still_in_winter() -> None:
    assert next_new_year(date(2060, 6, 1)) == date(2061, 2, 5)
    assert next_new_year(date(1990, 1, 1)) == date(1990, 2, 5)


@given(
    st.text()
    | st.from_regex(r"[0-9一二三半两个年月日周天季度底初内后前春节下本明\-]{0,14}")
    | st.none()
    | st.integers(),
    st.dates() | st.datetimes() | st.datetimes(timezones=st.just(UTC)),
)
def test_no_text_breaks_it(typed: object, stated: date | datetime) -> None:
    days = read_horizon(typed, stated)
    assert days is None or 0 <= days <= 3_650
