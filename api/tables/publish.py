"""Publication of a draft by a second person, withdrawal of what has not begun, and roll-back to an
earlier version."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field
from pydantic_core import to_jsonable_python

from api.conditions import Expected
from api.context import Call, PersonCall
from api.documented import CHANGE, WRITE, example, problems
from api.idempotency import Answer, once
from api.problems import problem_body
from api.tables.drafts import POLICY, with_file
from api.tables.reviewing import reviewed
from api.tables.seen import as_expected, meant
from api.tables.views import VERSION, Key, Version, VersionView, names_in, versions
from api.tables.words import told
from cases.errors import Conflict, Forbidden, Invalid
from domain.forms import Form, Moment, Reason, in_past
from domain.policy.review import Review
from domain.reach import the_person, with_role
from store.session import Tx
from store.tables import definitions, drafts
from store.tables.drafts import Draft

router = APIRouter(tags=["tables"])

Number = Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)]


class PublicationForm(Form):
    """What is published, since when it decides, and why."""

    revision: Number | None = Field(
        default=None, description="The newest one: what the publisher has looked at; not needed with `If-Match`"
    )
    comment: Reason
    effective_from: Moment | None = Field(default=None, description="At once, if not given")
    replaces: Number | None = Field(
        default=None, description="The newest version, if the draft was taken from an older one and that is meant"
    )
    keep_scheduled: bool = Field(
        default=False, description="A version that is scheduled for later shall take over then all the same"
    )


class RollbackForm(Form):
    """The version whose file shall decide again, and why."""

    to: Number
    reason: Reason


@router.post(
    "/tables/{key}/drafts/{draft_id}/publication",
    response_model=VersionView,
    status_code=201,
    responses=problems(*CHANGE) | example(VERSION, 201),
    summary="Publish a draft",
)
async def publish(key: Key, draft_id: UUID, call: PersonCall, form: PublicationForm, expected: Expected) -> Response:
    """The draft becomes the next version and decides from `effective_from` on, for every lead.
    Whoever publishes has saved no revision of it. Refused while its review has an error, with every
    problem."""
    with_role(the_person(call), POLICY)
    draft, file = await with_file(call, key, draft_id)
    seen = meant(draft, form.revision, expected)
    if seen != file.number:
        _, file = await with_file(call, key, draft_id, seen)
    found = await reviewed(call, file.xml, key)

    async def work(tx: Tx) -> Answer:
        draft = await drafts.hold(tx, draft_id, key)
        await definitions.hold_table(tx, key)
        at = call.now()  # once nobody else publishes: else the version that came first would look scheduled for later
        if str(tx.actor) in await drafts.editors(tx, draft_id):
            raise Forbidden("same_person")
        await as_expected(tx, call, draft, expected)
        drafts.newest(draft, seen)
        effective_from = _from(form, at)
        await _not_outdated(tx, draft, form.replaces, file.sha256)
        if not form.keep_scheduled:
            await _last(tx, key, effective_from)
        if found.errors:
            return Answer(422, refusal(call, found))
        published = await definitions.publish_table(
            tx, key, draft.name, file.xml, at, str(tx.actor), form.comment, effective_from, draft_id=draft_id
        )
        await drafts.published(tx, draft, published.version, at)
        return Answer(201, await _view(tx, key, published.version, at))

    return await once(call, work)


@router.post(
    "/tables/{key}/rollback",
    response_model=VersionView,
    status_code=201,
    responses=problems(*WRITE) | example(VERSION | {"version": 3, "restores": 1, "draft": None}, 201),
    summary="Go back to an earlier version",
)
async def roll_back(key: Key, call: PersonCall, form: RollbackForm) -> Response:
    """The file of an earlier version is published once more, decides at once, and what was
    scheduled is withdrawn. One person is enough: two have looked at that file before."""
    with_role(the_person(call), POLICY)
    earlier = await call.read(lambda tx: definitions.table_version(tx, key, form.to))
    found = await reviewed(call, earlier.xml, key)

    async def work(tx: Tx) -> Answer:
        await definitions.hold_table(tx, key)
        at = call.now()  # once nobody else publishes: what took effect while this waited has to count as in force
        earlier = await definitions.table_version(tx, key, form.to)
        if earlier.effective_from > at or earlier.withdrawn_at is not None:
            raise Conflict("version_never_effective", version=form.to)
        if (await definitions.effective_table(tx, key, at)).sha256 == earlier.sha256:
            raise Conflict("version_in_force", version=form.to)
        if found.problems or found.contract:  # an update of Baton may ask more of a table than this file gives
            return Answer(422, refusal(call, found))
        await definitions.withdraw_scheduled(tx, key, at, form.reason)
        back = await definitions.publish_table(
            tx, key, earlier.name, earlier.xml, at, str(tx.actor), form.reason, restores=form.to
        )
        return Answer(201, await _view(tx, key, back.version, at))

    return await once(call, work)


@router.delete(
    "/tables/{key}/{version}",
    response_model=VersionView,
    responses=problems(*WRITE) | example(VERSION | {"state": "withdrawn"}),
    summary="Withdraw a scheduled version",
)
async def withdraw(key: Key, version: Version, call: PersonCall, reason: Annotated[Reason, Query()]) -> Response:
    """It never comes into force. What has begun to decide is taken back by a roll-back."""
    with_role(the_person(call), POLICY)

    async def work(tx: Tx) -> Answer:
        await definitions.hold_table(tx, key)
        at = call.now()
        await definitions.withdraw(tx, key, version, at, reason)
        return Answer(200, await _view(tx, key, version, at))

    return await once(call, work)


def refusal(call: Call, found: Review) -> dict[str, object]:
    """The body of a 422 that lists all that was found about a file, what forbids publication
    first."""
    listed = [to_jsonable_python(one) for one in told(found, call.language)]
    count = sum(one["severity"] == "error" for one in listed)
    params = {"count": str(count)}
    return problem_body(422, "table_refused", call.language, params=params, more={"problems": listed})


def _from(form: PublicationForm, at: datetime) -> datetime:
    if form.effective_from is not None and form.effective_from < at:
        raise Invalid("invalid_input", problems=(in_past("effective_from", at),))
    return form.effective_from or at


async def _not_outdated(tx: Tx, draft: Draft, replaces: int | None, sha256: str) -> None:
    """Raises ``Conflict`` when another version was published that the draft's editors have not
    seen."""
    newest = await definitions.newest_table(tx, draft.key)
    if newest is None:
        return
    if newest.sha256 == sha256:
        raise Conflict("draft_unchanged", version=newest.version)
    if newest.version > (draft.based_on or 0) and newest.version != replaces:
        raise Conflict("draft_outdated", version=newest.version, based_on=draft.based_on or "—")


async def _last(tx: Tx, key: str, effective_from: datetime) -> None:
    """Raises ``Conflict`` when a version that was published before would take over from the new one
    later."""
    for line in await definitions.table_lines(tx, key):
        if line.withdrawn_at is None and line.effective_from > effective_from:
            raise Conflict("version_scheduled", version=line.version)


async def _view(tx: Tx, key: str, version: int, at: datetime) -> VersionView:
    lines = await definitions.table_lines(tx, key)
    return next(one for one in versions(lines, await names_in(tx, lines), at) if one.version == version)
