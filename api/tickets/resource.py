"""``/tickets``: what has to be put right, by whom, by when.

Reports of wrongdoing are there for auditors and head office, and for whoever reported by name; for
nobody else (``domain.sight``).
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from api.context import AnyCall, ReadCall
from api.documented import READ, READ_ONE, WRITE, example, listed, problems
from api.idempotency import Answer, once
from api.paging import AskedMany, Page, Paging, page, shown
from api.tickets.views import TAKEN, TICKET, TakenView, TicketSheet, TicketView, WordView, view
from domain.forms import Code, Vin
from domain.leads.reads.history import HistoryLine
from domain.naming import Names
from domain.tickets import reads, statements
from domain.tickets.forms import SignalBody, TicketBody
from domain.tickets.statements import Taken
from domain.tickets.words import TicketKind, TicketSeverity, TicketStatus
from store.engine import timeline
from store.kinds import tickets
from store.kinds.tickets import TicketFilters
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
        return _taken(await statements.open_ticket(tx, call.speaker, body))

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
        return _taken(await statements.signal(tx, call.speaker, ticket_id, body))

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

    found = await call.read(lambda tx: reads.sheet(tx, ticket_id))
    words = [WordView.model_validate(one) for one in found.words]
    return TicketSheet(ticket=view(found.line), place=list(found.place), words=words)


@router.get(
    "/tickets/{ticket_id}/timeline",
    responses=problems(*READ_ONE) | example(listed(_LINE)),
    summary="What happened to a ticket",
)
async def show_ticket_timeline(ticket_id: UUID, call: ReadCall, asked: AskedMany) -> Page[HistoryLine]:
    """The ticket's history, the oldest first, in the reader's language."""

    window = asked.window(timeline.ORDER)
    return page(await call.read(lambda tx: reads.history(tx, call.speaker, ticket_id, window)))


def _taken(taken: Taken) -> Answer:
    told = TakenView(
        ticket_id=taken.ticket, number=taken.number, merged=taken.merged, signals=taken.signals, at=taken.at
    )
    if taken.merged:
        return Answer(200, told)
    return Answer(201, told, location=f"/api/v1/tickets/{taken.ticket}")
