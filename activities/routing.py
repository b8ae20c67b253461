"""Dispatch to a dealer and assignment to a consultant (A6), with who, when, why and why not.

Who it is, is ``domain.leads.choosing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from activities.contact import wording
from activities.planning import first_contact_due
from cases.states import HqWhy, Status
from domain.leads.choosing import dealer_for, next_consultant
from domain.leads.nearness import Reach, where
from domain.work import Result, Work, iso
from store.leads.assignments import AssignmentKind
from store.leads.leads import LeadRow
from store.network import routing
from store.network.routing import DealerCandidate

ACTIVE = "active"
"""Under which name, and of which dealer, a wake-up keeps whether it is in the network."""


async def dispatch(work: Work) -> Result:
    """Chooses the dealer (table ``dispatch``); one that a supervisor chose, or whose own lead it
    is, stands.

    Where nobody near can have the lead, ``why`` is for head office; where it is to wait for the
    nearest dealer's next opening (table ``overflow``), ``until`` is that instant and ``waited``
    counts them.
    """
    lead = work.lead
    if lead.dealer_id is not None and await _is_active(work, lead.dealer_id):
        work.note("own_lead_kept" if lead.dealer_id == lead.home_dealer_id else "choice_kept", dealer=lead.dealer_id)
        return {"dealer": str(lead.dealer_id)}
    waited = int(work.data.get("waited") or 0)
    found = await dealer_for(work, waited)
    chosen, decision, over = found.chosen, found.decision, found.over
    if over is not None and over.until is not None:
        work.note("waits_for_opening", because=decision, until=iso(over.until))
        return {"dealer": None, "until": iso(over.until), "waited": waited + 1}
    if chosen is None:
        work.note("no_dealer", because=decision)
        return {"dealer": None, "why": _why_nobody(lead, found.reach, found.dealers, full=over is not None)}
    work.known[ACTIVE, chosen.id] = chosen.active
    work.give(AssignmentKind.DISPATCH, dealer_id=chosen.id, staff_id=None, decision_id=decision)
    work.note("dispatched", because=decision, dealer=chosen.id)
    return {"dealer": str(chosen.id)}


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
    if not await _is_active(work, lead.dealer_id):
        work.note("given_back_dealer_left", from_dealer=lead.dealer_id)
        work.give(AssignmentKind.REDISTRIBUTE, dealer_id=None, staff_id=None, decision_id=None)
        return {"consultant": None, "why": HqWhy.DEALER_GONE.value}
    if owner is not None and await routing.stands(work.tx, lead.id, lead.dealer_id, owner, work.at):
        return await _keep(work, owner)
    chosen, decision = await next_consultant(work, lead.dealer_id)
    if chosen is None:
        work.note("no_consultant", because=decision, dealer=lead.dealer_id)
        return {"consultant": None, "why": None}
    await _give(work, chosen, decision)
    return {"consultant": str(chosen)}


async def _is_active(work: Work, dealer: UUID) -> bool:
    return await work.once((ACTIVE, dealer), lambda: routing.is_active(work.tx, dealer))


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
