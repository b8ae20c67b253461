"""``POST /leads/{id}/reassign | claim | reactivate | regrade``, the customer's own address (A8,
A11, A16, A17, F3)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from api.conditions import REVALIDATE, Expected, Known, etag, not_modified, unchanged
from api.context import Call, PersonCall, ReadCall
from api.documented import CHANGE, READ_ONE, WRITE, Responses, example, problems, tagged
from api.idempotency import Answer, once
from domain.leads import plain_forms as plain
from domain.leads.statements import bulk, customer, forms, moving, undoing
from domain.leads.statements.bulk import BulkView
from domain.leads.statements.moving import Moved, Reassigned
from store.session import Tx

router = APIRouter(tags=["statements"])

_LEAD = "0192f0c1-2b3c-7d4e-8f50-123456789abc"


class UpdatedView(BaseModel):
    """Names of the fields that changed."""

    lead_id: UUID
    changed: list[str]
    at: datetime


class ErasedView(BaseModel):
    """The customer's leads, whose personal data are gone."""

    lead_id: UUID
    leads: list[UUID]
    at: datetime


_SHEET = {
    "lead_id": _LEAD,
    "customer": {
        "id": "0192f0c1-2b3a-7c11-9a00-abcdefabcdef",
        "name": "华桂珍",
        "phone": "+8613981590830",
        "wechat": None,
        "city": "北京",
        "do_not_call": False,
        "labels": [],
        "call_hours": [],
    },
    "facts": {
        "model": "outback",
        "budget_min": 250000,
        "budget_max": 300000,
        "horizon_days": 14,
        "city": "北京",
        "region": "NORTH",
        **plain.shown(),
    },
}


def _moves(statement: str, status: str, *, conditional: bool = True, **more: object) -> Responses:
    shown: dict[str, object] = {
        "lead_id": _LEAD,
        "statement": statement,
        "dealer": "BJ01",
        "owner": "BJ01-C1",
        "status": status,
        "at": "2026-11-21T08:30:00Z",
        **more,
    }
    return problems(*(CHANGE if conditional else WRITE)) | example(shown)


@router.post(
    "/leads/{lead_id}/reassign",
    response_model=Reassigned,
    responses=_moves("reassign", "working", despite=None),
    summary="改派",
)
async def reassign(lead_id: UUID, call: PersonCall, body: forms.ReassignBody, expected: Expected) -> Response:
    """A supervisor gives the lead to another person or dealer, at any moment of its life. Somebody
    who is absent or has a day off, and a dealer that is closed, get it only if `insist` is true;
    then the choice stands whatever the calendar says, and the answer names what spoke against it.
    With `If-Match` (the `ETag` of the lead) only if nothing has happened to it since; the 412 lists
    what did."""

    async def work(tx: Tx) -> Answer:
        target = await moving.find_target(tx, call.speaker, body)
        return Answer(200, await moving.reassign(tx, call.speaker, lead_id, target, body, expected))

    return await once(call, work)


@router.post(
    "/leads:reassign",
    response_model=BulkView,
    responses=problems(*WRITE)
    | example(
        {
            "reassigned": 1,
            "refused": 0,
            "leads": [{"lead_id": _LEAD, "verdict": "reassigned", "code": None, "message": None}],
        }
    ),
    summary="批量改派",
)
async def reassign_many(call: PersonCall, body: forms.BulkReassignBody) -> Response:
    """Up to 500 leads at once; one that cannot be reassigned does not stop the others."""

    async def work(tx: Tx) -> Answer:
        return Answer(200, await bulk.reassign_many(tx, call.speaker, body))

    return await once(call, work)


@router.post(
    "/leads/{lead_id}/claim",
    response_model=Moved,
    responses=_moves("claim", "working", conditional=False),
    summary="抢单",
)
async def claim(lead_id: UUID, call: PersonCall) -> Response:
    """A consultant takes a lead from the public pool; one wins, the others get 409
    `already_claimed`."""

    async def work(tx: Tx) -> Answer:
        return Answer(200, await moving.claim(tx, call.speaker, lead_id))

    return await once(call, work)


@router.post(
    "/leads/{lead_id}/reactivate",
    response_model=Moved,
    responses=_moves("reactivate", "qualifying"),
    summary="激活",
)
async def reactivate(lead_id: UUID, call: PersonCall, body: forms.ReactivateBody, expected: Expected) -> Response:
    """A lost, invalid or archived customer shows interest again."""

    async def work(tx: Tx) -> Answer:
        return Answer(200, await moving.reactivate(tx, call.speaker, lead_id, body, expected))

    return await once(call, work)


@router.post(
    "/leads/{lead_id}/cancel-order",
    response_model=Moved,
    responses=_moves("cancel_order", "confirming"),
    summary="退订",
)
async def cancel_order(lead_id: UUID, call: PersonCall, body: forms.CancelOrderBody, expected: Expected) -> Response:
    """The customer of a won lead withdraws. Somebody else has to agree; then the sale is kept as
    cancelled, its incentive reversed, and the lead is back with its consultant."""
    return await _question(lead_id, call, "cancel_order", body, expected)


@router.post(
    "/leads/{lead_id}/wrong-win",
    response_model=Moved,
    responses=_moves("wrong_win", "confirming"),
    summary="登记错误",
)
async def wrong_win(lead_id: UUID, call: PersonCall, body: forms.WrongWinBody, expected: Expected) -> Response:
    """A lead was recorded as won by mistake. What follows is as for an order that was cancelled."""
    return await _question(lead_id, call, "wrong_win", body, expected)


async def _question(
    lead_id: UUID, call: Call, name: str, body: forms.CancelOrderBody | forms.WrongWinBody, expected: Expected
) -> Response:
    async def work(tx: Tx) -> Answer:
        return Answer(200, await undoing.question(tx, call.speaker, lead_id, name, body, expected))

    return await once(call, work)


@router.post("/leads/{lead_id}/regrade", response_model=Moved, responses=_moves("regrade", "nurture"), summary="改级")
async def regrade(lead_id: UUID, call: PersonCall, body: forms.RegradeBody, expected: Expected) -> Response:
    """A person states a new grade for a nurtured lead."""

    async def work(tx: Tx) -> Answer:
        return Answer(200, await moving.regrade(tx, call.speaker, lead_id, body, expected))

    return await once(call, work)


@router.get(
    "/leads/{lead_id}/customer",
    response_model=customer.CustomerSheet,
    responses=tagged(problems(*READ_ONE) | example(_SHEET), known=True),
    summary="客户资料",
)
async def show_customer(
    lead_id: UUID, call: ReadCall, known: Known, response: Response
) -> customer.CustomerSheet | Response:
    """The customer's own data and what they want, as they are corrected; with the `ETag` that a
    correction names."""

    async def read(tx: Tx) -> tuple[int, customer.CustomerSheet | None]:
        version = await customer.version_of(tx, lead_id)
        # The version first: what is written in between makes the tag too old, and a correction with
        # it is refused.
        return version, None if unchanged(known, version) else await customer.sheet(tx, lead_id)

    version, sheet = await call.read(read)
    if sheet is None:
        return not_modified(version)
    response.headers.update({"ETag": etag(version), **REVALIDATE})
    return sheet


@router.patch(
    "/leads/{lead_id}/customer",
    response_model=UpdatedView,
    responses=tagged(
        problems(*CHANGE) | example({"lead_id": _LEAD, "changed": ["city"], "at": "2026-11-21T08:30:00Z"})
    ),
    summary="修改客户资料",
)
async def update_customer(lead_id: UUID, call: PersonCall, body: forms.CustomerBody, expected: Expected) -> Response:
    """Changes what is given; source, times and what only the process changes are locked. With
    `If-Match` only if nobody has changed the customer's data since; the 412 says which fields, by
    whom, and what they were and are."""

    async def work(tx: Tx) -> Answer:
        updated, version = await customer.update(tx, call.speaker, lead_id, body, expected)
        return Answer(200, updated, version=version)

    return await once(call, work)


@router.delete(
    "/leads/{lead_id}/customer",
    response_model=ErasedView,
    responses=problems(*WRITE) | example({"lead_id": _LEAD, "leads": [_LEAD], "at": "2026-11-21T08:30:00Z"}),
    summary="删除客户资料",
)
async def erase_customer(lead_id: UUID, call: PersonCall) -> Response:
    """Blanks the customer's personal data everywhere and stops their leads."""

    async def work(tx: Tx) -> Answer:
        return Answer(200, await customer.erase(tx, call.speaker, lead_id))

    return await once(call, work)
