"""A deadline worked out once more from another result, by the calendar and the promise of then (A7,
A9, A10).

The rules are those by which it was planned (``cases.deadlines``, ``domain.grade_validity``), on
what a clock has kept: when it started, the numbers of its calendar, what the consultant had
promised the customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cases.calendar import Calendars, WorkCalendar
from cases.deadlines import Term, as_promised
from cases.holding import put_off
from cases.states import GRADE_VALIDITY
from domain.grade_validity import Validity
from store.tables.past import PastClock


class Kept(StrEnum):
    """What became of a deadline."""

    MET = "met"
    MISSED = "missed"
    OPEN = "open"  # it still runs, and has not run out
    NONE = "none"  # there would have been no such deadline


class NoCalendar(Exception):
    """The result counts working hours, and which calendar held then was not stored."""


def due_again(
    clock: PastClock, at: datetime, got_at: datetime | None, result: Mapping[str, Any], calendars: Calendars
) -> datetime | None:
    """When a clock would have been due by another result of its decision, made at ``at``; None: it
    would not run.

    ``got_at`` is when the consultant of then got the lead, if a grade that had run out holds from
    then on (``domain.grade_validity``).

    Raises:
        NoCalendar: working hours are asked for and the calendar of then is not known.
    """
    if clock.kind == GRADE_VALIDITY:
        validity = Validity.read(result)
        return None if validity is None else validity.until(clock.started_at, got_at)
    term = Term.read(result)
    calendar = calendars.of(clock.calendar, clock.hours)
    if calendar is None and term.by_calendar:
        raise NoCalendar
    due = term.until(clock.started_at, calendar or WorkCalendar())
    # For how long it stood still is known as the clock of then counted it.
    due = put_off(due, timedelta(minutes=clock.paused_minutes), term.counting, calendar or WorkCalendar())
    return as_promised(due, clock.promised_at, at)


def kept(due: datetime | None, stopped: datetime | None, now: datetime) -> Kept:
    """What became of a deadline by ``now``; one that was stopped at its very instant is met."""
    if due is None:
        return Kept.NONE
    if stopped is None:
        return Kept.OPEN if now <= due else Kept.MISSED
    return Kept.MET if stopped <= due else Kept.MISSED
