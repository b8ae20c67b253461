"""The inbox of tasks."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.context import ReadCall
from api.documented import READ, READ_ONE, example, listed, problems
from api.forms import Code
from api.paging import Page, page, position
from leads.errors import NotFound
from leads.states import Role, TaskKind, TaskStatus
from store import inbox
from store.inbox import NEVER, TaskFilters, TaskLine

router = APIRouter(tags=["tasks"])

_TASK = {
    "id": "5f2b8c1e-9a43-5d10-8c67-2f4a6b8d0e12",
    "lead_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "kind": "first_follow_up",
    "element": "work",
    "role": "consultant",
    "status": "open",
    "dealer": {"code": "BJ01", "name": "北京翔鹰斯巴鲁4S店"},
    "owner": {"code": "BJ01-C1", "name": "李晓东"},
    "opened_at": "2026-11-21T08:00:01Z",
    "due_at": "2026-11-22T08:00:01Z",
    "closed_at": None,
    "outcome": None,
    "why": None,
    "late": False,
    "overdue": False,
    "customer_name": "华桂珍",
    "model": "outback",
    "grade": "A",
    "lamp": "green",
    "contact": {"call": "no", "hours": [], "since": "2026-11-21T08:00:00Z", "said": "请勿致电，微信联系"},
}


class TaskQuery(BaseModel):
    """Query parameters of ``GET /tasks``."""

    model_config = ConfigDict(extra="forbid")

    status: TaskStatus = TaskStatus.OPEN
    owner: Code | None = Field(default=None, description="Staff code")
    role: Role | None = None
    dealer: Code | None = Field(default=None, description="Dealer code")
    kind: TaskKind | None = None
    lead: UUID | None = None
    overdue: bool | None = Field(default=None, description="true: past due; false: not yet")
    cursor: str | None = Field(default=None, max_length=200, description="`next` of the page before")
    limit: int = Field(default=50, ge=1, le=200)


@router.get("/tasks", responses=problems(*READ) | example(listed(_TASK)), summary="The inbox")
async def list_tasks(call: ReadCall, query: Annotated[TaskQuery, Query()]) -> Page[TaskLine]:
    """Tasks by owner, role, dealer or kind, the most urgent first."""
    filters = TaskFilters(query.status, query.owner, query.role, query.dealer, query.kind, query.lead, query.overdue)
    after, now = position(query.cursor), call.now()
    found = await call.read(lambda tx: inbox.tasks(tx, filters, now, after=after, limit=query.limit + 1))
    return page(found, query.limit, lambda task: (task.due_at or NEVER, task.id))


@router.get("/tasks/{task_id}", responses=problems(*READ_ONE) | example(_TASK), summary="One task")
async def show_task(task_id: UUID, call: ReadCall) -> TaskLine:
    """A task, open or closed."""
    filters = TaskFilters(status=None, task_id=task_id)
    found = await call.read(lambda tx: inbox.tasks(tx, filters, call.now(), after=None, limit=1))
    if not found:
        raise NotFound("task_not_found")
    return found[0]
