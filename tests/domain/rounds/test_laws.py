"""Which period of a round comes next: none twice, none left out, on the day that the row says, in
China."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import WorkCalendar
from cases.deadlines import Counting
from cases.zone import CHINA
from domain.rounds.laws import CatchUp, Every, Period, Planned, Rhythm, following, period_of, read

PLAIN = WorkCalendar()
NATIONAL_DAY = WorkCalendar(days={date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 10, 10): True})
"""A golden week, and a Saturday that is worked for it."""
START = datetime(2024, 1, 1, tzinfo=UTC)

instants = st.integers(0, 6 * 366 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
calendars = st.dictionaries(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.booleans(), max_size=8).map(
    lambda days: WorkCalendar(days=days)
)


@st.composite
def rhythms(draw: st.DrawFn, *catch_up: CatchUp) -> Rhythm:
    every = draw(st.sampled_from(Every))
    on = draw(st.none() | st.integers(1, 7 if every is Every.WEEK else 31))
    lag = draw(st.sampled_from((0, 1, 30, 24 * 40)))
    then = draw(st.sampled_from(catch_up or tuple(CatchUp)))
    return Rhythm(every, on, draw(st.integers(0, 23)), draw(st.sampled_from(Counting)), lag, then)


def china(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=CHINA)


def planned(rhythm: Rhythm, calendar: WorkCalendar, since: datetime, until: datetime) -> list[Planned]:
    """What a round does that nothing ever holds up."""
    last, found, now = None, list[Planned](), since
    while now < until and len(found) < 60:
        found.append(following(rhythm, calendar, last=last, since=since, now=now))
        last, now = found[-1].period.begins, max(now, found[-1].at)
    return found


# -- periods -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "name"),
    [
        (Every.HOUR, "2027-01-01T01"),
        (Every.DAY, "2027-01-01"),
        (Every.WEEK, "2026-W53"),
        (Every.MONTH, "2027-01"),
        (Every.QUARTER, "2027-Q1"),
        (Every.HALF_YEAR, "2027-H1"),
    ],
)
def test_a_period_is_of_china_and_known_by_its_name(every: Every, name: str) -> None:
    period = period_of(every, datetime(2026, 12, 31, 17, 30, tzinfo=UTC))

    assert period.name == name
    assert read(name) == period


@pytest.mark.parametrize(
    "name",
    ["", "2026", "2026-13", "2026-00", "2026-02-30", "2026-W54", "2025-W53", "2026-Q5", "2026-H3", "2026-11-29T24",
     "2026-11-29 ", "２０２６-11", "0000-01", "1999-12", "9999-12"],
)  # fmt: skip
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"period|month|day|week|year|hour"):
        read(name)


@given(st.sampled_from(Every), instants)
def test_periods_lie_side_by_side(every: Every, at: datetime) -> None:
    period = period_of(every, at)

    assert period.begins <= at < period.next.begins
    assert period.next.before == period == period.before.next
    assert period_of(every, period.begins) == period == read(period.name)
    assert period_of(every, period.next.begins - timedelta(microseconds=1)) == period


# -- when a period is due ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "period", "due"),
    [
        (Rhythm(Every.HOUR), "2026-11-29T13", china(2026, 11, 29, 13)),
        (Rhythm(Every.DAY, at_hour=2), "2026-11-29", china(2026, 11, 29, 2)),
        (Rhythm(Every.WEEK, at_hour=9), "2026-W48", china(2026, 11, 23, 9)),
        (Rhythm(Every.WEEK, on=7, at_hour=9), "2026-W48", china(2026, 11, 29, 9)),
        (Rhythm(Every.MONTH), "2026-11", china(2026, 11, 1)),
        (Rhythm(Every.MONTH, on=31), "2026-11", china(2026, 11, 30)),
        (Rhythm(Every.MONTH, on=31), "2028-02", china(2028, 2, 29)),
        (Rhythm(Every.MONTH, on=29), "2027-02", china(2027, 2, 28)),
        (Rhythm(Every.QUARTER, on=10, at_hour=8), "2026-Q4", china(2026, 10, 10, 8)),
        (Rhythm(Every.HALF_YEAR, on=31), "2026-H2", china(2026, 7, 31)),
        (Rhythm(Every.MONTH, lag_hours=36), "2026-11", china(2026, 11, 2, 12)),
        # the next day that is worked
        (Rhythm(Every.DAY, at_hour=9, counting=Counting.WORKING), "2026-10-01", china(2026, 10, 8, 9)),
        (Rhythm(Every.DAY, at_hour=9, counting=Counting.WORKING), "2026-10-10", china(2026, 10, 10, 9)),
        (Rhythm(Every.MONTH, on=1, counting=Counting.WORKING), "2026-10", china(2026, 10, 8)),
        (Rhythm(Every.WEEK, on=6, at_hour=9, counting=Counting.WORKING), "2026-W48", china(2026, 11, 30, 9)),
        # when work begins
        (Rhythm(Every.HOUR, counting=Counting.WORKING), "2026-10-09T20", china(2026, 10, 10, 9)),
        (Rhythm(Every.HOUR, counting=Counting.WORKING), "2026-10-10T11", china(2026, 10, 10, 11)),
    ],
)
def test_a_period_is_due_as_the_row_says(rhythm: Rhythm, period: str, due: datetime) -> None:
    assert rhythm.due(read(period), NATIONAL_DAY) == due


@given(rhythms(), calendars, instants)
def test_later_periods_are_never_due_earlier(rhythm: Rhythm, calendar: WorkCalendar, at: datetime) -> None:
    period = period_of(rhythm.every, at)

    assert rhythm.due(period, calendar) <= rhythm.due(period.next, calendar)
    assert rhythm.due(period, calendar) >= period.begins


# -- one after the other -------------------------------------------------------------------------


@given(rhythms(CatchUp.ALL), calendars, instants)
def test_each_period_comes_once_and_none_is_left_out(rhythm: Rhythm, calendar: WorkCalendar, since: datetime) -> None:
    found = planned(rhythm, calendar, since, since + timedelta(days=800))

    assert all(one.period.next == other.period for one, other in pairwise(found))
    assert found[0].at >= since > rhythm.due(found[0].period.before, calendar)


@given(rhythms(CatchUp.LAST), calendars, instants)
def test_of_several_at_one_instant_the_newest_is_done_alone(
    rhythm: Rhythm, calendar: WorkCalendar, since: datetime
) -> None:
    found = planned(rhythm, calendar, since, since + timedelta(days=800))

    assert all(one.at < other.at for one, other in pairwise(found))
    assert all(one.period.begins < other.period.begins for one, other in pairwise(found))
    passed_over = [
        (one, period)
        for one, other in pairwise(found)
        for period in _between(one.period.next, other.period)
        if rhythm.due(period, calendar) != other.at
    ]
    assert passed_over == []


def _between(first: Period, end: Period) -> list[Period]:
    found = list[Period]()
    while first.begins < end.begins:
        found.append(first)
        first = first.next
    return found


@given(rhythms(), calendars, instants, st.integers(0, 24 * 900))
def test_after_an_outage_the_newest_is_done_or_each_in_order(
    rhythm: Rhythm, calendar: WorkCalendar, since: datetime, hours: int
) -> None:
    first = following(rhythm, calendar, last=None, since=since, now=since)
    now = first.at + timedelta(hours=min(hours, 500) if rhythm.every is Every.HOUR else hours)

    then = following(rhythm, calendar, last=first.period.begins, since=since, now=now)

    if rhythm.catch_up is CatchUp.ALL:
        assert then.period == first.period.next
    elif then.at <= now:
        assert rhythm.due(then.period.next, calendar) > now
    else:
        assert rhythm.due(first.period.next, calendar) > now


@pytest.mark.parametrize("then", CatchUp)
def test_what_was_due_before_the_round_was_set_up_is_not_caught_up_with(then: CatchUp) -> None:
    rhythm = Rhythm(Every.MONTH, on=1, catch_up=then)

    last = period_of(Every.MONTH, china(2025, 1, 15)).begins
    found = following(rhythm, PLAIN, last=last, since=china(2026, 3, 10), now=china(2026, 3, 10))

    assert found == Planned(read("2026-04"), china(2026, 4, 1))


def test_a_round_of_another_length_goes_on_after_what_was_done() -> None:
    daily = read("2026-11-25")

    weekly = following(
        Rhythm(Every.WEEK, on=3), PLAIN, last=daily.begins, since=china(2026, 1, 1), now=china(2026, 11, 25, 2)
    )

    assert weekly == Planned(read("2026-W49"), china(2026, 12, 2))
