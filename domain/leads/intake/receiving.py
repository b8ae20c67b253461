"""The door: a submission leaves it as a new lead, a repeat of a known one, or a refusal with
reasons (A2–A4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.errors import FieldProblem, Unavailable
from cases.ids import new_id
from cases.progress import Event, Happened
from cases.states import MessageKind, Status, Verdict
from domain.cleaning.trace import trace
from domain.leads import silence
from domain.leads.intake import belonging
from domain.leads.intake.belonging import home_of
from domain.leads.intake.cells import storable
from domain.leads.intake.desk import look_up
from domain.leads.intake.news import News, what_is_new, who_is_new
from domain.leads.intake.reading import Reading
from domain.leads.intake.settling import Door, OldNews, Quiet, Refusal, Repeat, Settled, settle, understand
from domain.leads.metrics import SUBMISSIONS
from domain.leads.process import PROCESS
from domain.speaker import Speaker
from domain.tables import Tables
from store.engine import timeline
from store.engine.outbox import tell
from store.leads import customers, edits, intake, leads, repeats
from store.leads.births import Birth, Facts, bear
from store.session import Tx


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a submission. ``reactivated``: the customer's ended lead lives again (激).

    ``code`` says why a duplicate changed nothing: it is there already, or it was said before the
    lead ended. ``unread`` are the cells that could not be read.
    """

    verdict: Verdict
    lead_id: UUID | None = None
    reactivated: bool = False
    code: Quiet | None = None
    problems: tuple[FieldProblem, ...] = ()
    unread: tuple[FieldProblem, ...] = ()


async def open_door(tx: Tx, speaker: Speaker) -> Door:
    """Loads what submissions are read against. Raises ``Unavailable`` until process and tables are
    deployed."""
    deployed = await intake.deployed(tx, PROCESS)
    if deployed.process is None:
        raise Unavailable("not_deployed", key=PROCESS)
    await speaker.memory.tables.refresh(tx, deployed.tables)
    return Door(await speaker.network(tx), speaker.memory.tables, deployed.process, speaker.person)


async def receive(tx: Tx, speaker: Speaker, sent: Sequence[Any]) -> tuple[Received, ...]:
    """Takes submissions in, in their order, in the caller's transaction; one verdict each, whatever
    they hold.

    Two submissions with one contact wait for each other, also from different requests, so that they
    make one lead.
    """
    door = await open_door(tx, speaker)
    now = speaker.now()
    rows = [storable(one) for one in sent]
    understood = [understand(row, door, now) for row in rows]
    desk = await look_up(tx, [one for one in understood if isinstance(one, Reading)], now)
    settled = [settle(door, desk, one) for one in understood]
    await bear(tx, [one for one in settled if isinstance(one, Birth)], now)
    received: list[Received] = []
    for row, read_as, one in zip(rows, understood, settled, strict=True):
        unread = read_as.unread if isinstance(read_as, Reading) else ()
        received.append(replace(await _write(tx, door, row, one, now), unread=unread))
        SUBMISSIONS.labels(received[-1].verdict).inc()
    return tuple(received)


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
                trace=trace(row),
            )
            return Received(Verdict.REJECTED, problems=(settled.problem,))


async def _attach(tx: Tx, door: Door, repeat: Repeat, now: datetime) -> None:
    """The same customer again: attached and badged 重, nothing started twice; or their ended lead
    lives again, 激."""
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
    """Opens an ended lead for one more life and tells its workflow; the caller holds the lead's
    lock."""
    life = await intake.bring_back(tx, lead_id)
    await timeline.record(tx, lead_id, now, "customer_returned", life=life, **why)
    await tell(tx, lead_id, MessageKind.REACTIVATED, now, {"life": life})
    return Status.QUALIFYING, life
