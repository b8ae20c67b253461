"""Who cannot have a lead, and why not: the first reason that applies, then fairness among the rest
(A6, A11).

How long a cool-down lasts, how many more than others anybody may get in a day and in an hour,
whether quotas count and how many kilometres are near enough is data: the table ``routing-limits``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from cases.zone import CHINA
from domain.leads.nearness import Near
from domain.tables import Made
from store.network.routing import ConsultantCandidate, DealerCandidate


@dataclass(frozen=True, slots=True)
class Served:
    """How many leads somebody got since the day began and in the last hour; ``standing``: who is
    compared by the hour are those who stand equal (in skill, in town)."""

    today: int
    this_hour: int
    standing: Hashable


@dataclass(frozen=True, slots=True)
class Limits:
    """What ``routing-limits`` says for one placing. The margins are in leads, the one to be placed
    included; How far a dealer may be is ``most_km``. None: no limit."""

    cool_down: timedelta
    fair_margin: int | None
    fair_margin_hour: int | None
    ignore_quota: bool
    most_km: float | None = None

    @classmethod
    def of(cls, made: Made) -> Limits:
        """As the table has decided; where no row speaks, quotas hold and nothing else does."""
        return cls(
            timedelta(hours=float(made.get("cool_down_hours") or 0)),
            _margin(made.get("fair_margin")),
            _margin(made.get("fair_margin_hour")),
            made.get("ignore_quota") is True,
            None if made.get("most_km") is None else float(made.get("most_km")),
        )

    def ahead(self, free: Mapping[UUID, Served]) -> dict[UUID, str]:
        """Who of those that could have the lead would be too far ahead of the others with it, and
        by which measure.

        The hour is looked at among those whom the day leaves: somebody is always left.
        """
        found: dict[UUID, str] = {}
        if free and self.fair_margin is not None:
            most = min(one.today for one in free.values()) + self.fair_margin
            found = {identity: FAIRNESS for identity, one in free.items() if one.today >= most}
        if self.fair_margin_hour is not None:
            left = {identity: one for identity, one in free.items() if identity not in found}
            least: dict[Hashable, int] = {}
            for one in left.values():
                least[one.standing] = min(one.this_hour, least.get(one.standing, one.this_hour))
            found |= {
                identity: FAIRNESS_HOUR
                for identity, one in left.items()
                if one.this_hour >= least[one.standing] + self.fair_margin_hour
            }
        return found


def _margin(said: object) -> int | None:
    """Nobody could have a lead with a margin of none: one is the strictest."""
    return None if said is None else max(1, int(str(said)))


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
    near: Mapping[UUID, Near] = field(default_factory=dict[UUID, Near])
    first_choice: UUID | None = None
    """Who entered the dealer's own lead, or is named in it: no turn is waited for."""

    def cools(self, taken_at: datetime | None) -> bool:
        """Whether the lead was taken from somebody too short a time ago."""
        return taken_at is not None and self.at < taken_at + self.limits.cool_down


DealerRule = Callable[[DealerCandidate, Asked], bool]
ConsultantRule = Callable[[ConsultantCandidate, Asked], bool]

FAIRNESS = "fairness"
"""Why not, for whoever has had too many more than the others today; asked of those whom nothing
else rules out."""

FAIRNESS_HOUR = "fairness_hour"
"""Why not, for whoever has had too many more in the last hour than the others of the same
standing."""

DEALER_RULED_OUT: tuple[tuple[str, DealerRule], ...] = (
    ("inactive", lambda dealer, asked: not dealer.active),
    ("model_not_sold", lambda dealer, asked: not sells(dealer, asked.model)),
    ("certificate", lambda dealer, asked: not dealer.certified),
    ("closed", lambda dealer, asked: dealer.closed),
    ("cool_down", lambda dealer, asked: asked.cools(dealer.taken_at)),
    ("at_capacity", lambda dealer, asked: not asked.limits.ignore_quota and dealer.today >= dealer.daily_capacity),
)
"""Why not, for dealers that are near enough; the first that applies is recorded."""

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
