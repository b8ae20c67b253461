"""Notices that have not got through, for head office; and what people were told, in their words: a
person's own inbox, and what was told about one lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.messages import NOTIFICATIONS, Language
from cases.spoken import sentence
from cases.states import Role
from domain.kinds import said
from domain.leads.reads.theirs import theirs
from domain.notices.laws import sends
from domain.reach import the_person
from domain.speaker import Speaker
from store.engine import notices, told
from store.engine.notices import NoticeLine, NoticeState
from store.engine.told import Told
from store.leads import views
from store.leads.views import Named
from store.listing import Rows, Window
from store.session import Tx
from store.spans import Span


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


async def unsent(tx: Tx, speaker: Speaker, state: NoticeState | None, window: Window) -> Rows[NoticeLine]:
    """Notices that have not got through, newest first. Raises ``Forbidden``."""
    sends(speaker)
    return await notices.unsent(tx, state, window)


async def told_to(
    tx: Tx, speaker: Speaker, window: Window, *, lead_id: UUID | None, codes: list[str], created: Span
) -> Rows[NotificationLine]:
    """The speaker's own notifications, and those of their role about leads within their dealer or
    region, newest first. Raises ``Forbidden`` when nobody is named."""
    person = the_person(speaker)
    found = await told.to_person(tx, person, window, lead_id=lead_id, codes=codes, created=created)
    return found.shown_as(await _in_words(tx, found.items, speaker.language))


async def told_about(tx: Tx, speaker: Speaker, lead_id: UUID, window: Window) -> Rows[NotificationLine]:
    """Who was told what about a lead, oldest first. Raises ``Forbidden`` for whoever may not act on
    it, ``NotFound``."""
    await theirs(tx, speaker, lead_id)
    found = await told.of_lead(tx, lead_id, window)
    return found.shown_as(await _in_words(tx, found.items, speaker.language))


async def _in_words(tx: Tx, found: Sequence[Told], language: Language) -> tuple[NotificationLine, ...]:
    people = await views.named_in(tx, (value for one in found for value in one.data.values()))
    words = said({key: named.name for key, named in people.items()}, language)
    return tuple(
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
    )
