"""When something is due and when a rung of its ladder falls, by the working hours of whom it
concerns (A7, A9, A10).

Pure, and the one place for this arithmetic: activities plan with it (``activities.planning``),
back-tests work the same instants out again (``domain.policy.deadlines``). How long, how it is
counted and what may move are columns of the tables ``cadence`` and ``escalation-ladder``. A
calendar without any working hours moves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any, Protocol, Self

from cases.calendar import WorkCalendar, add_working, is_open, next_opening, take_working
from cases.states import GRADE_VALIDITY, TaskKind

_TEN_YEARS = 3660  # days
_LAST = timedelta(hours=1)
"""A rung that moves back falls this long before people go home."""


FOLLOW_UPS = frozenset({TaskKind.FIRST_FOLLOW_UP, TaskKind.NEXT_FOLLOW_UP})
"""The tasks that belong to a lead's owner and change hands with the lead."""

ALWAYS_ONE = FOLLOW_UPS | {GRADE_VALIDITY}
"""A case has one clock of these kinds, whatever plans them: nothing but progress restarts it."""

USUALLY_ONE = frozenset(
    {
        *(TaskKind.OUTBOUND_CALL, TaskKind.CONFIRM_CLOSING, TaskKind.CONFIRM_UNDO, TaskKind.FIRM_UP),
        *(TaskKind.INTENT_CHECK, TaskKind.RECALL, TaskKind.HQ_DECISION),
    }
)
"""A lead has one clock of these kinds unless the diagram says what each is about."""


def about(kind: str, said: str, step: str) -> str:
    """Which deadline a step plans, among those of its kind that a case may have side by side.

    What the diagram has ``said``: planning the same again finds the clock that runs. Where it says
    nothing, kinds of which a lead has one go on with it (""); of every other kind each ``step`` has
    a deadline of its own.
    """
    if kind in ALWAYS_ONE:
        return ""
    return said or ("" if kind in USUALLY_ONE else step)


class Row(Protocol):
    """What a table has answered."""

    def get(self, name: str, /) -> Any: ...


class Counting(StrEnum):
    """How the hours until a deadline pass: by the wall, or while people work."""

    ELAPSED = "elapsed"
    WORKING = "working"


class Falls(StrEnum):
    """Where a rung falls that is so many hours from its deadline."""

    ELAPSED = "elapsed"  # there, at whatever hour
    WORKING = "working"  # the hours count while people work
    NEXT_OPEN = "next_open"  # there, or at the next opening
    BEFORE_CLOSE = "before_close"  # there, or in the last hour that was worked before


class Days(StrEnum):
    """Which days are counted until a day that was agreed."""

    WORKING = "working"
    ELAPSED = "elapsed"


@dataclass(frozen=True, slots=True)
class Term:
    """How long something may take: so many hours, but never less than ``open_hours`` working
    hours."""

    hours: float
    counting: Counting = Counting.ELAPSED
    open_hours: float = 0

    @classmethod
    def read(cls, row: Row) -> Self:
        """What a row of ``cadence`` says."""
        counting = Counting(str(row.get("calendar") or Counting.ELAPSED))
        return cls(float(row.get("due_hours") or 0), counting, float(row.get("open_hours") or 0))

    @property
    def by_calendar(self) -> bool:
        """Whether a calendar has to be known."""
        return self.counting is Counting.WORKING or self.open_hours > 0

    def until(self, start: datetime, calendar: WorkCalendar) -> datetime:
        """The deadline of what begins at ``start``."""
        due = start + timedelta(hours=self.hours)
        try:
            if self.counting is Counting.WORKING:
                return add_working(start, max(self.hours, self.open_hours), calendar)
            return max(due, add_working(start, self.open_hours, calendar)) if self.open_hours else due
        except ValueError:
            return due


@dataclass(frozen=True, slots=True)
class Offset:
    """Where a rung is: ``hours`` from the deadline, negative before it, and ``open_hours`` working
    hours after the rung before it at least."""

    hours: float
    falls: Falls = Falls.NEXT_OPEN
    open_hours: float = 0

    @classmethod
    def read(cls, row: Row) -> Self | None:
        """What a row of ``escalation-ladder`` says; None if it has no such rung. Where it falls is
        the next opening unless that is said: tables of earlier versions do not say."""
        hours = row.get("offset_hours")
        if hours is None:
            return None
        falls = Falls(str(row.get("hours") or Falls.NEXT_OPEN))
        return cls(float(hours), falls, float(row.get("open_hours") or 0))

    def at(self, due: datetime, calendar: WorkCalendar, after: datetime) -> datetime:
        """When the rung is climbed, by a deadline. ``after`` is when the one before it was, or the
        task was planned: a rung that keeps to working hours comes no earlier."""
        there = due + timedelta(hours=self.hours)
        if self.falls is Falls.ELAPSED:
            return there
        try:
            if self.falls is Falls.BEFORE_CLOSE:
                return _before_close(max(there, after), max(there, due), after, calendar).astimezone(UTC)
            if self.falls is Falls.WORKING and self.hours >= 0:
                there = add_working(due, self.hours, calendar)
            elif self.falls is Falls.WORKING:
                there = take_working(due, -self.hours, calendar)
            return next_opening(max(there, add_working(after, self.open_hours, calendar)), calendar)
        except ValueError:  # so many hours are not worked in ten years
            return _opening_or(max(there, after), there, calendar)


@dataclass(frozen=True, slots=True)
class Ahead:
    """Asked so many days before a day that was agreed; of ``Days.WORKING`` only those count on
    which people work."""

    count: int
    days: Days

    @classmethod
    def read(cls, row: Row) -> Self:
        """What a row of ``later-purchase`` says."""
        return cls(int(row.get("ask_days") or 0), Days(str(row.get("days") or Days.WORKING)))

    def of(self, day: date, calendar: WorkCalendar, now: datetime) -> datetime:
        """When it is asked: as people begin to work on that day, or on the last one before on which
        they do; while they work, and never before ``now``."""
        wanted = day
        if self.days is Days.ELAPSED:
            wanted -= timedelta(days=self.count)
        worked = (one for back in range(_TEN_YEARS) if calendar.hours(one := wanted - timedelta(days=back)))
        before = self.count if self.days is Days.WORKING else 0
        # The agreed day itself is none of the days before it, whether or not it is worked.
        if self.days is Days.WORKING and before and not calendar.hours(day):
            before -= 1
        found = next(islice(worked, before, None), None)
        if found is None:
            return max(datetime.combine(wanted, time(), calendar.zone), now).astimezone(UTC)
        opens = datetime.combine(found, calendar.hours(found)[0][0], calendar.zone)
        try:
            return next_opening(max(opens, now), calendar)
        except ValueError:
            return max(opens, now).astimezone(UTC)


def last_hour_of(day: date, calendar: WorkCalendar) -> datetime:
    """When people stop working on a day; its end if nobody works then."""
    hours = calendar.hours(day)
    ends = datetime.combine(day, hours[-1][1] if hours else time.max, calendar.zone)
    return ends.astimezone(UTC)


def _opening_or(at: datetime, otherwise: datetime, calendar: WorkCalendar) -> datetime:
    """The next opening; where nobody ever works, the instant that was meant."""
    try:
        return next_opening(at, calendar)
    except ValueError:
        return otherwise


def _before_close(there: datetime, latest: datetime, after: datetime, calendar: WorkCalendar) -> datetime:
    """``there`` if people work; else in the last hour that they worked before it, or at the next
    opening if that hour began before ``after``. Only if no hour is worked from ``after`` until
    ``latest`` it is later than that."""
    if is_open(there, calendar):
        return there
    begins, ends = next(calendar.open_until(there), (there, there))
    last_hour = max(begins, ends - _LAST)
    if begins < ends and last_hour >= after:
        return last_hour
    opening = next_opening(there, calendar)
    return after if opening > latest and after < ends else opening


def as_promised(due: datetime, promised: datetime | None, at: datetime) -> datetime:
    """When a task is due whose customer was promised an instant: the promise binds if it is still
    to come, and it cannot stretch the cadence (A9)."""
    return promised if promised is not None and at < promised < due else due
