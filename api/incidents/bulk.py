"""Many incidents are retried at once; the report says what truly became of each."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from api.context import PersonCall, ReadCall
from api.documented import READ_ONE, WRITE, example, problems
from api.idempotency import Answer, once
from api.incidents.show import INCIDENT
from api.problems import PREFIX
from api.repairs.batches import BatchView, Report, StartedView, report
from domain.repairs.forms import BulkRetryBody
from domain.repairs.statements import batches as statements
from store.engine.batches import BatchKind
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

    async def work(tx: Tx) -> Answer:
        started = await statements.retry(tx, call.speaker, body)
        return Answer(202, StartedView(**started._asdict()), f"{PREFIX}/incidents/retries/{started.id}")

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
