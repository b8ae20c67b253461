"""Shadows: a draft decides beside the live table for a while, its differences are counted, nothing
comes of them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field
from pydantic_core import to_jsonable_python

from api.context import Call, PersonCall, ReadCall
from api.documented import READ, READ_ONE, WRITE, example, listed, problems
from api.idempotency import Answer, once
from api.paging import Asked, AskedMany, Page, cut
from api.paging import shown as as_shown
from api.problems import PREFIX, problem_body
from api.shadows import views as shown
from api.shadows.views import DIFFERENCE, SHADOW, WHOLE, ShadowDifferenceView, ShadowLine, ShadowView
from api.tables.drafts import POLICY, with_file
from api.tables.reviewing import reviewed
from api.tables.views import Key
from api.tables.words import told
from cases.errors import Invalid
from domain.forms import Form, Moment, Reason, in_past
from domain.policy.review import Review
from domain.policy.shadowing import UNRECORDED
from domain.reach import the_person, with_role
from store.session import Tx
from store.tables import definitions, drafts, shadow_reports, shadows

router = APIRouter(tags=["tables"])


class ShadowForm(Form):
    """Which draft runs beside its table, for how long, and why."""

    draft: UUID
    revision: int | None = Field(default=None, ge=1, le=2**31 - 1, description="The newest one, if not given")
    until: Moment | None = Field(default=None, description="Until it is stopped, if not given")
    reason: Reason


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
    with_role(the_person(call), POLICY)
    if key in UNRECORDED:
        raise Invalid("table_unrecorded", key=key)
    _, file = await with_file(call, key, form.draft, form.revision)
    found = await reviewed(call, file.xml, key)

    async def work(tx: Tx) -> Answer:
        at = call.now()
        await drafts.hold(tx, form.draft, key)
        if form.until is not None and form.until <= at:
            raise Invalid("invalid_input", problems=(in_past("until", at),))
        await definitions.effective_table(tx, key, at)
        if found.problems or found.contract:
            return Answer(422, _refusal(call, found))
        started = await shadows.start(tx, key, file, at, form.reason, form.until)
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
    with_role(the_person(call), POLICY)

    async def work(tx: Tx) -> Answer:
        at = call.now()
        stopped = await shadows.stop(tx, shadow_id, at, reason)
        return Answer(200, await shown.whole(tx, stopped, at, call.language))

    return await once(call, work)


def _refusal(call: Call, found: Review) -> dict[str, Any]:
    """The body of a 422 that lists why a draft cannot answer what its table is asked."""
    listed = told(Review(problems=found.problems, contract=found.contract), call.language)
    more = {"problems": [to_jsonable_python(one) for one in listed]}
    return problem_body(422, "shadow_refused", call.language, params={"count": str(len(listed))}, more=more)
