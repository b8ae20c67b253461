"""One incident is mended: its step is tried again, with corrected variables if need be, or goes on
elsewhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from api.conditions import Expected
from api.context import PersonCall
from api.documented import CHANGE, example, problems
from api.idempotency import Answer, once
from api.incidents.show import INCIDENT
from domain.repairs.forms import MoveBody, RetryBody
from domain.repairs.statements import mending
from store.session import Tx

router = APIRouter(tags=["incidents"])

_MENDED = {"incident_id": INCIDENT["id"], "lead_id": INCIDENT["lead_id"], "at": "2026-11-21T08:30:00Z"}


class MendedView(BaseModel):
    """The lead's process has been told."""

    incident_id: UUID
    lead_id: UUID
    at: datetime


@router.post(
    "/incidents/{incident_id}/retry",
    response_model=MendedView,
    responses=problems(*CHANGE) | example(_MENDED),
    summary="Try again",
)
async def retry_incident(
    incident_id: UUID, call: PersonCall, expected: Expected, body: RetryBody | None = None
) -> Response:
    """The step that could not be done is tried again; a new failure is a new incident."""

    async def work(tx: Tx) -> Answer:
        done = await mending.retry_incident(tx, call.speaker, incident_id, body, expected)
        return Answer(200, MendedView(incident_id=incident_id, lead_id=done.case_id, at=done.at))

    return await once(call, work)


@router.post(
    "/incidents/{incident_id}/move",
    response_model=MendedView,
    responses=problems(*CHANGE) | example(_MENDED),
    summary="Go on elsewhere",
)
async def move_incident(incident_id: UUID, body: MoveBody, call: PersonCall, expected: Expected) -> Response:
    """The token that is stuck goes on at another element of the same scope; the incident is
    over."""

    async def work(tx: Tx) -> Answer:
        done = await mending.move_incident(tx, call.speaker, incident_id, body, expected)
        return Answer(200, MendedView(incident_id=incident_id, lead_id=done.case_id, at=done.at))

    return await once(call, work)
