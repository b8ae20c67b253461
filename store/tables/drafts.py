"""Drafts of decision tables: what a version may become, save by save, with who did it and what
others say about it.

Whoever changes a draft holds its row; a draft that was published or discarded is never changed
again, and decides beside no table any more. Every change writes its line into the audit
(``store.tables.table_events``) in its transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from cases.errors import Conflict, NotFound
from cases.ids import new_id
from store.models import DraftComment, DraftRevision, TableDraft
from store.session import Tx
from store.tables import shadows, table_events


class DraftState(StrEnum):
    """What has become of a draft."""

    OPEN = "open"
    PUBLISHED = "published"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft without its file. ``based_on``: the version that it was taken from; ``revision``: its
    newest save."""

    id: UUID
    key: str
    name: str
    based_on: int | None
    revision: int
    state: str
    reason: str
    created_at: datetime
    created_by: str
    edited_at: datetime
    edited_by: str
    closed_at: datetime | None
    closed_by: str | None
    version: int | None


@dataclass(frozen=True, slots=True)
class Revision:
    """One save of a draft; never changed."""

    draft_id: UUID
    number: int
    xml: bytes
    sha256: str
    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody says about a revision, or about one ``row`` (a rule's id) or ``column`` of it,
    or a cell."""

    id: UUID
    draft_id: UUID
    revision: int
    at: datetime
    by: str
    text: str
    row: str | None
    column: str | None


_drafts = TableDraft.__table__
_revisions = DraftRevision.__table__
_comments = DraftComment.__table__

# -- reading --------------------------------------------------------------------------------------


async def one(tx: Tx, draft_id: UUID, key: str | None = None) -> Draft:
    """A draft, of this table if a key is given. Raises ``NotFound``."""
    return await _one(tx, draft_id, key, hold=False)


async def hold(tx: Tx, draft_id: UUID, key: str | None = None) -> Draft:
    """An open draft, for this transaction alone. Raises ``NotFound``, and ``Conflict`` when it is
    open no more."""
    draft = await _one(tx, draft_id, key, hold=True)
    if draft.state != DraftState.OPEN:
        raise Conflict("draft_closed", state=draft.state)
    return draft


async def file(tx: Tx, draft_id: UUID, revision: int | None = None) -> Revision:
    """One save of a draft with its file, the newest unless a number is given. Raises
    ``NotFound``."""
    query = select(_revisions).where(_revisions.c.draft_id == draft_id)
    if revision is not None:
        query = query.where(_revisions.c.number == revision)
    row = (await tx.session.execute(query.order_by(_revisions.c.number.desc()).limit(1))).mappings().one_or_none()
    if row is None:
        raise NotFound("draft_not_found")
    return Revision(**row)


async def revisions(tx: Tx, draft_id: UUID) -> tuple[Revision, ...]:
    """Every save of a draft, newest first; their files are left empty."""
    c = _revisions.c
    query = select(c.draft_id, c.number, c.sha256, c.at, c.by, c.note).where(c.draft_id == draft_id)
    rows = await tx.session.execute(query.order_by(c.number.desc()))
    return tuple(Revision(**row, xml=b"") for row in rows.mappings())


async def editors(tx: Tx, draft_id: UUID) -> frozenset[str]:
    """Everybody who ever saved the draft: none of them may publish it."""
    query = select(_revisions.c.by).where(_revisions.c.draft_id == draft_id)
    return frozenset((await tx.session.scalars(query)).all())


async def of_key(tx: Tx, key: str | None = None, *, open_only: bool = True) -> tuple[Draft, ...]:
    """The drafts of a table, or of all, newest first."""
    query = select(_drafts).order_by(_drafts.c.id.desc())
    if key is not None:
        query = query.where(_drafts.c.key == key)
    if open_only:
        query = query.where(_drafts.c.state == DraftState.OPEN)
    return tuple(Draft(**row) for row in (await tx.session.execute(query)).mappings())


async def comments(tx: Tx, draft_id: UUID) -> tuple[Comment, ...]:
    """All that was said about a draft, oldest first."""
    query = select(_comments).where(_comments.c.draft_id == draft_id).order_by(_comments.c.at, _comments.c.id)
    return tuple(Comment(**row) for row in (await tx.session.execute(query)).mappings())


# -- changing ------------------------------------------------------------------------------------


async def create(tx: Tx, key: str, name: str, xml: bytes, based_on: int | None, at: datetime, reason: str) -> Draft:
    """A draft in the name of the transaction's actor, with its first revision."""
    by = str(tx.actor)
    draft = Draft(
        new_id(), key, name, based_on, 1, DraftState.OPEN, reason, at, by, at, by, closed_at=None, closed_by=None,
        version=None,
    )  # fmt: skip
    await tx.session.execute(insert(_drafts).values({name: getattr(draft, name) for name in Draft.__slots__}))
    await _add(tx, draft.id, 1, xml, at, "")
    code = "table_drafted" if based_on is None else "drafted"
    await table_events.record(tx, key, code, at, draft_id=draft.id, reason=reason, based_on=based_on)
    return draft


async def save(tx: Tx, draft: Draft, revision: int, name: str, xml: bytes, at: datetime, note: str = "") -> Draft:
    """Saves a draft that is held; ``revision`` is the one that the change was made to.

    The file that is the newest revision already stays it. Raises ``Conflict`` when somebody else
    saved meanwhile.
    """
    newest(draft, revision)
    if (await file(tx, draft.id)).sha256 == hashlib.sha256(xml).hexdigest():
        return draft
    number = draft.revision + 1
    await _add(tx, draft.id, number, xml, at, note)
    await table_events.record(tx, draft.key, "saved", at, draft_id=draft.id, reason=note, revision=number)
    return await _change(tx, draft.id, name=name, revision=number, edited_at=at, edited_by=str(tx.actor))


async def comment(
    tx: Tx, draft: Draft, revision: int, at: datetime, words: str, row: str | None, column: str | None
) -> Comment:
    """Keeps what the transaction's actor says about a revision."""
    said = Comment(new_id(), draft.id, revision, at, str(tx.actor), words, row, column)
    await tx.session.execute(insert(_comments).values({name: getattr(said, name) for name in Comment.__slots__}))
    await table_events.record(tx, draft.key, "commented", at, draft_id=draft.id, revision=revision)
    return said


async def discard(tx: Tx, draft: Draft, at: datetime, reason: str) -> Draft:
    """Gives up a draft that is held."""
    await table_events.record(tx, draft.key, "discarded", at, draft_id=draft.id, reason=reason)
    return await _close(tx, draft.id, DraftState.DISCARDED, at)


async def published(tx: Tx, draft: Draft, version: int, at: datetime) -> Draft:
    """A draft that is held has become a version."""
    return await _close(tx, draft.id, DraftState.PUBLISHED, at, version=version)


def newest(draft: Draft, revision: int) -> None:
    """Raises ``Conflict`` unless this is the draft's newest revision."""
    if revision != draft.revision:
        raise Conflict("draft_changed", revision=draft.revision)


async def _one(tx: Tx, draft_id: UUID, key: str | None, *, hold: bool) -> Draft:
    query = select(_drafts).where(_drafts.c.id == draft_id)
    if key is not None:
        query = query.where(_drafts.c.key == key)
    if hold:
        # NO KEY UPDATE: others may meanwhile write rows that refer to the draft.
        query = query.with_for_update(key_share=True)
    row = (await tx.session.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("draft_not_found")
    return Draft(**row)


async def _add(tx: Tx, draft_id: UUID, number: int, xml: bytes, at: datetime, note: str) -> None:
    revision = Revision(draft_id, number, xml, hashlib.sha256(xml).hexdigest(), at, str(tx.actor), note)
    await tx.session.execute(insert(_revisions).values({n: getattr(revision, n) for n in Revision.__slots__}))


async def _close(tx: Tx, draft_id: UUID, state: DraftState, at: datetime, **more: Any) -> Draft:
    await shadows.stop_of_draft(tx, draft_id, at)
    return await _change(tx, draft_id, state=state, closed_at=at, closed_by=str(tx.actor), **more)


async def _change(tx: Tx, draft_id: UUID, **values: Any) -> Draft:
    changing = update(_drafts).where(_drafts.c.id == draft_id).values(**values).returning(_drafts)
    return Draft(**(await tx.session.execute(changing)).mappings().one())
