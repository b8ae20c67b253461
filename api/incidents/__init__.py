"""Incidents: steps that could not be done, and their retry."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.actors import DESK, the_person, with_role
from api.context import PersonCall, ReadCall
from api.documented import READ, WRITE, example, problems
from api.idempotency import Answer, once
from api.paging import Page, page, position
from leads.errors import Conflict
from leads.states import MessageKind
from store import inbox, incidents, leads, timeline
from store.inbox import IncidentLine
from store.outbox import tell
from store.session import Tx

router = APIRouter(tags=["incidents"])

_INCIDENT = {
    "id": "0192f0c1-2b3d-7e11-8a00-abcdefabcdef",
    "lead_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "element": "dispatch",
    "kind": "activity_failed",
    "message": "table_not_found",
    "at": "2026-11-21T08:00:01Z",
    "resolved_at": None,
    "resolved_by": None,
}


class IncidentQuery(BaseModel):
    """Query parameters of ``GET /incidents``."""

    model_config = ConfigDict(extra="forbid")

    lead: UUID | None = None
    open: bool = Field(default=True, description="false: also those that are resolved")
    cursor: str | None = Field(default=None, max_length=200, description="`next` of the page before")
    limit: int = Field(default=50, ge=1, le=200)


class RetriedView(BaseModel):
    """The lead's process tries the step again."""

    incident_id: UUID
    lead_id: UUID
    at: datetime


@router.get(
    "/incidents", responses=problems(*READ) | example({"items": [_INCIDENT], "next": None}), summary="Incidents"
)
async def list_incidents(call: ReadCall, query: Annotated[IncidentQuery, Query()]) -> Page[IncidentLine]:
    """Incidents, newest first."""
    after = position(query.cursor)
    found = await call.read(
        lambda tx: inbox.incidents(tx, lead_id=query.lead, open_only=query.open, after=after, limit=query.limit + 1)
    )
    return page(found, query.limit, lambda incident: (incident.at, incident.id))


@router.post(
    "/incidents/{incident_id}/retry",
    response_model=RetriedView,
    responses=problems(*WRITE)
    | example({"incident_id": _INCIDENT["id"], "lead_id": _INCIDENT["lead_id"], "at": "2026-11-21T08:30:00Z"}),
    summary="Try again",
)
async def retry_incident(incident_id: UUID, call: PersonCall) -> Response:
    """The step that could not be done is tried again; a new failure is a new incident."""
    with_role(the_person(call), DESK)

    async def work(tx: Tx) -> Answer:
        # The lead's lock comes before any other row of its, as in every statement.
        found = await inbox.incident(tx, incident_id)
        await leads.lock(tx, found.lead_id)
        if found.resolved_at is not None:
            raise Conflict("incident_resolved")
        at = call.now()
        await incidents.resolve(tx, incident_id, at, str(tx.actor))
        await timeline.record(tx, found.lead_id, at, "incident_retried", found.element, incident=str(incident_id))
        await tell(tx, found.lead_id, MessageKind.INCIDENT_RETRIED, at, {"key": found.key})
        return Answer(200, RetriedView(incident_id=incident_id, lead_id=found.lead_id, at=at))

    return await once(call, work)
