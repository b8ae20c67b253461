"""Every kind of entry at an address of its own: read, added or replaced, changed in part, removed
(``store.network.keeping``).

The routes of all kinds are the same and made from the table ``api.network.forms.SPOKEN``.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from api.conditions import REVALIDATE, Expected, Known, etag, not_modified, unchanged
from api.context import Call, PersonCall, ReadCall
from api.documented import CHANGE, READ, READ_ONE, example, listed, problems, tagged
from api.idempotency import Answer, once
from api.network import views
from api.network.forms import SPOKEN, Spoken, said, whole
from api.network.leaving import give_on
from api.network.views import Kept, RemovedView
from api.paging import AskedMany, Page, cut
from cases.errors import Invalid, NotFound
from domain.forms import Code
from domain.reach import HEAD_OFFICE, the_person, with_role
from domain.versions import Versions
from store.leads import edits
from store.network.keeping import KINDS, EntryKind, Wanted, confirm_year, entries, entry, history, hold, keep, remove
from store.session import Tx

router = APIRouter(tags=["network"])
LISTED_ELSEWHERE = frozenset({"dealers", "staff", "models", "channels"})
"""Kinds whose lists have parameters of their own (``api.network``)."""

EntryCode = Annotated[Code, Path(description="What the entry is known by; it never changes")]


class Confirmed(BaseModel):
    """A year whose days are as the authority has published them; ``days`` were not known to be
    before."""

    year: int
    days: int


def _routes(spoken: Spoken) -> None:
    kind, path = KINDS[spoken.kind], f"/{spoken.kind}/{{code}}"
    shown = {"kind": spoken.kind, "code": spoken.code, "entry": dict(spoken.example)}
    kept = shown | {"verdict": "created", "changes": {}, "given_on": 0, "left_behind": None, "going_on": 0}

    async def show(code: EntryCode, call: ReadCall, known: Known) -> Response:
        _may_read(call, spoken)

        async def work(tx: Tx) -> tuple[dict[str, Any], int]:
            values = await entry(tx, kind, code)
            if values is None:
                raise _nowhere(spoken, code)
            return values, await history.version(tx, spoken.kind, code)

        values, version = await call.read(work)
        if unchanged(known, version):
            return not_modified(version)
        return JSONResponse({"code": code} | values, headers={"ETag": etag(version), **REVALIDATE})

    async def put(code: EntryCode, body: Any, call: PersonCall, expected: Expected) -> Response:
        return await _keep(call, Wanted(spoken.kind, code, whole(body), whole=True), expected)

    async def patch(code: EntryCode, body: Any, call: PersonCall, expected: Expected) -> Response:
        if not (given := said(body)):
            raise Invalid("nothing_to_change")
        return await _keep(call, Wanted(spoken.kind, code, given), expected, there=spoken)

    async def delete(code: EntryCode, call: PersonCall, expected: Expected) -> Response:
        async def work(tx: Tx) -> Answer:
            await _begin(tx, call)
            await views.as_expected(tx, spoken.kind, code, expected)
            gone = await remove(tx, kind, code)
            was = {"code": code} | spoken.open(gone.before)
            return Answer(200, RemovedView(kind=EntryKind(gone.kind), code=code, entry=was))

        return await _once(call, work)

    async def show_all(call: ReadCall, asked: AskedMany) -> Page[Any]:
        _may_read(call, spoken)
        found = await call.read(lambda tx: entries(tx, kind))
        rows: list[dict[str, Any]] = [{"code": code} | values for code, values in found.items()]
        return cut(spoken.kind, rows, asked, lambda one: (one["code"],))

    put.__annotations__["body"] = spoken.form
    patch.__annotations__["body"] = spoken.part
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


def _may_read(call: Call, spoken: Spoken) -> None:
    if spoken.private:
        with_role(the_person(call), HEAD_OFFICE)


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
        await _begin(tx, call)
        return Answer(200, Confirmed(year=year, days=await confirm_year(tx, year)))

    return await _once(call, work)


async def _keep(call: Call, wanted: Wanted, expected: Versions | None, *, there: Spoken | None = None) -> Response:
    """One entry; ``there``: it has to exist. What is wrong with it is answered all at once."""

    async def work(tx: Tx) -> Answer:
        await _begin(tx, call)
        if there is not None and await entry(tx, KINDS[wanted.kind], wanted.code) is None:
            raise _nowhere(there, wanted.code)
        await views.as_expected(tx, wanted.kind, wanted.code, expected)
        (outcome,) = await keep(tx, [wanted])
        verdict = outcome.verdict
        if verdict == "refused":
            raise Invalid("invalid_input", problems=outcome.problems)
        outcome, given = await give_on(tx, call, outcome)
        body = Kept(
            kind=EntryKind(outcome.kind),
            code=outcome.code,
            verdict=verdict,
            entry={"code": outcome.code} | SPOKEN[outcome.kind].open(outcome.values or {}),
            changes=views.changes(outcome),
            given_on=given,
            left_behind=views.left_behind(outcome),
            going_on=views.going_on(outcome),
        )
        version = await history.version(tx, outcome.kind, outcome.code)
        return Answer(201 if verdict == "created" else 200, body, version=version)

    return await _once(call, work)


async def _begin(tx: Tx, call: Call) -> None:
    """Only head office changes the network, one change after the other, each at the request's
    instant."""
    with_role(the_person(call), HEAD_OFFICE)
    await hold(tx)
    await edits.dated(tx, call.now())


async def _once(call: Call, work: Any) -> Response:
    answer = await once(call, work)
    # This process's door reads by the new network at once, others a few seconds later.
    call.services.memory.network.forget()
    return answer


def _nowhere(spoken: Spoken, code: str) -> NotFound:
    return NotFound("entry_not_found", kind=spoken.kind, entry=code)
