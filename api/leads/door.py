"""The door: a submission leaves it as a new lead, a repeat of a known one, or a refusal with reasons (A2–A4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from api.context import Call
from api.deciding import Made, Tables
from api.leads import belonging, silence
from api.leads.belonging import home_of
from api.leads.cells import storable
from api.leads.news import News, what_is_new, who_is_new
from api.leads.reading import Reading, read
from api.metrics import SUBMISSIONS
from cleaning import SHANGHAI
from leads.contracts import ProcessRef
from leads.errors import FieldProblem, Unavailable
from leads.ids import new_id
from leads.progress import Event, Happened
from leads.states import MessageKind, Status, Verdict
from store import customers, edits, intake, leads, repeats, timeline
from store.births import Birth, Facts, bear
from store.intake import External, Standing, Taken
from store.network import Reference
from store.outbox import tell
from store.people import Person
from store.session import Tx

PROCESS = "lead"
"""The key of the process that every new lead starts; its newest version counts."""

Quiet = Literal["already_taken", "stated_before_end"]
"""Why a duplicate changes nothing: this very submission is there, or it was said before the lead ended."""

SAME_FORM = timedelta(days=7)
"""For how long a form without an instant of its own is taken for the one that was sent before, word for word."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a submission. ``reactivated``: the customer's ended lead lives again (激).

    ``code`` says why a duplicate changed nothing: it is there already, or it was said before the lead ended.
    ``unread`` are the cells that could not be read.
    """

    verdict: Verdict
    lead_id: UUID | None = None
    reactivated: bool = False
    code: Quiet | None = None
    problems: tuple[FieldProblem, ...] = ()
    unread: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """What the door needs to know for one request."""

    reference: Reference
    tables: Tables
    process: ProcessRef
    author: Person | None


async def open_door(tx: Tx, call: Call) -> Door:
    """Loads what submissions are read against. Raises ``Unavailable`` until process and tables are deployed."""
    deployed = await intake.deployed(tx, PROCESS)
    if deployed.process is None:
        raise Unavailable("not_deployed", key=PROCESS)
    await call.services.tables.refresh(tx, deployed.tables)
    return Door(await call.network(tx), call.services.tables, deployed.process, call.person)


async def receive(tx: Tx, call: Call, sent: Sequence[Any]) -> tuple[Received, ...]:
    """Takes submissions in, in their order, in the caller's transaction; one verdict each, whatever they hold.

    Two submissions with one contact wait for each other, also from different requests, so that they make one lead.
    """
    door = await open_door(tx, call)
    now = call.now()
    rows = [storable(one) for one in sent]
    understood = [_understand(row, door, now) for row in rows]
    desk = await _look_up(tx, [one for one in understood if isinstance(one, Reading)], now)
    settled = [_settle(door, desk, one) for one in understood]
    await bear(tx, [one for one in settled if isinstance(one, Birth)], now)
    received: list[Received] = []
    for row, read_as, one in zip(rows, understood, settled, strict=True):
        unread = read_as.unread if isinstance(read_as, Reading) else ()
        received.append(replace(await _write(tx, door, row, one, now), unread=unread))
        SUBMISSIONS.labels(received[-1].verdict).inc()
    return tuple(received)


@dataclass(slots=True)
class Desk:
    """What is known of the people behind one request's submissions; it grows with each that is settled."""

    now: datetime
    known: dict[str, Standing] = field(default_factory=dict[str, Standing])
    prints: dict[str, Taken] = field(default_factory=dict[str, Taken])
    instants: dict[tuple[UUID, datetime], Taken] = field(default_factory=dict[tuple[UUID, datetime], Taken])
    externals: dict[External, Taken] = field(default_factory=dict[External, Taken])

    def keep(self, one: Taken) -> None:
        """Notes a submission, so that it is recognised when it comes again."""
        if one.fingerprint is not None:
            self.prints[one.fingerprint] = one
        if one.stated_at is not None:
            self.instants.setdefault((one.lead_id, one.stated_at), one)
        if one.external is not None:
            self.externals.setdefault(one.external, one)

    def taken(self, reading: Reading, standing: Standing | None) -> Taken | None:
        """The same submission, if it was taken before: the same content, or the same customer at the same instant."""
        facts = reading.facts
        same = self.prints.get(facts.fingerprint or "")
        if facts.said_at is None:
            # Without an instant the customer may be at it again: an act after the end, or long after, is a new one.
            return same if same and same.open and self.now - same.received_at <= SAME_FORM else None
        if same is not None:
            return same
        if standing is None or _is_midnight(facts.said_at):  # a day alone is no instant: several forms may share it
            return None
        found = (self.instants.get((lead, facts.said_at)) for lead in standing.leads)
        return next((one for one in found if one is not None), None)


def _is_midnight(at: datetime) -> bool:
    return at.astimezone(SHANGHAI).time() == time()


async def _look_up(tx: Tx, readings: Sequence[Reading], now: datetime) -> Desk:
    """Whom the contacts belong to and what of this is there already; both are locked until the transaction ends."""
    desk = Desk(now)
    contacts = {key for one in readings for key in one.contacts}
    externals = sorted({one.external for one in readings if one.external})
    if not contacts and not externals:
        return desk
    await intake.serialise(tx, sorted(contacts | {f"external:{':'.join(one)}" for one in externals}))
    proofs = sorted({key for one in readings for key in one.proofs})
    if proofs:
        desk.known |= await intake.standings(tx, proofs)
    leads = {lead for standing in desk.known.values() for lead in standing.leads}
    prints = [one.facts.fingerprint for one in readings if one.facts.fingerprint]
    instants = [one.facts.said_at for one in readings if one.facts.said_at]
    for one in await intake.taken(tx, prints, leads, instants, externals):
        desk.keep(one)
    return desk


def _understand(row: Any, door: Door, now: datetime) -> Reading | FieldProblem:
    if not isinstance(row, dict):
        return FieldProblem("", "wrong_type", {"expected": "object"})
    sent: dict[str, Any] = row  # pyright: ignore[reportUnknownVariableType]
    channel = _channel(sent.get("channel"), door.reference)
    return channel if isinstance(channel, FieldProblem) else read(sent, channel, door.reference, now)


def _channel(written: Any, reference: Reference) -> str | FieldProblem:
    """The channel's code: by its code or name, the names on its levels, or the first that is known of several
    (``any_of``)."""
    several: list[Any] = [written]
    if isinstance(written, dict):
        found: Any = written.get("any_of")  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]
        several = found if isinstance(found, list) else [written]  # pyright: ignore[reportUnknownVariableType]
    problem = FieldProblem("channel", "missing")
    for one in several:
        names: list[Any] = one if isinstance(one, list) else [one]  # pyright: ignore[reportUnknownVariableType]
        if one is None or not names:
            continue
        if not all(isinstance(name, str) for name in names):
            return FieldProblem("channel", "wrong_type", {"expected": "text / list"})
        code = reference.channel([name.strip() for name in names])
        if code is not None and code not in reference.retired:
            return code
        problem = FieldProblem("channel", "channel_retired" if code else "unknown_channel")
    return problem


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same customer again; ``returns``: their lead had ended and lives once more (激).

    ``other``: the lead of another customer whose contact stands beside this one's; a person has to look.
    """

    reading: Reading
    standing: Standing
    lead_id: UUID
    returns: bool
    other: UUID | None = None


@dataclass(frozen=True, slots=True)
class OldNews:
    """Said before: it is kept, and nothing else happens. ``code`` is why."""

    reading: Reading
    lead_id: UUID
    code: Quiet
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """No lead, and why."""

    channel: str | None
    problem: FieldProblem


Settled = Birth | Repeat | OldNews | Refusal


def _settle(door: Door, desk: Desk, one: Reading | FieldProblem) -> Settled:
    """The table says whether it is a lead at all; the customer's standing says whose."""
    if isinstance(one, FieldProblem):
        return Refusal(None, one)
    if one.external in desk.externals:
        return OldNews(one, desk.externals[one.external].lead_id, "already_taken")
    made = door.tables.decide("validity", desk.now, one.validity)
    if made.get("verdict") == "reject":
        return Refusal(one.facts.channel, _reason(made))
    standing = next((desk.known[key] for key in one.proofs if key in desk.known), None)
    taken = desk.taken(one, standing)
    facts = one.facts
    if taken is not None:
        desk.keep(replace(taken, external=one.external))
        return OldNews(one, taken.lead_id, "already_taken", facts.external_id)
    if standing and standing.ended and standing.ended_at and facts.said_at and facts.said_at <= standing.ended_at:
        desk.keep(Taken(standing.ended, facts.fingerprint, facts.said_at, desk.now, open=False, external=one.external))
        return OldNews(one, standing.ended, "stated_before_end", facts.external_id)
    one, other = _without_others(one, standing, desk)
    settled: Birth | Repeat
    if standing is None or standing.lead_id is None:
        settled = _birth(door, one, standing, made, other)
        lead_id = settled.lead_id
        before = standing.leads if standing else frozenset[UUID]()
        standing = Standing(settled.customer_id, lead_id, Status.NEW, leads=before | {lead_id})
    else:
        lead_id = standing.lead_id
        settled = Repeat(one, standing, lead_id, standing.returnable, other)
        if settled.returns:
            standing = replace(standing, status=Status.QUALIFYING, ended=None, ended_at=None)
    # The next submission of this batch with one of these contacts belongs to the same lead.
    desk.known |= dict.fromkeys(one.proofs, standing)
    desk.known |= {key: standing for key, had in desk.known.items() if had.customer_id == standing.customer_id}
    desk.keep(Taken(lead_id, facts.fingerprint, facts.said_at, desk.now, open=True, external=one.external))
    return settled


def _without_others(one: Reading, standing: Standing | None, desk: Desk) -> tuple[Reading, UUID | None]:
    """The reading without a WeChat id that is another customer's, and that customer's lead: one contact id never
    stands at two customers, and which of the two it is, is for a person to find out."""
    key = next((key for key in one.proofs if key.startswith("wechat:")), None)
    owner = desk.known.get(key) if key else None
    if standing is None or owner is None or owner.customer_id == standing.customer_id:
        return one, None
    return replace(one, facts=replace(one.facts, wechat=None)), owner.lead_id or owner.ended


def _birth(door: Door, reading: Reading, standing: Standing | None, made: Made, other: UUID | None) -> Birth:
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
        suspects=(other,) if other else (),
        proves=reading.proves,
    )


async def _write(tx: Tx, door: Door, row: Any, settled: Settled, now: datetime) -> Received:
    """What is not a birth is written one by one, once the leads that it may belong to are there."""
    tables = door.tables
    match settled:
        case Birth():
            home = home_of(tables, door.reference, door.author, settled.facts, now)
            if home is not None:
                await belonging.settle(tx, tables, settled.lead_id, home, now)
            if not settled.new_customer:
                await _hear_person(tx, settled, now)
            await _hear_call_wish(tx, tables, settled.customer_id, settled.lead_id, settled.facts, now)
            return Received(Verdict.CREATED, settled.lead_id)
        case Repeat():
            await _attach(tx, door, settled, now)
            return Received(Verdict.DUPLICATE, settled.lead_id, reactivated=settled.returns)
        case OldNews():
            reasons = [{"field": "", "code": settled.code}, *settled.reading.facts.unread]
            await _keep(tx, settled.lead_id, settled.reading, now, reasons, settled.external_id)
            return Received(Verdict.DUPLICATE, settled.lead_id, code=settled.code)
        case Refusal():
            reason = {"field": settled.problem.field, "code": settled.problem.code}
            await intake.keep_submission(
                tx,
                lead_id=None,
                channel=settled.channel,
                at=now,
                verdict=Verdict.REJECTED,
                reasons=[reason],
                raw=row if isinstance(row, dict) else {"row": row},  # pyright: ignore[reportUnknownArgumentType]
            )
            return Received(Verdict.REJECTED, problems=(settled.problem,))


async def _attach(tx: Tx, door: Door, repeat: Repeat, now: datetime) -> None:
    """The same customer again: attached and badged 重, nothing started twice; or their ended lead lives again, 激."""
    tables, home = door.tables, home_of(door.tables, door.reference, door.author, repeat.reading.facts, now)
    lead_id, facts, customer_id = repeat.lead_id, repeat.reading.facts, repeat.standing.customer_id
    submission_id = new_id()
    await edits.dated(tx, now)
    if repeat.returns:
        await bring_back(tx, lead_id, now, channel=facts.channel)
        await (belonging.settle(tx, tables, lead_id, home, now) if home else belonging.clear(tx, lead_id))
    else:
        await intake.mark_repeated(tx, lead_id)
        await _interest(tx, tables, repeat, now)
        await timeline.record(tx, lead_id, now, "interest_repeated", channel=facts.channel)
        if home is not None:
            await belonging.visited(tx, tables, lead_id, home, now)
    known = await repeats.found(tx, lead_id, customer_id)
    news = what_is_new(known, facts, repeat.reading.proves, now)
    await repeats.write(tx, lead_id, customer_id, news.lead, news.customer)
    await _tell_news(tx, lead_id, news, submission_id, now)
    if not repeat.returns:
        said = {"channel": facts.channel, "fields": news.fields}
        await tell(tx, lead_id, MessageKind.INTEREST_REPEATED, now, said)
    if repeat.other is not None:
        await intake.suspect(tx, lead_id, repeat.other)
        await timeline.record(tx, lead_id, now, "contact_of_another", lead=str(repeat.other))
    await _hear_call_wish(tx, tables, customer_id, lead_id, facts, now)
    await _keep(tx, lead_id, repeat.reading, now, facts.unread, facts.external_id, submission_id)


async def _hear_person(tx: Tx, birth: Birth, now: datetime) -> None:
    """A known customer's next lead says more about the person: the same rules as for a repeat."""
    await edits.dated(tx, now)
    news = who_is_new(await repeats.person(tx, birth.customer_id), birth.facts, birth.proves)
    await repeats.write(tx, birth.lead_id, birth.customer_id, {}, news.customer)
    await _tell_news(tx, birth.lead_id, news, None, now)


async def _tell_news(tx: Tx, lead_id: UUID, news: News, submission_id: UUID | None, now: datetime) -> None:
    """What is new goes into the history as codes; free words are read in the submission."""
    where = {"submission": str(submission_id)} if submission_id else {}
    if news.fields:
        what = {"fields": news.fields, "values": news.values, "weighs": news.weighs}
        await timeline.record(tx, lead_id, now, "said_anew", **what, **where)
    if news.otherwise:
        await timeline.record(tx, lead_id, now, "said_otherwise", fields=news.otherwise, **where)


async def _interest(tx: Tx, tables: Tables, repeat: Repeat, now: datetime) -> None:
    """A nurtured customer who comes in again by themselves is progress (table ``progress``)."""
    if repeat.standing.status != Status.NURTURE:
        return
    happened = Happened(Event.INTEREST)
    if tables.decide("progress", now, happened.asked()).get("progress"):
        await leads.change(tx, repeat.lead_id, **happened.marks(now))


async def _keep(
    tx: Tx,
    lead_id: UUID,
    reading: Reading,
    now: datetime,
    reasons: Sequence[Mapping[str, str]],
    external_id: str | None,
    submission_id: UUID | None = None,
) -> None:
    facts = reading.facts
    await intake.keep_submission(
        tx,
        lead_id=lead_id,
        channel=facts.channel,
        at=now,
        verdict=Verdict.DUPLICATE,
        reasons=reasons,
        raw=facts.raw,
        stated_at=facts.said_at,
        fingerprint=facts.fingerprint,
        campaign=facts.campaign,
        external_id=external_id,
        submission_id=submission_id,
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
