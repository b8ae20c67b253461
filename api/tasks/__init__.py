"""The inbox of tasks."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.context import Call, ReadCall
from api.documented import READ, READ_ONE, example, listed, problems
from api.naming import Names
from api.paging import Page, Paging, page
from cases.errors import NotFound
from cases.states import Grade, Lamp, Role, TaskKind, TaskStatus
from domain.forms import Code, Moment
from store import inbox
from store.inbox import TaskFilters, TaskLine
from store.listing import Window
from store.session import Tx
from store.spans import Span

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
    "updated_at": "2026-11-21T08:00:01Z",
    "customer_name": "华桂珍",
    "model": "outback",
    "grade": "A",
    "lamp": "green",
    "contact": {"call": "no", "hours": [], "since": "2026-11-21T08:00:00Z", "said": "请勿致电，微信联系"},
}


TaskSort = Literal["due", "-due", "opened", "-opened", "updated", "-updated"]


class TaskQuery(Paging):
    """Query parameters of ``GET /tasks``; a parameter given several times means any of its values.

    ``…_since`` counts itself, ``…_until`` does not.
    """

    status: list[TaskStatus] = Field(
        default=[TaskStatus.OPEN], max_length=5, description="Open ones if nothing is said"
    )
    owner: list[Code] = Field(default_factory=list, max_length=50, description="Staff codes")
    role: list[Role] = Field(default_factory=list, max_length=11)
    dealer: list[Code] = Field(default_factory=list, max_length=50, description="Dealer codes")
    region: list[Code] = Field(
        default_factory=list, max_length=50, description="Codes; the dealer's, or the lead's while no dealer has it"
    )
    kind: list[TaskKind] = Field(default_factory=list, max_length=10)
    grade: list[Grade] = Field(default_factory=list, max_length=5, description="Of the lead")
    lamp: list[Lamp] = Field(default_factory=list, max_length=3, description="Of the lead")
    model: list[Code] = Field(default_factory=list, max_length=50, description="Codes of car models; of the lead")
    channel: list[Code] = Field(
        default_factory=list, max_length=20, description="Codes; an upper level includes its lower ones; of the lead"
    )
    lead: UUID | None = None
    overdue: bool | None = Field(default=None, description="true: past due; false: not yet")
    opened_since: Moment | None = None
    opened_until: Moment | None = None
    due_since: Moment | None = None
    due_until: Moment | None = None
    closed_since: Moment | None = None
    closed_until: Moment | None = None
    updated_since: Moment | None = Field(default=None, description="Of `updated_at`, for reading what has changed")
    updated_until: Moment | None = None
    sort: TaskSort = Field(
        default="due",
        description="`-` falls. `updated` rises up to what is settled: each change is met, also one committed late. "
        "Tasks that are never due come last, with `-` first",
    )

    async def filters(self, tx: Tx, call: Call) -> TaskFilters:
        """As the store takes them. Raises ``Invalid`` for codes of nothing."""
        names = Names(await call.network(tx))
        found = TaskFilters(
            status=self.status,
            owner=await names.people(tx, "owner", self.owner),
            role=self.role,
            dealer=await names.dealers(tx, self.dealer),
            region=names.regions(self.region),
            kind=self.kind,
            grade=self.grade,
            lamp=self.lamp,
            model=names.models(self.model),
            channel=names.channels(self.channel),
            lead_id=self.lead,
            overdue=self.overdue,
            opened=Span(self.opened_since, self.opened_until),
            due=Span(self.due_since, self.due_until),
            closed=Span(self.closed_since, self.closed_until),
            updated=Span(self.updated_since, self.updated_until),
        )
        names.check()
        return found


@router.get("/tasks", responses=problems(*READ) | example(listed(_TASK)), summary="The inbox")
async def list_tasks(call: ReadCall, query: Annotated[TaskQuery, Query()]) -> Page[TaskLine]:
    """Tasks by owner, role, dealer, kind and more, the most urgent first unless `sort` says otherwise."""
    window = query.window(inbox.TASK_ORDERS[query.sort])

    async def read(tx: Tx) -> Page[TaskLine]:
        return page(await inbox.tasks(tx, await query.filters(tx, call), call.now(), window, query.sort))

    return await call.read(read)


@router.get("/tasks/{task_id}", responses=problems(*READ_ONE) | example(_TASK), summary="One task")
async def show_task(task_id: UUID, call: ReadCall) -> TaskLine:
    """A task, open or closed."""
    filters = TaskFilters(status=(), task_id=task_id)
    found = await call.read(lambda tx: inbox.tasks(tx, filters, call.now(), Window(1)))
    if not found.items:
        raise NotFound("task_not_found")
    return found.items[0]
