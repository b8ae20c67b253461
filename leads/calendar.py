"""Working hours as data: when is "two working hours from now"? (A10)

Pure: a calendar is a value of weekly hours and exceptional days; nothing here reads a clock or a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

Hours = tuple[tuple[time, time], ...]
"""The working hours of one day, in order and apart; empty for a day off."""

CHINA = timezone(timedelta(hours=8), "CST")
"""China has one zone and no summer time, so a fixed offset needs no zone database."""

OFFICE: Hours = ((time(9), time(18)),)
WORKING_WEEK: tuple[Hours, ...] = (OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ())
"""Monday to Friday: what a calendar works with until somebody says otherwise."""

_HORIZON = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Weekly hours (Monday first), and days that differ: ``days[day]`` says whether it is worked.

    A working day that the week would have off (调休) has the hours of ``make_up``.
    """

    week: tuple[Hours, ...] = WORKING_WEEK
    days: Mapping[date, bool] = field(default_factory=dict[date, bool])
    make_up: Hours = OFFICE
    zone: tzinfo = CHINA

    def hours(self, day: date) -> Hours:
        """The working hours of a day."""
        usual = self.week[day.weekday()]
        worked = self.days.get(day)
        if worked is None:
            return usual
        return (usual or self.make_up) if worked else ()


def add_working(start: datetime, hours: float, calendar: WorkCalendar) -> datetime:
    """The instant (UTC) at which ``hours`` working hours have passed since ``start``, an aware instant.

    Without hours to add: ``start`` itself if it is worked, else the next opening. Raises ``ValueError`` for negative
    hours and for a calendar without work in the next ten years.
    """
    if hours < 0:
        raise ValueError("working hours cannot be negative")
    local = start.astimezone(calendar.zone)
    left = timedelta(hours=hours)
    day = local.date()
    while day - local.date() <= _HORIZON:
        for opens, closes in calendar.hours(day):
            begin = max(datetime.combine(day, opens, calendar.zone), local)
            end = datetime.combine(day, closes, calendar.zone)
            if begin >= end:
                continue
            if left <= end - begin:
                return (begin + left).astimezone(UTC)
            left -= end - begin
        day += timedelta(days=1)
    raise ValueError("the calendar has no working hours")


def day_start(at: datetime, zone: tzinfo = CHINA) -> datetime:
    """When the business day of an instant began, in UTC."""
    return datetime.combine(at.astimezone(zone).date(), time(), zone).astimezone(UTC)
