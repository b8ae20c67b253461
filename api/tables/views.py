"""Versions and drafts of tables as they are answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path

from api.problems import PREFIX
from cases.actors import staff_id
from cases.states import word
from domain.policy.laws.versions import VersionState, states
from store.leads.views import Named, people_of
from store.session import Tx
from store.tables.definitions import TableLine
from store.tables.drafts import Draft, DraftState

Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,100}$", description="The id of the decision")]
Version = Annotated[int, Path(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One published version of a table.

    ``published_by`` is None for what Baton ships. ``draft`` is what it was published from,
    ``restores`` the version that a roll-back brought back.
    """

    key: str
    version: int
    name: str
    state: VersionState
    sha256: str
    effective_from: datetime
    published_at: datetime
    published_by: Named | None
    comment: str
    draft: UUID | None
    restores: int | None
    withdrawn_at: datetime | None
    withdrawn_by: Named | None
    file: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft. ``based_on``: the version that it was taken from, None for a table that is new;
    ``revision``: its newest save; ``version``: what it was published as."""

    id: UUID
    key: str
    name: str
    state: DraftState
    based_on: int | None
    revision: int
    reason: str
    created_at: datetime
    created_by: Named | None
    edited_at: datetime
    edited_by: Named | None
    closed_at: datetime | None
    closed_by: Named | None
    version: int | None
    file: str


async def names_in(tx: Tx, lines: Iterable[TableLine]) -> dict[str, Named]:
    """Who published and withdrew these versions."""
    return await people_of(tx, [actor for one in lines for actor in (one.published_by, one.withdrawn_by)])


def versions(lines: Sequence[TableLine], names: Mapping[str, Named], at: datetime) -> tuple[VersionView, ...]:
    """The versions of one table, all of which are in ``lines``."""
    doing = states(lines, at)
    return tuple(version_view(one, names, doing[one.version]) for one in lines)


def version_view(line: TableLine, names: Mapping[str, Named], state: VersionState) -> VersionView:
    """One version; ``names`` are those of ``people``."""
    return VersionView(
        line.key,
        line.version,
        line.name,
        state,
        line.sha256,
        line.effective_from,
        line.published_at,
        names.get(staff_id(line.published_by)),
        line.comment,
        line.draft_id,
        line.restores,
        line.withdrawn_at,
        names.get(staff_id(line.withdrawn_by)),
        f"{PREFIX}/tables/{line.key}/{line.version}.dmn",
    )


def draft_view(draft: Draft, names: Mapping[str, Named]) -> DraftView:
    """A draft; ``names`` are those of ``people``."""
    return DraftView(
        draft.id,
        draft.key,
        draft.name,
        word(DraftState, draft.state),
        draft.based_on,
        draft.revision,
        draft.reason,
        draft.created_at,
        names.get(staff_id(draft.created_by)),
        draft.edited_at,
        names.get(staff_id(draft.edited_by)),
        draft.closed_at,
        names.get(staff_id(draft.closed_by)),
        draft.version,
        f"{draft_path(draft.key, draft.id)}.dmn",
    )


def draft_path(key: str, draft_id: UUID) -> str:
    """Where a draft is."""
    return f"{PREFIX}/tables/{key}/drafts/{draft_id}"


VERSION = {
    "key": "price-tier",
    "version": 2,
    "name": "价位",
    "state": "in_force",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "effective_from": "2026-11-21T08:00:00Z",
    "published_at": "2026-11-21T08:00:00Z",
    "published_by": {"code": "HQ-02", "name": "陈立"},
    "comment": "中档奖励提高到 600 元",
    "draft": "0192f0c1-2b3d-7e11-8a00-abcdefabcdef",
    "restores": None,
    "withdrawn_at": None,
    "withdrawn_by": None,
    "file": "/api/v1/tables/price-tier/2.dmn",
}
DRAFT = {
    "id": "0192f0c1-2b3d-7e11-8a00-abcdefabcdef",
    "key": "price-tier",
    "name": "价位",
    "state": "open",
    "based_on": 1,
    "revision": 2,
    "reason": "中档奖励提高到 600 元",
    "created_at": "2026-11-20T08:00:00Z",
    "created_by": {"code": "HQ-01", "name": "周丽"},
    "edited_at": "2026-11-20T09:00:00Z",
    "edited_by": {"code": "HQ-01", "name": "周丽"},
    "closed_at": None,
    "closed_by": None,
    "version": None,
    "file": "/api/v1/tables/price-tier/drafts/0192f0c1-2b3d-7e11-8a00-abcdefabcdef.dmn",
}
