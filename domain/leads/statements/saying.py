"""The statements one by one: what each body means for its lead (A5, A8, A12–A15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from cases.errors import Conflict, FieldProblem, Invalid, NotFound
from cases.stated import ContactWay, Counts
from cases.states import Outcome, Stage, TaskKind
from domain.leads.intake.reading import read_model
from domain.leads.laws.counting import counted, is_later
from domain.leads.laws.kinds import KINDS
from domain.leads.laws.promising import later_purchase, within_cadence
from domain.leads.statements import forms, undoing
from domain.leads.statements.completing import Contacted, Meant, Stated, Stating, attempt, begin, finish
from domain.leads.statements.facts import read_stated, settle_contact
from domain.speaker import Speaker
from store.engine import case_words
from store.leads import edits, leads, statements
from store.session import Tx

UNDOING = replace(KINDS["confirm"], line="undo_decided")
"""How the timeline says that somebody decided about a win."""
STAGES = {"invite": Stage.INVITED, "visit": Stage.VISITED, "test_drive": Stage.TEST_DRIVE}
DEFAULT_CHANNEL = {"visit": ContactWay.VISIT, "test_drive": ContactWay.TEST_DRIVE}


async def follow_up(tx: Tx, speaker: Speaker, lead_id: UUID, name: str, body: forms.FollowUpBody) -> Stated:
    """The consultant spoke with the customer; by ``name`` also: invited, the customer came, drove
    the car.

    Nobody answered (``reached`` false): an attempt is kept, the task and its deadline stay.
    """
    work = await begin(tx, speaker, lead_id, name, body.task_id)
    channel = body.channel if "channel" in body.model_fields_set else DEFAULT_CHANNEL.get(name, body.channel)
    stage = STAGES.get(name)
    if not body.reached:
        _moves_nothing(name, body)
    contact = await _contact(work, name, channel, body.content, body.answer, reached=body.reached, stage=stage)
    after = stage if is_later(stage, work.lead.stage) else work.lead.stage
    now = {"grade": body.grade or work.lead.grade or "", "stage": after or ""}
    await within_cadence(tx, work.tables, work.lead, body.next_at, work.at, **now)
    contact = replace(contact, next_at=body.next_at)
    if contact.counts is Counts.ATTEMPT:
        return await attempt(work, contact)
    line = {"channel": channel} | ({"next_at": body.next_at} if body.next_at else {})
    return await finish(work, Meant(Outcome.CONTINUE, contact, stage, body.grade, line=line))


def _moves_nothing(name: str, body: forms.FollowUpBody) -> None:
    """Raises ``Invalid`` where somebody who reached nobody says that the sale moved."""
    wrong = [field for field, moves in (("reached", name != "follow_up"), ("grade", body.grade is not None)) if moves]
    if wrong:
        raise Invalid("invalid_input", problems=tuple(FieldProblem(field, "nobody_reached") for field in wrong))


async def _contact(
    work: Stating,
    name: str,
    channel: ContactWay,
    content: str,
    answer: str = "",
    *,
    reached: bool = True,
    stage: Stage | None = None,
) -> Contacted:
    counts = await counted(
        work.tx,
        work.tables,
        work.at,
        statement=name,
        lead=work.lead,
        task=work.task,
        by=work.person.id,
        channel=channel,
        content=content,
        answer=answer,
        reached=reached,
        stage=stage,
    )
    return Contacted(channel, content, answer, counts=counts)


async def win(tx: Tx, speaker: Speaker, lead_id: UUID, body: forms.WinBody) -> Stated:
    """The customer signed: the contract is recorded, the process closes the lead as won (A13)."""
    work = await begin(tx, speaker, lead_id, "win", body.task_id)
    if body.signed_at is not None and body.signed_at > work.at:
        raise Invalid("invalid_input", problems=(FieldProblem("signed_at", "in_future"),))
    later_purchase(work.tables, body.payment, body.purchase_on, work.at)
    model = work.lead.model
    if body.model is not None:
        model = read_model(body.model, await speaker.network(tx))
    if model is None:
        raise Invalid("invalid_input", problems=(FieldProblem("model", "unknown_model" if body.model else "missing"),))
    written = await statements.write_contract(
        tx,
        lead_id,
        number=body.number,
        model=model,
        price=body.price,
        payment=body.payment,
        deposit=body.deposit,
        purchase_on=body.purchase_on,
        signed_at=body.signed_at or work.at,
        by_id=work.person.id,
    )
    if not written:
        raise Conflict("contract_number_used")
    closing = {"outcome": "won", "by": str(work.person.id)}
    line = {"model": model, "price": body.price, "payment": body.payment}
    said = Meant(Outcome.WON, Contacted(ContactWay.VISIT), Stage.WON, lead={"closing": closing}, line=line)
    return await finish(work, said)


async def lose(tx: Tx, speaker: Speaker, lead_id: UUID, body: forms.LoseBody) -> Stated:
    """The customer will not buy; a manager has to confirm it (A14)."""
    return await _close(tx, speaker, lead_id, "lose", Outcome.LOST, body)


async def invalidate(tx: Tx, speaker: Speaker, lead_id: UUID, body: forms.InvalidateBody) -> Stated:
    """It never was a lead; a manager has to confirm it (A14)."""
    return await _close(tx, speaker, lead_id, "invalidate", Outcome.INVALID, body)


async def _close(
    tx: Tx, speaker: Speaker, lead_id: UUID, name: str, outcome: Outcome, body: forms.LoseBody | forms.InvalidateBody
) -> Stated:
    work = await begin(tx, speaker, lead_id, name, body.task_id)
    closing = {"outcome": str(outcome), "reason": body.reason, "by": str(work.person.id)}
    contact = await _contact(work, name, ContactWay.PHONE, body.content)
    said = Meant(outcome, contact, lead={"closing": closing}, line={"reason": body.reason})
    return await finish(work, said)


async def cool(tx: Tx, speaker: Speaker, lead_id: UUID, body: forms.CoolBody) -> Stated:
    """The customer wants to wait: the lead goes back to nurture (A15)."""
    work = await begin(tx, speaker, lead_id, "cool", body.task_id)
    contact = await _contact(work, "cool", ContactWay.PHONE, body.content)
    return await finish(work, Meant(Outcome.COOLED, contact, grade=body.grade))


async def confirm(tx: Tx, speaker: Speaker, lead_id: UUID, body: forms.ConfirmBody) -> Stated:
    """The manager agrees with lost or invalid, or sends the lead back to its consultant (A14)."""
    work = await begin(tx, speaker, lead_id, "confirm", body.task_id)
    if work.task.kind == TaskKind.CONFIRM_UNDO:
        return await _decide_undo(work, body)
    outcome = Outcome.CONFIRMED if body.approve else Outcome.REFUSED
    closing = work.lead.closing
    if body.approve:
        changed: Mapping[str, Any] = {"closing": closing | {"confirmed_by": str(work.person.id)}}
    else:
        changed = {"closing": {}}
    line = {"closing": closing.get("outcome"), "reason": closing.get("reason")}
    line |= {case_words.WORDS: body.comment} if body.comment else {}
    return await finish(work, Meant(outcome, lead=changed, line=line))


async def _decide_undo(work: Stating, body: forms.ConfirmBody) -> Stated:
    """Somebody who did not ask agrees that a win is undone, or not (A13)."""
    undoing.may_decide(work.person, work.lead)
    outcome = Outcome.CONFIRMED if body.approve else Outcome.REFUSED
    undo = work.lead.closing.get("undo") or {}
    line = {"statement": undo.get("statement"), "reason": undo.get("reason")}
    line |= {case_words.WORDS: body.comment} if body.comment else {}
    decided = {**work.lead.closing, "undo": {**undo, "decided_by": str(work.person.id)}}
    return await finish(replace(work, kind=UNDOING), Meant(outcome, lead={"closing": decided}, line=line))


async def call_result(tx: Tx, speaker: Speaker, lead_id: UUID, body: forms.CallResultBody) -> Stated:
    """The outbound call: what was unclear is settled, facts are completed, the customer's own grade
    is heard (A5)."""
    outcome = Outcome(body.outcome)
    customer_id = await statements.customer_of(tx, lead_id)
    contact = await settle_contact(tx, customer_id, body.phone, body.wechat)
    if outcome == Outcome.DUPLICATE:
        await _begin_merge(tx, lead_id, body.duplicate_of)
    elif outcome == Outcome.QUALIFIED:
        await statements.hold_leads(tx, customer_id)
    work = await begin(tx, speaker, lead_id, "call_result", body.task_id)
    changed: dict[str, Any] = {}
    tells: dict[str, Any] = {}
    if outcome == Outcome.QUALIFIED:
        reference = await speaker.network(tx)
        changed, customer = read_stated(body, reference, work.at)
        changed = {**changed, "unread": [], "suspects": []}  # the call has asked
        await edits.dated(tx, work.at)
        await statements.change_customer(tx, work.lead.customer_id, customer | contact)
    elif outcome == Outcome.INVALID:
        if body.reason is None:
            raise Invalid("invalid_input", problems=(FieldProblem("reason", "missing"),))
        changed = {"closing": {"outcome": "invalid", "reason": body.reason, "by": str(work.person.id)}}
        tells = {"reason": body.reason}
    elif outcome == Outcome.DUPLICATE:
        target = await _duplicate_target(tx, work.lead.id, body.duplicate_of)
        changed = {"attached_to": target}
        tells = {"duplicate_of": str(target)}
    line = {"reason": body.reason} if body.reason else {}
    said = Meant(outcome, Contacted(content=body.content), grade=body.grade, lead=changed, line=line, tells=tells)
    return await finish(work, said)


async def _duplicate_target(tx: Tx, lead_id: UUID, duplicate_of: UUID | None) -> UUID:
    """The lead that this one repeats; a repeat of a repeat points at the last of its chain.

    Merges go one after the other (``leads.one_merge_at_a_time``), else two leads could be attached
    to each other.
    """
    if duplicate_of is None:
        raise Invalid("invalid_input", problems=(FieldProblem("duplicate_of", "missing"),))
    try:
        named = await leads.get(tx, duplicate_of)
    except NotFound as missing:
        raise Invalid("invalid_input", problems=(FieldProblem("duplicate_of", "unknown_lead"),)) from missing
    if named.id == lead_id:
        raise Conflict("duplicate_of_itself")
    found = await leads.end_of_chain(tx, named.id)
    if found == lead_id:
        raise Conflict("attached_to_this")
    return found


async def _begin_merge(tx: Tx, lead_id: UUID, duplicate_of: UUID | None) -> None:
    """Keeps every other merge away, and the two leads as they are: locked in the order of their
    ids."""
    await leads.one_merge_at_a_time(tx)
    if duplicate_of is not None:
        await leads.lock_all(tx, {lead_id, await leads.end_of_chain(tx, duplicate_of)})


async def intent(tx: Tx, speaker: Speaker, lead_id: UUID, body: forms.IntentBody) -> Stated:
    """The two-monthly look at a nurtured customer: labels are updated, a risen intent goes on sale
    again (A15)."""
    await statements.hold_leads(tx, await statements.customer_of(tx, lead_id))
    work = await begin(tx, speaker, lead_id, "intent", body.task_id)
    if body.labels is not None:
        await edits.dated(tx, work.at)
        await statements.change_customer(tx, work.lead.customer_id, {"labels": list(dict.fromkeys(body.labels))})
    return await finish(work, Meant(Outcome(body.outcome), Contacted(content=body.content), grade=body.grade))


async def recall_result(tx: Tx, speaker: Speaker, lead_id: UUID, body: forms.RecallBody) -> Stated:
    """HQ called a lost customer back, 回访 (A14)."""
    work = await begin(tx, speaker, lead_id, "recall_result", body.task_id)
    return await finish(work, Meant(Outcome(body.outcome), Contacted(content=body.content), grade=body.grade))
