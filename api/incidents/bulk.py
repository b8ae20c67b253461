"""Many incidents are retried at once; the report says what truly became of each."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from api.context import PersonCall, ReadCall
from api.documented import READ_ONE, WRITE, example, problems
from api.idempotency import Answer, once
from api.incidents.show import INCIDENT
from api.problems import PREFIX
from api.repairs.batches import BatchView, Report, Size, StartedView, report
from api.repairs.bodies import Element, RetryBody, Why
from cases.errors import FieldProblem, Invalid
from domain.forms import Code, Form
from domain.reach import DESK, the_person, with_role
from store.engine import batches, incidents
from store.engine.batches import BatchKind
from store.engine.incidents import Incident, Sought
from store.session import Tx

router = APIRouter(tags=["incidents"])

_ID = "0192f0c1-2b3e-7a22-9b11-fedcbafedcba"
_ITEM = {
    "number": 1,
    "lead_id": INCIDENT["lead_id"],
    "incident_id": INCIDENT["id"],
    "element": "dispatch",
    "outcome": "resolved",
    "reasons": [],
    "message": None,
}
_REPORT = {
    "id": _ID,
    "at": "2026-11-21T08:30:00Z",
    "by": "HQ-01",
    "reason": "决策表已修正",
    "told": True,
    "total": 3,
    "totals": {"resolved": 2, "failed_again": 1},
    "items": [_ITEM],
    "next": None,
}


class Filter(Form):
    """Which open incidents; what is not given does not matter. ``message`` is a part of theirs."""

    kind: Code | None = None
    element: Element | None = None
    process: Code | None = None
    message: Why | None = None


class BulkRetryBody(RetryBody):
    """Incidents by what they have in common, or by their ids."""

    filter: Filter | None = None
    ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)] | None = None
    batch_size: Size = 200


@router.post(
    "/incidents/retries",
    status_code=202,
    response_model=StartedView,
    responses=problems(*WRITE) | example({"id": _ID, "total": 3, "at": "2026-11-21T08:30:00Z"}, 202),
    summary="Retry many incidents",
)
async def retry_incidents(body: BulkRetryBody, call: PersonCall) -> Response:
    """The incidents that are open now are retried, ``batch_size`` at a time. The report is at
    ``Location``."""
    with_role(the_person(call), DESK)
    if (body.filter is None) == (body.ids is None):
        raise Invalid("invalid_input", problems=(FieldProblem("filter", "one_of", {"expected": "filter, ids"}),))

    async def work(tx: Tx) -> Answer:
        found = await _found(tx, body)
        at = call.now()
        orders = {"variables": body.variables} if body.variables else {}
        batch = await batches.create(tx, BatchKind.RETRY, at, body.reason, orders, body.batch_size)
        await batches.plan_incidents(tx, batch, [(one.id, one.case_id, one.key) for one in found])
        return Answer(202, StartedView(id=batch, total=len(found), at=at), f"{PREFIX}/incidents/retries/{batch}")

    return await once(call, work)


@router.get(
    "/incidents/retries/{batch_id}",
    responses=problems(*READ_ONE) | example(_REPORT),
    summary="What became of a bulk retry",
)
async def show_retries(batch_id: UUID, call: ReadCall, query: Report) -> BatchView:
    """Each incident: waiting (the lead has not worked on it yet), resolved (it waits there no
    more), failed_again (with the new message), or gone (somebody else had resolved it, or the
    lead's life ended before)."""
    return await call.read(lambda tx: report(tx, batch_id, BatchKind.RETRY, query, call.language))


async def _found(tx: Tx, body: BulkRetryBody) -> tuple[Incident, ...]:
    """The incidents that are meant. Raises ``Invalid`` for ids that no retriable incident has."""
    if body.ids is None:
        return await incidents.sought(tx, Sought(**(body.filter or Filter()).model_dump()))
    found = await incidents.by_id(tx, body.ids)
    known = {one.id for one in found if one.kind != incidents.MISSING_DEFINITION}
    strange = [number for number, one in enumerate(body.ids) if one not in known]
    if strange:
        raise Invalid(
            "invalid_input", problems=tuple(FieldProblem(f"ids/{number}", "unknown_incident") for number in strange)
        )
    return found
