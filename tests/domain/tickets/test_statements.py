"""Tickets are opened, signalled and read by plain functions over a transaction and a speaker."""

from __future__ import annotations

from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import Forbidden, Invalid, NotFound
from domain.sight import scope_of
from domain.tickets import reads, statements
from domain.tickets.forms import SignalBody, TicketBody
from store.listing import Window
from store.session import Database
from tests.domain.lives import CLOCK, sent, speaker


def body(**said: object) -> TicketBody:
    return TicketBody.model_validate({"kind": "complaint"} | said)


async def test_a_second_complaint_is_one_more_signal_of_the_open_one(deployed: Database) -> None:
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        lead, hq = await sent(tx), await speaker(tx, "HQ-01")

        first = await statements.open_ticket(tx, hq, body(about=lead, dealer="BJ01", description="空调异响"))
        again = await statements.open_ticket(tx, hq, body(about=lead))
        other = await statements.open_ticket(tx, hq, body(about=lead, kind="request"))
        more = await statements.signal(tx, hq, first.ticket, SignalBody(description="又来电"))

        assert (first.merged, first.signals, first.at) == (False, 1, CLOCK.now())
        assert (again.ticket, again.merged, again.signals) == (first.ticket, True, 2)
        assert (other.merged, more.signals) == (False, 3)
        seen = await reads.sheet(tx, first.ticket)
        assert (seen.line.dealer and seen.line.dealer.code, sorted(one.text for one in seen.words)) == (
            "BJ01",
            ["又来电", "空调异响"],
        )
        lines = (await reads.history(tx, hq, first.ticket, Window(9))).items
        assert [line.code for line in lines] == ["case_opened", "signal_repeated", "signal_repeated"]


async def test_what_a_ticket_cannot_be_about_is_refused(deployed: Database) -> None:
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        lead, seller = await sent(tx), await speaker(tx, "BJ01-C1")

        with pytest.raises(Forbidden):
            await statements.open_ticket(tx, seller, body(about=lead))
        with pytest.raises(NotFound):
            await statements.open_ticket(tx, seller, body(about=UUID(int=7)))
        with pytest.raises(Invalid) as unknown:
            await statements.open_ticket(tx, seller, body(dealer="NOWHERE", vin="JF1SH95F1AG000123", model="tank"))
        with pytest.raises(NotFound, match="ticket_not_found"):
            await statements.signal(tx, seller, lead, SignalBody())
    assert [(one.field, one.code) for one in unknown.value.problems] == [
        ("dealer/0", "unknown_dealer"),
        ("model/0", "unknown_model"),
    ]


async def test_a_report_is_there_for_whom_it_concerns_alone(deployed: Database) -> None:
    """Whoever holds its id may add to it without a name."""
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        lead, nobody, manager = await sent(tx), await speaker(tx, None), await speaker(tx, "BJ01-M1")
        report = await statements.open_ticket(tx, nobody, body(kind="report", about=lead, description="私下收款"))
    async with deployed.transaction(SYSTEM, scope_of(manager.person)) as tx:
        for asked in (
            reads.sheet(tx, report.ticket),
            reads.history(tx, manager, report.ticket, Window(9)),
            statements.signal(tx, manager, report.ticket, SignalBody()),
        ):
            with pytest.raises(NotFound, match="ticket_not_found"):
                await asked
        assert (await statements.signal(tx, nobody, report.ticket, SignalBody(description="又一次"))).signals == 2
