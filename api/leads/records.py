"""What is written down about a lead can be read by whoever may act on it: words, submissions,
contracts, corrections.

People's own words stand in the store only; erasure empties them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter

from api.context import Call, ReadCall
from api.documented import READ_ONE, example, listed, problems
from api.leads.submissions import SUBMISSION
from api.paging import Asked, Page, cut, page
from domain.leads.reads.theirs import theirs
from store.leads import closings, records, submissions
from store.leads.closings import ClosingLine
from store.leads.leads import LeadRow
from store.leads.records import ContractLine, EditLine, FollowUpLine
from store.leads.submissions import SubmissionFilters, SubmissionLine
from store.listing import Rows
from store.session import Tx

router = APIRouter(tags=["leads"])
Item = TypeVar("Item")

_BY = {"code": "BJ01-C1", "name": "李晓东"}
FOLLOW_UP: dict[str, Any] = {
    "id": "0192f0c1-2b3f-7c05-8d11-abcdefabcdef",
    "at": "2026-11-21T09:30:00Z",
    "by": _BY,
    "channel": "phone",
    "content": "介绍了四驱系统",
    "answer": "周末来看车",
    "outcome": "continue",
    "stage": "next_follow_up_due",
    "grade": "H",
    "next_at": "2026-11-24T02:00:00Z",
    "late": False,
    "counts": "yes",
    "task_id": "5f2b8c1e-9a43-5d10-8c67-2f4a6b8d0e12",
}
_CONTRACT = {
    "id": "0192f0c1-2b3f-7c05-8d11-abcdefabcd01",
    "number": "HT-2026-0001",
    "signed_at": "2026-11-25T06:00:00Z",
    "by": _BY,
    "model": "forester",
    "price": 269800,
    "payment": "deposit",
    "deposit": 5000,
    "purchase_on": None,
    "firmed_at": None,
    "price_tier": "middle",
    "incentive": 500,
    "cancelled_at": None,
    "cancelled_as": None,
    "cancel_reason": None,
    "incentive_entries": [{"kind": "accrued", "amount": 500, "at": "2026-11-25T06:00:01Z"}],
}
_EDIT = {
    "number": 17,
    "at": "2026-11-22T02:00:00Z",
    "by": _BY,
    "of": "customer",
    "field": "city",
    "before": "北京",
    "after": "天津",
}

_CLOSING = {
    "number": 14,
    "at": "2026-11-23T02:00:00Z",
    "by": _BY,
    "statement": "lose",
    "reason": "price",
    "content": "嫌贵，订了别家",
    "answer": "refused",
    "decided_at": "2026-11-23T03:00:00Z",
    "decided_by": {"code": "BJ01-M1", "name": "王平"},
    "comment": "再谈一次",
}


async def _read(call: Call, lead_id: UUID, work: Callable[[Tx, LeadRow], Awaitable[Rows[Item]]]) -> Page[Item]:
    async def read(tx: Tx) -> Page[Item]:
        return page(await work(tx, await theirs(tx, call.speaker, lead_id)))

    return await call.read(read)


@router.get(
    "/leads/{lead_id}/follow-ups",
    responses=problems(*READ_ONE) | example(listed(FOLLOW_UP)),
    summary="What was said with the customer",
)
async def list_follow_ups(lead_id: UUID, call: ReadCall, asked: Asked) -> Page[FollowUpLine]:
    """Each contact: what was said, the answer, what was agreed, oldest first; for whoever may act
    on the lead."""
    window = asked.window(records.FOLLOW_UPS)
    return await _read(call, lead_id, lambda tx, lead: records.follow_ups(tx, lead.id, window))


@router.get(
    "/leads/{lead_id}/submissions",
    responses=problems(*READ_ONE) | example(listed(SUBMISSION)),
    summary="What was typed, each time",
)
async def list_submissions_of_lead(lead_id: UUID, call: ReadCall, asked: Asked) -> Page[SubmissionLine]:
    """Every submission of the lead as it was sent, repeated ones too, oldest first; for whoever may
    act on it."""
    window = asked.window(submissions.ORDERS["received"])
    filters = SubmissionFilters(lead_id=lead_id)
    return await _read(call, lead_id, lambda tx, _: submissions.listed(tx, filters, window, "received"))


@router.get(
    "/leads/{lead_id}/contracts",
    responses=problems(*READ_ONE) | example(listed(_CONTRACT)),
    summary="The lead's contracts",
)
async def list_contracts(lead_id: UUID, call: ReadCall, asked: Asked) -> Page[ContractLine]:
    """What was signed, oldest first, and what of it was undone; for whoever may act on the lead."""
    window = asked.window(records.CONTRACTS)
    return await _read(call, lead_id, lambda tx, lead: records.contracts(tx, lead.id, window))


@router.get(
    "/leads/{lead_id}/edits",
    responses=problems(*READ_ONE) | example(listed(_EDIT)),
    summary="What was corrected, from what to what",
)
async def list_edits(lead_id: UUID, call: ReadCall, asked: Asked) -> Page[EditLine]:
    """Each field of the customer or of the wish that was changed, by whom, oldest first; for
    whoever may act on the lead."""
    window = asked.window(records.EDITS)
    return await _read(call, lead_id, lambda tx, lead: records.edits(tx, lead.customer_id, lead.id, window))


@router.get(
    "/leads/{lead_id}/closings",
    responses=problems(*READ_ONE) | example(listed(_CLOSING)),
    summary="How it was closed, and what was answered",
)
async def list_closings(lead_id: UUID, call: ReadCall, asked: Asked) -> Page[ClosingLine]:
    """Each time that the lead was stated lost or invalid, or its win questioned, with the answer
    and the words of both, oldest first; for whoever may act on the lead."""

    async def read(tx: Tx) -> tuple[ClosingLine, ...]:
        return await closings.of_lead(tx, (await theirs(tx, call.speaker, lead_id)).id)

    return cut("closings", await call.read(read), asked, lambda one: (one.number,))
