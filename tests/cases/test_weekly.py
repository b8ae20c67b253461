"""A week's hours as people write them: read, refused with the place, written as they were."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from cases.weekly import BadHours, read_week, write_week

DAY = [["08:30", "12:00"], ["13:00", "24:00"]]


def test_several_intervals_a_day_until_midnight() -> None:
    week = read_week([DAY, [], [], [], [], [], [["00:00", "00:01"]]])

    assert week[0] == ((time(8, 30), time(12)), (time(13), time.max))
    assert week[1] == ()
    assert write_week(week) == [DAY, [], [], [], [], [], [["00:00", "00:01"]]]


@pytest.mark.parametrize(
    ("day", "code", "interval"),
    [
        ([["9:00", "18:00"]], "time", 0),
        ([["09:00", "25:00"]], "time", 0),
        ([["24:00", "24:00"]], "time", 0),
        ([["09:00"]], "time", 0),
        ([9, 18], "time", 0),
        ("09:00-18:00", "time", None),
        (None, "time", None),
        ([["18:00", "09:00"]], "order", 0),
        ([["22:00", "06:00"]], "order", 0),
        ([["09:00", "09:00"]], "order", 0),
        ([["09:00", "12:00"], ["11:59", "18:00"]], "overlap", 1),
        ([["13:00", "18:00"], ["09:00", "12:00"]], "overlap", 1),
    ],
)
def test_what_are_no_hours_is_said_with_its_place(day: Any, code: str, interval: int | None) -> None:
    with pytest.raises(BadHours) as refused:
        read_week([[], [], day, [], [], [], []])

    assert (refused.value.code, refused.value.day, refused.value.interval) == (code, 2, interval)


@pytest.mark.parametrize(("week", "code"), [([DAY] * 6, "days"), ([DAY] * 8, "days"), ([[]] * 7, "never")])
def test_a_week_has_seven_days_and_some_hours(week: list[Any], code: str) -> None:
    with pytest.raises(BadHours) as refused:
        read_week(week)

    assert (refused.value.code, refused.value.day) == (code, None)
