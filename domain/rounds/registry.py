"""What each round does with one part of a period: plain functions in one transaction, at most
``MOST`` rows each.

A function may be asked for the same part again, or for a period long past: it does what is still to
be done, in the transaction that it is given, and says where the next part begins.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from cases.zone import CHINA
from domain.rounds.laws import Period
from domain.rounds.words import Round
from store.kinds import rounds
from store.leads import refused
from store.session import Tx
from store.tables import shadows

MOST: Final = 500
"""Rows of one part."""


@dataclass(frozen=True, slots=True)
class House:
    """What differs between installations and some rounds have to know: days until a refused
    submission is emptied."""

    refused_days: int = 90


AS_SHIPPED: Final = House()


@dataclass(frozen=True, slots=True)
class Turn:
    """One part of one period of a round: ``at`` is the application instant, ``after`` where the
    part before ended.

    ``older_than`` and ``ahead`` are the table's. ``tell`` tells head office something; the data
    hold no personal ones.
    """

    tx: Tx
    at: datetime
    period: Period
    after: str | None
    older_than: timedelta
    ahead: timedelta
    house: House
    tell: Callable[..., None]
    most: int = MOST


@dataclass(frozen=True, slots=True)
class Part:
    """What a part came to: how many rows, and where the next one begins; None when nothing is
    left."""

    done: int
    after: str | None = None


Doing = Callable[[Turn], Awaitable[Part]]


async def expired_shadows(turn: Turn) -> Part:
    """Shadows whose time is up are ended, as of that time. A table has one at most: they are
    few."""
    return Part(await shadows.end_overdue(turn.tx, turn.at))


async def unconfirmed_years(turn: Turn) -> Part:
    """Head office is told of each year, from now to so far ahead, of which no working day is
    confirmed."""
    first, last = (at.astimezone(CHINA).year for at in (turn.at, turn.at + turn.ahead))
    found = await rounds.unconfirmed(turn.tx, list(range(first, last + 1)))
    for year in found:
        turn.tell("calendar_unconfirmed", year=year)
    return Part(len(found))


async def stale_incidents(turn: Turn) -> Part:
    """Head office is told once how many incidents have been open for so long, unless there are
    none."""
    count = await rounds.stale_incidents(turn.tx, turn.at - turn.older_than)
    if count:
        turn.tell("incidents_wait", count=count, hours=round(turn.older_than / timedelta(hours=1)))
    return Part(count)


async def refused_submissions(turn: Turn) -> Part:
    """Refused submissions that are old enough are emptied: nobody's customer, so nobody would ever
    erase them."""
    before = turn.at - timedelta(days=turn.house.refused_days)
    emptied = await refused.empty_old(turn.tx, before, turn.most)
    return Part(emptied, after="" if emptied == turn.most else None)


ROUNDS: Final[Mapping[str, Doing]] = MappingProxyType(
    {
        Round.EXPIRED_SHADOWS: expired_shadows,
        Round.UNCONFIRMED_YEARS: unconfirmed_years,
        Round.STALE_INCIDENTS: stale_incidents,
        Round.REFUSED_SUBMISSIONS: refused_submissions,
    }
)
"""By the round's name in the table ``rounds``."""

if ROUNDS.keys() != set(Round):
    raise LookupError(f"named or done, but not both: {sorted(ROUNDS.keys() ^ set(Round))}")
