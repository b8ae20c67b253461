"""A task that waits for an agreed day: its deadline stands still, and goes on by what was left
(M2).

Pure, and the one place for this arithmetic. Time stands still as it passes: while people work for a
deadline that is counted in working hours, by the wall for every other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from cases.calendar import WorkCalendar, add_working, is_open, next_opening, working_hours
from cases.deadlines import Counting


class HoldReason(StrEnum):
    """What is waited for."""

    CUSTOMER = "customer"  # the customer's answer, or a day that they named
    PARTS = "parts"
    APPROVAL = "approval"
    OTHERS = "others"  # somebody outside


def stood_still(since: datetime, until: datetime, counting: Counting, calendar: WorkCalendar) -> timedelta:
    """How much of a deadline's time passed between two instants in which it stood still."""
    if until <= since:
        return timedelta()
    if counting is Counting.ELAPSED:
        return until - since
    return timedelta(hours=working_hours(since, until, calendar))


def put_off(at: datetime, by: timedelta, counting: Counting, calendar: WorkCalendar) -> datetime:
    """A deadline after it stood still for so much of its time."""
    if not by or counting is Counting.ELAPSED:
        return at + by
    try:
        return add_working(at, by / timedelta(hours=1), calendar)
    except ValueError:  # nobody works in the next ten years
        return at + by


def rung_put_off(at: datetime, by: timedelta, counting: Counting, calendar: WorkCalendar) -> datetime:
    """A rung after its deadline stood still: one that people would have answered at work comes
    while they work."""
    later = put_off(at, by, counting, calendar)
    try:
        return next_opening(later, calendar) if is_open(at, calendar) else later
    except ValueError:
        return later
