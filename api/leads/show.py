"""``GET /leads…``: lists, one lead, its history in words, the decisions behind it, its place in the
diagram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.conditions import REVALIDATE, etag
from api.context import ReadCall
from api.documented import READ, READ_ONE, example, listed, problems, tagged
from api.leads.filters import LeadQuery
from api.leads.records import FOLLOW_UP
from api.paging import AskedMany, Page, page, shown
from cases.contracts import PlaceMark
from cases.errors import NotFound
from domain.coded import coded, in_codes
from domain.leads import plain_forms as plain
from domain.leads.laws.possible import possible
from domain.leads.reads import seen, theirs
from domain.leads.reads.history import HistoryLine
from store.engine import inbox, timeline
from store.engine.inbox import ClockLine, TaskFilters, TaskLine
from store.leads import lead_lists, leads, sales, views
from store.leads.sales import SaleLine
from store.leads.views import LeadFacts, LeadLine, LeadState, Named
from store.listing import Window
from store.session import Tx
from store.tables import decisions
from store.tables.decisions import Decision

router = APIRouter(tags=["leads"])

_LEAD = "0192f0c1-2b3c-7d4e-8f50-123456789abc"
_LINE = {
    "id": _LEAD,
    "status": "working",
    "stage": "first_follow_up_due",
    "grade": "A",
    "badges": ["duplicate"],
    "lamp": "green",
    "customer": {
        "id": "0192f0c1-2b3a-7c11-9a00-abcdefabcdef",
        "name": "华桂珍",
        "phone": "+8613981590830",
        "wechat": None,
        "city": "北京",
        "do_not_call": False,
        "labels": [],
        "call_hours": [],
        "email": None,
        "gender": "female",
        "company": None,
        "further": [],
    },
    "contact": None,
    "model": "outback",
    "channel": {"code": "maker.vertical.dongchedi", "name": "懂车帝"},
    "dealer": {"code": "BJ01", "name": "北京翔鹰斯巴鲁4S店"},
    "owner": {"code": "BJ01-C1", "name": "李晓东"},
    "created_at": "2026-11-21T08:00:00Z",
    "stated_at": "2026-11-13T18:15:05Z",
    "assigned_at": "2026-11-21T08:00:01Z",
    "next_due_at": "2026-11-22T08:00:01Z",
    "updated_at": "2026-11-21T08:00:01Z",
}
_PLACE = [
    {"process": "chase", "element": "work", "name": "有人办理", "waits_for": "task", "due": "2026-11-22T08:00:01+00:00"}
]


@dataclass(frozen=True, slots=True)
class LeadView:
    """One lead: facts, state, open tasks, running clocks, place, what can be said of it now, and
    its contracts."""

    lead: LeadLine
    facts: LeadFacts
    state: LeadState
    tasks: tuple[TaskLine, ...]
    clocks: tuple[ClockLine, ...]
    next_deadline: datetime | None
    possible: tuple[str, ...]
    sales: tuple[SaleLine, ...]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Where the lead is in its diagram, as last settled. ``settling``: statements are still on
    their way there."""

    process: str
    version: int
    place: list[PlaceMark]
    settled_at: datetime | None
    settling: bool


@dataclass(frozen=True, slots=True)
class DecisionView:
    """Why: one evaluation of a table. ``candidates``: for routing, each with its points or the
    reason against it.

    ``inputs`` are what the table was asked about a candidate, ``rank`` its share of load and
    waiting time among equals. One line with a ``roster`` stands for all dealers that are farther
    still: ``GET /decisions/{id}`` names them.
    """

    id: UUID
    at: datetime
    element: str | None
    table: str
    version: int
    inputs: dict[str, Any]
    matched: tuple[str, ...]
    result: dict[str, Any]
    candidates: tuple[Any, ...]


@router.get(
    "/leads",
    responses=problems(*READ) | example(listed(_LINE)),
    summary="List leads",
)
async def list_leads(call: ReadCall, query: Annotated[LeadQuery, Query()]) -> Page[LeadLine]:
    """Leads, newest first unless `sort` says otherwise."""
    window = query.window(lead_lists.ORDERS[query.sort])

    async def read(tx: Tx) -> Page[LeadLine]:
        return page(await lead_lists.listed(tx, await query.filters(tx, call), window, query.sort))

    return await call.read(read)


@router.get(
    "/leads/{lead_id}",
    responses=tagged(
        problems(*READ_ONE)
        | example(
            {
                "lead": _LINE,
                "facts": {
                    "model": "outback",
                    "budget_min": 250000,
                    "budget_max": 300000,
                    "horizon_days": 14,
                    "province": "北京",
                    "city": "北京",
                    "district": "朝阳区",
                    "place_code": "110105",
                    "region": "NORTH",
                    **plain.shown(),
                    "campaign": "双十一试驾周",
                    "external_id": "dcd-20261113-0042",
                    "utm": {"source": "dongchedi", "medium": "cpc"},
                    "consents": [],
                },
                "state": {
                    "grade_reason": "within_15_days",
                    "graded_at": "2026-11-21T08:00:01Z",
                    "progress_at": None,
                    "closing": {},
                    "ended_at": None,
                    "attached_to": None,
                    "unread": [{"field": "grade", "code": "unreadable"}],
                    "suspects": [],
                    "life": 1,
                    "process_key": "lead",
                    "process_version": 1,
                    "place": _PLACE,
                    "settled_at": "2026-11-21T08:00:01Z",
                },
                "tasks": [],
                "clocks": [],
                "next_deadline": "2026-11-22T08:00:01Z",
                "possible": [
                    "follow-ups",
                    "invite",
                    "visit",
                    "test-drive",
                    "win",
                    "lose",
                    "invalidate",
                    "cool",
                    "reassign",
                ],
                "sales": [],
            }
        )
    ),
    summary="One lead",
)
async def show_lead(lead_id: UUID, call: ReadCall, response: Response) -> LeadView:
    """A lead with everything that a screen about it shows, read at one instant. Its `ETag` is the
    last line of its history."""

    async def read(tx: Tx) -> LeadView:
        response.headers.update({"ETag": etag(await seen.version_of(tx, lead_id))} | REVALIDATE)
        sheet = await views.lead(tx, lead_id)
        if sheet is None:
            raise NotFound("lead_not_found")
        tasks = (await inbox.tasks(tx, TaskFilters(case_id=lead_id), call.now(), Window(50))).items
        clocks = await inbox.clocks(tx, lead_id)
        due = [task.due_at for task in tasks if task.due_at] + [clock.due_at for clock in clocks]
        allowed = await possible(tx, await leads.get(tx, lead_id))
        sold = await sales.of_lead(tx, lead_id)
        state = replace(sheet.state, closing=await in_codes(tx, sheet.state.closing))
        return LeadView(sheet.line, sheet.facts, state, tasks, clocks, min(due, default=None), allowed, sold)

    return await call.read(read)


@router.get(
    "/leads/{lead_id}/timeline",
    responses=problems(*READ_ONE)
    | example(
        listed(
            {
                "number": 1,
                "at": "2026-11-21T08:00:00Z",
                "by": None,
                "code": "lead_created",
                "text": "收到线索，来自 懂车帝",
                "element": None,
                "data": {"channel": "maker.vertical.dongchedi"},
                "decision_id": None,
                "why": None,
                "follow_up": None,
                "edits": [],
            },
            {
                "number": 2,
                "at": "2026-11-21T08:00:01Z",
                "by": None,
                "code": "graded",
                "text": "定级 A（15 天内购车）",
                "element": "grade",
                "data": {"grade": "A", "reason": "within_15_days", "former": None, "lane": "dispatch"},
                "decision_id": "0192f0c1-2b3d-7e11-8a00-abcdefabcdef",
                "why": "线索定级第 7 行：15 天内，需求明确",
                "follow_up": None,
                "edits": [],
            },
            {
                "number": 9,
                "at": "2026-11-21T09:30:00Z",
                "by": {"code": "BJ01-C1", "name": "李晓东"},
                "code": "followed_up",
                "text": "跟进客户，结果：继续跟进",
                "element": "work",
                "data": {"task_id": FOLLOW_UP["task_id"], "outcome": "continue", "kind": "first_follow_up"},
                "decision_id": None,
                "why": None,
                "follow_up": FOLLOW_UP,
                "edits": [],
            },
        )
    ),
    summary="A lead's history in words",
)
async def show_timeline(
    lead_id: UUID,
    call: ReadCall,
    asked: AskedMany,
    after: Annotated[int, Query(ge=0, le=2**62, description="Entries after this number")] = 0,
) -> Page[HistoryLine]:
    """What happened, oldest first, in the caller's language. Whoever may act on the lead finds what
    was said with the customer and what was corrected beside it."""
    window = asked.window(timeline.ORDER)
    return page(await call.read(lambda tx: theirs.history(tx, call.speaker, lead_id, window, after)))


@router.get(
    "/leads/{lead_id}/decisions",
    responses=problems(*READ_ONE)
    | example(
        listed(
            {
                "id": "0192f0c1-2b3d-7e11-8a00-abcdefabcdef",
                "at": "2026-11-21T08:00:01Z",
                "element": "dispatch",
                "table": "dispatch",
                "version": 1,
                "inputs": {"grade": "A"},
                "matched": ["rule-1", "rule-4"],
                "result": {"points": 85},
                "candidates": [
                    {"reason": "too_far", "roster": 3},
                    {
                        "id": "BJ01",
                        "code": "BJ01",
                        "points": 85,
                        "inputs": {"distance_km": 9, "same_city": True, "same_region": True, "grade": "A"},
                        "rank": [9.0, 0.125, 1763712000.0],
                    },
                    {"id": "BJ02", "code": "BJ02", "reason": "model_not_sold"},
                ],
            }
        )
    ),
    summary="Why: the decisions about a lead",
)
async def show_decisions(lead_id: UUID, call: ReadCall, asked: AskedMany) -> Page[DecisionView]:
    """Every decision with its inputs, table version and matched rows; for routing also why not the
    others."""
    window = asked.window(decisions.ORDER)

    async def read(tx: Tx) -> Page[DecisionView]:
        await leads.get(tx, lead_id)
        found = await decisions.of_lead(tx, lead_id, window)
        names = await views.named_in(tx, ((one.inputs, one.result, one.candidates) for one in found.items))
        return shown(found, [_decision(one, names) for one in found.items])

    return await call.read(read)


def _decision(made: Decision, names: Mapping[str, Named]) -> DecisionView:
    inputs, result, candidates = coded((made.inputs, made.result, made.candidates), names)
    return DecisionView(
        made.id, made.at, made.element, made.key, made.version, inputs, made.matched, result, tuple(candidates)
    )


@router.get(
    "/leads/{lead_id}/place",
    responses=problems(*READ_ONE)
    | example(
        {"process": "lead", "version": 1, "place": _PLACE, "settled_at": "2026-11-21T08:00:01Z", "settling": False}
    ),
    summary="Where the lead is in its diagram",
)
async def show_place(lead_id: UUID, call: ReadCall) -> PlaceView:
    """The tokens' places, what each waits for and until when."""

    async def read(tx: Tx) -> PlaceView:
        sheet = await views.lead(tx, lead_id)
        if sheet is None:
            raise NotFound("lead_not_found")
        state = sheet.state
        settling = await views.moving(tx, lead_id)
        return PlaceView(state.process_key, state.process_version, state.place, state.settled_at, settling)

    return await call.read(read)
