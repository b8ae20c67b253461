"""Working hours as data: when is "two working hours from now"? (A10)

Pure: a calendar is a value of weekly hours, exceptional days and closures; nothing here reads a
clock or a database. Whose calendar something goes by is ``cases.parties``, what is done with it
``cases.deadlines``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from cases.zone import CHINA

Hours = tuple[tuple[time, time], ...]
"""The working hours of one day, in order and apart; empty for a day off. Midnight as an end is
``time.max``."""

OFFICE: Hours = ((time(9), time(18)),)
WORKING_WEEK: tuple[Hours, ...] = (OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ())
"""Monday to Friday: what a calendar works with until somebody says otherwise."""

_HORIZON = 3660  # days

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Week:
    """The hours of a week, Monday first, from the day ``since`` on. ``holidays``: legal holidays
    are days like any other, and so are the days that make up for them (调休)."""

    hours: tuple[Hours, ...] = WORKING_WEEK
    holidays: bool = False
    since: date = date.min

    @property
    def make_up(self) -> Hours:
        """The hours of a day that the week would have off and that is worked for a holiday: those
        of its first day."""
        return next((hours for hours in self.hours if hours), ())


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Weekly hours, the oldest first; days that differ for all (``days[day]``: it is worked); spans
    ``closed``, in which nobody works whatever the week says."""

    weeks: tuple[Week, ...] = (Week(),)
    days: Mapping[date, bool] = field(default_factory=dict[date, bool])
    closed: tuple[Span, ...] = ()
    zone: tzinfo = CHINA

    def hours(self, day: date) -> Hours:
        """The working hours of a day."""
        week = next((week for week in reversed(self.weeks) if week.since <= day), None)
        if week is None:
            return ()
        hours = week.hours[day.weekday()]
        worked = None if week.holidays else self.days.get(day)
        if worked is not None:
            hours = (hours or week.make_up) if worked else ()
        for begins, ends in self.closed:
            hours = _without(hours, self._within(day, begins), self._within(day, ends))
        return hours

    def open_from(self, at: datetime) -> Iterator[Span]:
        """The spans that are worked from an instant on, the first one cut at it, for ten years."""
        local = at.astimezone(self.zone)
        for ahead in range(_HORIZON):
            for begins, ends in self._spans(local.date() + timedelta(days=ahead)):
                if ends > local:
                    yield max(begins, local), ends

    def open_until(self, at: datetime) -> Iterator[Span]:
        """The spans that were worked before an instant, the last one first and cut at it, for ten
        years."""
        local = at.astimezone(self.zone)
        for back in range(_HORIZON):
            for begins, ends in reversed(self._spans(local.date() - timedelta(days=back))):
                if begins < local:
                    yield begins, min(ends, local)

    def _spans(self, day: date) -> list[Span]:
        at = datetime.combine
        return [(at(day, opens, self.zone), at(day, closes, self.zone)) for opens, closes in self.hours(day)]

    def _within(self, day: date, at: datetime) -> time:
        """An instant as a time of that day; its begin or end if it is of an earlier or later
        one."""
        local = at.astimezone(self.zone)
        return local.time() if local.date() == day else time.min if local.date() < day else time.max


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendars that clocks of the past refer to, by the numbers of their snapshots: ``days``
    that differ for all, and ``hours``, a party's weeks and closures."""

    days: Mapping[int, Mapping[date, bool]]
    hours: Mapping[int, tuple[tuple[Week, ...], tuple[Span, ...]]] = field(
        default_factory=dict[int, tuple[tuple[Week, ...], tuple[Span, ...]]]
    )

    def of(self, days: int | None, hours: int | None) -> WorkCalendar | None:
        """The calendar of these numbers; None if it was not stored. ``hours`` None: before hours
        were kept."""
        if days is None or days not in self.days or (hours is not None and hours not in self.hours):
            return None
        weeks, closed = ((Week(),), ()) if hours is None else self.hours[hours]
        return WorkCalendar(weeks, self.days[days], closed)


def is_open(at: datetime, calendar: WorkCalendar) -> bool:
    """Whether an instant is worked; the one of closing is not."""
    return next(calendar.open_from(at), (None,))[0] == at


def next_opening(at: datetime, calendar: WorkCalendar) -> datetime:
    """The first instant (UTC) from ``at`` on that is worked. Raises ``ValueError`` if the next ten
    years have none."""
    return add_working(at, 0, calendar)


def add_working(start: datetime, hours: float, calendar: WorkCalendar) -> datetime:
    """The instant (UTC) at which ``hours`` working hours have passed since ``start``, an aware
    instant.

    Without hours to add: ``start`` itself if it is worked, else the next opening. Raises
    ``ValueError`` for negative hours and for a calendar without work in the next ten years.
    """
    if hours < 0:
        raise ValueError("working hours cannot be negative")
    left = timedelta(hours=hours)
    for begins, ends in calendar.open_from(start):
        if left <= ends - begins:
            return (begins + left).astimezone(UTC)
        left -= ends - begins
    raise ValueError("the calendar has no working hours")


def take_working(end: datetime, hours: float, calendar: WorkCalendar) -> datetime:
    """The instant (UTC) from which ``hours`` working hours pass until ``end``. Raises as
    ``add_working`` does."""
    if hours < 0:
        raise ValueError("working hours cannot be negative")
    left = timedelta(hours=hours)
    for begins, ends in calendar.open_until(end):
        if left <= ends - begins:
            return (ends - left).astimezone(UTC)
        left -= ends - begins
    raise ValueError("the calendar has no working hours")


def working_hours(start: datetime, end: datetime, calendar: WorkCalendar) -> float:
    """How many working hours lie between two aware instants."""
    worked = timedelta()
    for begins, ends in calendar.open_from(start):
        if begins >= end:
            break
        worked += min(ends, end) - begins
    return worked / timedelta(hours=1)


def day_start(at: datetime, zone: tzinfo = CHINA) -> datetime:
    """When the business day of an instant began, in UTC."""
    return datetime.combine(at.astimezone(zone).date(), time(), zone).astimezone(UTC)


def _without(hours: Hours, begins: time, ends: time) -> Hours:
    """The hours of a day but for one part of it."""
    if begins >= ends or not hours:
        return hours
    pieces: Iterable[tuple[time, time]] = (
        piece for opens, closes in hours for piece in ((opens, min(closes, begins)), (max(opens, ends), closes))
    )
    return tuple(piece for piece in pieces if piece[0] < piece[1])
