"""A week's working hours as people write them (A10): of each day, Monday first, intervals
``["08:30", "18:00"]``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time
from typing import Any, cast

from cases.calendar import Hours

Written = list[list[list[str]]]

DAYS = 7
MIDNIGHT = "24:00"
"""How the end of a day is written, where an interval ends."""
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class BadHours(ValueError):
    """These are no working hours. ``code`` says why, ``day`` (0 is Monday) and ``interval`` where.

    ``days``: not seven days; ``time``: not two times ``HH:MM``; ``order``: an interval ends before
    it begins, or goes over midnight; ``overlap``: it begins before the one before has ended;
    ``never``: no day has any hours.
    """

    def __init__(self, code: str, day: int | None = None, interval: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.day = day
        self.interval = interval


def read_week(week: Sequence[Any]) -> tuple[Hours, ...]:
    """The hours of a week. Raises ``BadHours``."""
    for bad in wrong(week):
        raise bad
    return tuple(_day(number, day) for number, day in enumerate(week))


def wrong(week: Sequence[Any]) -> list[BadHours]:
    """What is wrong with a week: the first fault of each day."""
    if len(week) != DAYS:
        return [BadHours("days")]
    found: list[BadHours] = []
    for number, day in enumerate(week):
        try:
            _day(number, day)
        except BadHours as bad:
            found.append(bad)
    return found if found or any(week) else [BadHours("never")]


def write_week(week: Sequence[Hours]) -> Written:
    """The same hours as people write them."""
    return [[[_written(opens), _written(closes)] for opens, closes in day] for day in week]


def _day(number: int, intervals: Any) -> Hours:
    if not isinstance(intervals, list | tuple):
        raise BadHours("time", number)
    read: list[tuple[time, time]] = []
    for place, interval in enumerate(cast("Sequence[Any]", intervals)):
        opens, closes = _interval(number, place, interval)
        if opens >= closes:
            raise BadHours("order", number, place)
        if read and opens < read[-1][1]:
            raise BadHours("overlap", number, place)
        read.append((opens, closes))
    return tuple(read)


def _interval(number: int, place: int, interval: Any) -> tuple[time, time]:
    match interval:
        case [str(opens), str(closes)] if _TIME.fullmatch(opens) and (closes == MIDNIGHT or _TIME.fullmatch(closes)):
            return time.fromisoformat(opens), time.max if closes == MIDNIGHT else time.fromisoformat(closes)
        case _:
            raise BadHours("time", number, place)


def _written(at: time) -> str:
    return MIDNIGHT if at == time.max else f"{at:%H:%M}"
