"""What becomes of a lead when the nearest dealers have had their leads of the day (A6): the table
``overflow``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from cases.calendar import day_start, next_opening
from cases.parties import Party, Team
from domain.leads.nearness import Near
from domain.leads.ruling_out import Asked
from domain.work import Work

FULL = "at_capacity"
"""The reason against a dealer that has had its leads of the day (``domain.leads.ruling_out``)."""

HELD = "held_back"
"""Why not, for dealers with room that the table keeps the lead from."""


class Then(StrEnum):
    """What the table answers."""

    NEXT = "next"  # the next dealer within the limit of kilometres
    WAIT = "wait"  # until the nearest one's next opening on another day
    HQ = "hq"


@dataclass(frozen=True, slots=True)
class Overflow:
    """``until``: the opening that is waited for."""

    then: Then
    until: datetime | None = None


async def overflow(work: Work, asked: Asked, reasons: Mapping[UUID, str | None], waited: int) -> Overflow | None:
    """None unless some dealer that has had its leads of the day is nearer than all that have
    room."""
    full = [asked.near[one] for one, reason in reasons.items() if reason == FULL]
    free = [asked.near[one] for one, reason in reasons.items() if reason is None]
    nearest = min(full, key=_km, default=None)
    if nearest is None or any(one.km <= nearest.km for one in free):
        return None
    farther = min(one.km for one in free) - nearest.km if free else 0
    made = work.decide(
        "overflow", grade=asked.grade, urgent=asked.urgent, room=bool(free), farther_km=farther, waited=waited
    )
    then = Then(str(made.get("then") or (Then.NEXT if free else Then.HQ)))
    if then is Then.NEXT and not free:
        then = Then.HQ
    if then is not Then.WAIT:
        return Overflow(then)
    party = Party(Team.DEALER, nearest.dealer.id, nearest.dealer.region)
    tomorrow = day_start(work.at) + timedelta(days=1)
    try:
        return Overflow(then, next_opening(tomorrow, (await work.calendar(party)).calendar))
    except ValueError:  # closed for years
        return Overflow(Then.HQ)


def _km(near: Near) -> tuple[int, str]:
    return near.km, near.dealer.code
