"""``GET /instances/{lead_id}…``: one life with all that it holds, and the way it took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.conditions import REVALIDATE, etag
from api.context import ReadCall
from api.documented import READ_ONE, example, listed, problems, tagged
from api.instances import names
from api.instances.search import LINE
from api.paging import AskedMany, Page, shown
from cases.contracts import ProcessRef
from domain.instances import reads
from domain.instances.tokens import TimerView, TokenView, VariablesView
from store.engine import visits
from store.engine.inbox import IncidentLine
from store.engine.instances import InstanceState
from store.session import Tx

router = APIRouter(tags=["instances"])

Life = Annotated[
    int | None, Query(ge=1, le=2**31 - 1, description="The number of the message that began it; the latest unless said")
]


@dataclass(frozen=True, slots=True)
class InstanceView:
    """One life as it last came to rest; ``moving``: facts are on their way to it, so it may differ
    in a moment.

    ``incidents`` are the lead's newest, resolved ones too.
    """

    lead_id: UUID
    life: int
    state: InstanceState
    process: ProcessRef
    called: tuple[ProcessRef, ...]
    started_at: datetime
    settled_at: datetime
    ended_at: datetime | None
    outcome: str | None
    applied: int
    moving: bool
    tokens: tuple[TokenView, ...]
    variables: tuple[VariablesView, ...]
    timers: tuple[TimerView, ...]
    incidents: tuple[IncidentLine, ...]


@dataclass(frozen=True, slots=True)
class VisitView:
    """One token's stay at an element. ``how`` it ended is left or cancelled, None while it stands
    there."""

    execution: str
    process: str
    version: int
    element: str
    name: str
    entered_at: datetime
    left_at: datetime | None
    how: Literal["left", "cancelled"] | None
    via: str
    due_at: datetime | None


_TOKEN: dict[str, Any] = {
    "execution": "14",
    "scope": "12",
    "process": "chase",
    "element": "work",
    "name": "有人办理",
    "waits_for": "task",
    "via": "to_work",
    "since": "2026-11-21T08:00:01Z",
    "due": "2026-11-22T08:00:01Z",
}
_SHOWN = {name: value for name, value in LINE.items() if name != "place"} | {
    "applied": 1,
    "moving": False,
    "tokens": [_TOKEN],
    "variables": [
        {"execution": "1", "process": "lead", "element": "lead", "variables": {"grade": "A", "lane": "dealer"}}
    ],
    "timers": [
        {
            "timer": "15",
            "execution": "14",
            "process": "chase",
            "element": "rung_due",
            "name": "到下一级时间",
            "due": "2026-11-22T04:00:01Z",
        }
    ],
    "incidents": [],
}
_VISIT: dict[str, Any] = {
    "execution": "3",
    "process": "lead",
    "version": 2,
    "element": "clean",
    "name": "清洗",
    "entered_at": "2026-11-21T08:00:00Z",
    "left_at": "2026-11-21T08:00:00Z",
    "how": "left",
    "via": "to_clean",
    "due_at": None,
}


@router.get(
    "/instances/{lead_id}",
    responses=tagged(problems(*READ_ONE) | example(_SHOWN)),
    summary="One life of a lead",
)
async def show_instance(lead_id: UUID, call: ReadCall, response: Response, life: Life = None) -> InstanceView:
    """Tokens and what each waits for, variables, waiting timers, incidents. Its `ETag` is that of
    the lead."""

    async def read(tx: Tx) -> InstanceView:
        found = await reads.life(tx, call.speaker, lead_id, life)
        response.headers.update({"ETag": etag(found.version)} | REVALIDATE)
        row = found.row
        return InstanceView(
            lead_id=lead_id,
            life=row.life,
            state=row.state,
            process=row.process,
            called=row.called,
            started_at=row.started_at,
            settled_at=row.settled_at,
            ended_at=row.ended_at,
            outcome=row.outcome,
            applied=row.applied,
            moving=found.moving,
            tokens=found.tokens,
            variables=found.variables,
            timers=found.timers,
            incidents=found.incidents,
        )

    return await call.read(read)


@router.get(
    "/instances/{lead_id}/path",
    responses=problems(*READ_ONE) | example(listed(_VISIT)),
    summary="The way that a life took",
)
async def show_path(
    lead_id: UUID,
    call: ReadCall,
    asked: AskedMany,
    life: Life = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="Visits behind this `execution`")] = 0,
) -> Page[VisitView]:
    """Every visit of an element, in the order in which they began."""
    window = asked.window(visits.ORDER)

    async def read(tx: Tx) -> Page[VisitView]:
        found = await reads.path(tx, call.speaker, lead_id, life, window, after)
        called = await names.of_versions(call, tx, ((one.process, one.version) for one in found.items))
        items = [
            VisitView(
                one.execution,
                one.process,
                one.version,
                one.element,
                called[one.process, one.version].get(one.element, ""),
                one.entered_at,
                one.left_at,
                one.how,
                one.via,
                one.due_at,
            )
            for one in found.items
        ]
        return shown(found, items)

    return await call.read(read)
