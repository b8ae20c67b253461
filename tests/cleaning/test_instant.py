"""Instants as files and partners write them; without a zone they are Shanghai's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning import SHANGHAI, read_instant


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
        (datetime(2026, 11, 14, 2, 15, tzinfo=SHANGHAI), datetime(2026, 11, 13, 18, 15, tzinfo=UTC)),
    ],
)
def test_instants(typed: object, instant: datetime) -> None:
    assert read_instant(typed) == instant


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
