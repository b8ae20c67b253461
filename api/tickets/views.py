"""How a ticket looks in answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from cases.contracts import PlaceMark
from cases.states import Lamp
from domain.tickets.words import ClosedAs, TicketKind, TicketSeverity, TicketStatus
from store.kinds.tickets import TicketLine
from store.leads.views import Named

TICKET = {
    "id": "0192f0c1-2b3c-7d4e-8f50-123456789abd",
    "number": "T-2026-000123",
    "kind": "complaint",
    "severity": "amber",
    "status": "working",
    "outcome": None,
    "signals": 1,
    "round": 1,
    "lamp": "green",
    "dealer": {"code": "BJ01", "name": "北京翔鹰斯巴鲁4S店"},
    "owner": {"code": "BJ01-C1", "name": "李晓东"},
    "region": "NORTH",
    "about": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "customer": "0192f0c1-2b3a-7c11-9a00-abcdefabcdef",
    "customer_name": "华桂珍",
    "vehicle": {"vin": "JF1SH95F1AG000123", "plate": "京A12345", "model": None},
    "next_due_at": "2026-11-21T10:00:00Z",
    "opened_at": "2026-11-21T08:00:00Z",
    "ended_at": None,
}
TAKEN = {
    "ticket_id": TICKET["id"],
    "number": "T-2026-000123",
    "merged": False,
    "signals": 1,
    "at": "2026-11-21T08:00:00Z",
}


class CarView(BaseModel):
    """A car: its VIN, and what else was said of it."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    vin: str
    plate: str | None
    model: str | None


class TicketView(BaseModel):
    """One ticket as lists show it; `about` is the case that it came from."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    number: str | None
    kind: TicketKind
    severity: TicketSeverity | None = Field(description="null until it is classified, a moment after it was opened")
    status: TicketStatus
    outcome: ClosedAs | None = Field(description="How it closed")
    signals: int
    round: int
    lamp: Lamp
    dealer: Named | None
    owner: Named | None
    region: str | None
    about: UUID | None
    customer: UUID | None
    customer_name: str | None
    vehicle: CarView | None = Field(description="The car that it is about")
    next_due_at: datetime | None
    opened_at: datetime
    ended_at: datetime | None


class WordView(BaseModel):
    """What somebody wrote about it, in words of their own."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    at: datetime
    by: str
    field: str
    text: str


class TicketSheet(BaseModel):
    """All of a ticket: its line, where it stands in the process, what was written about it."""

    ticket: TicketView
    place: list[PlaceMark]
    words: list[WordView]


class TakenView(BaseModel):
    """The ticket that it became, or was one more signal of (`merged`)."""

    ticket_id: UUID
    number: str | None
    merged: bool
    signals: int
    at: datetime


def view(line: TicketLine) -> TicketView:
    """A ticket as people see it."""
    return TicketView.model_validate(line)
