"""What people and channels state about tickets: something is wrong, or it is so once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cases.errors import Conflict, NotFound
from domain.leads.metrics import STATEMENTS
from domain.naming import Names
from domain.reach import SELLERS, within_reach
from domain.speaker import Speaker
from domain.tickets import reads
from domain.tickets.forms import SignalBody, TicketBody
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
    """What is wrong. ``words`` are somebody's own, by field; ``car`` is the one that it is
    about."""

    kind: TicketKind
    severity: TicketSeverity | None
    dealer_id: UUID | None
    words: Mapping[str, str]
    car: Car | None


@dataclass(frozen=True, slots=True)
class Taken:
    """The ticket that it became, or was one more signal of (``merged``), and when."""

    ticket: UUID
    number: str | None
    merged: bool
    signals: int
    at: datetime


async def open_ticket(tx: Tx, speaker: Speaker, body: TicketBody) -> Taken:
    """Opens a ticket. While the customer has an open one of the same kind that is not older than
    the policy's ``merge_days`` (table ``ticket-policy``), nor about another car, it is one more
    signal of that one.

    Raises ``NotFound`` for a case that is not there, ``Forbidden`` for a seller who opens one about
    somebody else's (a report may be about any), ``Invalid`` for codes of nothing, ``Conflict`` for
    an erased customer's.
    """
    at = speaker.now()
    about = None if body.about is None else await cases.get(tx, body.about)
    if speaker.person is not None and speaker.person.role in SELLERS and about and body.kind != TicketKind.REPORT:
        await within_reach(tx, speaker.person, about)
    new = await _meant(tx, speaker, body)
    taken = await _opened(tx, new, about, at, await _merge_days(tx, speaker, body, at))
    STATEMENTS.labels("ticket_open").inc()
    return taken


async def signal(tx: Tx, speaker: Speaker, ticket_id: UUID, body: SignalBody) -> Taken:
    """The same has been seen or said once more: the ticket is classified anew. Whoever reported
    wrongdoing adds to it as they reported it, by name, or without one: those without a name hold
    its id.

    Raises ``NotFound``, also for a report that is not the speaker's; ``Conflict`` when it is
    closed.
    """
    if speaker.person is not None:
        await reads.ticket(tx, ticket_id)
    words = {"description": body.description} if body.description else {}
    taken = await _signalled(sight.knowing(tx), ticket_id, speaker.now(), words)
    STATEMENTS.labels("ticket_signal").inc()
    return taken


async def _meant(tx: Tx, speaker: Speaker, body: TicketBody) -> NewTicket:
    """What somebody wrote, its codes read. Raises ``Invalid`` for codes of nothing."""
    names = Names(await speaker.network(tx))
    dealers = await names.dealers(tx, [] if body.dealer is None else [body.dealer])
    models = names.models([] if body.model is None else [body.model])
    names.check()
    car = None if body.vin is None else Car(body.vin, body.plate, models[0] if models else None)
    words = {name: said for name in ("title", "description") if (said := getattr(body, name))}
    return NewTicket(body.kind, body.severity, dealers[0] if dealers else None, words, car)


async def _merge_days(tx: Tx, speaker: Speaker, body: TicketBody, at: datetime) -> float | None:
    """For how long the same kind for the same customer is one more signal of the open one."""
    asked = {"kind": body.kind.value, "severity": (body.severity or TicketSeverity.NORMAL).value}
    days = (await speaker.tables(tx)).decide("ticket-policy", at, asked).get("merge_days")
    return None if days is None else float(days)


async def _opened(tx: Tx, new: NewTicket, about: CaseRow | None, at: datetime, merge_days: float | None) -> Taken:
    customer = None if about is None else about.customer_id
    if customer is not None:
        if await statements.is_erased(tx, customer):
            raise Conflict("customer_erased")
        await tickets.hold(tx, customer, new.kind)
        if merge_days is not None:
            known = await tickets.open_of(tx, customer, new.kind, at, merge_days, new.car.vin if new.car else None)
            if known is not None and await tickets.one(tx, known) is not None:  # else who asks learns of it
                return await _signalled(sight.knowing(tx), known, at, new.words, new.car)
    facts = {"ticket": new.kind.value} | ({"severity": new.severity.value} if new.severity else {})
    whole = NewCase(TicketStatus.NEW, facts=facts)
    if about is not None:
        whole = NewCase.about(about, TicketStatus.NEW, facts)
    if new.dealer_id is not None and new.dealer_id != whole.dealer_id:
        whole = replace(whole, dealer_id=new.dealer_id, owner_id=None)
    if new.car is not None:
        whole = replace(whole, vehicle_id=await vehicles.known(tx, new.car))
    ticket = await opening.open_case(tx, TICKET, whole, at)
    await case_words.write(tx, ticket, at, new.words)
    return Taken(ticket, (await cases.get(sight.knowing(tx), ticket)).number, merged=False, signals=1, at=at)


async def _signalled(tx: Tx, ticket_id: UUID, at: datetime, words: Mapping[str, str], car: Car | None = None) -> Taken:
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
    await case_words.write(tx, case.id, at, words)
    await timeline.record(tx, case.id, at, "signal_repeated", signals=signals)
    await outbox.tell(tx, case.id, SIGNAL_REPEATED, at, {"signals": signals})
    return Taken(case.id, case.number, merged=True, signals=signals, at=at)


async def ticket(tx: Tx, ticket_id: UUID) -> CaseRow:
    """The ticket, locked. Raises ``NotFound``, also for a case of another kind."""
    try:
        case = await cases.lock(tx, ticket_id)
    except NotFound:
        raise NotFound("ticket_not_found") from None
    if case.kind != TICKET.name:
        raise NotFound("ticket_not_found")
    return case
