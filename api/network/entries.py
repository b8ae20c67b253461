"""Every kind of entry at an address of its own: read, added or replaced, changed in part, removed
(``domain.network.statements.entries``).

The routes of all kinds are the same and made from the table ``api.network.spoken.SPOKEN``.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse, Response

from api.conditions import REVALIDATE, Expected, Known, etag, not_modified, unchanged
from api.context import Call, PersonCall, ReadCall
from api.documented import CHANGE, READ, READ_ONE, example, listed, problems, tagged
from api.idempotency import Answer, once
from api.network.spoken import SPOKEN, Spoken
from api.paging import AskedMany, Page, cut
from domain.forms import Code
from domain.network.reads import entries as reads
from domain.network.statements import entries
from domain.network.statements.entries import Confirmed, Kept, RemovedView
from store.session import Tx

router = APIRouter(tags=["network"])
LISTED_ELSEWHERE = frozenset({"dealers", "staff", "models", "channels"})
"""Kinds whose lists have parameters of their own (``api.network``)."""

EntryCode = Annotated[Code, Path(description="What the entry is known by; it never changes")]


def _routes(spoken: Spoken) -> None:
    kind, path = spoken.kind, f"/{spoken.kind}/{{code}}"
    shown = {"kind": spoken.kind, "code": spoken.code, "entry": dict(spoken.example)}
    kept = shown | {"verdict": "created", "changes": {}, "given_on": 0, "left_behind": None, "going_on": 0}

    async def show(code: EntryCode, call: ReadCall, known: Known) -> Response:
        values, version = await call.read(lambda tx: reads.entry(tx, call, kind, code))
        if unchanged(known, version):
            return not_modified(version)
        return JSONResponse(values, headers={"ETag": etag(version), **REVALIDATE})

    async def put(code: EntryCode, body: Any, call: PersonCall, expected: Expected) -> Response:
        async def work(tx: Tx) -> Answer:
            return _kept(*await entries.put(tx, call.speaker, kind, code, body, expected))

        return await _once(call, work)

    async def patch(code: EntryCode, body: Any, call: PersonCall, expected: Expected) -> Response:
        async def work(tx: Tx) -> Answer:
            return _kept(*await entries.patch(tx, call.speaker, kind, code, body, expected))

        return await _once(call, work)

    async def delete(code: EntryCode, call: PersonCall, expected: Expected) -> Response:
        async def work(tx: Tx) -> Answer:
            return Answer(200, await entries.remove(tx, call.speaker, kind, code, expected))

        return await _once(call, work)

    async def show_all(call: ReadCall, asked: AskedMany) -> Page[Any]:
        rows = await call.read(lambda tx: reads.entries(tx, call, kind))
        return cut(kind, rows, asked, lambda one: (one["code"],))

    put.__annotations__["body"] = spoken.forms.whole
    patch.__annotations__["body"] = spoken.forms.part
    show_all.__annotations__["return"] = Page[spoken.view]
    of, name = spoken.one, spoken.kind.replace("-", "_")
    changing = tagged(problems(*CHANGE) | example(kept))
    putting = tagged(changing | example(kept, 201), 201)
    for method, endpoint, summary, about, answers, model in (
        ("GET", show, f"One {of}", "With its version (`ETag`).", _shown(spoken), spoken.view),
        ("PUT", put, f"Add or replace a {of}", _PUT, putting, Kept),
        ("PATCH", patch, f"Change a {of}", _PATCH, changing, Kept),
        ("DELETE", delete, f"Remove a {of}", _DELETE, problems(*CHANGE) | example(shown), RemovedView),
    ):
        router.add_api_route(
            path, endpoint, methods=[method], summary=summary, description=about, responses=answers,
            response_model=model, name=f"{method.lower()}_{name}",
        )  # fmt: skip
    if spoken.kind not in LISTED_ELSEWHERE:
        router.add_api_route(
            f"/{spoken.kind}", show_all, methods=["GET"], summary=spoken.many, description="All of them, by code.",
            responses=problems(*READ) | example(listed(dict(spoken.example))), name=f"list_{name}",
        )  # fmt: skip


_PUT = "All fields; what is not given gets its default. Sent again, it changes nothing. For head office."
_PATCH = "The fields that are given and no others; null empties a field that can be empty. For head office."
_DELETE = "Only where nothing refers to it; else make it inactive. For head office."


def _shown(spoken: Spoken) -> dict[int | str, dict[str, Any]]:
    return tagged(problems(*READ_ONE) | example(dict(spoken.example)), known=True)


for _one in SPOKEN.values():
    _routes(_one)


@router.put(
    "/calendar-years/{year}/confirmation",
    response_model=Confirmed,
    responses=problems(*CHANGE) | example({"year": 2027, "days": 13}),
    summary="Confirm a year of the calendar",
)
async def confirm_calendar_year(year: Annotated[int, Path(ge=2000, le=2099)], call: PersonCall) -> Response:
    """The year's days are as the authority has published them. For head office."""

    async def work(tx: Tx) -> Answer:
        return Answer(200, await entries.confirm_year(tx, call.speaker, year))

    return await _once(call, work)


def _kept(kept: Kept, version: int) -> Answer:
    return Answer(201 if kept.verdict == "created" else 200, kept, version=version)


async def _once(call: Call, work: Any) -> Response:
    answer = await once(call, work)
    # This process's door reads by the new network at once, others a few seconds later.
    call.services.memory.network.forget()
    return answer
