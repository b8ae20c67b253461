"""What a customer says about being called, and when a call may fall (F3).

Pure: hours are codes, a calendar is a value. Whether something may be sent or asked for at all is
the table ``contact-rules`` (``activities.contact``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from cases.calendar import WorkCalendar
from cases.zone import CHINA


class Contactable(StrEnum):
    """What the table ``contact-rules`` says of one attempt to reach a customer."""

    ALLOW = "allow"
    OTHER_CHANNEL = "other_channel"
    NOT_BEFORE = "not_before"
    DROP = "drop"


MATERIAL = "material"
"""The purpose of what is sent to a nurtured customer; every other purpose is a kind of task
(``domain.kinds``)."""

CALLED: tuple[time, time] = (time(9), time(21))
"""Nobody who named hours is called earlier or later than this, whatever the hours."""
_EVENING = time(18)
_NOON = (time(11, 30), time(14))
_ROOM = timedelta(hours=1)
"""How long after the hours have begun a call that had to wait for them is due."""
_DAYS_AHEAD = 92

NAMED_HOURS = frozenset(
    {"evenings", "not_evenings", "not_noon", "weekends", "not_weekends", "tomorrow", "later", "next_week", "next_month"}
)
"""``later``: a week after it was said, by somebody who named no day."""
_BOUND = re.compile(r"not_(before|after)_([1-9]|1[0-9]|2[0-3])")
HOURS_FORM = rf"^(?:{'|'.join(sorted(NAMED_HOURS))}|{_BOUND.pattern})$"
"""What a code of hours looks like, e.g. ``evenings``, ``not_before_11`` (o'clock, in China)."""


@dataclass(frozen=True, slots=True)
class CallWish:
    """What is known of a customer: never to be called, or only in these hours; since when. All
    empty: nothing said."""

    never: bool = False
    hours: tuple[str, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactMark:
    """What screens show beside a customer's name: ``call`` is ``no`` or the first of the ``hours``
    asked for.

    ``said`` are the customer's own words, or the reason that a person gave. Personal data.
    """

    call: str
    hours: list[str]
    since: datetime | None
    said: str | None


def marked(never: bool, hours: Collection[str], since: datetime | None, said: str | None) -> ContactMark | None:
    """The mark of a customer; None for one who may be called at any time."""
    if not never and not hours:
        return None
    return ContactMark("no" if never else next(iter(hours)), list(hours), since, said)


def next_open(at: datetime, wish: CallWish, calendar: WorkCalendar | None = None) -> datetime:
    """The first instant (UTC) from ``at`` on that is within the hours asked for.

    With a calendar only on days that are worked, and in the hours that are worked as far as the
    customer's meet them. ``at`` itself if nothing was asked for, or if what was asked for leaves no
    hour in the next three months.
    """
    if not wish.hours:
        return at
    local = at.astimezone(CHINA)
    for ahead in range(_DAYS_AHEAD):
        day = local.date() + timedelta(days=ahead)
        for opens, closes in _windows(day, wish, calendar):
            if datetime.combine(day, closes, CHINA) > local:
                return max(datetime.combine(day, opens, CHINA), local).astimezone(UTC)
    return at


def due_within(start: datetime, due: datetime, wish: CallWish, calendar: WorkCalendar | None = None) -> datetime:
    """The deadline of a call planned at ``start``: ``due``, or an hour into the first hours after
    it."""
    if not wish.hours:
        return due
    possible = next_open(start, wish, calendar)
    if possible < due and next_open(due, wish, calendar) == due:
        return due
    return next_open(max(possible, due), wish, calendar) + _ROOM


def _windows(day: date, wish: CallWish, calendar: WorkCalendar | None) -> Iterator[tuple[time, time]]:
    weekend = day.weekday() >= 5
    if day < _first_day(wish) or ("weekends" in wish.hours and not weekend):
        return
    if weekend and "not_weekends" in wish.hours:
        return
    opens, closes = _bounds(wish.hours)
    if opens >= closes:
        return
    pieces = [(opens, closes)]
    if "not_noon" in wish.hours:
        pieces = [(opens, min(closes, _NOON[0])), (max(opens, _NOON[1]), closes)]
    worked = calendar.hours(day) if calendar is not None else ()
    if calendar is not None and not worked and "weekends" not in wish.hours:
        return
    within = [(max(a, c), min(b, d)) for a, b in pieces for c, d in worked if max(a, c) < min(b, d)]
    yield from within or [piece for piece in pieces if piece[0] < piece[1]]


def _bounds(hours: Collection[str]) -> tuple[time, time]:
    opens, closes = CALLED
    if "evenings" in hours:
        opens = max(opens, _EVENING)
    if "not_evenings" in hours:
        closes = min(closes, _EVENING)
    for code in hours:
        if bound := _BOUND.fullmatch(code):
            at = time(int(bound[2]))
            if bound[1] == "before":
                opens = max(opens, at)
            else:
                closes = min(closes, at)
    return opens, closes


def _first_day(wish: CallWish) -> date:
    """The first day on which somebody who asked for time may be called."""
    if wish.since is None:
        return date.min
    said = wish.since.astimezone(CHINA).date()
    days = [date.min]
    if "tomorrow" in wish.hours:
        days.append(said + timedelta(days=1))
    if "later" in wish.hours:
        days.append(said + timedelta(days=7))
    if "next_week" in wish.hours:
        days.append(said + timedelta(days=7 - said.weekday()))
    if "next_month" in wish.hours:
        days.append((said.replace(day=1) + timedelta(days=32)).replace(day=1))
    return max(days)
