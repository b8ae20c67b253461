"""Instants as files and partners write them; without a zone they are Shanghai's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.zone import CHINA
from domain.cleaning import read_instant


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2026-11-14 02:15:05", datetime(2026, 11, 13, 18, 15, 5, tzinfo=UTC)),
        ("2026/11/04 16:47", datetime(2026, 11, 4, 8, 47, tzinfo=UTC)),
        ("2026/1/4 6:07", datetime(2026, 1, 3, 22, 7, tzinfo=UTC)),
        ("2026-11-14T02:15:05", datetime(2026, 11, 13, 18, 15, 5, tzinfo=UTC)),
        ("2026-11-14T02:15:05Z", datetime(2026, 11, 14, 2, 15, 5, tzinfo=UTC)),
        ("2026-11-14T02:15:05.250+08:00", datetime(2026, 11, 13, 18, 15, 5, 250_000, tzinfo=UTC)),
        ("２０２６－１１－１４ ０２：１５", datetime(2026, 11, 13, 18, 15, tzinfo=UTC)),
        ("2026年11月4日 下午4:47", datetime(2026, 11, 4, 8, 47, tzinfo=UTC)),
        ("2026年11月4日16时47分05秒", datetime(2026, 11, 4, 8, 47, 5, tzinfo=UTC)),
        ("2026-11-14", datetime(2026, 11, 13, 16, 0, tzinfo=UTC)),
        ("20261114", datetime(2026, 11, 13, 16, 0, tzinfo=UTC)),
        ("20261114 021505", datetime(2026, 11, 13, 18, 15, 5, tzinfo=UTC)),
        ("1794593705", datetime(2026, 11, 13, 18, 15, 5, tzinfo=UTC)),
        ("1794593705000", datetime(2026, 11, 13, 18, 15, 5, tzinfo=UTC)),
        (datetime(2026, 11, 14, 2, 15, tzinfo=CHINA), datetime(2026, 11, 13, 18, 15, tzinfo=UTC)),
    ],
)
def test_instants(typed: object, instant: datetime) -> None:
    assert read_instant(typed) == instant


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2026/11/20 3:15 PM", "2026-11-20 15:15:00"),
        ("2026-11-20 3:15:00 PM", "2026-11-20 15:15:00"),
        ("2026-11-20 12:00 AM", "2026-11-20 00:00:00"),
        ("11/20/2026 10:15", "2026-11-20 10:15:00"),
        ("20/11/2026", "2026-11-20 00:00:00"),
        ("20.11.2026", "2026-11-20 00:00:00"),
        ("20-Nov-26", "2026-11-20 00:00:00"),
        ("Nov 20, 2026", "2026-11-20 00:00:00"),
        ("26-11-20", "2026-11-20 00:00:00"),
        ("46346", "2026-11-20 00:00:00"),
        ("46346.427", "2026-11-20 10:14:53"),
        (46346.427, "2026-11-20 10:14:53"),
        ("1795140905.0", "2026-11-20 10:15:05"),
        ("2026-11-20 星期五", "2026-11-20 00:00:00"),
        ("2026-11-20 (周五) 10:15", "2026-11-20 10:15:00"),
        ("2026/11/20 中午12:30", "2026-11-20 12:30:00"),
        ("2026-11-20 中午1点", "2026-11-20 13:00:00"),
        ("2026年11月20日 凌晨1:30", "2026-11-20 01:30:00"),
        ("2026-11-20 晚上8点半", "2026-11-20 20:30:00"),
        ("2026-11-20 10:15:05 CST", "2026-11-20 10:15:05"),
        ("2026-11-20 10:15:05.0", "2026-11-20 10:15:05"),
        ("2026-11-20T10:15:05.000+0000", "2026-11-20 18:15:05"),
        ("11-20 10:15", "2026-11-20 10:15:00"),
        ("12-31 10:15", "2025-12-31 10:15:00"),
        ("昨天", "2026-11-27 00:00:00"),
        ("昨晚9:05", "2026-11-27 21:05:00"),
    ],
)
def test_as_spreadsheets_and_people_write_it(typed: object, shown: str) -> None:
    noon = datetime(2026, 11, 28, 12, tzinfo=CHINA)
    instant = read_instant(typed, noon)
    assert instant and instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S") == shown


@pytest.mark.parametrize("typed", ["11/12/2026", "-", "无", "#######", "2026-11-20 25:00", "46346.427 CST", "99999"])
def test_what_may_be_two_days_or_none(typed: str) -> None:
    assert read_instant(typed, datetime(2026, 11, 28, 12, tzinfo=CHINA)) is None


@pytest.mark.parametrize(
    "typed", ["", None, "昨天", "2026-13-01", "2026-02-30", "2026-11-14 25:00", "0001-01-01", "1234"]
)
def test_no_instant(typed: str | None) -> None:
    assert read_instant(typed) is None


@given(
    st.text()
    | st.from_regex(r"[0-9]{0,4}[-/年.]?[0-9]{0,2}[-/月.]?[0-9]{0,2}[ T]?[0-9:]{0,8}")
    | st.none()
    | st.integers()
    | st.datetimes()
)
def test_no_text_breaks_it(typed: object) -> None:
    instant = read_instant(typed)
    assert instant is None or instant.tzinfo is UTC
