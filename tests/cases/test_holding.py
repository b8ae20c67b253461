"""What standing still does to a deadline: it goes on by what was left, however its time passes
(M2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import OFFICE, WORKING_WEEK, Week, WorkCalendar, add_working, is_open, working_hours
from cases.deadlines import Counting
from cases.holding import put_off, rung_put_off, stood_still

OFFICE_WEEK = WorkCalendar()
SIX_DAYS = WorkCalendar((Week((*WORKING_WEEK[:5], OFFICE, ())),))
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)

instants = st.integers(0, 40 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
spans = st.integers(0, 20 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
hours = st.integers(1, 400).map(lambda quarters: quarters / 4)
weeks = st.sampled_from([OFFICE_WEEK, SIX_DAYS])


@given(instants, spans, spans, hours, weeks)
def test_what_was_left_when_it_stood_still_is_left_when_it_goes_on(
    start: datetime, before: timedelta, still: timedelta, term: float, week: WorkCalendar
) -> None:
    since, until = start + before, start + before + still
    for counting in Counting:
        due = start + timedelta(hours=term)
        if counting is Counting.WORKING:
            due = add_working(start, term, week)
        moved = put_off(due, stood_still(since, until, counting, week), counting, week)

        if counting is Counting.ELAPSED:
            assert moved - until == due - since
        elif due >= since:
            assert abs(working_hours(until, moved, week) - working_hours(since, due, week)) < 1e-6
        assert moved >= due


@given(instants, st.lists(spans, min_size=1, max_size=5), hours, weeks)
def test_several_holds_put_off_as_much_as_one_of_the_same_time(
    start: datetime, stills: list[timedelta], term: float, week: WorkCalendar
) -> None:
    due = moved = add_working(start, term, week)
    total, since = timedelta(), start
    for still in stills:
        by = stood_still(since, since + still, Counting.WORKING, week)
        moved, total, since = put_off(moved, by, Counting.WORKING, week), total + by, since + still + timedelta(hours=1)
    assert abs(moved - put_off(due, total, Counting.WORKING, week)) < SECOND
    assert abs(moved - add_working(start, term + total / timedelta(hours=1), week)) < SECOND


@given(instants, spans, spans, st.sampled_from(Counting), weeks)
def test_a_hold_that_ends_later_puts_off_no_less(
    since: datetime, still: timedelta, more: timedelta, counting: Counting, week: WorkCalendar
) -> None:
    first = stood_still(since, since + still, counting, week)
    assert timedelta() <= first <= stood_still(since, since + still + more, counting, week) <= still + more


def test_a_night_is_no_working_time_and_moves_nothing() -> None:
    evening, morning = MONDAY + timedelta(hours=10), MONDAY + timedelta(hours=25)  # 18:00 until 09:00
    by = stood_still(evening, morning, Counting.WORKING, OFFICE_WEEK)
    assert by == timedelta() and put_off(evening, by, Counting.WORKING, OFFICE_WEEK) == evening


def test_a_hold_that_ended_before_it_began_moves_nothing() -> None:
    assert stood_still(MONDAY, MONDAY - SECOND, Counting.ELAPSED, OFFICE_WEEK) == timedelta()


def test_without_anybody_who_works_the_wall_counts() -> None:
    nobody = WorkCalendar((Week(((),) * 7),))
    assert put_off(MONDAY, timedelta(hours=5), Counting.WORKING, nobody) == MONDAY + timedelta(hours=5)


@given(instants, spans, st.sampled_from(Counting), weeks)
def test_a_rung_that_fell_into_work_still_does(
    at: datetime, by: timedelta, counting: Counting, week: WorkCalendar
) -> None:
    moved = rung_put_off(at, by, counting, week)
    assert moved >= put_off(at, by, counting, week) >= at
    if is_open(at, week):
        assert is_open(moved, week)
    else:
        assert moved == put_off(at, by, counting, week)
