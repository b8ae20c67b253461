"""``POST /tables/checks``: what a review would find about a file. Nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from api.context import PersonCall
from api.documented import WRITE, example, problems
from api.idempotency import Answer, once
from api.problems import problem_response
from api.tables import reviewing
from api.tables.drafts import BODY, is_xml
from api.tables.reviewing import ReviewView, reviewed
from domain.policy.laws.who import makes_policy
from domain.policy.review import Outline, Review
from store.session import Tx

router = APIRouter(tags=["tables"])


@dataclass(frozen=True, slots=True)
class CheckedDecisionView:
    """A decision of the file. ``rows``: how many its table has; 0 for what is no table."""

    key: str
    name: str
    rows: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


class CheckView(BaseModel):
    """What a file holds, and what was found about it; a file that cannot be read holds nothing."""

    decisions: list[CheckedDecisionView]
    review: ReviewView


_CHECK = {
    "decisions": [
        {"key": "price-tier", "name": "价位与激励", "rows": 3, "inputs": ["price"], "outputs": ["tier", "incentive"]}
    ],
    "review": reviewing.EXAMPLE,
}


@router.post(
    "/tables/checks",
    response_model=CheckView,
    responses=problems(*WRITE) | example(_CHECK),
    openapi_extra={"requestBody": BODY["requestBody"] | {"required": True}},
    summary="Check a table",
)
async def check_table(call: PersonCall) -> Response:
    """Reads the file, analyses its tables, runs their examples and sampled inputs through both
    evaluators, and asks each table what Baton may ask of it. Everything found is in the answer,
    also where the file cannot be read."""
    makes_policy(call)
    if not is_xml(call):
        return problem_response(415, "not_dmn", call.language)
    found = await reviewed(call, await call.request.body())

    async def work(_: Tx) -> Answer:
        return Answer(200, CheckView(decisions=_decisions(found), review=reviewing.view(found, call.language)))

    return await once(call, work)


def _decisions(found: Review) -> list[CheckedDecisionView]:
    return [_decision(one) for one in found.decisions]


def _decision(one: Outline) -> CheckedDecisionView:
    return CheckedDecisionView(one.key, one.name, one.rows, one.inputs, one.outputs)
