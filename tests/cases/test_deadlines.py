"""Deadlines and rungs by working hours (A7, A9, A10): tables of values over real holidays, and what
always holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.calendar import Hours, Week, WorkCalendar, add_working, is_open, next_opening, take_working
from cases.deadlines import Ahead, Counting, Days, Falls, Offset, Term, about, as_promised, last_hour_of
from cases.zone import CHINA

H = timedelta(hours=1)
DAILY: tuple[Hours, ...] = (((time(8, 30), time(18)),),) * 7
EVENINGS: tuple[Hours, ...] = (((time(9), time(21)),),) * 7
NOON: tuple[Hours, ...] = (((time(9), time(12)), (time(13, 30), time(18))),) * 5 + ((), ())
DAYS = {date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 10, 10): True}
"""国庆 2026: a Thursday to a Wednesday, and the Saturday worked for it."""

DEALER = WorkCalendar((Week(DAILY),), DAYS)
OPEN = WorkCalendar((Week(DAILY, holidays=True),), DAYS)
CENTRE = WorkCalendar((Week(EVENINGS),), DAYS)
OFFICE = WorkCalendar((Week(),), DAYS)
BREAK = WorkCalendar((Week(NOON),), DAYS)
NEVER = WorkCalendar((Week(((),) * 7),), DAYS)


def on(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "calendar", "due"),
    [
        (on(9, 30, 17, 50), DEALER, on(10, 8, 12, 20)),  # the eve: ten minutes then, the rest on the first open day
        (on(9, 30, 17, 50), OPEN, on(10, 1, 17, 50)),  # open on holidays: 24 hours
        (on(9, 30, 10), DEALER, on(10, 1, 10)),  # there was a day for it
        (on(9, 30, 16), DEALER, on(10, 8, 10, 30)),
        (on(10, 4, 2), DEALER, on(10, 8, 12, 30)),  # in the holiday, at night
        (on(9, 12, 2), DEALER, on(9, 13, 2)),  # a night like any other
        (on(9, 11, 18, 30), OFFICE, on(9, 14, 13)),  # Friday evening, nobody there until Monday
        (on(10, 9, 17), OFFICE, on(10, 10, 17)),  # a Saturday that is worked
        (on(9, 30, 17, 50), NEVER, on(10, 1, 17, 50)),
    ],
)
def test_24_hours_but_never_less_than_four_at_work(start: datetime, calendar: WorkCalendar, due: datetime) -> None:
    assert Term(24, open_hours=4).until(start, calendar) == due


@pytest.mark.parametrize(
    ("start", "calendar", "due"),
    [
        (on(9, 30, 20), CENTRE, on(10, 8, 10)),  # an hour that evening, one after the holiday
        (on(9, 11, 2), CENTRE, on(9, 11, 11)),
        (on(9, 11, 11), BREAK, on(9, 11, 14, 30)),  # over noon
    ],
)
def test_two_working_hours(start: datetime, calendar: WorkCalendar, due: datetime) -> None:
    assert Term(2, Counting.WORKING).until(start, calendar) == due


MONDAY = on(9, 14, 10)
"""When tasks of the table below are planned: a Monday in September."""


@pytest.mark.parametrize(
    ("due", "offset", "calendar", "at"),
    [
        # reminders
        (on(9, 15, 10), Offset(-4, Falls.BEFORE_CLOSE), DEALER, on(9, 14, 17)),  # 06:00
        (on(9, 15, 16), Offset(-4, Falls.BEFORE_CLOSE), DEALER, on(9, 15, 12)),
        (on(9, 16, 2), Offset(0, Falls.BEFORE_CLOSE), DEALER, on(9, 15, 17)),
        (on(9, 16, 20), Offset(0, Falls.BEFORE_CLOSE), CENTRE, on(9, 16, 20)),  # its evening
        (on(9, 16, 13), Offset(0, Falls.BEFORE_CLOSE), BREAK, on(9, 16, 11)),  # over noon
        (on(9, 14, 12), Offset(-4, Falls.BEFORE_CLOSE), DEALER, MONDAY),  # promised in two hours: at once
        (on(10, 4, 10), Offset(0, Falls.BEFORE_CLOSE), DEALER, on(9, 30, 17)),  # in the holiday: on its eve
        # everything after the deadline
        (on(9, 15, 2), Offset(0), DEALER, on(9, 15, 8, 30)),
        (on(9, 15, 10), Offset(12), DEALER, on(9, 16, 8, 30)),
        (on(9, 18, 20), Offset(0), OFFICE, on(9, 21, 9)),  # Friday evening
        (on(10, 1, 17, 50), Offset(24), DEALER, on(10, 8, 8, 30)),
        (on(10, 1, 17, 50), Offset(24), OPEN, on(10, 2, 17, 50)),
        (on(10, 9, 18, 30), Offset(0), OFFICE, on(10, 10, 9)),  # a Saturday that is worked
        (on(9, 15, 10), Offset(12, Falls.WORKING), DEALER, on(9, 16, 12, 30)),
        (on(9, 16, 10), Offset(-4, Falls.WORKING), DEALER, on(9, 15, 15, 30)),
        (on(9, 16, 2), Offset(2, Falls.ELAPSED), DEALER, on(9, 16, 4)),
        (on(9, 16, 2), Offset(2), NEVER, on(9, 16, 4)),
    ],
)  # fmt: skip
def test_where_a_rung_falls(due: datetime, offset: Offset, calendar: WorkCalendar, at: datetime) -> None:
    found = offset.at(due.astimezone(UTC), calendar, MONDAY)

    assert (found, found.tzinfo) == (at, UTC)


def test_rungs_that_a_holiday_delays_do_not_come_all_at_once() -> None:
    told = Offset(0).at(on(10, 2, 10), DEALER, MONDAY)
    handed_over = Offset(24, open_hours=8).at(on(10, 2, 10), DEALER, told)
    back = Offset(72, open_hours=8).at(on(10, 2, 10), DEALER, handed_over)

    assert [told, handed_over, back] == [on(10, 8, 8, 30), on(10, 8, 16, 30), on(10, 9, 15)]


@pytest.mark.parametrize("unsaid", [{}, {"hours": None, "open_hours": None}])
def test_a_table_that_does_not_say_where_a_rung_falls_lets_people_sleep(unsaid: dict[str, object]) -> None:
    assert Offset.read({"offset_hours": 4} | unsaid) == Offset(4, Falls.NEXT_OPEN)
    assert Offset.read(unsaid) is None
    assert Term.read({"due_hours": 24} | unsaid) == Term(24)


# -- whatever the hours --------------------------------------------------------------------------

SHAPES: tuple[Hours, ...] = (
    (),
    ((time(9), time(18)),),
    ((time(9), time(12)), (time(13, 30), time(18)), (time(19), time(21, 30))),
    ((time(), time.max),),
    ((time(23, 59), time.max),),
    ((time(7), time(7, 20)),),
)
WEEKS = st.lists(st.sampled_from(SHAPES), min_size=7, max_size=7).filter(any).map(tuple)
SEPTEMBER = on(9, 1, 0)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Two weeks, one after the other, days that differ, a closure."""
    off, worked = draw(st.integers(0, 40)), draw(st.integers(0, 60))
    differing = {(SEPTEMBER + timedelta(days=off + day)).date(): False for day in range(draw(st.integers(0, 9)))}
    differing[(SEPTEMBER + timedelta(days=worked)).date()] = True
    begins = SEPTEMBER + draw(st.integers(0, 1500)) * H
    weeks = Week(draw(WEEKS), draw(st.booleans())), Week(draw(WEEKS), draw(st.booleans()), date(2026, 10, 1))
    return WorkCalendar(weeks, differing, ((begins, begins + draw(st.integers(0, 400)) * H),))


INSTANTS = st.integers(0, 60 * 24 * 60).map(lambda minutes: (on(9, 1, 0) + timedelta(minutes=minutes)).astimezone(UTC))
HOURS = st.integers(0, 200)


def ever_worked(start: datetime, hours: float, calendar: WorkCalendar) -> bool:
    """Whether so many hours are worked in the ten years that a calendar is looked at: a minute a
    week is too little."""
    try:
        return bool(add_working(start, hours, calendar))
    except ValueError:
        return False


@given(calendars(), INSTANTS, st.integers(1, 200))
def test_working_hours_taken_away_and_added_are_the_same(calendar: WorkCalendar, at: datetime, hours: int) -> None:
    assume(ever_worked(at, hours, calendar))
    start = next_opening(at, calendar)
    # Where one span ends another begins, some time later: both are so many hours away.
    back = take_working(add_working(start, hours, calendar), hours, calendar)
    assert next_opening(back, calendar) == start


@given(calendars(), INSTANTS, INSTANTS)
def test_openings_keep_the_order_of_instants(calendar: WorkCalendar, one: datetime, other: datetime) -> None:
    first, second = sorted((one, other))
    opening = next_opening(first, calendar)

    assert is_open(opening, calendar)
    assert first <= opening <= next_opening(second, calendar)
    assert opening == first or not is_open(first, calendar)


@given(calendars(), INSTANTS, INSTANTS, HOURS, st.integers(0, 20))
def test_a_deadline_is_not_before_its_hours_and_keeps_the_order(
    calendar: WorkCalendar, one: datetime, other: datetime, hours: int, open_hours: int
) -> None:
    assume(all(ever_worked(start, open_hours, calendar) for start in (one, other)))
    term = Term(hours, open_hours=open_hours)
    first, second = (term.until(start, calendar) for start in sorted((one, other)))

    assert first <= second
    start = min(one, other)
    assert first == max(start + hours * H, add_working(start, open_hours, calendar) if open_hours else start)


@given(calendars(), INSTANTS, st.integers(0, 400), st.integers(-100, 100), st.sampled_from(Falls), st.integers(0, 20))
def test_a_rung_falls_into_open_hours(
    calendar: WorkCalendar, after: datetime, term: int, offset: int, falls: Falls, open_hours: int
) -> None:
    assume(falls is not Falls.ELAPSED)
    due = after + term * H
    at = Offset(offset, falls, open_hours).at(due, calendar, after)

    assert is_open(at, calendar)
    assert at >= after
    if falls is Falls.NEXT_OPEN:
        worked = add_working(after, open_hours, calendar) if ever_worked(after, open_hours, calendar) else after
        earliest = max(due + offset * H, worked)
        assert at == next_opening(earliest, calendar), "and no later"


@pytest.mark.parametrize(
    ("falls", "hours", "open_hours"), [(Falls.NEXT_OPEN, -12, 20), (Falls.WORKING, -20, 0), (Falls.WORKING, 20, 0)]
)
def test_where_so_many_hours_are_never_worked_a_rung_falls_into_the_next_that_are(
    falls: Falls, hours: float, open_hours: float
) -> None:
    minute = WorkCalendar((Week((((time(7), time(7, 1)),), *((),) * 6)),))
    due = on(9, 9, 10)  # a Wednesday; an hour of such a week's work takes more than a year

    assert Offset(hours, falls, open_hours).at(due, minute, on(9, 8, 10)) == on(9, 14, 7)
    assert Offset(hours, falls, open_hours).at(due, NEVER, on(9, 8, 10)) == due + hours * H


@given(calendars(), INSTANTS, st.integers(0, 400), st.integers(-100, 0))
def test_a_reminder_is_before_the_deadline_if_anybody_works_before_it(
    calendar: WorkCalendar, after: datetime, term: int, offset: int
) -> None:
    due = after + term * H
    at = Offset(offset, Falls.BEFORE_CLOSE).at(due, calendar, after)

    assert at <= due or next_opening(after, calendar) > due
    assert at <= next_opening(max(due + offset * H, after), calendar)


@given(calendars(), INSTANTS, st.integers(0, 400), st.lists(st.integers(0, 100), min_size=1, max_size=4))
def test_rungs_keep_their_order_and_none_is_lost(
    calendar: WorkCalendar, planned: datetime, term: int, gaps: list[int]
) -> None:
    due = planned + term * H
    rungs = [Offset(-12, Falls.BEFORE_CLOSE), *(Offset(sum(gaps[:n]), open_hours=2) for n in range(1, len(gaps) + 1))]
    instants = [planned]
    for rung in rungs:
        instants.append(rung.at(due, calendar, instants[-1]))

    assert instants == sorted(instants)
    assert len(instants) == len(rungs) + 1


# -- a day that was agreed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "day", "calendar", "now", "asked"),
    [
        (Ahead(3, Days.WORKING), date(2026, 9, 18), DEALER, on(9, 1, 10), on(9, 15, 8, 30)),
        (Ahead(3, Days.WORKING), date(2026, 9, 15), OFFICE, on(9, 1, 10), on(9, 10, 9)),  # over a weekend
        (Ahead(3, Days.WORKING), date(2026, 10, 9), DEALER, on(9, 1, 10), on(9, 29, 8, 30)),  # over a long holiday
        (Ahead(3, Days.WORKING), date(2026, 10, 4), DEALER, on(9, 1, 10), on(9, 28, 8, 30)),  # agreed for the holiday
        (Ahead(3, Days.ELAPSED), date(2026, 10, 9), DEALER, on(9, 1, 10), on(9, 30, 8, 30)),
        (Ahead(0, Days.WORKING), date(2026, 9, 18), DEALER, on(9, 1, 10), on(9, 18, 8, 30)),
        (Ahead(0, Days.ELAPSED), date(2026, 9, 20), OFFICE, on(9, 1, 10), on(9, 18, 9)),  # a Sunday
        (Ahead(7, Days.WORKING), date(2026, 9, 18), DEALER, on(9, 15, 10), on(9, 15, 10)),  # it was time already
        (Ahead(7, Days.WORKING), date(2026, 9, 18), DEALER, on(9, 15, 22), on(9, 16, 8, 30)),
        (Ahead(7, Days.WORKING), date(2026, 9, 18), DEALER, on(9, 30, 22), on(10, 8, 8, 30)),  # the day is over
        (Ahead(7, Days.WORKING), date(2026, 9, 18), NEVER, on(9, 1, 10), on(9, 18, 0)),
    ],
)
def test_so_many_days_before_an_agreed_day(
    ahead: Ahead, day: date, calendar: WorkCalendar, now: datetime, asked: datetime
) -> None:
    assert ahead.of(day, calendar, now) == asked


@given(
    count=st.integers(0, 60),
    days=st.sampled_from(Days),
    ahead=st.integers(-10, 800),
    minutes=st.integers(0, 60 * 24 * 500),
    calendar=st.sampled_from([DEALER, OPEN, CENTRE, OFFICE, BREAK]),
)
def test_it_is_asked_while_people_work_never_before_now_and_never_later_than_it_has_to(
    count: int, days: Days, ahead: int, minutes: int, calendar: WorkCalendar
) -> None:
    now = on(1, 1, 0) + timedelta(minutes=minutes)
    day = now.date() + timedelta(days=ahead)

    asked = Ahead(count, days).of(day, calendar, now)

    assert is_open(asked, calendar) and asked >= now
    there = asked.astimezone(CHINA).date()
    if asked > next_opening(now, calendar):  # there was time for all the days
        assert there <= day
        worked = [one for one in range((day - there).days) if calendar.hours(there + timedelta(days=one))]
        if days is Days.WORKING:
            assert len(worked) == count or count == 0
        else:
            assert (day - there).days >= count


def test_the_last_hour_of_a_day() -> None:
    assert last_hour_of(date(2026, 9, 18), DEALER) == on(9, 18, 18)
    assert last_hour_of(date(2026, 10, 4), DEALER).astimezone(CHINA).date() == date(2026, 10, 4)


@pytest.mark.parametrize(
    ("kind", "said", "of"),
    [
        ("first_follow_up", "visit", ""),  # nothing but progress restarts these
        ("next_follow_up", "", ""),
        ("grade_validity", "visit", ""),
        ("recall", "", ""),  # a lead has one of these
        ("recall", "visit", "visit"),
        ("errand", "visit", "visit"),
        ("errand", "", "1:17"),  # of every other kind, a step has its own
    ],
)
def test_what_a_deadline_is_about(kind: str, said: str, of: str) -> None:
    assert about(kind, said, "1:17") == of


@pytest.mark.parametrize(
    ("promised", "due"),
    [
        (None, 24),
        (10, 10),  # the promise binds
        (24, 24),
        (48, 24),  # it cannot stretch the cadence
        (0, 24),  # it is not to come any more
        (-3, 24),
    ],
)
def test_a_promise_binds_within_the_cadence(promised: int | None, due: int) -> None:
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    said = None if promised is None else at + timedelta(hours=promised)

    assert as_promised(at + timedelta(hours=24), said, at) == at + timedelta(hours=due)
