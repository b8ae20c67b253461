"""Dispatch to a dealer and assignment to a consultant (A6), with who, when, why and why not.

Whoever cannot have the lead is ruled out by the first reason in a table; the others get points from a decision table.
Among equals the least loaded wins, then whoever has waited longest, then the code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from activities.work import Result, Work, iso
from leads.calendar import day_start
from leads.states import Status
from store import routing
from store.assignments import Kind
from store.routing import ConsultantCandidate, DealerCandidate

URGENT = "urgent"
NEVER = 9_999
"""Hours since the last assignment of somebody who has had none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be placed: the lead's wishes and the limits that hold for this placing."""

    region: str | None
    city: str | None
    model: str | None
    grade: str
    urgent: bool
    at: datetime
    exclude: frozenset[UUID] = frozenset()


Candidate = DealerCandidate | ConsultantCandidate
DealerRule = Callable[[DealerCandidate, Asked], bool]
ConsultantRule = Callable[[ConsultantCandidate, Asked], bool]

DEALER_RULED_OUT: tuple[tuple[str, DealerRule], ...] = (
    ("inactive", lambda dealer, asked: not dealer.active),
    ("returned", lambda dealer, asked: dealer.returned),
    ("model_not_sold", lambda dealer, asked: not _sells(dealer, asked.model)),
    ("at_capacity", lambda dealer, asked: not asked.urgent and dealer.today >= dealer.daily_capacity),
)
"""Why not, for dealers; the first that applies is recorded. Dealers of other regions are no candidates at all unless
the lead's region is unknown or has none."""

CONSULTANT_RULED_OUT: tuple[tuple[str, ConsultantRule], ...] = (
    ("inactive", lambda person, asked: not person.active),
    ("absent", lambda person, asked: person.absent),
    ("former_owner", lambda person, asked: person.missed or person.id in asked.exclude),
    ("no_room", lambda person, asked: not asked.urgent and person.open >= person.max_open),
)
"""Why not, for consultants."""


async def dispatch(work: Work) -> Result:
    """Chooses the dealer (table ``dispatch``); one that a supervisor or an earlier life chose stands."""
    lead = work.lead
    if lead.dealer_id is not None and (await routing.stands(work.tx, lead.dealer_id, None, work.at))[0]:
        work.note("choice_kept", dealer=lead.dealer_id)
        return {"dealer": str(lead.dealer_id)}
    asked = _asked(work)
    dealers = await routing.dealers_for(work.tx, lead.id, lead.region, day_start(work.at))
    lines: list[dict[str, Any]] = []
    fit: list[tuple[tuple[Any, ...], DealerCandidate]] = []
    for dealer in dealers:
        line: dict[str, Any] = {"id": dealer.id, "code": dealer.code}
        lines.append(line)
        reason = next((code for code, applies in DEALER_RULED_OUT if applies(dealer, asked)), None)
        if reason is not None:
            line["reason"] = reason
            continue
        line["points"] = points = work.look(
            "dispatch",
            same_city=dealer.city == asked.city,
            same_region=dealer.region == asked.region,
            sells_model=asked.model is not None and _sells(dealer, asked.model),
            load_percent=_percent(dealer.today, dealer.daily_capacity),
            performance=dealer.performance,
            grade=asked.grade,
        ).points
        fit.append(
            (
                (-points, _share(dealer.today, dealer.daily_capacity), _waiting(dealer.last_dispatch), dealer.code),
                dealer,
            )
        )
    chosen = min(fit, key=lambda one: one[0])[1] if fit else None
    decision = _record(work, "dispatch", asked, lines, chosen)
    if chosen is None:
        work.note("no_dealer")
        return {"dealer": None}
    work.give(Kind.DISPATCH, dealer_id=chosen.id, staff_id=None, decision_id=decision)
    work.note("dispatched", dealer=chosen.id)
    return {"dealer": str(chosen.id)}


async def assign(work: Work) -> Result:
    """Chooses the consultant (table ``assignment``); one that a supervisor or an earlier life chose stands."""
    lead = work.lead
    if lead.dealer_id is None:
        return {"consultant": None}
    if lead.owner_id is not None and (await routing.stands(work.tx, lead.dealer_id, lead.owner_id, work.at))[1]:
        return _keep(work, lead.owner_id)
    chosen, decision = await next_consultant(work, lead.dealer_id)
    if chosen is None:
        work.note("no_consultant", dealer=lead.dealer_id)
        return {"consultant": None}
    _give(work, chosen, decision)
    return {"consultant": str(chosen)}


async def next_consultant(
    work: Work, dealer_id: UUID, exclude: frozenset[UUID] = frozenset()
) -> tuple[UUID | None, UUID]:
    """Who of a dealer's consultants should have the lead, and the id of the decision that says why."""
    asked = _asked(work, exclude)
    lines: list[dict[str, Any]] = []
    fit: list[tuple[tuple[Any, ...], ConsultantCandidate]] = []
    for person in await routing.consultants_of(work.tx, dealer_id, work.lead.id, work.at):
        line: dict[str, Any] = {"id": person.id, "code": person.code}
        lines.append(line)
        reason = next((code for code, applies in CONSULTANT_RULED_OUT if applies(person, asked)), None)
        if reason is not None:
            line["reason"] = reason
            continue
        line["points"] = points = work.look(
            "assignment",
            has_skill=asked.model is not None and asked.model in person.skills,
            ability=person.ability,
            load_percent=_percent(person.open, person.max_open),
            hours_since_last=_hours_since(person.last_assigned_at, work.at),
            grade=asked.grade,
        ).points
        fit.append(
            ((-points, _share(person.open, person.max_open), _waiting(person.last_assigned_at), person.code), person)
        )
    chosen = min(fit, key=lambda one: one[0])[1] if fit else None
    return (chosen.id if chosen else None), _record(work, "assignment", asked, lines, chosen)


def _keep(work: Work, owner: UUID) -> Result:
    """Somebody has it already. A choice made while nobody worked on the lead takes effect now, with its clock."""
    if work.lead.status == Status.WORKING:
        return {"consultant": str(owner)}
    work.note("choice_kept", dealer=work.lead.dealer_id, staff=owner)
    _give(work, owner, None)
    return {"consultant": str(owner)}


def _give(work: Work, staff: UUID, decision: UUID | None) -> None:
    work.give(Kind.ASSIGN, dealer_id=work.lead.dealer_id, staff_id=staff, decision_id=decision)
    work.change(status=Status.WORKING)
    work.note("assigned", staff=staff)
    work.tell("lead_assigned", staff=staff, grade=work.lead.grade, at=iso(work.at))


def _asked(work: Work, exclude: frozenset[UUID] = frozenset()) -> Asked:
    lead = work.lead
    urgent = work.data.get("lane") == URGENT
    return Asked(lead.region, lead.city, lead.model, lead.grade or "", urgent, work.at, exclude)


def _record(
    work: Work,
    key: str,
    asked: Asked,
    lines: list[dict[str, Any]],
    chosen: DealerCandidate | ConsultantCandidate | None,
) -> UUID:
    """One record for the whole choice: the lead's side as inputs, every candidate with points or reason."""
    inputs = {
        "region": asked.region,
        # A place that the network does not know is what the customer typed: their words stay out of decisions.
        "city": asked.city if asked.region else None,
        "model": asked.model,
        "grade": asked.grade,
        "urgent": asked.urgent,
    }
    result = {"chosen": chosen.id if chosen else None, "code": chosen.code if chosen else None}
    return work.ledger.decided(key, work.tables.version(key, work.at), inputs, (), result, tuple(lines))


def _sells(dealer: DealerCandidate, model: str | None) -> bool:
    return model is None or not dealer.models or model in dealer.models


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
