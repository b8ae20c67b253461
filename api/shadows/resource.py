"""Shadows: a draft decides beside the live table for a while, its differences are counted, nothing
comes of them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.context import PersonCall, ReadCall
from api.documented import READ, READ_ONE, WRITE, example, listed, problems
from api.idempotency import Answer, once
from api.paging import Asked, AskedMany, Page, cut
from api.paging import shown as as_shown
from api.problems import PREFIX
from api.shadows import views as shown
from api.shadows.views import DIFFERENCE, SHADOW, WHOLE, ShadowDifferenceView, ShadowLine, ShadowView
from api.tables.refusing import refusal
from api.tables.reviewing import reviewed
from api.tables.views import Key
from domain.forms import Reason
from domain.policy.forms import ShadowForm
from domain.policy.laws.refusing import TableRefused
from domain.policy.statements import shadows as statements
from store.session import Tx
from store.tables import shadow_reports, shadows

router = APIRouter(tags=["tables"])


@router.post(
    "/tables/{key}/shadows",
    response_model=ShadowView,
    status_code=201,
    responses=problems(*WRITE) | example(WHOLE, 201),
    summary="Run a draft beside the live table",
)
async def start_shadow(key: Key, call: PersonCall, form: ShadowForm) -> Response:
    """From now on the draft is asked about every decision that the table makes about a lead,
    without effect; what it makes otherwise is counted and kept. One draft at a time runs beside a
    table; publishing it or giving it up ends that. Refused if the draft cannot answer what the
    table is asked; its review may have other errors."""
    file = await call.read(lambda tx: statements.to_run(tx, call.speaker, key, form))
    found = await reviewed(call, file.xml, key)

    async def work(tx: Tx) -> Answer:
        try:
            started, at = await statements.start(tx, call.speaker, key, form, file, found)
        except TableRefused as refused:
            return Answer(422, refusal(refused, call.language))
        view = await shown.whole(tx, started, at, call.language)
        return Answer(201, view, f"{PREFIX}/shadows/{started.id}")

    return await once(call, work)


@router.get("/tables/{key}/shadows", responses=problems(*READ) | example(listed(SHADOW)), summary="Shadows of a table")
async def list_shadows(key: Key, call: ReadCall, asked: AskedMany) -> Page[ShadowLine]:
    """All that ever ran beside the table, the newest first."""

    async def read(tx: Tx) -> list[ShadowLine]:
        return await shown.lines(tx, await shadows.of_table(tx, key), call.now())

    return cut("shadows", await call.read(read), asked, lambda one: (-one.id.int,))


@router.get("/shadows/{shadow_id}", responses=problems(*READ_ONE) | example(WHOLE), summary="What a shadow saw")
async def show_shadow(shadow_id: UUID, call: ReadCall) -> ShadowView:
    """How many decisions it would have made otherwise, and what into what."""

    async def read(tx: Tx) -> ShadowView:
        return await shown.whole(tx, await shadows.find(tx, shadow_id), call.now(), call.language)

    return await call.read(read)


@router.get(
    "/shadows/{shadow_id}/lines",
    responses=problems(*READ_ONE) | example(listed(DIFFERENCE)),
    summary="Decisions that a shadow makes otherwise",
)
async def list_differences(shadow_id: UUID, call: ReadCall, asked: Asked) -> Page[ShadowDifferenceView]:
    """Lead by lead, in the order of the decisions' instants; also those that it cannot make, with
    the reason."""
    window = asked.window(shadow_reports.ORDER)

    async def read(tx: Tx) -> Page[ShadowDifferenceView]:
        await shadows.find(tx, shadow_id)
        found = await shadow_reports.lines(tx, shadow_id, window)
        return as_shown(found, await shown.differences(tx, found.items, call.language))

    return await call.read(read)


@router.delete(
    "/shadows/{shadow_id}",
    response_model=ShadowView,
    responses=problems(*WRITE) | example(WHOLE | {"shadow": SHADOW | {"state": "stopped"}}),
    summary="Stop a shadow",
)
async def stop_shadow(shadow_id: UUID, call: PersonCall, reason: Annotated[Reason, Query()]) -> Response:
    """It is asked no more; what it saw stays."""

    async def work(tx: Tx) -> Answer:
        stopped, at = await statements.stop(tx, call.speaker, shadow_id, reason)
        return Answer(200, await shown.whole(tx, stopped, at, call.language))

    return await once(call, work)
