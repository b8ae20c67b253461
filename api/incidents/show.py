"""``GET /incidents``: where leads are stuck."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.context import ReadCall
from api.documented import READ, example, listed, problems
from api.paging import Page, Paging, page
from store import inbox
from store.inbox import IncidentLine

router = APIRouter(tags=["incidents"])

INCIDENT = {
    "id": "0192f0c1-2b3d-7e11-8a00-abcdefabcdef",
    "lead_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "element": "dispatch",
    "kind": "activity_failed",
    "message": "table_not_found",
    "at": "2026-11-21T08:00:01Z",
    "resolved_at": None,
    "resolved_by": None,
}


class IncidentQuery(Paging):
    """Query parameters of ``GET /incidents``."""

    lead: UUID | None = None
    open: bool = Field(default=True, description="false: also those that are resolved")


@router.get("/incidents", responses=problems(*READ) | example(listed(INCIDENT)), summary="Incidents")
async def list_incidents(call: ReadCall, query: Annotated[IncidentQuery, Query()]) -> Page[IncidentLine]:
    """Incidents, newest first."""
    window = query.window(inbox.INCIDENTS)
    return page(await call.read(lambda tx: inbox.incidents(tx, window, lead_id=query.lead, open_only=query.open)))
