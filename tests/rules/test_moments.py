"""Moments with an offset, without one, in a zone, beyond Python's calendar: compared the same by
both evaluators."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rules
from rules import Decided, reference
from rules.feel import evaluate, literal, moments, parse, times, to_json
from rules.feel.moments import FarDate, FarDateTime, FineTime
from tests.rules.drawing import table

both = pytest.mark.parametrize("decide", [rules.decide, reference.decide], ids=["durable-rules", "reference"])
Decide = Callable[..., Decided]
NAIVE, AWARE = datetime(2026, 1, 31, 8), datetime(2026, 1, 31, 8, tzinfo=UTC)  # noqa: DTZ001


@both
@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ('not(date and time("2026-01-31T08:00:00"))', AWARE, True),
        ('not(date and time("2026-01-31T08:00:00"))', NAIVE, False),
        ('not(date and time("2026-01-31T08:00:00Z"))', NAIVE, True),
        ('!= date and time("2026-01-31T08:00:00Z")', NAIVE, True),
        ('date and time("2026-01-31T16:00:00+08:00")', AWARE, True),
        ('<= date and time("2026-01-31T08:00:00Z")', NAIVE, False),
        ('not(< date and time("2026-01-31T08:00:00Z"))', NAIVE, False),
        ('not(time("08:00:00"))', time(8, tzinfo=UTC), True),
        ('not(time("08:00:00"))', time(8), False),
        ('time("08:00:00@Europe/Paris")', time(8), False),
        ('time("08:00:00@Europe/Paris")', time(7, tzinfo=UTC), True),
        ('not(time("08:00:00"))', time(8, tzinfo=ZoneInfo("Asia/Shanghai")), True),
        # Whole seconds count.
        ('time("08:00:00")', time(8, 0, 0, 999_999), True),
        ('time("08:00:00.5")', FineTime(time(8), 1), True),
        ('> time("08:00:00")', time(8, 0, 0, 999_999), False),
        ('> time("08:00:00.9")', time(8, 0, 1), True),
        ('date and time("2026-01-31T08:00:00")', NAIVE.replace(microsecond=1), True),
        (
            'date and time("2026-01-31T08:00:00.7Z")',
            FarDateTime(date(2026, 1, 31), FineTime(time(8, tzinfo=UTC), 5)),
            True,
        ),
        # The calendar goes on at both of its ends.
        ('> date("9999-12-31")', FarDate(10_000, 1, 1), True),
        ('date("9999-12-31")', FarDate(10_000, 1, 1), False),
        ('<= date("9999-12-31")', FarDate(10_000, 1, 1), False),
        ('< date("0001-01-01")', FarDate(-44, 3, 15), True),
        ('[date("0001-01-01")..date("9999-12-31")]', FarDate(0, 12, 31), False),
        ('date("-0044-03-15")', FarDate(-44, 3, 15), True),
        ('> date("12026-01-01")', date(2026, 1, 31), False),
        ('> date("-0044-03-15")', date(2026, 1, 31), True),
        ('> date and time("9999-12-31T23:59:59Z")', FarDateTime(FarDate(10_000, 1, 1), time(tzinfo=UTC)), True),
        ('> date and time("9999-12-31T23:59:59")', FarDateTime(FarDate(10_000, 1, 1), time(tzinfo=UTC)), False),
    ],
)
def test_a_cell_of_moments(decide: Decide, cell: str, value: object, passes: bool) -> None:
    decision = table(["at"], [[cell, '"yes"']], default='"no"')
    assert decide(decision, {"at": value}).value == ("yes" if passes else "no")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('time("10:30:00@Europe/Paris") = time("10:30:00@Europe/Paris")', "true"),
        ('time("10:30:00@Europe/Paris") = time("10:30:00@Asia/Dhaka")', "false"),
        ('time("10:30:00@Europe/Paris") = time("10:30:00+01:00")', "true"),
        ('time("10:30:00@Europe/Paris") = time("10:30:00")', "false"),
        ('time("10:30:00@Europe/Paris") < time("10:30:00")', "null"),
        ('time("10:30:00@Europe/Paris") < time("10:30:00Z")', "true"),
        ('date and time("2018-12-08T00:00:00") = date and time("2018-12-08T00:00:00@Asia/Dhaka")', "false"),
        ('date and time("2018-12-08T01:00:00@Europe/Paris") = date and time("2018-12-08T00:00:00Z")', "true"),
    ],
)
def test_equality_and_order(text: str, value: str) -> None:
    assert literal(evaluate(text, {})) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # kept and shown to the nanosecond
        ('time("11:22:33.123456789")', 'time("11:22:33.123456789")'),
        (
            'string(date and time("2017-12-31T11:22:33.987654321@Europe/Paris"))',
            '"2017-12-31T11:22:33.987654321@Europe/Paris"',
        ),
        (
            'date and time(date("2017-08-10"), time("23:59:01.987654321+02:00"))',
            'date and time("2017-08-10T23:59:01.987654321+02:00")',
        ),
        ('time(11, 22, 33.123456789, duration("PT1H"))', 'time("11:22:33.123456789+01:00")'),
        ('time("11:22:33.123456789").second', "33"),
        ('time("11:59:59.999999999") + duration("PT1S")', 'time("12:00:00.999999999")'),
        ('time("11:22:33.000000001") - time("11:22:32.000000001")', 'duration("PT1S")'),
        (
            'date and time("2026-01-31T08:00:00.000000001Z") + duration("P1D")',
            'date and time("2026-02-01T08:00:00.000000001Z")',
        ),
        # compared by whole seconds
        ('time("10:30:00.0001") = time("10:30:00.0002")', "true"),
        ('time("10:30:00.0001") < time("10:30:00.0002")', "false"),
        ('time("10:30:00.9") < time("10:30:01")', "true"),
        ('date and time("2018-12-08T00:00:00.5Z") = date and time("2018-12-08T01:00:00+01:00")', "true"),
        ('is(time("10:30:00.0001"), time("10:30:00.0002"))', "false"),
        ('is(time("10:30:00.000000001"), time("10:30:00.000000001"))', "true"),
        # every year that can be written
        ("date(-2017, 12, 31)", 'date("-2017-12-31")'),
        ('string(date("999999999-12-31"))', '"999999999-12-31"'),
        ('date("999999999-12-31") + duration("P1D")', "null"),
        ("date(1000000000, 1, 1)", "null"),
        ('date("9999999999-12-25")', "null"),
        ('date("01211-12-31")', "null"),
        ('date("-0001-02-29")', "null"),
        ('date("0000-02-29")', 'date("0000-02-29")'),
        ('date("9999-12-31") + duration("P1D")', 'date("10000-01-01")'),
        ('date("0001-01-01") - duration("PT1S")', 'date("0000-12-31")'),
        ('date("2000-02-29") + duration("P8001Y")', 'date("10001-02-28")'),
        ('date("10000-01-01") - date("9999-12-31")', 'duration("P1D")'),
        ('date("999999999-12-31") - date("-999999999-01-01")', "null"),
        ('years and months duration(date("-2016-01-30"), date("-2017-02-28"))', 'duration("-P11M")'),
        ('day of week(date("10000-01-01"))', '"Saturday"'),
        ('date("10000-01-01").weekday', "6"),
        ('date("-0044-03-15").year', "-44"),
        ('date("10000-01-01") instance of date', "true"),
        ('date and time("10000-01-01T08:00:00Z") instance of date and time', "true"),
        ('time("08:00:00.123456789") instance of time', "true"),
        ('date(date and time("10000-01-01T08:00:00Z"))', 'date("10000-01-01")'),
        (
            'date and time("9999-12-31T23:59:59@Europe/Paris") + duration("PT1S")',
            'date and time("10000-01-01T00:00:00@Europe/Paris")',
        ),
        ('for day in date("9999-12-31")..date("10000-01-01") return day.year', "[9999, 10000]"),
        ('date("9999-12-31") < date("10000-01-01")', "true"),
        ('date("-0044-03-15") = date("-0044-03-15")', "true"),
        ('date("10000-01-01") = time("10:00:00.123456789")', "null"),
        # offsets of 18 hours at most
        ('time("13:20:00+18:00")', 'time("13:20:00+18:00")'),
        ('time("13:20:00-18:00")', 'time("13:20:00-18:00")'),
        ('time("13:20:00+18:01")', "null"),
        ('date and time("2017-12-31T13:20:00-19:00")', "null"),
        ('time("13:20:00+05:60")', "null"),
        ('time(13, 20, 0, duration("PT18H1M"))', "null"),
        # a zone goes with the clock
        ('string(time(date and time("2017-08-10T10:20:00@Europe/Paris")))', '"10:20:00@Europe/Paris"'),
        ('time(date and time("2017-08-10T10:20:00+05:00"))', 'time("10:20:00+05:00")'),
    ],
)
def test_moments_that_python_has_none_of(text: str, value: str) -> None:
    assert literal(parse(text, lenient=True).run({})) == value


@given(st.integers(-999_999_999, 999_999_999), st.integers(1, 12), st.integers(1, 28))
def test_a_day_is_found_again_by_its_number(year: int, month: int, day: int) -> None:
    found = moments.day_of(year, month, day)

    assert found is not None
    assert moments.day_at(moments.ordinal(found)) == found
    assert isinstance(found, date) == (1 <= year <= 9_999)


@given(
    st.integers(-(10**12), 10**12), st.integers(0, 999_999_999), st.sampled_from([None, UTC, ZoneInfo("Europe/Paris")])
)
def test_an_instant_is_found_again_by_its_number(seconds: int, nanos: int, zone: ZoneInfo | None) -> None:
    number = seconds * 1_000_000_000 + nanos
    found = moments.at_instant(number, zone)

    assert found is not None
    # An hour that a zone has twice has two numbers.
    assert (moments.instant(found) - number) % 3_600_000_000_000 == 0
    assert times.date_time_from(times.named(found)) == found


@given(st.datetimes(), st.timedeltas(timedelta(-10_000), timedelta(10_000)))
def test_where_python_can_count_it_counts_the_same(start: datetime, length: timedelta) -> None:
    try:
        expected = start + length
    except OverflowError:
        return
    assert times.shift(start, length) == expected
    assert times.between(expected, start) == length


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (FarDate(10_000, 1, 1), "10000-01-01"),
        (FineTime(time(8), 1), "08:00:00.000000001"),
        (FarDateTime(FarDate(10_000, 1, 1), time(1, tzinfo=ZoneInfo("Asia/Shanghai"))), "9999-12-31T17:00:00Z"),
        (FarDateTime(date(2026, 1, 31), FineTime(time(8), 1)), "2026-01-31T08:00:00.000000001"),
    ],
)
def test_such_moments_leave_as_texts_that_read_back(value: moments.Moment, told: str) -> None:
    assert json.loads(json.dumps(to_json(value))) == told
    assert to_json(times.read(told)) == told
