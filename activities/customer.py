"""What a customer says or wants while the lead is on its way (A4, A8, F3)."""

from __future__ import annotations

from typing import Any

from activities import grading, planning
from activities.contact import wording
from cases.states import ENDED, Status
from domain.kinds import erased
from domain.work import Result, Work
from store.leads import statements


async def refresh_customer(work: Work) -> Result:
    """The customer's facts changed: whoever works on the lead is told; later decisions see the new
    facts."""
    _tell_those_who_work(work, "customer_updated")
    work.note("customer_refreshed")
    return {}


async def announce_interest(work: Work) -> Result:
    """The customer has shown interest again: whoever works on the lead is told.

    Where what they say now makes the lead more urgent, it is graded anew and an open next follow-up
    comes sooner.
    """
    up = work.lead.status not in ENDED and await grading.raised(work)
    if up:
        _tell_those_who_work(work, await wording(work, "interest_raised"), grade=work.lead.grade)
    else:
        _tell_those_who_work(work, await wording(work, "interest_again"))
    work.note("interest_announced")
    if work.lead.status == Status.WORKING:
        await planning.sooner(work)
    return {}


async def erase(work: Work) -> Result:
    """The customer wants to be forgotten: nothing personal stays, nothing more happens (F3)."""
    await work.put_down()
    await statements.forget_customer(work.tx, work.lead.customer_id, work.at, erased())
    work.change(status=Status.ERASED, ended_at=work.at)
    work.note("erased")
    return {}


def _tell_those_who_work(work: Work, code: str, **data: Any) -> None:
    if work.lead.status not in ENDED:
        work.tell_owner(code, **data)
