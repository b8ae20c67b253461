"""What people say about a draft, about one row or column of it, or about a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from api.conditions import Expected
from api.context import PersonCall, ReadCall
from api.documented import CHANGE, READ_ONE, example, listed, problems
from api.idempotency import Answer, once
from api.paging import AskedMany, Page, cut
from api.tables.views import Key
from cases.actors import staff_id
from domain.policy.forms import CommentForm
from domain.policy.statements import drafting
from store.leads.views import Named, people_of
from store.session import Tx
from store.tables import drafts
from store.tables.drafts import Comment

router = APIRouter(tags=["tables"])


@dataclass(frozen=True, slots=True)
class CommentView:
    """A remark about a revision of a draft."""

    id: UUID
    revision: int
    at: datetime
    by: Named | None
    text: str
    row: str | None
    column: str | None


_COMMENT = {
    "id": "0192f0c1-2b3e-7a10-9c00-abcdefabcdef",
    "revision": 2,
    "at": "2026-11-20T09:30:00Z",
    "by": {"code": "HQ-02", "name": "陈立"},
    "text": "预算够吗？",
    "row": "tier-middle",
    "column": "incentive",
}


@router.post(
    "/tables/{key}/drafts/{draft_id}/comments",
    response_model=CommentView,
    status_code=201,
    responses=problems(*CHANGE) | example(_COMMENT, 201),
    summary="Comment a draft",
)
async def comment(key: Key, draft_id: UUID, call: PersonCall, form: CommentForm, expected: Expected) -> Response:
    """Row and column must be there in that revision, which need not be the newest, but with
    `If-Match`."""

    async def work(tx: Tx) -> Answer:
        said = await drafting.comment(tx, call.speaker, key, draft_id, form, expected)
        return Answer(201, _view(said, await people_of(tx, [said.by])))

    return await once(call, work)


@router.get(
    "/tables/{key}/drafts/{draft_id}/comments",
    responses=problems(*READ_ONE) | example(listed(_COMMENT)),
    summary="Comments of a draft",
)
async def list_comments(key: Key, draft_id: UUID, call: ReadCall, asked: AskedMany) -> Page[CommentView]:
    """All comments, oldest first."""

    async def read(tx: Tx) -> list[CommentView]:
        await drafts.one(tx, draft_id, key)
        said = await drafts.comments(tx, draft_id)
        names = await people_of(tx, [one.by for one in said])
        return [_view(one, names) for one in said]

    return cut("comments", await call.read(read), asked, lambda one: (one.id.int,))


def _view(said: Comment, names: Mapping[str, Named]) -> CommentView:
    by = names.get(staff_id(said.by))
    return CommentView(said.id, said.revision, said.at, by, said.text, said.row, said.column)
