"""A purchase that was agreed for a later day: it holds, another day is agreed, or it falls through
(A13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.errors import FieldProblem, Invalid
from cases.stated import ContactWay
from cases.states import Outcome, Status
from cases.zone import CHINA
from domain.leads.laws.counting import signs
from domain.leads.laws.kinds import KINDS
from domain.leads.laws.possible import no_task, not_now, possible
from domain.leads.laws.promising import later_purchase
from domain.leads.statements import undoing
from domain.leads.statements.completing import Contacted, Meant, Stated, Stating, begin, finish
from domain.leads.statements.forms import FirmUpBody
from domain.speaker import Speaker
from store.engine import case_words
from store.leads import sales
from store.leads.sales import Sale
from store.session import Tx

LINES = {
    Outcome.CONFIRMED: "purchase_firmed",
    Outcome.MOVED: "purchase_moved",
    Outcome.FALLEN_THROUGH: "purchase_fell_through",
}
"""How the timeline says what became of it."""


async def firm_up(tx: Tx, speaker: Speaker, lead_id: UUID, body: FirmUpBody) -> Stated:
    """What the customer says shortly before the day. Who withdraws has cancelled an order: somebody
    else has to agree that the win is undone, and until then it is one."""
    work = await begin(tx, speaker, lead_id, "firm_up", body.task_id)
    if work.lead.status != Status.WON:  # it was questioned while the task was open
        raise not_now(work.lead, await possible(tx, work.lead))
    sale = await sales.standing(tx, lead_id)
    if sale is None:
        raise await no_task(tx, work.lead)
    outcome = Outcome(body.outcome)
    changed: dict[str, Any] = {}
    line: dict[str, Any] = {}
    if outcome is Outcome.CONFIRMED:
        await sales.firm_up(tx, sale, work.at)
    elif outcome is Outcome.MOVED:
        line = await _move(work, sale, body.purchase_on)
    else:
        if signs(body.content) < 2:
            raise Invalid("invalid_input", problems=(FieldProblem("content", "says_nothing"),))
        approver = await undoing.approver(tx, work.person, work.lead)
        undo = undoing.asked("cancel_order", str(body.reason), work.person, approver)
        changed = {"status": Status.CONFIRMING, "closing": {**work.lead.closing, "undo": undo}}
        line = {"reason": body.reason, "approver": approver.value}
    line |= {case_words.WORDS: body.content} if body.content else {}
    said = Meant(outcome, Contacted(ContactWay.PHONE, body.content), lead=changed, line=line)
    return await finish(replace(work, kind=replace(KINDS["firm_up"], line=LINES[outcome])), said)


async def _move(work: Stating, sale: Sale, agreed: datetime | None) -> dict[str, str | None]:
    assert agreed is not None  # the body says so
    later_purchase(work.tables, sale.payment, agreed, work.at)
    await sales.move(work.tx, sale, agreed)
    return {"was": _day(sale.purchase_on), "on": _day(agreed)}


def _day(agreed: datetime | None) -> str | None:
    return None if agreed is None else agreed.astimezone(CHINA).date().isoformat()
