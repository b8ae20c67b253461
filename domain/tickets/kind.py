"""The kind ``ticket``: what its diagrams may name and await, and with what it begins."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from cases.kind import Confidential, Kind, Texts, offered
from cases.messages import of_tickets
from cases.signatures import Field, codes
from cases.states import MessageKind, Role
from domain.tickets.tasks import TASKS
from domain.tickets.words import ClosedAs, TicketKind, TicketSeverity

SIGNAL_REPEATED: Final = "signal_repeated"
"""The message that the same has been seen or said once more."""

_CLASSIFIED = (
    codes("severity", *TicketSeverity, required=True),
    Field("steps", "list", required=True),
    Field("confirm_days", "number"),
    Field("report_days", "number"),
    Field("report_role", "string"),
)

TICKET: Final = Kind(
    name="ticket",
    process="ticket",
    zh="工单",
    one="ticket",
    many="tickets",
    prefix="T",
    hears_about_ended=True,
    starts=MappingProxyType({MessageKind.CASE_OPENED: ()}),
    hears=MappingProxyType(
        {
            SIGNAL_REPEATED: (Field("signals", "number", required=True),),
            MessageKind.ABOUT_ENDED: (
                Field("about", "string", required=True),
                Field("life", "number", required=True),
                Field("ended_as", "string"),
            ),
            MessageKind.ERASED: (),
        }
    ),
    tasks=TASKS,
    roles=frozenset().union(*(task.roles for task in TASKS)),
    facts=(codes("ticket", *TicketKind, required=True), codes("severity", *TicketSeverity)),
    activities=MappingProxyType(
        {
            "classify_ticket": offered("tickets", gives=_CLASSIFIED),
            "await_confirmation": offered("tickets"),
            "reopen_ticket": offered("tickets", gives=_CLASSIFIED),
            "note_about_ended": offered("tickets", gives=(Field("moot", "boolean", required=True),)),
            "close_ticket": offered("tickets", takes=(codes("outcome", *ClosedAs, required=True),)),
        }
    ),
    completed=(Field("task_id", "string", required=True),),
    levels=tuple(TicketSeverity),
    texts=Texts(of_tickets.LINES, of_tickets.NOTICES, of_tickets.CODES),
    confidential=(Confidential("ticket", (TicketKind.REPORT.value,), frozenset({Role.AUDITOR, Role.HQ})),),
)
