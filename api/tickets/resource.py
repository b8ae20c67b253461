"""``/tickets``: what has to be put right, by whom, by when.

Reports of wrongdoing are there for auditors and head office, and for whoever reported by name; for
nobody else (``domain.sight``).
"""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import ConfigDict, Field, model_validator

from api.context import AnyCall, Call, ReadCall
from api.documented import READ, READ_ONE, WRITE, example, listed, problems
from api.idempotency import Answer, once
from api.naming import Names
from api.paging import AskedMany, Page, Paging, shown
from api.tickets.views import TAKEN, TICKET, TakenView, TicketSheet, TicketView, WordView, view
from cases.errors import NotFound
from domain.coded import coded
from domain.forms import AT, Code, Form, Long, Plate, Short, Vin, refuse
from domain.leads.metrics import STATEMENTS
from domain.leads.reads.history import HistoryLine, tell_history
from domain.reach import SELLERS, within_reach
from domain.tickets import statements
from domain.tickets.kind import TICKET as TICKET_KIND
from domain.tickets.statements import NewTicket, Taken
from domain.tickets.words import TicketKind, TicketSeverity, TicketStatus
from store.engine import case_words, cases, sight, timeline
from store.engine.vehicles import Car
from store.kinds import tickets
from store.kinds.tickets import TicketFilters, TicketLine
from store.leads import views
from store.session import Tx

router = APIRouter(tags=["tickets"])

_ID = TICKET["id"]
_LINE = {
    "number": 1,
    "at": "2026-11-21T08:00:00Z",
    "by": None,
    "code": "case_opened",
    "text": "Opened",
    "element": None,
    "data": {"kind": "ticket", "ticket": "complaint"},
    "decision_id": None,
    "why": None,
    "follow_up": None,
    "edits": [],
}


class TicketBody(Form):
    """Something is wrong."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "complaint", "about": TICKET["about"], "title": "空调异响", "description": "第三次"}]
        }
    )

    kind: TicketKind
    about: UUID | None = Field(default=None, description="The case (a lead) that it came from; its customer is asked")
    severity: TicketSeverity | None = Field(default=None, description="As whoever opens it sees it; never made less")
    dealer: Code | None = Field(default=None, description="The dealer's code, if it is not that of `about`")
    title: Short | None = None
    description: Long | None = None
    vin: Vin | None = Field(default=None, description="The car that it is about; as on its licence")
    plate: Plate | None = Field(default=None, description="Of the car with this `vin`")
    model: Code | None = Field(default=None, description="The code of its model; of the car with this `vin`")

    @model_validator(mode="after")
    def _of_a_car(self) -> Self:
        for name in ("plate", "model"):
            if self.vin is None and getattr(self, name) is not None:
                raise refuse("needs_vin", **{AT: name})
        return self


class SignalBody(Form):
    """The same has been seen or said once more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"description": "客户又来电催促"}]})

    description: Long | None = None


class TicketQuery(Paging):
    """Query parameters of ``GET /tickets``."""

    kind: list[TicketKind] = Field(default=[], max_length=20)
    severity: list[TicketSeverity] = Field(default=[], max_length=10)
    status: list[TicketStatus] = Field(default=[], max_length=10)
    dealer: list[Code] = Field(default=[], max_length=50)
    owner: list[Code] = Field(default=[], max_length=50)
    region: list[Code] = Field(default=[], max_length=50)
    about: UUID | None = None
    customer: UUID | None = None
    vin: Vin | None = Field(default=None, description="The car that they are about")
    open: bool = Field(default=False, description="Only those that are not closed")


@router.post(
    "/tickets",
    status_code=201,
    response_model=TakenView,
    responses=problems(*WRITE)
    | example(TAKEN, 201)
    | {200: {"description": "One more signal of an open ticket", "model": TakenView}},
    summary="开工单",
)
async def open_ticket(call: AnyCall, body: TicketBody) -> Response:
    """Opens a ticket; its steps, their people and times follow from the tables `ticket-severity`,
    `ticket-policy` and `ticket-steps`. While the customer has an open one of the same kind that is
    not older than the policy's `merge_days`, nor about another car, it is one more signal of that
    one (200, `merged`).
    Without `Baton-Actor` it is anonymous."""

    async def work(tx: Tx) -> Answer:
        at = call.now()
        about = None if body.about is None else await cases.get(tx, body.about)
        if call.person is not None and call.person.role in SELLERS and about and body.kind != TicketKind.REPORT:
            await within_reach(tx, call.person, about)
        names = Names(await call.network(tx))
        dealers = await names.dealers(tx, [] if body.dealer is None else [body.dealer])
        models = names.models([] if body.model is None else [body.model])
        names.check()
        car = None if body.vin is None else Car(body.vin, body.plate, models[0] if models else None)
        words = {name: said for name in ("title", "description") if (said := getattr(body, name))}
        new = NewTicket(body.kind, body.severity, body.about, dealers[0] if dealers else None, words=words, car=car)
        taken = await statements.open_ticket(tx, new, at, await _merge_days(tx, call, body))
        STATEMENTS.labels("ticket_open").inc()
        return _taken(taken, call)

    return await once(call, work)


@router.post(
    "/tickets/{ticket_id}/signal",
    response_model=TakenView,
    responses=problems(*WRITE) | example(TAKEN | {"merged": True, "signals": 2}),
    summary="又来信号",
)
async def signal_ticket(ticket_id: UUID, call: AnyCall, body: SignalBody) -> Response:
    """The same has been seen or said once more: the ticket is classified anew, its steps begin
    anew. Whoever reported wrongdoing adds to it as they reported it: by name, or without one. Those
    without a name hold its id, and read nothing of it."""

    async def work(tx: Tx) -> Answer:
        if call.person is not None:
            await _visible(tx, ticket_id)
        words = {"description": body.description} if body.description else {}
        taken = await statements.signal(sight.knowing(tx), ticket_id, call.now(), words)
        STATEMENTS.labels("ticket_signal").inc()
        return _taken(taken, call)

    return await once(call, work)


@router.get("/tickets", responses=problems(*READ) | example(listed(TICKET)), summary="Tickets")
async def list_tickets(call: ReadCall, query: Annotated[TicketQuery, Query()]) -> Page[TicketView]:
    """Tickets, the newest first."""
    window = query.window(tickets.NEWEST)

    async def read(tx: Tx) -> Page[TicketView]:
        names = Names(await call.network(tx))
        filters = TicketFilters(
            kind=query.kind,
            severity=query.severity,
            status=query.status,
            dealer=await names.dealers(tx, query.dealer),
            owner=await names.people(tx, "owner", query.owner),
            region=names.regions(query.region),
            about=query.about,
            customer=query.customer,
            vin=query.vin,
            open_only=query.open,
        )
        names.check()
        found = await tickets.listed(tx, filters, window)
        return shown(found, [view(one) for one in found.items])

    return await call.read(read)


@router.get(
    "/tickets/{ticket_id}",
    responses=problems(*READ_ONE) | example({"ticket": TICKET, "place": [], "words": []}),
    summary="One ticket",
)
async def show_ticket(ticket_id: UUID, call: ReadCall) -> TicketSheet:
    """The ticket, where it stands in its process, and what people wrote about it; whoever reported
    wrongdoing reads their own words."""

    async def read(tx: Tx) -> TicketSheet:
        line = await _visible(tx, ticket_id)
        written = await case_words.of_case(tx, ticket_id)
        if not sight.is_there(tx, TICKET_KIND.name, {"ticket": line.kind}):
            written = tuple(one for one in written if one.by == str(tx.actor))
        people = await views.named_in(tx, (one.by for one in written))
        words = [
            WordView(at=one.at, by=coded(one.by, people), field=one.field, text=one.text) for one in written if one.text
        ]
        return TicketSheet(ticket=view(line), place=list(await cases.place(tx, ticket_id)), words=words)

    return await call.read(read)


@router.get(
    "/tickets/{ticket_id}/timeline",
    responses=problems(*READ_ONE) | example(listed(_LINE)),
    summary="What happened to a ticket",
)
async def show_ticket_timeline(ticket_id: UUID, call: ReadCall, asked: AskedMany) -> Page[HistoryLine]:
    """The ticket's history, the oldest first, in the reader's language."""

    async def read(tx: Tx) -> Page[HistoryLine]:
        await _visible(tx, ticket_id)
        found = await timeline.of_lead(tx, ticket_id, asked.window(timeline.ORDER))
        return shown(found, await tell_history(tx, found.items, call.language))

    return await call.read(read)


async def _merge_days(tx: Tx, call: Call, body: TicketBody) -> float | None:
    """For how long the same kind for the same customer is one more signal of the open one (table
    ``ticket-policy``)."""
    made = (await call.tables(tx)).decide(
        "ticket-policy",
        call.now(),
        {"kind": body.kind.value, "severity": (body.severity or TicketSeverity.NORMAL).value},
    )
    days = made.get("merge_days")
    return None if days is None else float(days)


async def _visible(tx: Tx, ticket_id: UUID) -> TicketLine:
    """Raises ``NotFound``, also for a report that is not the reader's business."""
    line = await tickets.one(tx, ticket_id)
    if line is None:
        raise NotFound("ticket_not_found")
    return line


def _taken(taken: Taken, call: Call) -> Answer:
    told = TakenView(
        ticket_id=taken.ticket, number=taken.number, merged=taken.merged, signals=taken.signals, at=call.now()
    )
    if taken.merged:
        return Answer(200, told)
    return Answer(201, told, location=f"/api/v1/tickets/{taken.ticket}")
