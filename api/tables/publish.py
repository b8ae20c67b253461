"""Publication of a draft by a second person, withdrawal of what has not begun, and roll-back to an
earlier version."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.conditions import Expected
from api.context import PersonCall
from api.documented import CHANGE, WRITE, example, problems
from api.idempotency import Answer, once
from api.tables.refusing import refusal
from api.tables.reviewing import reviewed
from api.tables.views import VERSION, Key, Version, VersionView, names_in, versions
from domain.forms import Reason
from domain.policy.forms import PublicationForm, RollbackForm
from domain.policy.laws import files
from domain.policy.laws.refusing import TableRefused
from domain.policy.statements import publishing
from store.session import Tx
from store.tables import definitions

router = APIRouter(tags=["tables"])


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
    seen = await call.read(lambda tx: files.seen(tx, call, key, draft_id, form.revision, expected))
    found = await reviewed(call, seen.file.xml, key)

    async def work(tx: Tx) -> Answer:
        try:
            version, at = await publishing.publish(tx, call.speaker, seen, found, form, expected)
        except TableRefused as refused:
            return Answer(422, refusal(refused, call.language))
        return Answer(201, await _view(tx, key, version, at))

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
    xml = await call.read(lambda tx: publishing.to_restore(tx, call.speaker, key, form.to))
    found = await reviewed(call, xml, key)

    async def work(tx: Tx) -> Answer:
        try:
            version, at = await publishing.roll_back(tx, call.speaker, key, form, found)
        except TableRefused as refused:
            return Answer(422, refusal(refused, call.language))
        return Answer(201, await _view(tx, key, version, at))

    return await once(call, work)


@router.delete(
    "/tables/{key}/{version}",
    response_model=VersionView,
    responses=problems(*WRITE) | example(VERSION | {"state": "withdrawn"}),
    summary="Withdraw a scheduled version",
)
async def withdraw(key: Key, version: Version, call: PersonCall, reason: Annotated[Reason, Query()]) -> Response:
    """It never comes into force. What has begun to decide is taken back by a roll-back."""

    async def work(tx: Tx) -> Answer:
        at = await publishing.withdraw(tx, call.speaker, key, version, reason)
        return Answer(200, await _view(tx, key, version, at))

    return await once(call, work)


async def _view(tx: Tx, key: str, version: int, at: datetime) -> VersionView:
    lines = await definitions.table_lines(tx, key)
    return next(one for one in versions(lines, await names_in(tx, lines), at) if one.version == version)
