"""Everything under ``/migrations``: try one, begin one, see what became of it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from api.context import PersonCall, ReadCall
from api.documented import READ_ONE, WRITE, example, problems
from api.idempotency import Answer, once
from api.migrations import preview
from api.problems import PREFIX
from api.repairs.batches import BatchView, Report, StartedView, report
from domain.repairs.forms import StartBody
from domain.repairs.statements import batches as statements
from store.engine.batches import BatchKind
from store.session import Tx

router = APIRouter(tags=["migrations"])

_ID = "0192f0c1-2b3d-7e11-8a00-abcdefabcdef"
_LEAD = "0192f0c1-2b3c-7d4e-8f50-123456789abc"
_REPORT = {
    "id": _ID,
    "at": "2026-11-21T08:30:00Z",
    "by": "HQ-01",
    "reason": "新的跟进流程",
    "told": True,
    "total": 5,
    "totals": {"done": 4, "refused": 1},
    "items": [
        {
            "number": 1,
            "lead_id": _LEAD,
            "incident_id": None,
            "element": None,
            "outcome": "done",
            "reasons": [],
            "message": None,
        }
    ],
    "next": None,
}


@router.post(
    "/migrations",
    status_code=202,
    response_model=StartedView,
    responses=problems(*WRITE) | example({"id": _ID, "total": 5, "at": "2026-11-21T08:30:00Z"}, 202),
    summary="Migrate running leads",
)
async def start_migration(body: StartBody, call: PersonCall) -> Response:
    """Every lead that runs on the version now is told, ``batch_size`` of them at a time; each
    decides for itself.

    A lead that does not fit, or has moved on since, stays as it is. The report is at ``Location``.
    """

    async def work(tx: Tx) -> Answer:
        started = await statements.migrate(tx, call.speaker, body)
        return Answer(202, StartedView(**started._asdict()), f"{PREFIX}/migrations/{started.id}")

    return await once(call, work)


@router.get(
    "/migrations/{batch_id}",
    responses=problems(*READ_ONE) | example(_REPORT),
    summary="What became of a migration",
)
async def show_migration(batch_id: UUID, call: ReadCall, query: Report) -> BatchView:
    """Each lead: waiting, done, refused (with reasons) or gone (it had ended, or no longer ran on
    the version)."""
    return await call.read(lambda tx: report(tx, batch_id, BatchKind.MIGRATION, query, call.language))


router.include_router(preview.router)
