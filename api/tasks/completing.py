"""``POST /tasks/{id}/complete``: the one door that completes a task of any kind."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.context import PersonCall
from api.documented import WRITE, example, problems
from api.idempotency import Answer, once
from domain.completing import complete
from domain.forms import Code, Form
from store.session import Tx

router = APIRouter(tags=["tasks"])


class CompletionBody(Form):
    """How a task ended. What ``fields`` and ``words`` it takes says its `form` (``GET
    /tasks/{id}``)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "outcome": "continue",
                    "fields": {"channel": "wechat", "grade": "A"},
                    "words": {"answer": "下周来看车"},
                }
            ]
        }
    )

    outcome: Code = Field(description="One of the task's `outcomes`")
    fields: dict[str, Any] = Field(
        default_factory=dict[str, Any], max_length=50, description="Codes, ids, numbers and instants"
    )
    words: dict[str, Any] = Field(
        default_factory=dict[str, Any], max_length=50, description="Texts in words of one's own; they may name people"
    )


class CompletedView(BaseModel):
    """A task that was completed. ``late``: after its due instant; it counts all the same."""

    task_id: UUID
    case_id: UUID
    kind: str
    outcome: str
    late: bool
    at: datetime


_COMPLETED = {
    "task_id": "5f2b8c1e-9a43-5d10-8c67-2f4a6b8d0e12",
    "case_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "kind": "first_follow_up",
    "outcome": "continue",
    "late": False,
    "at": "2026-11-21T08:30:00Z",
}


@router.post(
    "/tasks/{task_id}/complete",
    response_model=CompletedView,
    responses=problems(*WRITE) | example(_COMPLETED),
    summary="Complete a task of any kind",
)
async def complete_task(task_id: UUID, call: PersonCall, body: CompletionBody) -> Response:
    """Whoever may do the task ends it with one of its outcomes, and says what that outcome needs.
    Tasks about leads follow the laws of the leads' own statements: whichever way a person takes,
    the same comes of it."""

    async def work(tx: Tx) -> Answer:
        task, answered = await complete(tx, call.speaker, task_id, body.outcome, body.fields, body.words)
        view = CompletedView(
            task_id=task.id,
            case_id=task.case_id,
            kind=task.kind,
            outcome=answered.outcome,
            late=answered.late,
            at=answered.at,
        )
        return Answer(200, view)

    return await once(call, work)
