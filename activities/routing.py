"""Dispatch to a dealer and assignment to a consultant (A6), with who, when, why and why not.

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

from activities.contact import wording
from activities.overflow import HELD, Overflow, Then, overflow
from activities.planning import first_contact_due
from cases.states import HqWhy, Status
from domain.leads.nearness import Reach, around, where
from domain.leads.ruling_out import (
    CONSULTANT_RULED_OUT,
    DEALER_RULED_OUT,
    Asked,
    Limits,
    Served,
    sells,
)
from domain.work import Result, Work, iso
from store.leads.assignments import AssignmentKind
from store.leads.leads import LeadRow
from store.network import routing
from store.network.routing import ConsultantCandidate, DealerCandidate

URGENT = "urgent"
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
        ``held``: whoever could have it is kept from it (``activities.overflow``)."""
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


async def dispatch(work: Work) -> Result:
    """Chooses the dealer (table ``dispatch``); one that a supervisor chose, or whose own lead it
    is, stands.

    Where nobody near can have the lead, ``why`` is for head office; where it is to wait for the
    nearest dealer's next opening (table ``overflow``), ``until`` is that instant and ``waited``
    counts them.
    """
    lead = work.lead
    if lead.dealer_id is not None and (await routing.stands(work.tx, lead.id, lead.dealer_id, None, work.at))[0]:
        work.note("own_lead_kept" if lead.dealer_id == lead.home_dealer_id else "choice_kept", dealer=lead.dealer_id)
        return {"dealer": str(lead.dealer_id)}
    waited = int(work.data.get("waited") or 0)
    found = await _around(work, waited)
    chosen, decision, over = found.chosen, found.decision, found.over
    if over is not None and over.until is not None:
        work.note("waits_for_opening", because=decision, until=iso(over.until))
        return {"dealer": None, "until": iso(over.until), "waited": waited + 1}
    if chosen is None:
        work.note("no_dealer", because=decision)
        return {"dealer": None, "why": _why_nobody(lead, found.reach, found.dealers, full=over is not None)}
    work.give(AssignmentKind.DISPATCH, dealer_id=chosen.id, staff_id=None, decision_id=decision)
    work.note("dispatched", because=decision, dealer=chosen.id)
    return {"dealer": str(chosen.id)}


async def next_dealer(work: Work) -> tuple[UUID | None, UUID]:
    """Which dealer should take the lead over at once, within the same limits as dispatch, and the
    id of the decision that says why. None where nobody near can, or where the table ``overflow``
    lets it wait."""
    found = await _around(work, 0)
    return (found.chosen.id if found.chosen else None), found.decision


@dataclass(frozen=True, slots=True)
class _Found:
    """The dealers around a lead, which of them should have it, and the decision that says why."""

    reach: Reach
    dealers: Sequence[DealerCandidate]
    over: Overflow | None
    chosen: DealerCandidate | None
    decision: UUID


async def _around(work: Work, waited: int) -> _Found:
    lead, asked = work.lead, _asked(work, DEALER.table)
    network = await routing.roster(work.tx)
    reach = around(where(lead).found, lead.city, asked.limits.most_km, network.number, network.dealers)
    asked = replace(asked, near=reach.by_id())
    dealers = await routing.dealers_for(work.tx, lead.id, [*asked.near], reach.regions(), lead.model, work.at)
    over = await overflow(work, asked, DEALER.reasons(asked, dealers), waited)
    held = over is not None and over.then is not Then.NEXT
    chosen, decision = DEALER.make(work, asked, dealers, reach.beyond, held=held)
    return _Found(reach, dealers, over, chosen, decision)


def _why_nobody(lead: LeadRow, reach: Reach, dealers: Sequence[DealerCandidate], *, full: bool) -> str | None:
    """What head office is told; None where dealers that are near have other reasons: the pool may
    know somebody."""
    if not any(one.active for one in dealers):
        known = reach.near or where(lead).found is not None
        return HqWhy.NO_DEALER_NEAR.value if known else HqWhy.PLACE_UNKNOWN.value
    return HqWhy.ALL_FULL.value if full else None


async def assign(work: Work) -> Result:
    """Chooses the consultant (table ``assignment``); one that a supervisor or an earlier life chose
    stands.

    Where the dealer has left the network meanwhile, or the lead was taken from one that is gone and
    nobody else could have it, ``why`` is for head office.
    """
    lead, owner = work.lead, work.lead.owner_id
    if lead.dealer_id is None:
        return {"consultant": None, "why": HqWhy.DEALER_GONE.value}
    active, stands = await routing.stands(work.tx, lead.id, lead.dealer_id, owner, work.at)
    if not active:
        work.note("given_back_dealer_left", from_dealer=lead.dealer_id)
        work.give(AssignmentKind.REDISTRIBUTE, dealer_id=None, staff_id=None, decision_id=None)
        return {"consultant": None, "why": HqWhy.DEALER_GONE.value}
    if owner is not None and stands:
        return await _keep(work, owner)
    chosen, decision = await next_consultant(work, lead.dealer_id)
    if chosen is None:
        work.note("no_consultant", because=decision, dealer=lead.dealer_id)
        return {"consultant": None, "why": None}
    await _give(work, chosen, decision)
    return {"consultant": str(chosen)}


async def next_consultant(
    work: Work, dealer_id: UUID, exclude: frozenset[UUID] = frozenset()
) -> tuple[UUID | None, UUID]:
    """Who of a dealer's consultants should have the lead, and the id of the decision that says
    why."""
    asked = _asked(work, CONSULTANT.table, exclude)
    people = await routing.consultants_of(work.tx, dealer_id, work.lead.id, work.lead.model, work.at)
    chosen, decision = CONSULTANT.make(work, asked, people)
    return (chosen.id if chosen else None), decision


async def _keep(work: Work, owner: UUID) -> Result:
    """Somebody has it already. A choice made while nobody worked on the lead takes effect now, with
    its clock."""
    if work.lead.status == Status.WORKING:
        return {"consultant": str(owner)}
    work.note("choice_kept", dealer=work.lead.dealer_id, staff=owner, case="consultant")
    await _give(work, owner, None)
    return {"consultant": str(owner)}


async def _give(work: Work, staff: UUID, decision: UUID | None) -> None:
    # What a dealer that is gone owed the customer, the next one owes (``domain.leads.hands``).
    since = work.lead.clock_from
    work.give(
        AssignmentKind.ASSIGN, dealer_id=work.lead.dealer_id, staff_id=staff, decision_id=decision, clock_from=since
    )
    work.change(status=Status.WORKING)
    work.note("assigned", because=decision, staff=staff)
    due = iso(await first_contact_due(work))
    work.tell(await wording(work, "lead_assigned"), staff=staff, grade=work.lead.grade, at=iso(work.at), due=due)


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
