"""What people were told, in their words: a person's own inbox of notifications, and those about one
lead."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.context import ReadCall
from api.documented import READ, READ_ONE, example, listed, problems
from api.paging import Asked, Page, Paging, page
from domain.forms import Code, Moment
from domain.notices import reads
from domain.notices.reads import NotificationLine
from store.engine import told
from store.session import Tx
from store.spans import Span

router = APIRouter(tags=["notices"])

_NOTIFICATION = {
    "id": "0192f0c1-2b3f-7c05-8d11-abcdefabcdef",
    "lead_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "to": {"code": "BJ01-C1", "name": "李晓东"},
    "role": None,
    "code": "reminder",
    "text": "首次跟进 将于 2026-11-22 16:00 到期，请尽快处理",
    "created_at": "2026-11-21T20:00:00Z",
    "not_before": "2026-11-22T01:00:00Z",
    "delivered_at": "2026-11-22T01:00:02Z",
}


class NotificationQuery(Paging):
    """Query parameters of ``GET /notifications``; a code given several times means any of its
    values."""

    lead: UUID | None = None
    code: list[Code] = Field(default_factory=list, max_length=50, description="Of the catalogue of notifications")
    since: Moment | None = Field(default=None, description="Of `created_at`; counts itself")
    until: Moment | None = Field(default=None, description="Of `created_at`; does not count itself")


@router.get(
    "/notifications",
    responses=problems(*READ) | example(listed(_NOTIFICATION)),
    summary="What a person was told",
)
async def list_notifications(call: ReadCall, query: Annotated[NotificationQuery, Query()]) -> Page[NotificationLine]:
    """The caller's own notifications, and those of their role about leads within their dealer or
    region, newest first, in the caller's language."""
    window = query.window(told.INBOX)
    created = Span(query.since, query.until)

    async def read(tx: Tx) -> Page[NotificationLine]:
        found = await reads.told_to(tx, call.speaker, window, lead_id=query.lead, codes=query.code, created=created)
        return page(found)

    return await call.read(read)


@router.get(
    "/leads/{lead_id}/notifications",
    responses=problems(*READ_ONE) | example(listed(_NOTIFICATION)),
    summary="What people were told about a lead",
)
async def list_notifications_of_lead(lead_id: UUID, call: ReadCall, asked: Asked) -> Page[NotificationLine]:
    """Who was told what, oldest first, in the caller's language; for whoever may act on the
    lead."""
    window = asked.window(told.OF_LEAD)
    return page(await call.read(lambda tx: reads.told_about(tx, call.speaker, lead_id, window)))
