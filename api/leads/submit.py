"""``POST /leads`` and ``POST /leads:batch``: the real-time door for channels, entry screens and
imports (A2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from api.context import AnyCall, Call
from api.documented import WRITE, example, problems
from api.idempotency import Answer, once
from api.leads.submission import BatchBody, SubmissionBody
from api.media.documented import in_other_forms
from api.problems import FieldProblemBody, field_problem, problem_body
from cases.errors import FieldProblem
from cases.states import Verdict
from domain.leads.intake import receiving
from domain.leads.intake.receiving import Received
from domain.leads.intake.settling import Quiet
from store.session import Tx

router = APIRouter(tags=["leads"])


class VerdictView(BaseModel):
    """What became of a submission. ``reactivated``: the customer's ended lead lives again (激).

    ``code``: why a duplicate changed nothing at all. ``unread``: the cells that could not be read;
    they are kept as typed, and the outbound call asks for what matters.
    """

    verdict: Literal[Verdict.CREATED, Verdict.DUPLICATE]
    lead_id: UUID
    reactivated: bool
    code: Quiet | None = None
    unread: list[FieldProblemBody] = []


class RowVerdict(BaseModel):
    """What became of one row of a batch; ``row`` counts from 0. A rejected row has no lead but
    reasons."""

    row: int
    verdict: Verdict
    lead_id: UUID | None
    reactivated: bool
    code: Quiet | None = None
    unread: list[FieldProblemBody] = []
    problems: list[FieldProblemBody]


class BatchVerdict(BaseModel):
    """The rows' verdicts in their order, and how many of each."""

    created: int
    duplicate: int
    rejected: int
    rows: list[RowVerdict]


_LEAD = "0192f0c1-2b3c-7d4e-8f50-123456789abc"
_VERDICT = {"verdict": "created", "lead_id": _LEAD, "reactivated": False, "code": None, "unread": []}
_BATCH = {
    "created": 1,
    "duplicate": 0,
    "rejected": 1,
    "rows": [
        {"row": 0, **_VERDICT, "problems": []},
        {
            "row": 1,
            "verdict": "rejected",
            "lead_id": None,
            "reactivated": False,
            "code": None,
            "unread": [],
            "problems": [
                {"field": "phone", "code": "test_number", "message": "测试号码", "cure": "请填写客户的真实号码"}
            ],
        },
    ],
}


@router.post(
    "/leads",
    status_code=201,
    response_model=VerdictView,
    responses=problems(*WRITE)
    | {
        201: {"description": "A new lead; its process starts", **example(_VERDICT, 201)[201]},
        200: {
            "model": VerdictView | BatchVerdict,
            "description": "A duplicate: attached to the customer's lead; or the verdicts of a file of several",
            **example({**_VERDICT, "verdict": "duplicate"})[200],
        },
    },
    openapi_extra=in_other_forms(several=False),
    summary="Send a lead",
)
async def send_lead(call: AnyCall, body: SubmissionBody) -> Response:
    """One lead from a channel or a person. A rejected one is answered 422 `lead_rejected` with its
    reasons.

    Also as ADF 1.0, as XML with the same names, or as a posted form; a file of several prospects is
    answered like `POST /leads:batch`. `?channel=` names the channel of those. With `Accept:
    application/xml` the answer is XML.
    """

    async def receive(tx: Tx) -> Answer:
        received = (await receiving.receive(tx, call.speaker, [body.model_dump(exclude_unset=True)]))[0]
        if received.verdict == Verdict.REJECTED:
            more = {"verdict": str(received.verdict)}
            wrong = received.problems + received.unread
            return Answer(422, problem_body(422, "lead_rejected", call.language, problems=wrong, more=more))
        content = VerdictView.model_validate(_view(received, call))
        location = f"/api/v1/leads/{received.lead_id}"
        return Answer(201 if received.verdict == Verdict.CREATED else 200, content, location)

    return await once(call, receive)


@router.post(
    "/leads:batch",
    response_model=BatchVerdict,
    responses=problems(*WRITE) | example(_BATCH),
    openapi_extra=in_other_forms(several=True),
    summary="Send up to 500 leads",
)
async def send_leads(call: AnyCall, body: BatchBody) -> Response:
    """Many leads in one transaction, a verdict each; a failure of the server changes nothing at
    all."""

    async def receive(tx: Tx) -> Answer:
        return Answer(200, await receive_batch(tx, call, body.leads))

    return await once(call, receive)


async def receive_batch(tx: Tx, call: Call, rows: list[Any]) -> BatchVerdict:
    """All rows go through the door together, also those that are no leads at all."""
    received = await receiving.receive(tx, call.speaker, rows)
    shown = [
        RowVerdict(row=number, problems=_shown(one.problems, call), **_view(one, call))
        for number, one in enumerate(received)
    ]
    counts = {verdict.value: sum(row.verdict == verdict.value for row in shown) for verdict in Verdict}
    return BatchVerdict(rows=shown, **counts)


def _view(one: Received, call: Call) -> dict[str, Any]:
    return {
        "verdict": one.verdict.value,
        "lead_id": one.lead_id,
        "reactivated": one.reactivated,
        "code": one.code,
        "unread": _shown(one.unread, call),
    }


def _shown(problems: Sequence[FieldProblem], call: Call) -> list[FieldProblemBody]:
    return [FieldProblemBody(**field_problem(problem, call.language)) for problem in problems]
