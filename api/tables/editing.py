"""Saving a draft: the whole file, or some of its cells. Nobody writes over what somebody else saved
meanwhile."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.conditions import Expected
from api.context import Call, PersonCall
from api.documented import CHANGE, example, problems, tagged
from api.idempotency import Answer, once
from api.problems import problem_response
from api.tables.drafts import BODY, EXAMPLE, DraftWithReview, RevisionNumber, described, is_xml
from api.tables.reviewing import reviewed
from api.tables.views import Key
from domain.forms import Line
from domain.policy.forms import CellsForm
from domain.policy.laws import files
from domain.policy.laws.files import Seen
from domain.policy.laws.seen import version_of
from domain.policy.laws.who import makes_policy
from domain.policy.sheet import name_of
from domain.policy.statements import drafting
from domain.versions import Versions
from store.session import Tx

router = APIRouter(tags=["tables"])

Note = Annotated[Line, Query(max_length=200, description="What was changed, for whoever reads the history")]


@router.put(
    "/tables/{key}/drafts/{draft_id}",
    response_model=DraftWithReview,
    responses=tagged(problems(*CHANGE) | example(EXAMPLE)),
    openapi_extra=BODY,
    summary="Save a draft",
)
async def save_file(
    key: Key,
    draft_id: UUID,
    call: PersonCall,
    expected: Expected,
    revision: RevisionNumber | None = None,
    note: Note = "",
) -> Response:
    """The file becomes the next revision, with gaps and mistakes if it has some: the answer lists
    them. What is no DMN file with a decision of this key is refused, and so is a change to a
    revision that is not the newest any more: `revision` (409) or `If-Match` (412, with the cells
    that were changed since) says which it was made to. The file that is the newest revision already
    stays it."""
    makes_policy(call)
    if not is_xml(call):
        return problem_response(415, "not_dmn", call.language)
    seen = await call.read(lambda tx: files.seen(tx, call, key, draft_id, revision, expected))
    return await _save(call, seen, expected, await call.request.body(), note)


@router.patch(
    "/tables/{key}/drafts/{draft_id}",
    response_model=DraftWithReview,
    responses=tagged(problems(*CHANGE) | example(EXAMPLE)),
    summary="Change cells of a draft",
)
async def save_cells(key: Key, draft_id: UUID, call: PersonCall, form: CellsForm, expected: Expected) -> Response:
    """As saving a file in which nothing but these texts was changed; all of them are written, or
    none."""
    seen = await call.read(lambda tx: files.seen(tx, call, key, draft_id, form.revision, expected))
    xml = await drafting.with_cells(call.speaker, key, seen.file.xml, form)
    return await _save(call, seen, expected, xml, form.note)


async def _save(call: Call, seen: Seen, expected: Versions | None, xml: bytes, note: str) -> Response:
    key, draft = seen.draft.key, seen.draft.id
    name = await call.aside(name_of, xml, key)
    found = await reviewed(call, xml, key)

    async def work(tx: Tx) -> Answer:
        number = seen.file.number
        saved = await drafting.save(tx, call.speaker, key, draft, name, xml, seen=number, note=note, expected=expected)
        return Answer(200, await described(tx, call, saved, found), version=version_of(saved))

    return await once(call, work)
