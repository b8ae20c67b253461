"""Saving a draft: the whole file, or some of its cells. Nobody writes over what somebody else saved
meanwhile."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from api.conditions import Expected
from api.context import Call, PersonCall
from api.documented import CHANGE, example, problems, tagged
from api.idempotency import Answer, once
from api.problems import problem_response
from api.tables.drafts import BODY, EXAMPLE, POLICY, DraftWithReview, RevisionNumber, described, is_xml, with_file
from api.tables.reviewing import reviewed
from api.tables.seen import as_expected, meant, version_of
from api.tables.sheet import CellText, ExampleText, changed, name_of
from api.tables.views import Key
from cases.errors import FieldProblem, Invalid
from domain.forms import Code, Form, Line, Short
from domain.reach import the_person, with_role
from domain.versions import Versions
from store.session import Tx
from store.tables import drafts

router = APIRouter(tags=["tables"])

MOST_CELLS = 1_000
"""Cells of one save; who changes more sends the file."""

Note = Annotated[Line, Query(max_length=200, description="What was changed, for whoever reads the history")]


class CellForm(Form):
    """One cell, as FEEL. `column` is an input's label or expression, an output's name or label, or
    an id."""

    row: Code = Field(description="The rule's id; its number, from 1, if it has none")
    column: Code
    text: Annotated[Line, Field(max_length=4000)]
    decision: Code | None = Field(default=None, description="Another decision of the same file")


class ExampleForm(Form):
    """One value of an example, as FEEL."""

    example: Code = Field(description="The example's name")
    part: Literal["given", "expect"] = "expect"
    name: Code = Field(description="The input that is given, or the output that is expected")
    text: Annotated[Line, Field(max_length=4000)]
    decision: Code | None = Field(default=None, description="Another decision of the same file")


class CellsForm(Form):
    """Cells, and values of examples, to be changed in the newest revision."""

    revision: int | None = Field(
        default=None,
        ge=1,
        le=2**31 - 1,
        strict=True,
        description="The one that the change was made to; not needed with `If-Match`",
    )
    cells: list[CellForm] = Field(default=[], max_length=MOST_CELLS)
    examples: list[ExampleForm] = Field(default=[], max_length=MOST_CELLS)
    note: Short = ""


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
    with_role(the_person(call), POLICY)
    if not is_xml(call):
        return problem_response(415, "not_dmn", call.language)
    draft, _ = await with_file(call, key, draft_id)
    seen = meant(draft, revision, expected)
    return await _save(call, key, draft_id, seen, expected, await call.request.body(), note)


@router.patch(
    "/tables/{key}/drafts/{draft_id}",
    response_model=DraftWithReview,
    responses=tagged(problems(*CHANGE) | example(EXAMPLE)),
    summary="Change cells of a draft",
)
async def save_cells(key: Key, draft_id: UUID, call: PersonCall, form: CellsForm, expected: Expected) -> Response:
    """As saving a file in which nothing but these texts was changed; all of them are written, or
    none."""
    with_role(the_person(call), POLICY)
    draft, before = await with_file(call, key, draft_id)
    seen = meant(draft, form.revision, expected)
    if seen != before.number:
        _, before = await with_file(call, key, draft_id, seen)
    cells = [CellText(one.row, one.column, one.text, one.decision) for one in form.cells]
    examples = [ExampleText(one.example, one.part, one.name, one.text, one.decision) for one in form.examples]
    if not cells and not examples:
        raise Invalid("nothing_to_change", problems=(FieldProblem("cells", "missing"),))
    xml = await call.aside(changed, before.xml, key, cells, examples)
    return await _save(call, key, draft_id, seen, expected, xml, form.note)


async def _save(
    call: Call, key: str, draft_id: UUID, seen: int, expected: Versions | None, xml: bytes, note: str
) -> Response:
    name = await call.aside(name_of, xml, key)
    found = await reviewed(call, xml, key)

    async def work(tx: Tx) -> Answer:
        draft = await drafts.hold(tx, draft_id, key)
        await as_expected(tx, call, draft, expected)
        saved = await drafts.save(tx, draft, seen, name, xml, call.now(), note)
        return Answer(200, await described(tx, call, saved, found), version=version_of(saved))

    return await once(call, work)
