"""Pool and supervisors: a lead that waits to be claimed, a choice that a person made (A11, A17)."""

from __future__ import annotations

from datetime import timedelta

from cases.deadlines import FOLLOW_UPS
from cases.states import Badge, Role, Status
from domain.work import Result, Work, iso
from store.engine import clocks
from store.leads import assignments
from store.leads.assignments import AssignmentKind


async def enter_pool(work: Work) -> Result:
    """Nobody could be chosen: whoever is entitled may claim it, for as long as the table ``pool``
    says."""
    made = work.decide("pool", grade=work.lead.grade or "")
    until = work.at + timedelta(hours=float(made.get("keep_hours") or 0))
    work.change(status=Status.POOL, owner_id=None, next_due_at=until)
    work.tell("in_pool", role=Role.HQ, dealer=work.lead.dealer_id, until=iso(until))
    work.note("pool_entered", because=made.id, dealer=work.lead.dealer_id, until=until)
    return {"pool_until": iso(until)}


async def leave_pool(work: Work) -> Result:
    """Somebody claimed it, 抢: the statement gave it to them, the process goes on with them."""
    work.badge(Badge.CLAIMED)
    work.change(status=Status.WORKING)
    work.note("pool_left", staff=work.lead.owner_id)
    return {}


async def expire_pool(work: Work) -> Result:
    """Its time in the pool is over. ``taken``: somebody got it in the same moment, and that news is
    on its way."""
    if work.lead.status != Status.POOL or work.lead.owner_id is not None:
        return {"taken": True}
    work.change(status=Status.QUALIFYING, dealer_id=None, home_dealer_id=None, next_due_at=None)
    work.note("pool_expired")
    return {"taken": False}


async def keep_choice(work: Work) -> Result:
    """A supervisor chose before the rules did: dispatch and assignment will follow that choice."""
    work.note("choice_noted", dealer=work.lead.dealer_id, staff=work.lead.owner_id)
    return {}


async def take_over(work: Work) -> Result:
    """A reassignment takes effect: the former owner's clocks are off, the new owner is told."""
    await clocks.stop(work.tx, work.lead.id, work.at, FOLLOW_UPS)
    work.change(status=Status.WORKING)
    last = await assignments.last(work.tx, work.lead.id)
    case = last.reason if last is not None and last.kind == AssignmentKind.REDISTRIBUTE else None
    if work.lead.owner_id is not None:
        work.tell("reassigned_to_you", staff=work.lead.owner_id, grade=work.lead.grade, case=case)
    elif work.lead.dealer_id is not None:
        await work.tell_manager("reassigned_to_dealer", grade=work.lead.grade, case=case)
    work.note("taken_over", dealer=work.lead.dealer_id, staff=work.lead.owner_id)
    return {}
