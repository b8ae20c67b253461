"""Drafts: taken from a version or from a file, looked at, and given up. Each is answered with what
its review found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.conditions import REVALIDATE, Expected, Known, etag, not_modified, unchanged
from api.context import Call, PersonCall, ReadCall
from api.documented import CHANGE, READ_ONE, WRITE, XML_FILE, example, listed, problems, tagged
from api.idempotency import Answer, once
from api.paging import AskedMany, Page, cut
from api.problems import problem_response
from api.tables import reviewing
from api.tables.reviewing import ReviewView, reviewed
from api.tables.views import DRAFT, DraftView, Key, draft_path, draft_view
from cases.actors import staff_id
from domain.forms import Reason
from domain.policy.laws import files
from domain.policy.laws.seen import version_of
from domain.policy.laws.who import makes_policy
from domain.policy.review import Review
from domain.policy.sheet import name_of
from domain.policy.statements import drafting
from store.leads.views import Named, people_of
from store.session import Tx
from store.tables import drafts
from store.tables.drafts import Draft

router = APIRouter(tags=["tables"])

XML_TYPES: Final = ("application/xml", "application/dmn+xml", "text/xml")
RevisionNumber = Annotated[int, Query(ge=1, le=2**31 - 1)]
From = Annotated[int | None, Query(alias="from", ge=1, le=2**31 - 1, description="The version that it is taken from")]


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One save of a draft."""

    revision: int
    at: datetime
    by: Named | None
    note: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DraftWithReview:
    """A draft, its saves, newest first, and the review of the one that is shown."""

    draft: DraftView
    revisions: tuple[RevisionView, ...]
    review: ReviewView


BODY: dict[str, Any] = {
    "requestBody": {
        "description": "The DMN 1.3–1.5 file",
        "content": {media: {"schema": XML_FILE} for media in XML_TYPES},
    }
}
EXAMPLE = {
    "draft": DRAFT,
    "revisions": [
        {
            "revision": 2,
            "at": DRAFT["edited_at"],
            "by": DRAFT["edited_by"],
            "note": "",
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        }
    ],
    "review": reviewing.EXAMPLE,
}


@router.post(
    "/tables/{key}/drafts",
    response_model=DraftWithReview,
    status_code=201,
    responses=tagged(problems(*WRITE) | example(EXAMPLE, 201), 201),
    openapi_extra=BODY,
    summary="Begin a draft",
)
async def create_draft(
    key: Key, call: PersonCall, reason: Annotated[Reason, Query()], version: From = None
) -> Response:
    """From the file of a version (`from`), or from the file in the body; a table of a new key
    begins with a file. Gaps and mistakes in its rows are allowed and listed; what is no DMN file
    with a decision of this key is refused."""
    makes_policy(call)
    xml = await call.request.body()
    if xml and not is_xml(call):
        return problem_response(415, "not_dmn", call.language)
    if not xml:
        xml = await call.read(lambda tx: files.to_begin_with(tx, call, key, version))
    name = await call.aside(name_of, xml, key)
    found = await reviewed(call, xml, key)

    async def work(tx: Tx) -> Answer:
        draft = await drafting.begin(tx, call.speaker, key, name, xml, version, reason)
        shown = await described(tx, call, draft, found)
        return Answer(201, shown, draft_path(key, draft.id), version_of(draft))

    return await once(call, work)


@router.get("/tables/{key}/drafts", responses=problems(*READ_ONE) | example(listed(DRAFT)), summary="Drafts of a table")
async def list_drafts(
    key: Key,
    call: ReadCall,
    asked: AskedMany,
    only: Annotated[bool, Query(alias="open", description="false: also closed ones")] = True,
) -> Page[DraftView]:
    """The open drafts of a table, newest first."""

    async def read(tx: Tx) -> list[DraftView]:
        found = await drafts.of_key(tx, key, open_only=only)
        names = await people_of(tx, [actor for one in found for actor in _actors(one)])
        return [draft_view(one, names) for one in found]

    return cut("drafts", await call.read(read), asked, lambda one: (-one.id.int,))


@router.get(
    "/tables/{key}/drafts/{draft_id}.dmn",
    response_class=Response,
    responses=tagged(
        problems(*READ_ONE) | {200: {"content": {"application/xml": {"example": "<definitions …/>"}}}}, known=True
    ),
    summary="A draft as DMN",
)
async def show_file(
    key: Key, draft_id: UUID, call: ReadCall, known: Known, revision: RevisionNumber | None = None
) -> Response:
    """The newest save of a draft, or the one that is asked for; its `ETag` is the revision's
    number."""
    _, found = await call.read(lambda tx: files.drafted(tx, key, draft_id, revision))
    if unchanged(known, found.number):
        return not_modified(found.number)
    return Response(found.xml, media_type="application/xml", headers={"ETag": etag(found.number), **REVALIDATE})


@router.get(
    "/tables/{key}/drafts/{draft_id}",
    responses=tagged(problems(*READ_ONE) | example(EXAMPLE)),
    summary="A draft",
)
async def show_draft(key: Key, draft_id: UUID, call: ReadCall, response: Response) -> DraftWithReview:
    """A draft with its saves and the review of the newest one; its `ETag` is what a change to it
    names."""
    draft, newest = await call.read(lambda tx: files.drafted(tx, key, draft_id))
    response.headers.update({"ETag": etag(version_of(draft)), "Vary": "Accept-Language"} | REVALIDATE)
    found = await reviewed(call, newest.xml, key)
    return await call.read(lambda tx: described(tx, call, draft, found))


@router.delete(
    "/tables/{key}/drafts/{draft_id}",
    response_model=DraftView,
    responses=tagged(problems(*CHANGE) | example(DRAFT | {"state": "discarded"})),
    summary="Give up a draft",
)
async def discard_draft(
    key: Key, draft_id: UUID, call: PersonCall, reason: Annotated[Reason, Query()], expected: Expected
) -> Response:
    """It stays to be looked at, and can neither be changed nor published any more."""

    async def work(tx: Tx) -> Answer:
        closed = await drafting.discard(tx, call.speaker, key, draft_id, reason, expected)
        return Answer(200, draft_view(closed, await people_of(tx, _actors(closed))), version=version_of(closed))

    return await once(call, work)


async def described(tx: Tx, call: Call, draft: Draft, found: Review) -> DraftWithReview:
    """A draft as it is answered, with the review of its newest revision."""
    saves = await drafts.revisions(tx, draft.id)
    names = await people_of(tx, [*_actors(draft), *(one.by for one in saves)])
    return DraftWithReview(
        draft_view(draft, names),
        tuple(RevisionView(one.number, one.at, names.get(staff_id(one.by)), one.note, one.sha256) for one in saves),
        reviewing.view(found, call.language),
    )


def is_xml(call: Call) -> bool:
    """Whether the request says that its body is XML."""
    return call.request.headers.get("content-type", "").partition(";")[0].strip().lower() in XML_TYPES


def _actors(draft: Draft) -> Iterator[str | None]:
    yield from (draft.created_by, draft.edited_by, draft.closed_by)
