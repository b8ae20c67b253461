"""``POST /tasks/{id}/hold`` and ``/resume``: a task waits for an agreed day, and goes on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api.context import PersonCall
from api.documented import WRITE, example, problems
from api.idempotency import Answer, once
from cases.holding import HoldReason
from domain import holding
from domain.forms import Form, Moment
from domain.holding import Held
from store.session import Tx

router = APIRouter(tags=["tasks"])


class HoldBody(Form):
    """Until when a task waits, and what for."""

    until: Moment = Field(description="The day that was agreed; the table `hold-limits` says how far it may be")
    reason: HoldReason = Field(description="What is waited for")


class HeldView(BaseModel):
    """A task that was put on hold, or goes on. ``due_at`` is its deadline; while it is held, as it
    was before."""

    task_id: UUID
    case_id: UUID
    held_until: datetime | None
    reason: HoldReason | None
    due_at: datetime | None
    at: datetime


_HELD = {
    "task_id": "5f2b8c1e-9a43-5d10-8c67-2f4a6b8d0e12",
    "case_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "held_until": "2026-11-28T02:00:00Z",
    "reason": "parts",
    "due_at": "2026-11-22T08:00:01Z",
    "at": "2026-11-21T08:30:00Z",
}


@router.post(
    "/tasks/{task_id}/hold",
    response_model=HeldView,
    responses=problems(*WRITE) | example(_HELD),
    summary="Put a task on hold",
)
async def hold_task(task_id: UUID, call: PersonCall, body: HoldBody) -> Response:
    """The task waits until an agreed day, if its kind may: its deadline and its reminders stand
    still, and go on at that instant by what was left."""

    async def work(tx: Tx) -> Answer:
        held = await holding.hold(tx, call.speaker, task_id, body.until, body.reason)
        return Answer(200, _view(held, body))

    return await once(call, work)


@router.post(
    "/tasks/{task_id}/resume",
    response_model=HeldView,
    responses=problems(*WRITE) | example(_HELD | {"held_until": None, "reason": None}),
    summary="Let a task go on that is on hold",
)
async def resume_task(task_id: UUID, call: PersonCall) -> Response:
    """The task goes on before the agreed day: its deadline is put off by the time for which it
    stood still."""

    async def work(tx: Tx) -> Answer:
        return Answer(200, _view(await holding.resume(tx, call.speaker, task_id)))

    return await once(call, work)


def _view(held: Held, body: HoldBody | None = None) -> HeldView:
    return HeldView(
        task_id=held.task.id,
        case_id=held.task.case_id,
        held_until=body.until if body else None,
        reason=body.reason if body else None,
        due_at=held.due_at,
        at=held.at,
    )
