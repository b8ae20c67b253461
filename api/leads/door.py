"""The door: a submission leaves it as a new lead, a repeat of a known one, or a refusal with reasons (A2–A4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from api.context import Call
from api.deciding import Made, Tables
from api.leads import silence
from api.leads.bodies import SubmissionBody
from api.leads.reading import Reading, read
from api.metrics import SUBMISSIONS
from leads.contracts import ProcessRef
from leads.errors import FieldProblem, Unavailable
from leads.ids import new_id
from leads.states import MessageKind, Status, Verdict
from store import customers, edits, intake, timeline
from store.births import Birth, Facts, bear
from store.intake import Standing
from store.network import Reference
from store.outbox import tell
from store.session import Tx

PROCESS = "lead"
"""The key of the process that every new lead starts; its newest version counts."""

CLOCK_SLACK = timedelta(days=1)
"""How far a channel's clock may be ahead of ours before its instant is refused."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a submission. ``reactivated``: the customer's ended lead lives again (激)."""

    verdict: Verdict
    lead_id: UUID | None = None
    reactivated: bool = False
    problems: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """What the door needs to know for one request."""

    reference: Reference
    tables: Tables
    process: ProcessRef


async def open_door(tx: Tx, call: Call) -> Door:
    """Loads what submissions are read against. Raises ``Unavailable`` until process and tables are deployed."""
    deployed = await intake.deployed(tx, PROCESS)
    if deployed.process is None:
        raise Unavailable("not_deployed", key=PROCESS)
    await call.services.tables.refresh(tx, deployed.tables)
    return Door(await call.network(tx), call.services.tables, deployed.process)


async def receive(tx: Tx, call: Call, bodies: Sequence[SubmissionBody]) -> tuple[Received, ...]:
    """Takes submissions in, in their order, in the caller's transaction; one verdict each.

    Two submissions with one contact wait for each other, also from different requests, so that they make one lead.
    """
    door = await open_door(tx, call)
    now = call.now()
    understood = [_understand(body, door, now) for body in bodies]
    contacts = sorted({key for one in understood if isinstance(one, Reading) for key in one.contacts})
    known: dict[str, Standing] = {}
    if contacts:
        await intake.serialise(tx, contacts)
        known = await intake.standings(tx, contacts)
    settled = [_settle(door, body, one, known, now) for body, one in zip(bodies, understood, strict=True)]
    await bear(tx, [one for one in settled if isinstance(one, Birth)], now)
    received = tuple([await _write(tx, door.tables, body, one, now) for body, one in zip(bodies, settled, strict=True)])
    for one in received:
        SUBMISSIONS.labels(one.verdict).inc()
    return received


def _understand(body: SubmissionBody, door: Door, now: datetime) -> Reading | FieldProblem:
    channel = door.reference.channel(body.channel)
    if channel is None:
        return FieldProblem("channel", "unknown_channel")
    if body.stated_at is not None and body.stated_at > now + CLOCK_SLACK:
        return FieldProblem("stated_at", "in_future")
    return read(body, channel, door.reference, now)


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same customer again; ``returns``: their lead had ended and lives once more (激)."""

    reading: Reading
    standing: Standing
    lead_id: UUID
    returns: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """No lead, and why."""

    channel: str | None
    problem: FieldProblem


def _settle(
    door: Door, body: SubmissionBody, one: Reading | FieldProblem, known: dict[str, Standing], now: datetime
) -> Birth | Repeat | Refusal:
    """The table says whether it is a lead at all; the customer's standing says whose."""
    if isinstance(one, FieldProblem):
        return Refusal(None if one.field == "channel" else door.reference.channel(body.channel), one)
    made = door.tables.decide("validity", now, one.validity)
    if made.get("verdict") == "reject":
        return Refusal(one.facts.channel, _reason(made))
    standing = next((known[key] for key in one.contacts if key in known), None)
    settled: Birth | Repeat
    if standing is None or standing.lead_id is None:
        settled = _birth(door, one, standing, made)
        standing = Standing(settled.customer_id, settled.lead_id, Status.NEW)
    else:
        settled = Repeat(one, standing, standing.lead_id, returns=standing.returnable)
        if settled.returns:
            standing = replace(standing, status=Status.QUALIFYING)
    # The next submission of this batch with one of these contacts belongs to the same lead.
    known |= dict.fromkeys(one.contacts, standing)
    return settled


def _birth(door: Door, reading: Reading, standing: Standing | None, made: Made) -> Birth:
    return Birth(
        facts=reading.facts,
        process=door.process,
        customer_id=standing.customer_id if standing else new_id(),
        new_customer=standing is None,
        table=made.key,
        version=made.version,
        inputs=made.inputs,
        matched=made.matched,
        result=made.outputs,
    )


async def _write(
    tx: Tx, tables: Tables, body: SubmissionBody, settled: Birth | Repeat | Refusal, now: datetime
) -> Received:
    """What is not a birth is written one by one, once the leads that it may belong to are there."""
    match settled:
        case Birth():
            await _hear_call_wish(tx, tables, settled.customer_id, settled.lead_id, settled.facts, now)
            return Received(Verdict.CREATED, settled.lead_id)
        case Repeat():
            await _attach(tx, tables, settled, now)
            return Received(Verdict.DUPLICATE, settled.lead_id, reactivated=settled.returns)
        case Refusal():
            reason = {"field": settled.problem.field, "code": settled.problem.code}
            await intake.keep_submission(
                tx,
                lead_id=None,
                channel=settled.channel,
                at=now,
                verdict=Verdict.REJECTED,
                reasons=[reason],
                raw=body.model_dump(mode="json", exclude_none=True),
            )
            return Received(Verdict.REJECTED, problems=(settled.problem,))


async def _attach(tx: Tx, tables: Tables, repeat: Repeat, now: datetime) -> None:
    """The same customer again: attached and badged 重, nothing started twice; or their ended lead lives again, 激."""
    lead_id, facts = repeat.lead_id, repeat.reading.facts
    await edits.dated(tx, now)
    await intake.complete_customer(tx, repeat.standing.customer_id, facts)
    if repeat.returns:
        await bring_back(tx, lead_id, now, channel=facts.channel)
    else:
        await intake.mark_repeated(tx, lead_id)
        await timeline.record(tx, lead_id, now, "interest_repeated", channel=facts.channel)
        await tell(tx, lead_id, MessageKind.INTEREST_REPEATED, now, {"channel": facts.channel})
    await intake.hear_wish(tx, lead_id, facts, now)
    await _hear_call_wish(tx, tables, repeat.standing.customer_id, lead_id, facts, now)
    await intake.keep_submission(
        tx, lead_id=lead_id, channel=facts.channel, at=now, verdict=Verdict.DUPLICATE, reasons=(), raw=facts.raw
    )


async def _hear_call_wish(
    tx: Tx, tables: Tables, customer_id: UUID, lead_id: UUID, facts: Facts, now: datetime
) -> None:
    """Whether and when to call them, as this submission says: the newest wish counts."""
    if not (facts.do_not_call or facts.may_call or facts.call_hours):
        return
    await edits.dated(tx, now)
    never = True if facts.do_not_call else False if facts.may_call else None
    hours = facts.call_hours if facts.call_hours or facts.may_call else None
    heard = await customers.hear_call_wish(tx, customer_id, now, never=never, hours=hours, said=facts.call_said)
    if heard is not None:
        await silence.heard(tx, tables, lead_id, heard, facts.call_hours, now)


async def bring_back(tx: Tx, lead_id: UUID, now: datetime, **why: str) -> tuple[Status, int]:
    """Opens an ended lead for one more life and tells its workflow; the caller holds the lead's lock."""
    life = await intake.bring_back(tx, lead_id)
    await timeline.record(tx, lead_id, now, "customer_returned", life=life, **why)
    await tell(tx, lead_id, MessageKind.REACTIVATED, now, {"life": life})
    return Status.QUALIFYING, life


def _reason(made: Made) -> FieldProblem:
    """The table's reason beside the field that it is about."""
    code = str(made.get("reason") or "invalid_value")
    return FieldProblem("name" if "name" in code else "phone", code)
