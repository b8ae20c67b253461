"""Which dealer and which consultant should have a lead (A6): for its process, for whoever hands it
on, and for whoever leaves, the same.

Whoever cannot have the lead is ruled out by the first reason that applies
(``domain.leads.ruling_out``); the others get points from a decision table. Among equals the least
loaded wins, then whoever has waited longest, then the code. All of it is kept, with what the table
was asked about each, so that another version can be asked the same (``domain.policy.again``).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from domain.leads.nearness import Reach, around, where
from domain.leads.overflow import HELD, Overflow, Then, overflow
from domain.leads.ruling_out import (
    CONSULTANT_RULED_OUT,
    DEALER_RULED_OUT,
    Asked,
    Limits,
    Served,
    sells,
)
from domain.work import Work
from store.network import rosters, routing
from store.network.routing import ConsultantCandidate, DealerCandidate

URGENT = "urgent"
ROSTER = ("roster",)
"""Under which name a wake-up keeps the network."""
NEVER = 9_999
"""Hours since the last assignment of somebody who has had none."""

Line = dict[str, Any]
C = TypeVar("C", DealerCandidate, ConsultantCandidate)


@dataclass(frozen=True, slots=True)
class Choice(Generic[C]):
    """How one kind of candidate is chosen: the table that gives points, who is ruled out, who
    stands equal in the turn of an hour, what the table is asked about each, how those with as many
    points are ordered (dealers by kilometres, then all by the share of the load and the instant
    since which they wait; all ascending), and what they can have in a day (dealers) or at a time
    (consultants)."""

    table: str
    ruled_out: tuple[tuple[str, Callable[[C, Asked], bool]], ...]
    standing: Callable[[C, Asked], Hashable]
    inputs: Callable[[C, Asked], Mapping[str, Any]]
    rank: Callable[[C, Asked], tuple[float, ...]]
    capacity: Callable[[C], int]

    def make(
        self, work: Work, asked: Asked, candidates: Sequence[C], elsewhere: Sequence[Line] = (), *, held: bool = False
    ) -> tuple[C | None, UUID]:
        """Who gets the lead, if anybody can, and the id of the decision that says why and why not.
        ``held``: whoever could have it is kept from it (``domain.leads.overflow``)."""
        reasons = self.reasons(asked, candidates)
        if held:
            reasons = {identity: reason or HELD for identity, reason in reasons.items()}
        reasons |= asked.limits.ahead(
            {
                one.id: Served(one.today, one.this_hour, self.standing(one, asked))
                for one in candidates
                if reasons[one.id] is None and one.id != asked.first_choice
            }
        )
        lines: list[Line] = [*elsewhere]
        best: tuple[tuple[Any, ...], C] | None = None
        for one in candidates:
            reason = reasons[one.id]
            if reason is not None:
                lines.append({"id": one.id, "code": one.code, "reason": reason})
                continue
            made, rank = work.look(self.table, **self.inputs(one, asked)), self.rank(one, asked)
            scored = {"points": made.points, "inputs": made.inputs, "rank": rank, "capacity": self.capacity(one)}
            lines.append({"id": one.id, "code": one.code, **scored})
            order = (-made.points, *rank, one.code)
            if best is None or order < best[0]:
                best = (order, one)
        chosen = best[1] if best else None
        return chosen, _record(work, self.table, asked, lines, chosen)

    def reasons(self, asked: Asked, candidates: Sequence[C]) -> dict[UUID, str | None]:
        """The first reason against each candidate, before those who could have the lead are
        compared."""
        return {
            one.id: next((code for code, applies in self.ruled_out if applies(one, asked)), None) for one in candidates
        }


DEALER: Choice[DealerCandidate] = Choice(
    "dispatch",
    DEALER_RULED_OUT,
    lambda dealer, asked: asked.near[dealer.id].same_city,
    lambda dealer, asked: {
        "distance_km": asked.near[dealer.id].km,
        "same_city": asked.near[dealer.id].same_city,
        "same_region": dealer.region == asked.region,
        "sells_model": asked.model is not None and sells(dealer, asked.model),
        "load_percent": _percent(dealer.today, dealer.daily_capacity),
        "performance": dealer.performance,
        "grade": asked.grade,
    },
    lambda dealer, asked: (
        asked.near[dealer.id].km,
        _share(dealer.today, dealer.daily_capacity),
        _waiting(dealer.last_dispatch),
    ),
    lambda dealer: dealer.daily_capacity,
)

CONSULTANT: Choice[ConsultantCandidate] = Choice(
    "assignment",
    CONSULTANT_RULED_OUT,
    lambda person, asked: _skilled(person, asked),
    lambda person, asked: {
        "has_skill": _skilled(person, asked),
        "ability": person.ability,
        "load_percent": _percent(person.open, person.max_open),
        "hours_since_last": _hours_since(person.last_assigned_at, asked.at),
        "today": person.today,
        "this_hour": person.this_hour,
        "first_choice": person.id == asked.first_choice,
        "grade": asked.grade,
    },
    lambda person, _: (_share(person.open, person.max_open), _waiting(person.last_assigned_at)),
    lambda person: person.max_open,
)


async def next_dealer(work: Work) -> tuple[UUID | None, UUID]:
    """Which dealer should take the lead over at once, within the same limits as dispatch, and the
    id of the decision that says why. None where nobody near can, or where the table ``overflow``
    lets it wait."""
    found = await dealer_for(work, 0)
    return (found.chosen.id if found.chosen else None), found.decision


@dataclass(frozen=True, slots=True)
class Found:
    """The dealers around a lead, which of them should have it, and the decision that says why."""

    reach: Reach
    dealers: Sequence[DealerCandidate]
    over: Overflow | None
    chosen: DealerCandidate | None
    decision: UUID


async def dealer_for(work: Work, waited: int) -> Found:
    """Chooses among the dealers around a lead that has waited for so many openings."""
    lead, asked = work.lead, _asked(work, DEALER.table)
    network = await work.once(ROSTER, lambda: rosters.roster(work.tx))
    reach = around(where(lead).found, lead.city, asked.limits.most_km, network.number, network.dealers)
    asked = replace(asked, near=reach.by_id())
    dealers = await routing.dealers_for(work.tx, lead.id, [*asked.near], reach.regions(), lead.model, work.at)
    over = await overflow(work, asked, DEALER.reasons(asked, dealers), waited)
    held = over is not None and over.then is not Then.NEXT
    chosen, decision = DEALER.make(work, asked, dealers, reach.beyond, held=held)
    return Found(reach, dealers, over, chosen, decision)


async def next_consultant(
    work: Work, dealer_id: UUID, exclude: frozenset[UUID] = frozenset()
) -> tuple[UUID | None, UUID]:
    """Who of a dealer's consultants should have the lead, and the id of the decision that says
    why."""
    asked = _asked(work, CONSULTANT.table, exclude)
    people = await routing.consultants_of(work.tx, dealer_id, work.lead.id, work.lead.model, work.at)
    chosen, decision = CONSULTANT.make(work, asked, people)
    return (chosen.id if chosen else None), decision


def _asked(work: Work, step: str, exclude: frozenset[UUID] = frozenset()) -> Asked:
    lead = work.lead
    urgent, grade = work.data.get("lane") == URGENT, lead.grade or ""
    limits = Limits.of(work.decide("routing-limits", step=step, grade=grade, urgent=urgent))
    first = lead.first_choice_id if lead.dealer_id == lead.home_dealer_id else None
    return Asked(lead.region, lead.city, lead.model, grade, urgent, work.at, limits, exclude, first_choice=first)


def _record(
    work: Work,
    key: str,
    asked: Asked,
    lines: Sequence[Line],
    chosen: DealerCandidate | ConsultantCandidate | None,
) -> UUID:
    """One record for the whole choice: the lead's side as inputs, every candidate with points or
    reason."""
    inputs = {
        "region": asked.region,
        # A place that the network does not know is what the customer typed: their words stay out of
        # decisions.
        "city": asked.city if asked.region else None,
        "model": asked.model,
        "grade": asked.grade,
        "urgent": asked.urgent,
    }
    result = {"chosen": chosen.id if chosen else None, "code": chosen.code if chosen else None}
    return work.ledger.decided(key, work.tables.version(key, work.at), inputs, (), result, tuple(lines))


def _skilled(person: ConsultantCandidate, asked: Asked) -> bool:
    return asked.model is not None and asked.model in person.skills


def _percent(load: int, capacity: int) -> int:
    return 100 if capacity <= 0 else load * 100 // capacity


def _share(load: int, capacity: int) -> float:
    return 1.0 if capacity <= 0 else load / capacity


def _waiting(since: datetime | None) -> float:
    return since.timestamp() if since else 0.0


def _hours_since(last: datetime | None, at: datetime) -> int:
    if last is None:
        return NEVER
    return max(0, min(NEVER, int((at - last).total_seconds() // 3600)))
