"""A lead's timeline in the caller's words: codes from the catalogue, names looked up when the line
is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.messages import Language
from domain.coded import coded
from domain.decisions.briefly import reasons
from domain.leads.reads.written import NOTHING, Written
from domain.lines import line
from store.engine.timeline import Entry
from store.leads import views
from store.leads.records import EditLine, FollowUpLine
from store.leads.views import Named
from store.network import network
from store.session import Tx


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What happened: ``text`` for people, ``code`` and ``data`` for programs. ``by`` is the person,
    if one acted.

    ``why`` says in short what a table decided; ``GET /decisions/{decision_id}`` tells all of it.
    ``follow_up`` and ``edits`` are what was written then, for whoever may act on the lead.
    """

    number: int
    at: datetime
    by: Named | None
    code: str
    text: str
    element: str | None
    data: dict[str, Any]
    decision_id: UUID | None = None
    why: str | None = None
    follow_up: FollowUpLine | None = None
    edits: tuple[EditLine, ...] = ()


async def tell_history(
    tx: Tx, entries: Sequence[Entry], language: Language, written: Mapping[int, Written] | None = None
) -> list[HistoryLine]:
    """The entries as lines in the caller's language; ``written``: what was written then, by the
    entry's number."""
    beside = written or {}
    people = await views.named_in(tx, (value for entry in entries for value in (entry.actor, entry.data)))
    names = {key: found.name for key, found in people.items()}
    names |= {channel.code: channel.name for channel in await network.channels(tx)}
    names |= await views.model_names(tx)
    decided = {entry.id: UUID(entry.data["decision_id"]) for entry in entries if "decision_id" in entry.data}
    why = await reasons(tx, set(decided.values()), language)
    return [
        HistoryLine(
            number=entry.number,
            at=entry.at,
            by=people.get(entry.actor.removeprefix("staff:")),
            code=entry.code,
            text=line(entry.code, entry.data, names, language),
            element=entry.element,
            data=coded(entry.data, people),
            decision_id=decided.get(entry.id),
            why=why.get(decided[entry.id]) if entry.id in decided else None,
            follow_up=beside.get(entry.number, NOTHING).follow_up,
            edits=beside.get(entry.number, NOTHING).edits,
        )
        for entry in entries
    ]
