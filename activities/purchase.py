"""A sale that is agreed for a later day: shortly before, the consultant asks whether it holds
(A13).

When they are asked is the table ``later-purchase``. The win is a win from its day on; what the
customer says then may move the day, or begin what any cancelled order begins
(``activities.undoing``).
"""

from __future__ import annotations

from cases.deadlines import Ahead
from cases.parties import concerned
from cases.states import TaskKind
from domain.kinds import team_of
from domain.network.laws.redistribution import relieve
from domain.work import Result, Work, iso
from store.leads import sales


async def plan_firm_up(work: Work) -> Result:
    """When the customer is asked whether the later purchase holds (table ``later-purchase``); null
    if none is agreed, or if it is certain."""
    lead = work.lead
    sale = await sales.standing(work.tx, lead.id)
    day = sale.awaited(lead.ended_at or work.at) if sale is not None else None
    if sale is None or day is None:
        return {"firm_up_at": None}
    made = work.decide("later-purchase", payment=sale.payment)
    kept = await work.calendar(concerned(team_of(TaskKind.FIRM_UP), lead.dealer_id))
    at = Ahead.read(made).of(day, kept.calendar, work.at)
    work.note("purchase_awaited", because=made.id, on=day.isoformat(), at=at)
    return {"firm_up_at": iso(at)}


async def relieve_owner(work: Work) -> Result:
    """An owner who has left or is away is relieved by the table ``redistribution``, as when they
    leave."""
    await relieve(work)
    return {}
