"""What people and channels state about tickets: something is wrong, or it is so once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cases.errors import Conflict, NotFound
from domain.tickets.kind import SIGNAL_REPEATED, TICKET
from domain.tickets.words import TicketKind, TicketSeverity, TicketStatus
from store.engine import case_words, cases, opening, outbox, sight, timeline, vehicles
from store.engine.cases import CaseRow
from store.engine.opening import NewCase
from store.engine.vehicles import Car
from store.kinds import tickets
from store.leads import statements
from store.session import Tx


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What is wrong. ``about`` is the case that it came from: customer, dealer, region and owner
    are that one's, as far as they are not said. ``words`` are somebody's own, by field; ``car`` is
    the one that it is about."""

    kind: TicketKind
    severity: TicketSeverity | None = None
    about: UUID | None = None
    dealer_id: UUID | None = None
    region: str | None = None
    words: Mapping[str, str] | None = None
    car: Car | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """The ticket that it became, or was one more signal of (``merged``)."""

    ticket: UUID
    number: str | None
    merged: bool
    signals: int


async def open_ticket(tx: Tx, new: NewTicket, at: datetime, merge_days: float | None) -> Taken:
    """Opens a ticket. Within ``merge_days`` the same kind for the same customer, unless it is about
    another car, is one more signal of the open one.

    Raises ``NotFound`` for a case that is not there, ``Conflict`` for an erased customer's.
    """
    about = None if new.about is None else await cases.get(tx, new.about)
    customer = None if about is None else about.customer_id
    if customer is not None:
        if await statements.is_erased(tx, customer):
            raise Conflict("customer_erased")
        await tickets.hold(tx, customer, new.kind)
        if merge_days is not None:
            known = await tickets.open_of(tx, customer, new.kind, at, merge_days, new.car.vin if new.car else None)
            if known is not None and await tickets.one(tx, known) is not None:  # else who asks learns of it
                return await signal(sight.knowing(tx), known, at, new.words, new.car)
    facts = {"ticket": new.kind.value} | ({"severity": new.severity.value} if new.severity else {})
    whole = NewCase(TicketStatus.NEW, facts=facts)
    if about is not None:
        whole = NewCase.about(about, TicketStatus.NEW, facts)
    if new.dealer_id is not None and new.dealer_id != whole.dealer_id:
        whole = replace(whole, dealer_id=new.dealer_id, owner_id=None)
    whole = replace(whole, region=new.region or whole.region)
    if new.car is not None:
        whole = replace(whole, vehicle_id=await vehicles.known(tx, new.car))
    ticket = await opening.open_case(tx, TICKET, whole, at)
    await case_words.write(tx, ticket, at, new.words or {})
    return Taken(ticket, (await cases.get(sight.knowing(tx), ticket)).number, merged=False, signals=1)


async def signal(
    tx: Tx, ticket_id: UUID, at: datetime, words: Mapping[str, str] | None = None, car: Car | None = None
) -> Taken:
    """The same has been seen or said once more: the ticket is classified anew. ``car``: the one
    that it is about, if that was not known before.

    Raises ``NotFound``; ``Conflict`` when it is closed.
    """
    case = await ticket(tx, ticket_id)
    if case.ended_at is not None:
        raise Conflict("ticket_closed", number=case.number or str(case.id))
    if case.customer_id is not None and await statements.is_erased(tx, case.customer_id):
        raise Conflict("customer_erased")
    signals = int(case.facts.get("signals") or 1) + 1
    about = {} if car is None else {"vehicle_id": await vehicles.known(tx, car)}
    await cases.change(tx, case.id, facts={**case.facts, "signals": signals}, **about)
    await case_words.write(tx, case.id, at, words or {})
    await timeline.record(tx, case.id, at, "signal_repeated", signals=signals)
    await outbox.tell(tx, case.id, SIGNAL_REPEATED, at, {"signals": signals})
    return Taken(case.id, case.number, merged=True, signals=signals)


async def ticket(tx: Tx, ticket_id: UUID) -> CaseRow:
    """The ticket, locked. Raises ``NotFound``, also for a case of another kind."""
    try:
        case = await cases.lock(tx, ticket_id)
    except NotFound:
        raise NotFound("ticket_not_found") from None
    if case.kind != TICKET.name:
        raise NotFound("ticket_not_found")
    return case
