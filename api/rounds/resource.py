"""Everything under ``/rounds``: scheduled work, each a case of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import Response

from api.context import PersonCall, ReadCall
from api.documented import READ, READ_ONE, WRITE, example, listed, problems
from api.idempotency import Answer, once
from api.paging import Asked, AskedMany, Page, cut, shown
from domain.forms import Code
from domain.leads.reads.history import HistoryLine, tell_history
from domain.rounds import reads, statements
from domain.rounds.reads import RoundLine, RunLine
from domain.rounds.statements import RunForm
from store.engine import timeline
from store.kinds import rounds
from store.session import Tx

router = APIRouter(tags=["rounds"])

Key = Annotated[Code, Path(description="A name in the table `rounds`")]

_RUN: dict[str, Any] = {
    "period": "2026-11-29",
    "planned": True,
    "asked_at": None,
    "asked_by": None,
    "started_at": "2026-11-28T18:00:00Z",
    "ended_at": "2026-11-28T18:00:00Z",
    "done": 37,
}
_ASKED = _RUN | {
    "period": "2026-11-25",
    "planned": False,
    "asked_at": "2026-11-29T02:10:00Z",
    "asked_by": {"code": "HQ-01", "name": "周丽"},
    "started_at": None,
    "ended_at": None,
    "done": 0,
}
_ROUND: dict[str, Any] = {
    "key": "refused_submissions",
    "name": "清空到期的退回提交",
    "case_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "status": "running",
    "lamp": "green",
    "opened_at": "2026-11-21T08:00:00Z",
    "next_at": "2026-11-29T18:00:00Z",
    "process": "round",
    "version": 1,
    "last": _RUN,
}
_DONE: dict[str, Any] = {
    "number": 4711,
    "at": "2026-11-28T18:00:00Z",
    "by": None,
    "code": "round_done",
    "text": "2026-11-29 期已做完，处理 37 条",
    "element": "run",
    "data": {"round": "refused_submissions", "period": "2026-11-29", "count": 37},
    "decision_id": None,
    "why": None,
    "follow_up": None,
    "edits": [],
}


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round with its newest periods; all of them are at ``/rounds/{key}/runs``."""

    round: RoundLine
    runs: list[RunLine]


@router.get("/rounds", responses=problems(*READ) | example(listed(_ROUND)), summary="Scheduled work")
async def list_rounds(call: ReadCall, asked: AskedMany) -> Page[RoundLine]:
    """Each round with its newest period, what came of it, and when the next one is due. `lamp` is
    red while it has an open incident (see `/incidents`), amber when it is more than an hour
    late."""

    async def read(tx: Tx) -> list[RoundLine]:
        return await reads.lines(tx, call.now(), call.language)

    return cut("rounds", await call.read(read), asked, lambda one: (one.key,))


@router.get(
    "/rounds/{key}",
    responses=problems(*READ_ONE) | example({"round": _ROUND, "runs": [_RUN, _ASKED]}),
    summary="One round",
)
async def show_round(key: Key, call: ReadCall) -> RoundView:
    """How it stands, and its newest periods."""

    async def read(tx: Tx) -> RoundView:
        row = await statements.of(tx, key)
        found = await rounds.runs(tx, key, rounds.FEW)
        return RoundView(await reads.line(tx, row, call.now(), call.language), await reads.run_lines(tx, found.items))

    return await call.read(read)


@router.get(
    "/rounds/{key}/runs",
    responses=problems(*READ_ONE) | example(listed(_RUN, _ASKED)),
    summary="The periods of a round",
)
async def list_runs(key: Key, call: ReadCall, asked: Asked) -> Page[RunLine]:
    """Newest first: by the table, or because somebody asked."""
    window = asked.window(rounds.NEWEST)

    async def read(tx: Tx) -> Page[RunLine]:
        await statements.of(tx, key)
        found = await rounds.runs(tx, key, window)
        return shown(found, await reads.run_lines(tx, found.items))

    return await call.read(read)


@router.get(
    "/rounds/{key}/timeline",
    responses=problems(*READ_ONE) | example(listed(_DONE)),
    summary="What happened to a round",
)
async def show_round_timeline(key: Key, call: ReadCall, asked: Asked) -> Page[HistoryLine]:
    """The history of its case, oldest first, with the decisions of the table behind it."""
    window = asked.window(timeline.ORDER)

    async def read(tx: Tx) -> Page[HistoryLine]:
        found = await timeline.of_lead(tx, (await statements.of(tx, key)).case_id, window)
        return shown(found, await tell_history(tx, found.items, call.language))

    return await call.read(read)


@router.post(
    "/rounds/{key}/runs",
    response_model=RunLine,
    status_code=202,
    responses=problems(*WRITE) | example(_ASKED, 202),
    summary="Have a period done",
)
async def ask_run(key: Key, call: PersonCall, form: RunForm) -> Response:
    """A period that an outage, the table or a later set-up left out is done now, once; refused if
    it was done, is being done, or is not due yet. The answer comes before it is done: see
    `/rounds/{key}`. For head office."""

    async def work(tx: Tx) -> Answer:
        asked = await statements.ask_run(tx, call.speaker, key, form)
        (line,) = await reads.run_lines(tx, (asked,))
        return Answer(202, line)

    return await once(call, work)
