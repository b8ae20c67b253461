"""Who cannot have a lead, and why not: the first reason that applies, then fairness among the rest (A6, A11).

How long a cool-down lasts, how much more than others anybody may have had today, and whether quotas count is data:
the table ``routing-limits``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from uuid import UUID

from activities.tables import Made
from leads.calendar import CHINA
from store.routing import ConsultantCandidate, DealerCandidate


@dataclass(frozen=True, slots=True)
class Limits:
    """What ``routing-limits`` says for one placing. ``fair_margin`` in leads since the day began; None: no limit."""

    cool_down: timedelta
    fair_margin: int | None
    ignore_quota: bool

    @classmethod
    def of(cls, made: Made) -> Limits:
        """As the table has decided; where no row speaks, quotas hold and nothing else does."""
        margin = made.get("fair_margin")
        return cls(
            timedelta(hours=float(made.get("cool_down_hours") or 0)),
            None if margin is None else int(margin),
            made.get("ignore_quota") is True,
        )

    def most_today(self, served: Sequence[int]) -> float:
        """How many leads somebody may have had today and still get one; ``served`` have those who could have it."""
        return inf if self.fair_margin is None or not served else min(served) + self.fair_margin


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be placed: the lead's wishes and the limits that hold for this placing."""

    region: str | None
    city: str | None
    model: str | None
    grade: str
    urgent: bool
    at: datetime
    limits: Limits
    exclude: frozenset[UUID] = frozenset()

    def cools(self, taken_at: datetime | None) -> bool:
        """Whether the lead was taken from somebody too short a time ago."""
        return taken_at is not None and self.at < taken_at + self.limits.cool_down


DealerRule = Callable[[DealerCandidate, Asked], bool]
ConsultantRule = Callable[[ConsultantCandidate, Asked], bool]

AREA = "area"
"""Why not, for all dealers of other regions than the lead's: one line stands for them."""

FAIRNESS = "fairness"
"""Why not, for whoever has had too many more than the others today; asked of those whom nothing else rules out."""

DEALER_RULED_OUT: tuple[tuple[str, DealerRule], ...] = (
    ("inactive", lambda dealer, asked: not dealer.active),
    ("model_not_sold", lambda dealer, asked: not sells(dealer, asked.model)),
    ("certificate", lambda dealer, asked: not dealer.certified),
    ("closed", lambda dealer, asked: dealer.closed),
    ("cool_down", lambda dealer, asked: asked.cools(dealer.taken_at)),
    ("at_capacity", lambda dealer, asked: not asked.limits.ignore_quota and dealer.today >= dealer.daily_capacity),
)
"""Why not, for dealers of the area; the first that applies is recorded."""

CONSULTANT_RULED_OUT: tuple[tuple[str, ConsultantRule], ...] = (
    ("inactive", lambda person, asked: not person.active),
    ("absent", lambda person, asked: person.absent),
    ("rest_day", lambda person, asked: asked.at.astimezone(CHINA).isoweekday() in person.rest_days),
    ("certificate", lambda person, asked: not person.certified),
    ("former_owner", lambda person, asked: person.id in asked.exclude),
    ("cool_down", lambda person, asked: asked.cools(person.taken_at)),
    ("no_room", lambda person, asked: not asked.limits.ignore_quota and person.open >= person.max_open),
)
"""Why not, for consultants."""


def sells(dealer: DealerCandidate, model: str | None) -> bool:
    """Whether a dealer sells a model; one that nobody named is sold everywhere."""
    return model is None or not dealer.models or model in dealer.models
