"""Working hours (A10): from nine to six in China, Monday to Friday, unless the calendar says
otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import Week, WorkCalendar, add_working, day_start
from cases.zone import CHINA

PLAIN = WorkCalendar()


def china(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (china(3, 2, 10), 2, china(3, 2, 12)),  # Monday
        (china(3, 2, 17), 2, china(3, 3, 10)),  # over the night
        (china(3, 6, 17, 30), 1, china(3, 9, 9, 30)),  # over the weekend
        (china(3, 7, 12), 1, china(3, 9, 10)),  # from a Saturday
        (china(3, 2, 6), 0, china(3, 2, 9)),  # before opening
        (china(3, 2, 10), 0, china(3, 2, 10)),
        (china(3, 2, 9), 9, china(3, 2, 18)),  # a whole day ends at closing time
        (china(3, 2, 9), 45, china(3, 6, 18)),  # a whole week too
        (china(3, 2, 10), 0.5, china(3, 2, 10, 30)),
    ],
)
def test_hours_pass_only_while_people_work(start: datetime, hours: float, due: datetime) -> None:
    assert add_working(start, hours, PLAIN) == due
    assert add_working(start, hours, PLAIN).tzinfo is UTC


def test_holidays_are_passed_over_and_make_up_days_are_worked() -> None:
    spring_festival = {date(2026, 2, day): False for day in range(16, 24)} | {date(2026, 2, 14): True}
    calendar = WorkCalendar(days=spring_festival)

    assert add_working(china(2, 13, 17), 2, calendar) == china(2, 14, 10), "the Saturday before is worked"
    assert add_working(china(2, 14, 17), 2, calendar) == china(2, 24, 10)


def test_hours_are_data() -> None:
    late = ((time(12), time(21)),)
    assert add_working(china(3, 2, 20), 2, WorkCalendar((Week((late,) * 7),))) == china(3, 3, 13)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working(china(3, 2, 10), -1, PLAIN)
    with pytest.raises(ValueError, match="no working hours"):
        add_working(china(3, 2, 10), 1, WorkCalendar((Week(((),) * 7),)))


@given(
    minutes=st.integers(0, 60 * 24 * 21),
    first=st.integers(0, 600),
    second=st.integers(0, 600),
)
def test_two_waits_are_one_and_time_never_runs_back(minutes: int, first: int, second: int) -> None:
    start = china(2, 9, 0) + timedelta(minutes=minutes)
    calendar = WorkCalendar(days={date(2026, 2, 16): False, date(2026, 2, 14): True})

    halfway = add_working(start, first / 60, calendar)
    there = add_working(start, (first + second) / 60, calendar)

    assert start <= halfway <= there
    assert abs(add_working(halfway, second / 60, calendar) - there) < timedelta(seconds=1) or second == 0


def test_a_business_day_begins_at_midnight_in_china() -> None:
    assert day_start(china(3, 2, 7, 59)) == china(3, 2, 0)
    assert day_start(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == china(3, 2, 0)
