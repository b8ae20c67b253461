"""Which period of a round comes next, and when it is due: pure arithmetic in China's days.

A period is a stretch of time that a round is due in once: an hour, a day, a week from Monday, a
month, a quarter, half a year. It is known by its name (``2026-11-29T13``, ``2026-11-29``,
``2026-W48``, ``2026-11``, ``2026-Q4``, ``2026-H2``). Later periods are never due earlier, whatever
the calendar says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from cases.calendar import WorkCalendar, next_opening
from cases.deadlines import Counting
from cases.zone import CHINA


class Every(StrEnum):
    """How long a period is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"


class CatchUp(StrEnum):
    """What is done of several periods that are due at once, after an outage or a holiday."""

    ALL = "all"  # each, in order
    LAST = "last"  # the newest


MONTHS: Final[Mapping[Every, int]] = MappingProxyType({Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6})
_FIXED: Final = {Every.HOUR: timedelta(hours=1), Every.DAY: timedelta(days=1), Every.WEEK: timedelta(weeks=1)}
_WEEK: Final = 7
EXAMPLE: Final = datetime(2026, 11, 29, 5, tzinfo=UTC)
"""An instant to show what names of periods look like."""
_FARTHEST: Final = 3660  # days until a day that is worked


@dataclass(frozen=True, slots=True)
class Period:
    """One period by its length and its first instant, in China."""

    every: Every
    begins: datetime

    @property
    def name(self) -> str:
        """What it is known by: two rounds of one length call it the same."""
        return _NAMES[self.every](self.begins)

    @property
    def next(self) -> Period:
        """The one that begins when this one ends."""
        return Period(self.every, self._moved(1))

    @property
    def before(self) -> Period:
        """The one that ends when this one begins."""
        return Period(self.every, self._moved(-1))

    def _moved(self, by: int) -> datetime:
        if self.every in MONTHS:
            months = self.begins.year * 12 + self.begins.month - 1 + by * MONTHS[self.every]
            return self.begins.replace(year=months // 12, month=months % 12 + 1)
        return self.begins + by * _FIXED[self.every]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A row of the table ``rounds``: a period's length, and when in it the round is due.

    ``on`` is the ISO weekday of a week, else the day of the period's first month; a month that is
    shorter has its last day instead. None: the first. ``counting`` working: on the next day that is
    worked; of an hour, when work begins. ``lag_hours`` are elapsed hours that come on top.
    """

    every: Every
    on: int | None = None
    at_hour: int = 0
    counting: Counting = Counting.ELAPSED
    lag_hours: float = 0
    catch_up: CatchUp = CatchUp.LAST

    def due(self, period: Period, calendar: WorkCalendar) -> datetime:
        """The instant (UTC) at which a period is done. Raises ``ValueError`` where the next ten
        years have no work."""
        if period.every is Every.HOUR:
            at = period.begins if self.counting is Counting.ELAPSED else next_opening(period.begins, calendar)
        else:
            day = self._day(period.begins.date())
            if self.counting is Counting.WORKING:
                day = _worked_from(day, calendar)
            at = datetime.combine(day, time(self.at_hour), CHINA)
        return (at + timedelta(hours=self.lag_hours)).astimezone(UTC)

    def _day(self, first: date) -> date:
        on = self.on or 1
        if self.every in MONTHS:
            return first.replace(day=min(on, _length(first)))
        return first + timedelta(days=on - 1) if self.every is Every.WEEK else first


@dataclass(frozen=True, slots=True)
class Planned:
    """The period that comes next, and when it is due: an instant that may have passed."""

    period: Period
    at: datetime


def rhythm_of(row: Mapping[str, Any]) -> Rhythm | None:
    """A row of the table by its outputs; None if it does not say how often: the round is not done.

    Raises ``ValueError`` for a day that no week has.
    """
    if row.get("every") is None:
        return None
    every, on = Every(str(row["every"])), row.get("on")
    if every is Every.WEEK and on is not None and on > _WEEK:
        raise ValueError("a weekday is 1 to 7")
    return Rhythm(
        every,
        None if on is None else int(on),
        int(row.get("at_hour") or 0),
        Counting(str(row.get("calendar") or Counting.ELAPSED)),
        float(row.get("lag_hours") or 0),
        CatchUp(str(row.get("catch_up") or CatchUp.LAST)),
    )


def following(
    rhythm: Rhythm, calendar: WorkCalendar, *, last: datetime | None, since: datetime, now: datetime
) -> Planned:
    """What a round does next.

    ``last`` is when the newest period that it did, or passed over, begins; ``since`` when the round
    was set up: what was due before is not caught up with. Of several that are due by ``now``, and
    of several that are due at one instant, ``catch_up`` says which. Raises ``ValueError`` for a
    calendar without work.
    """
    first = _first(rhythm, calendar, last, since)
    at = rhythm.due(first, calendar)
    if rhythm.catch_up is CatchUp.LAST:
        newest = _newest(rhythm, calendar, max(at, now))
        if newest.begins > first.begins:
            first, at = newest, rhythm.due(newest, calendar)
    return Planned(first, at)


def passed_over(rhythm: Rhythm, calendar: WorkCalendar, period: Period, at: datetime) -> bool:
    """Whether a period that was planned, and not begun by ``at``, is left for a newer one that is
    due as well."""
    return rhythm.catch_up is CatchUp.LAST and rhythm.due(period.next, calendar) <= at


def period_of(every: Every, at: datetime) -> Period:
    """The period that an instant is in."""
    local = at.astimezone(CHINA)
    begins = local.replace(minute=0, second=0, microsecond=0)
    if every is not Every.HOUR:
        begins = begins.replace(hour=0)
    if every is Every.WEEK:
        begins -= timedelta(days=begins.weekday())
    if every in MONTHS:
        months = MONTHS[every]
        begins = begins.replace(day=1, month=(begins.month - 1) // months * months + 1)
    return Period(every, begins)


def read(name: str) -> Period:
    """A period by its name. Raises ``ValueError`` for what is none."""
    for every, form in _FORMS.items():
        if found := re.fullmatch(form, name, re.ASCII):
            period = Period(every, _BEGINS[every](*map(int, found.groups())))
            if period.name == name:
                return period
    raise ValueError(f"no period: {name}")


# -- mechanics -----------------------------------------------------------------------------------


def _first(rhythm: Rhythm, calendar: WorkCalendar, last: datetime | None, since: datetime) -> Period:
    """The first period after the last one that was not due before the round was set up."""
    lag = timedelta(hours=rhythm.lag_hours)
    # None that begins later is due earlier, so that it is enough to step back from here.
    period = period_of(rhythm.every, since - lag).next
    while rhythm.due(period.before, calendar) >= since:
        period = period.before
    while rhythm.due(period, calendar) < since:
        period = period.next
    if last is not None and last >= period.begins:
        # Of another length it may have begun in the middle of the last one: that one's time was
        # taken care of.
        period = period_of(rhythm.every, last).next
    return period


def _newest(rhythm: Rhythm, calendar: WorkCalendar, by: datetime) -> Period:
    """The newest period that is due by an instant: no period is due before it begins and the lag is
    over."""
    period = period_of(rhythm.every, by - timedelta(hours=rhythm.lag_hours))
    while rhythm.due(period, calendar) > by:
        period = period.before
    return period


def _worked_from(day: date, calendar: WorkCalendar) -> date:
    for ahead in range(_FARTHEST):
        if calendar.hours(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    raise ValueError("the calendar has no working days")


def _length(first: date) -> int:
    """How many days the month has that begins with a day."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1).toordinal() - first.toordinal()


def _day(year: int, month: int = 1, day: int = 1, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=CHINA)


def _week(year: int, week: int) -> datetime:
    return datetime.combine(date.fromisocalendar(year, week, 1), time(), CHINA)


_FORMS: Final[Mapping[Every, str]] = {
    Every.HOUR: r"(2\d{3})-(\d\d)-(\d\d)T(\d\d)",
    Every.DAY: r"(2\d{3})-(\d\d)-(\d\d)",
    Every.WEEK: r"(2\d{3})-W(\d\d)",
    Every.MONTH: r"(2\d{3})-(\d\d)",
    Every.QUARTER: r"(2\d{3})-Q([1-4])",
    Every.HALF_YEAR: r"(2\d{3})-H([12])",
}
_BEGINS: Final[Mapping[Every, Callable[..., datetime]]] = {
    Every.HOUR: _day,
    Every.DAY: _day,
    Every.WEEK: _week,
    Every.MONTH: _day,
    Every.QUARTER: lambda year, quarter: _day(year, quarter * 3 - 2),
    Every.HALF_YEAR: lambda year, half: _day(year, half * 6 - 5),
}
_NAMES: Final[Mapping[Every, Callable[[datetime], str]]] = {
    Every.HOUR: lambda at: at.strftime("%Y-%m-%dT%H"),
    Every.DAY: lambda at: at.strftime("%Y-%m-%d"),
    Every.WEEK: lambda at: "{}-W{:02}".format(*at.isocalendar()),
    Every.MONTH: lambda at: at.strftime("%Y-%m"),
    Every.QUARTER: lambda at: f"{at.year}-Q{(at.month + 2) // 3}",
    Every.HALF_YEAR: lambda at: f"{at.year}-H{(at.month + 5) // 6}",
}
