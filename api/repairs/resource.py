"""Everything under ``/instances`` that repairs: variables are corrected, tokens are moved."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel

from api.conditions import Expected
from api.context import PersonCall
from api.documented import CHANGE, example, problems
from api.idempotency import Answer, once
from domain.repairs.forms import CorrectBody, MoveBody
from domain.repairs.statements import mending
from domain.repairs.statements.mending import Repaired
from store.session import Tx

router = APIRouter(tags=["instances"])

Execution = Annotated[str, Path(pattern=r"^[0-9]{1,12}$", description="An execution of the lead's present life")]

_LEAD = "0192f0c1-2b3c-7d4e-8f50-123456789abc"


class RepairedView(BaseModel):
    """What the lead's process is told; ``message`` is its number among the lead's messages."""

    lead_id: UUID
    life: int
    execution: str
    message: int
    at: datetime


_REPAIRED = {"lead_id": _LEAD, "life": 1, "execution": "1", "message": 7, "at": "2026-11-21T08:30:00Z"}


@router.post(
    "/instances/{lead_id}/variables",
    response_model=RepairedView,
    responses=problems(*CHANGE) | example(_REPAIRED),
    summary="Correct process variables",
)
async def correct_variables(lead_id: UUID, body: CorrectBody, call: PersonCall, expected: Expected) -> Response:
    """The process sees them from its next expression on. The timeline keeps what they were before
    and after."""

    async def work(tx: Tx) -> Answer:
        return _told(lead_id, await mending.correct(tx, call.speaker, lead_id, body, expected))

    return await once(call, work)


@router.post(
    "/instances/{lead_id}/tokens/{execution}/move",
    response_model=RepairedView,
    responses=problems(*CHANGE) | example(_REPAIRED | {"execution": "12"}),
    summary="Move a token",
)
async def move_token(
    lead_id: UUID, execution: Execution, body: MoveBody, call: PersonCall, expected: Expected
) -> Response:
    """What the token is doing is cancelled; it begins anew at another element of the same scope."""

    async def work(tx: Tx) -> Answer:
        return _told(lead_id, await mending.move(tx, call.speaker, lead_id, execution, body, expected))

    return await once(call, work)


def _told(lead_id: UUID, done: Repaired) -> Answer:
    return Answer(200, RepairedView(lead_id=lead_id, **done._asdict()))
