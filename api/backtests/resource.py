"""Back-tests: a draft on the decisions of any period as they were. Whose grade, dealer or deadline
changes?"""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from api.backtests.examples import BACKTEST, CHANGE, WHOLE
from api.context import PersonCall, ReadCall
from api.documented import READ, READ_ONE, WRITE, example, listed, problems
from api.idempotency import Answer, once
from api.paging import Asked, AskedMany, Page, cut, shown
from api.problems import PREFIX
from api.tables.views import Key
from domain.backtests import export, statements
from domain.backtests import reads as views
from domain.backtests.export import ChangeView
from domain.backtests.reads import BacktestLineView, BacktestView
from domain.policy.findings import ChangeKind
from domain.policy.forms import BacktestForm
from store.session import Tx
from store.tables import backtest_lines, backtests

router = APIRouter(tags=["tables"])

NEWEST: Final = 100
"""Back-tests in a table's list."""


OfKind = Annotated[ChangeKind | None, Query(description="Only changes of this kind")]
Dealer = Annotated[str | None, Query(max_length=100, description="Only what concerns the dealer with this code")]
LeadId = Annotated[UUID | None, Query(description="Only changes of this lead")]


@router.post(
    "/tables/{key}/backtests",
    response_model=BacktestView,
    status_code=202,
    responses=problems(*WRITE) | example(WHOLE | {"backtest": BACKTEST | {"state": "waiting"}}, 202),
    summary="Try a draft on past decisions",
)
async def ask_backtest(key: Key, call: PersonCall, form: BacktestForm) -> Response:
    """Every stored decision of the period is made again by the draft, with the inputs of then
    (rosters, capacity, calendars), and compared with what it was. Another grade goes on to the
    dealer, the consultant and the deadlines that followed from it. Workers do it meanwhile: see
    `Location` for how far it is and what it has found."""
    tried = await call.read(lambda tx: statements.to_try(tx, call.speaker, key, form))
    inputs = await statements.inputs_of(call.speaker, key, tried)

    async def work(tx: Tx) -> Answer:
        made = await statements.ask(tx, call.speaker, key, form, tried, inputs)
        view = await views.whole(tx, made, call.language)
        return Answer(202, view, f"{PREFIX}/backtests/{made.id}")

    return await once(call, work)


@router.get(
    "/tables/{key}/backtests", responses=problems(*READ) | example(listed(BACKTEST)), summary="Back-tests of a table"
)
async def list_backtests(key: Key, call: ReadCall, asked: AskedMany) -> Page[BacktestLineView]:
    """The newest hundred, the newest first."""

    async def read(tx: Tx) -> list[BacktestLineView]:
        return await views.lines(tx, await backtests.of_table(tx, key, NEWEST), call.language)

    return cut("backtests", await call.read(read), asked, lambda one: (-one.id.int,))


@router.get(
    "/backtests/{backtest_id}", responses=problems(*READ_ONE) | example(WHOLE), summary="What a back-test has found"
)
async def show_backtest(backtest_id: UUID, call: ReadCall) -> BacktestView:
    """How far it is and what it has found so far, in totals. They are whole when `state` is
    done."""

    async def read(tx: Tx) -> BacktestView:
        return await views.whole(tx, await backtests.one(tx, backtest_id), call.language)

    return await call.read(read)


@router.get(
    "/backtests/{backtest_id}/lines",
    responses=problems(*READ_ONE) | example(listed(CHANGE)),
    summary="What a back-test has found, lead by lead",
)
async def list_backtest_lines(
    backtest_id: UUID,
    call: ReadCall,
    asked: Asked,
    kind: OfKind = None,
    dealer: Dealer = None,
    lead: LeadId = None,
) -> Page[ChangeView]:
    """The decisions that would have had another effect, those of a lead together, in their
    order."""
    window = asked.window(backtest_lines.ORDER)

    async def read(tx: Tx) -> Page[ChangeView]:
        await backtests.one(tx, backtest_id)
        found = await backtest_lines.lines(tx, backtest_id, window, **_sought(kind, dealer, lead))
        return shown(found, await export.changes(tx, found.items, call.language))

    return await call.read(read)


@router.get(
    "/backtests/{backtest_id}/lines.csv",
    response_class=Response,
    responses=problems(*READ_ONE)
    | {200: {"content": {"text/csv": {"example": "线索编号,决策时间,决策表,类别,原来,试算,经销商,决策编号\r\n"}}}},
    summary="What a back-test has found, for a spreadsheet",
)
async def export_changes(
    backtest_id: UUID, call: ReadCall, kind: OfKind = None, dealer: Dealer = None, lead: LeadId = None
) -> Response:
    """The same lines, all of them, as CSV (UTF-8 with a mark that Excel understands)."""

    async def read(tx: Tx) -> tuple[str, dict[str, Any]]:
        return (await backtests.one(tx, backtest_id)).key, _sought(kind, dealer, lead)

    key, sought = await call.read(read)
    rows = export.table(call.services.database, call.actor, call.scope, backtest_id, call.language, **sought)
    headers = {"Content-Disposition": f'attachment; filename="backtest-{key}-{backtest_id}.csv"'}
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


@router.delete(
    "/backtests/{backtest_id}",
    response_model=BacktestView,
    responses=problems(*WRITE) | example(WHOLE | {"backtest": BACKTEST | {"state": "cancelled"}}),
    summary="Cancel a back-test",
)
async def cancel_backtest(backtest_id: UUID, call: PersonCall) -> Response:
    """No further part is begun; what it has found so far stays."""

    async def work(tx: Tx) -> Answer:
        ended = await statements.cancel(tx, call.speaker, backtest_id)
        return Answer(200, await views.whole(tx, ended, call.language))

    return await once(call, work)


def _sought(kind: ChangeKind | None, dealer: str | None, lead: UUID | None) -> dict[str, Any]:
    return {"kind": kind.value if kind else None, "dealer": dealer, "lead": lead}
