"""Notices that have not got through: head office sees them and has them sent once more."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.context import PersonCall, ReadCall
from api.documented import READ, WRITE, example, listed, problems
from api.idempotency import Answer, once
from api.paging import Page, Paging, page
from domain.notices import reads, statements
from store.engine import notices
from store.engine.notices import NoticeLine, NoticeState
from store.session import Tx

router = APIRouter(tags=["notices"])
log = structlog.get_logger(__name__)

_NOTICE = {
    "id": 4711,
    "notification_id": "0192f0c1-2b3f-7c05-8d11-abcdefabcdef",
    "lead_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "code": "overdue",
    "channel": "mail",
    "staff": "BJ01-M1",
    "role": "dealer_manager",
    "state": "given_up",
    "reason": None,
    "attempts": 20,
    "last_error": "SMTPConnectError",
    "since": "2026-11-21T08:00:01Z",
    "given_up_at": "2026-11-21T10:31:40Z",
}
_MOST = 2**63 - 1  # the database's largest id


class NoticeQuery(Paging):
    """Query parameters of ``GET /notices``."""

    state: NoticeState | None = None


@router.get(
    "/notices",
    responses=problems(*READ) | example(listed(_NOTICE)),
    summary="Notices that have not got through",
)
async def list_notices(call: ReadCall, query: Annotated[NoticeQuery, Query()]) -> Page[NoticeLine]:
    """Those that wait (`reason`: new, failed so far, or no worker runs their channel) and those
    that were given up, newest first. For head office."""
    window = query.window(notices.ORDERS[query.state])
    return page(await call.read(lambda tx: reads.unsent(tx, call.speaker, query.state, window)))


@router.post(
    "/notices/{notice_id}/retry",
    response_model=NoticeLine,
    responses=problems(*WRITE) | example(_NOTICE | {"state": "waiting", "reason": "failed", "attempts": 0}),
    summary="Send once more",
)
async def retry_notice(notice_id: Annotated[int, Path(ge=1, le=_MOST)], call: PersonCall) -> Response:
    """One that was given up waits again and has all its attempts before it; one that waits is due
    at once. For head office."""

    async def work(tx: Tx) -> Answer:
        return Answer(200, await statements.send_again(tx, call.speaker, notice_id))

    answer = await once(call, work)
    log.info("a notice is sent once more", notice=notice_id, by=str(call.actor))
    return answer
