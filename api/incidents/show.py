"""``GET /incidents``: where leads are stuck."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.context import ReadCall
from api.documented import READ, example, listed, problems
from api.paging import Page, Paging, shown
from domain.repairs.reads.incidents import resolved_by
from store.engine import inbox
from store.engine.inbox import IncidentLine
from store.session import Tx

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

    async def read(tx: Tx) -> Page[IncidentLine]:
        found = await inbox.incidents(tx, window, lead_id=query.lead, open_only=query.open)
        return shown(found, await resolved_by(tx, found.items))

    return await call.read(read)
