"""What people were told, in their words: a person's own inbox of notifications, and those about one
lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.context import ReadCall
from api.documented import READ, READ_ONE, example, listed, problems
from api.paging import Asked, Page, Paging, shown
from cases.messages import NOTIFICATIONS, Language
from cases.spoken import sentence
from cases.states import Role
from domain.forms import Code, Moment
from domain.kinds import said
from domain.reach import the_person, within_reach
from store.engine import told
from store.engine.told import Told
from store.leads import leads, views
from store.leads.views import Named
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


@dataclass(frozen=True, slots=True)
class NotificationLine:
    """One notification: ``text`` for people, ``code`` for programs. ``to`` is the person, ``role``
    whom it was for if not for a certain person. ``not_before``: it goes out when people are at
    work. ``delivered_at``: when it had first reached whoever asks, or anybody, by a channel; the
    log does not count."""

    id: UUID
    lead_id: UUID
    to: Named | None
    role: Role | None
    code: str
    text: str
    created_at: datetime
    not_before: datetime | None
    delivered_at: datetime | None


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
    person = the_person(call)
    window = query.window(told.INBOX)
    created = Span(query.since, query.until)

    async def read(tx: Tx) -> Page[NotificationLine]:
        found = await told.to_person(tx, person, window, lead_id=query.lead, codes=query.code, created=created)
        return shown(found, await _in_words(tx, found.items, call.language))

    return await call.read(read)


@router.get(
    "/leads/{lead_id}/notifications",
    responses=problems(*READ_ONE) | example(listed(_NOTIFICATION)),
    summary="What people were told about a lead",
)
async def list_notifications_of_lead(lead_id: UUID, call: ReadCall, asked: Asked) -> Page[NotificationLine]:
    """Who was told what, oldest first, in the caller's language; for whoever may act on the
    lead."""
    person = the_person(call)
    window = asked.window(told.OF_LEAD)

    async def read(tx: Tx) -> Page[NotificationLine]:
        await within_reach(tx, person, await leads.get(tx, lead_id))
        found = await told.of_lead(tx, lead_id, window)
        return shown(found, await _in_words(tx, found.items, call.language))

    return await call.read(read)


async def _in_words(tx: Tx, found: Sequence[Told], language: Language) -> list[NotificationLine]:
    people = await views.named_in(tx, (value for one in found for value in one.data.values()))
    words = said({key: named.name for key, named in people.items()}, language)
    return [
        NotificationLine(
            id=one.id,
            lead_id=one.lead_id,
            to=one.to,
            role=one.role,
            code=one.code,
            text=sentence(NOTIFICATIONS, one.code, one.data, words, language),
            created_at=one.created_at,
            not_before=one.not_before,
            delivered_at=one.delivered_at,
        )
        for one in found
    ]
