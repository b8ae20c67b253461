"""``POST /leads/{id}/…``: what people state about their work, each completing an open task (A5, A8,
A12–A15)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from api.context import Call, PersonCall
from api.documented import WRITE, Responses, example, problems
from api.idempotency import Answer, once
from domain.leads.statements import forms, head_office, purchase, saying
from domain.leads.statements.completing import Stated
from store.session import Tx

router = APIRouter(tags=["statements"])


def _answers(statement: str, outcome: str, stage: str | None = "next_follow_up_due") -> Responses:
    shown = {
        "lead_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
        "task_id": "5f2b8c1e-9a43-5d10-8c67-2f4a6b8d0e12",
        "statement": statement,
        "outcome": outcome,
        "late": False,
        "stage": stage,
        "grade": "A",
        "at": "2026-11-21T08:30:00Z",
    }
    return problems(*WRITE) | example(shown)


async def _say(call: Call, statement: Callable[[Tx], Awaitable[Stated]]) -> Response:
    async def work(tx: Tx) -> Answer:
        return Answer(200, await statement(tx))

    return await once(call, work)


@router.post(
    "/leads/{lead_id}/follow-ups",
    response_model=Stated,
    responses=_answers("follow_up", "continue"),
    summary="跟进",
)
async def follow_up(lead_id: UUID, call: PersonCall, body: forms.FollowUpBody) -> Response:
    """The consultant spoke with the customer; the next follow-up is planned by the cadence
    table."""
    return await _say(call, lambda tx: saying.follow_up(tx, call.speaker, lead_id, "follow_up", body))


@router.post(
    "/leads/{lead_id}/invite",
    response_model=Stated,
    responses=_answers("invite", "continue", "invited"),
    summary="邀约成功",
)
async def invite(lead_id: UUID, call: PersonCall, body: forms.FollowUpBody) -> Response:
    """The customer has agreed to come."""
    return await _say(call, lambda tx: saying.follow_up(tx, call.speaker, lead_id, "invite", body))


@router.post(
    "/leads/{lead_id}/visit",
    response_model=Stated,
    responses=_answers("visit", "continue", "visited"),
    summary="已到店",
)
async def visit(lead_id: UUID, call: PersonCall, body: forms.FollowUpBody) -> Response:
    """The customer came to the showroom."""
    return await _say(call, lambda tx: saying.follow_up(tx, call.speaker, lead_id, "visit", body))


@router.post(
    "/leads/{lead_id}/test-drive",
    response_model=Stated,
    responses=_answers("test_drive", "continue", "test_drive"),
    summary="试驾",
)
async def test_drive(lead_id: UUID, call: PersonCall, body: forms.FollowUpBody) -> Response:
    """The customer drove the car."""
    return await _say(call, lambda tx: saying.follow_up(tx, call.speaker, lead_id, "test_drive", body))


@router.post("/leads/{lead_id}/win", response_model=Stated, responses=_answers("win", "won", "won"), summary="成交")
async def win(lead_id: UUID, call: PersonCall, body: forms.WinBody) -> Response:
    """The customer signed; the contract is recorded."""
    return await _say(call, lambda tx: saying.win(tx, call.speaker, lead_id, body))


@router.post("/leads/{lead_id}/lose", response_model=Stated, responses=_answers("lose", "lost"), summary="战败")
async def lose(lead_id: UUID, call: PersonCall, body: forms.LoseBody) -> Response:
    """The customer will not buy; a manager has to confirm."""
    return await _say(call, lambda tx: saying.lose(tx, call.speaker, lead_id, body))


@router.post(
    "/leads/{lead_id}/invalidate",
    response_model=Stated,
    responses=_answers("invalidate", "invalid"),
    summary="无效",
)
async def invalidate(lead_id: UUID, call: PersonCall, body: forms.InvalidateBody) -> Response:
    """It never was a lead; a manager has to confirm."""
    return await _say(call, lambda tx: saying.invalidate(tx, call.speaker, lead_id, body))


@router.post("/leads/{lead_id}/cool", response_model=Stated, responses=_answers("cool", "cooled"), summary="转培育")
async def cool(lead_id: UUID, call: PersonCall, body: forms.CoolBody) -> Response:
    """The customer wants to wait: back to nurture."""
    return await _say(call, lambda tx: saying.cool(tx, call.speaker, lead_id, body))


@router.post(
    "/leads/{lead_id}/confirm",
    response_model=Stated,
    responses=_answers("confirm", "confirmed"),
    summary="确认战败/无效",
)
async def confirm(lead_id: UUID, call: PersonCall, body: forms.ConfirmBody) -> Response:
    """A manager agrees with lost or invalid, or sends the lead back."""
    return await _say(call, lambda tx: saying.confirm(tx, call.speaker, lead_id, body))


@router.post(
    "/leads/{lead_id}/firm-up",
    response_model=Stated,
    responses=_answers("firm_up", "confirmed", "won"),
    summary="临近购车确认",
)
async def firm_up(lead_id: UUID, call: PersonCall, body: forms.FirmUpBody) -> Response:
    """Whether a purchase that was agreed for a later day holds, shortly before it: confirmed, moved
    to another day, or fallen through, which goes on as an order that was cancelled."""
    return await _say(call, lambda tx: purchase.firm_up(tx, call.speaker, lead_id, body))


@router.post(
    "/leads/{lead_id}/call-result",
    response_model=Stated,
    responses=_answers("call_result", "qualified", None),
    summary="外呼结果",
)
async def call_result(lead_id: UUID, call: PersonCall, body: forms.CallResultBody) -> Response:
    """What the outbound call brought: an outcome, completed facts, a stated grade."""
    return await _say(call, lambda tx: saying.call_result(tx, call.speaker, lead_id, body))


@router.post(
    "/leads/{lead_id}/intent",
    response_model=Stated,
    responses=_answers("intent", "raised", None),
    summary="意向复核",
)
async def intent(lead_id: UUID, call: PersonCall, body: forms.IntentBody) -> Response:
    """The two-monthly look at a nurtured customer's intent."""
    return await _say(call, lambda tx: saying.intent(tx, call.speaker, lead_id, body))


@router.post(
    "/leads/{lead_id}/recall-result",
    response_model=Stated,
    responses=_answers("recall_result", "not_interested", None),
    summary="战败回访结果",
)
async def recall_result(lead_id: UUID, call: PersonCall, body: forms.RecallBody) -> Response:
    """HQ called a lost customer back."""
    return await _say(call, lambda tx: saying.recall_result(tx, call.speaker, lead_id, body))


@router.post(
    "/leads/{lead_id}/hq-decision",
    response_model=Stated,
    responses=_answers("hq_decision", "dispatch", None),
    summary="总部定夺",
)
async def hq_decision(lead_id: UUID, call: PersonCall, body: forms.HqDecisionBody) -> Response:
    """Head office decides: to another dealer by the tables, nurture, closed with a reason, or one
    more call. Whoever names a dealer or a consultant reassigns the lead, which answers the task as
    well."""
    return await _say(call, lambda tx: head_office.decide(tx, call.speaker, lead_id, body))
