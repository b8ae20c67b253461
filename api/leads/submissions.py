"""``GET /submissions``: head office sees what came in and what was refused, with its reasons (A2, E1)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.actors import the_person, with_role
from api.context import ReadCall
from api.documented import READ, example, listed, problems
from api.paging import Cursor, Limit, Page, page, position
from leads.states import Role, Verdict
from store import submissions
from store.submissions import SubmissionLine

router = APIRouter(tags=["leads"])

_LINE = {
    "id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "received_at": "2026-11-21T08:00:00Z",
    "verdict": "rejected",
    "channel": "maker.vertical.dongchedi",
    "lead_id": None,
    "reasons": [{"field": "phone", "code": "contact_malformed"}],
    "raw": {"name": "李明", "phone": "12345", "channel": "maker.vertical.dongchedi"},
}


@router.get(
    "/submissions",
    responses=problems(*READ) | example(listed(_LINE)),
    summary="What came in, with its verdict",
)
async def list_submissions(
    call: ReadCall,
    verdict: Annotated[Verdict | None, Query(description="Only those of this verdict")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[SubmissionLine]:
    """Submissions as they were sent, newest first; for head office only."""
    with_role(the_person(call), frozenset({Role.HQ}))
    after = position(cursor)
    found = await call.read(lambda tx: submissions.listed(tx, verdict, after=after, limit=limit + 1))
    return page(found, limit, lambda line: (line.received_at, line.id))
