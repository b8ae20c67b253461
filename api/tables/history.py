"""``GET /tables/{key}/history``: the audit of a table. Who did what, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.context import ReadCall
from api.documented import READ_ONE, example, listed, problems
from api.paging import Asked, Page, shown
from api.tables.views import Key
from cases.actors import staff_id
from cases.errors import NotFound
from cases.messages import TABLE_EVENTS, Language, say
from cases.spoken import spoken
from domain.kinds import said
from store.leads.views import Named, people_of
from store.session import Tx
from store.tables import table_events
from store.tables.table_events import Event

router = APIRouter(tags=["tables"])


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of the audit. ``by`` is None for Baton itself; ``text`` says in words what ``code``
    and ``data`` are."""

    id: UUID
    at: datetime
    by: Named | None
    code: str
    text: str
    reason: str
    draft: UUID | None
    version: int | None
    data: Mapping[str, Any]


_EVENT = {
    "id": "0192f0c1-2b3e-7a10-9c00-abcdefabcdef",
    "at": "2026-11-21T08:00:00Z",
    "by": {"code": "HQ-02", "name": "陈立"},
    "code": "published",
    "text": "发布第 2 版，立即生效",
    "reason": "中档奖励提高到 600 元",
    "draft": "0192f0c1-2b3d-7e11-8a00-abcdefabcdef",
    "version": 2,
    "data": {"effective_from": "2026-11-21T08:00:00+00:00"},
}


@router.get(
    "/tables/{key}/history",
    responses=problems(*READ_ONE) | example(listed(_EVENT)),
    summary="Who changed a table, when and why",
)
async def show_history(key: Key, call: ReadCall, asked: Asked) -> Page[EventView]:
    """Everything that was done to a table, newest first."""
    window = asked.window(table_events.ORDER)

    async def read(tx: Tx) -> Page[EventView]:
        found = await table_events.of_key(tx, key, window)
        if not found.items and window.after is None:
            raise NotFound("table_not_found", key=key)
        names = await people_of(tx, [one.actor for one in found.items])
        return shown(found, [_view(one, names, call.language) for one in found.items])

    return await call.read(read)


def _view(event: Event, names: Mapping[str, Named], language: Language) -> EventView:
    words = {name: spoken(value, said({}, language), language) for name, value in event.data.items()}
    text = say(TABLE_EVENTS, event.code, language, words | {"version": event.version})
    by = names.get(staff_id(event.actor))
    return EventView(event.id, event.at, by, event.code, text, event.reason, event.draft_id, event.version, event.data)
