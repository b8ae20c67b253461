"""What came in, with its verdict: head office sees all of it, also what was refused, with its
reasons (A2, E1)."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.context import Call, ReadCall
from api.documented import READ, example, listed, problems
from api.paging import Page, Paging, page
from cases.states import Verdict
from domain.forms import Code, Moment, Short
from domain.leads.reads.submitted import submitted
from domain.naming import Names
from store.leads import submissions
from store.leads.submissions import SubmissionFilters, SubmissionLine
from store.session import Tx
from store.spans import Span

router = APIRouter(tags=["leads"])

SUBMISSION: dict[str, Any] = {
    "id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "received_at": "2026-11-21T08:00:00Z",
    "stated_at": None,
    "verdict": "rejected",
    "channel": {"code": "maker.vertical.dongchedi", "name": "懂车帝"},
    "lead_id": None,
    "external_id": "DCD-20261121-0815",
    "campaign": None,
    "reasons": [{"field": "phone", "code": "contact_malformed"}],
    "unread": [],
    "raw": {"name": "李明", "phone": "12345", "channel": "maker.vertical.dongchedi"},
}


class SubmissionQuery(Paging):
    """Query parameters of ``GET /submissions``; a parameter given several times means any of its
    values."""

    verdict: list[Verdict] = Field(default_factory=list, max_length=3)
    channel: list[Code] = Field(
        default_factory=list, max_length=20, description="Codes; an upper level includes its lower ones"
    )
    reason: list[Code] = Field(default_factory=list, max_length=20, description="Codes of problems, of whatever field")
    external_id: list[Short] = Field(default_factory=list, max_length=50, description="The channel's own id")
    campaign: list[Short] = Field(default_factory=list, max_length=50, description="As the channel sent it")
    lead: UUID | None = None
    received_since: Moment | None = None
    received_until: Moment | None = None
    sort: Literal["received", "-received"] = Field(default="-received", description="`-` falls")

    async def filters(self, tx: Tx, call: Call) -> SubmissionFilters:
        """As the store takes them. Raises ``Invalid`` for codes of nothing."""
        names = Names(await call.network(tx))
        found = SubmissionFilters(
            verdict=self.verdict,
            channel=names.channels(self.channel),
            reason=self.reason,
            lead_id=self.lead,
            external_id=self.external_id,
            campaign=self.campaign,
            received=Span(self.received_since, self.received_until),
        )
        names.check()
        return found


@router.get(
    "/submissions",
    responses=problems(*READ) | example(listed(SUBMISSION)),
    summary="What came in, with its verdict",
)
async def list_submissions(call: ReadCall, query: Annotated[SubmissionQuery, Query()]) -> Page[SubmissionLine]:
    """Submissions as they were sent, newest first unless `sort` says otherwise; for head office
    only."""
    window = query.window(submissions.ORDERS[query.sort])

    async def read(tx: Tx) -> Page[SubmissionLine]:
        return page(await submitted(tx, call.speaker, await query.filters(tx, call), window, query.sort))

    return await call.read(read)
