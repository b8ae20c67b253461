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
from api.repairs.bodies import MoveBody, RetryBody
from api.repairs.looking import life_of
from cases.errors import Conflict
from cases.step_key import StepKey
from domain.leads.reads import seen
from domain.reach import DESK, the_person, with_role
from store.engine import cases, inbox, repairs
from store.engine.incidents import MISSING_DEFINITION, Incident
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
    with_role(the_person(call), DESK)

    async def work(tx: Tx) -> Answer:
        found = await _mendable(tx, incident_id)
        await seen.as_expected(tx, call.speaker, found.case_id, expected)
        at = call.now()
        changes = None
        if body is not None and body.variables:
            failed = StepKey.parse(found.key)
            life = await life_of(tx, call, found.case_id, failed.life)
            changes = await life.corrected(tx, failed.execution, body.variables, at)
        await repairs.retry(tx, found, at, body.reason if body else "", changes)
        return Answer(200, MendedView(incident_id=incident_id, lead_id=found.case_id, at=at))

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
    with_role(the_person(call), DESK)

    async def work(tx: Tx) -> Answer:
        found = await _mendable(tx, incident_id)
        await seen.as_expected(tx, call.speaker, found.case_id, expected)
        at = call.now()
        failed = StepKey.parse(found.key)
        life = await life_of(tx, call, found.case_id, failed.life)
        former = life.moved(failed.execution, body.element, at)
        await repairs.move(tx, found.case_id, failed.life, failed.execution, former, body.element, at, body.reason)
        return Answer(200, MendedView(incident_id=incident_id, lead_id=found.case_id, at=at))

    return await once(call, work)


async def _mendable(tx: Tx, incident_id: UUID) -> Incident:
    """The incident, its case locked. Raises ``NotFound``, and ``Conflict`` when there is nothing to
    mend (any more)."""
    # The case's lock comes before any other row of its, as in every statement.
    await cases.lock(tx, (await inbox.incident(tx, incident_id)).case_id)
    found = await inbox.incident(tx, incident_id)
    if found.resolved_at is not None:
        raise Conflict("incident_resolved")
    if found.kind == MISSING_DEFINITION:
        raise Conflict("definition_missing")
    return found
