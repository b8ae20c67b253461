"""``GET /tasks``: the inbox."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.context import Call, ReadCall
from api.documented import READ, example, listed, problems
from api.paging import Page, Paging, page
from api.tasks.lines import TASK
from cases.errors import FieldProblem, Invalid
from cases.states import Lamp, Role, TaskStatus
from domain.forms import Code, Moment
from domain.kinds import KINDS, task_kinds
from domain.naming import Names
from domain.tasks.priority import by_priority
from store.engine import inbox
from store.engine.inbox import TaskFilters, TaskLine
from store.session import Tx
from store.spans import Span

router = APIRouter(tags=["tasks"])

TaskSort = Literal["priority", "due", "-due", "opened", "-opened", "updated", "-updated"]


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
    kind: list[Code] = Field(default_factory=list, max_length=50, description="Kinds of tasks")
    case_kind: list[Code] = Field(default_factory=list, max_length=10, description="Kinds of the cases they are about")
    grade: list[Code] = Field(default_factory=list, max_length=10, description="Of the lead; the level of other cases")
    lamp: list[Lamp] = Field(default_factory=list, max_length=4, description="Of the case")
    model: list[Code] = Field(default_factory=list, max_length=50, description="Codes of car models; of the lead")
    channel: list[Code] = Field(
        default_factory=list, max_length=20, description="Codes; an upper level includes its lower ones; of the lead"
    )
    lead: UUID | None = None
    case: UUID | None = Field(default=None, description="As `lead`, of any kind of case")
    overdue: bool | None = Field(default=None, description="true: past due; false: not yet")
    opened_since: Moment | None = None
    opened_until: Moment | None = None
    due_since: Moment | None = None
    due_until: Moment | None = None
    closed_since: Moment | None = None
    closed_until: Moment | None = None
    updated_since: Moment | None = Field(default=None, description="Of `updated_at`, for reading what has changed")
    updated_until: Moment | None = None
    sort: TaskSort | None = Field(
        default=None,
        description="`priority` of open tasks (table `task-priority`), unless something is said; `due` with others. "
        "`-` falls. `updated` rises up to what is settled: each change is met, also one committed late. "
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
            kind=_known("kind", self.kind, task_kinds()),
            case_kind=_known("case_kind", self.case_kind, KINDS),
            grade=self.grade,
            lamp=self.lamp,
            model=names.models(self.model),
            channel=names.channels(self.channel),
            case_id=self.case or self.lead,
            overdue=self.overdue,
            opened=Span(self.opened_since, self.opened_until),
            due=Span(self.due_since, self.due_until),
            closed=Span(self.closed_since, self.closed_until),
            updated=Span(self.updated_since, self.updated_until),
        )
        names.check()
        return found


def _known(field: str, given: list[str], known: Collection[str]) -> list[str]:
    """Raises ``Invalid`` for a name that is not among those that there are."""
    if all(one in known for one in given):
        return given
    raise Invalid("invalid_input", problems=(FieldProblem(field, "not_in_list", {"expected": ", ".join(known)}),))


@router.get("/tasks", responses=problems(*READ) | example(listed(TASK)), summary="The inbox")
async def list_tasks(call: ReadCall, query: Annotated[TaskQuery, Query()]) -> Page[TaskLine]:
    """Tasks by owner, role, dealer, kind and more, the most urgent first unless `sort` says
    otherwise. Those of cases that the reader may not know of are not there."""
    sort = query.sort or ("priority" if query.status == [TaskStatus.OPEN] else "due")
    window = query.window(inbox.PRIORITY if sort == "priority" else inbox.TASK_ORDERS[sort])

    async def read(tx: Tx) -> Page[TaskLine]:
        filters = await query.filters(tx, call)
        if sort == "priority":
            return page(await by_priority(tx, await call.tables(tx), filters, call.now(), window))
        return page(await inbox.tasks(tx, filters, call.now(), window, sort))

    return await call.read(read)
