"""What a person of head office decides about a lead that nobody further down went on with (A10,
A15).

Why head office is asked is kept with the task; when it is asked is the table ``hq-first``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from cases.states import CLOSING_REASONS, MessageKind, Outcome, TaskKind
from domain.kinds import team_of
from domain.leads.statements.completing import Meant, Stated, begin, finish
from domain.leads.statements.forms import HqDecisionBody
from domain.speaker import Speaker
from store.engine import case_words, task_results, tasks
from store.engine.outbox import tell
from store.leads.assignments import AssignmentKind, transfer
from store.leads.leads import LeadRow
from store.network.people import Person
from store.session import Tx


async def decide(tx: Tx, speaker: Speaker, lead_id: UUID, body: HqDecisionBody) -> Stated:
    """To another dealer, nurture, closed with a reason, or one more call; whoever still has the
    lead loses it."""
    work = await begin(tx, speaker, lead_id, "hq_decision", body.task_id)
    lead, outcome = work.lead, Outcome(body.decision)
    if outcome in CLOSING_REASONS:
        by = str(work.person.id)
        closing = {"outcome": str(outcome), "reason": body.reason, "by": by, "confirmed_by": by}
    else:
        closing: dict[str, Any] = {}
        if lead.dealer_id is not None:
            hands = {"to_dealer": None, "to_staff": None, "by": str(tx.actor)}
            await transfer(tx, lead, kind=AssignmentKind.RETURN, at=work.at, reason=work.task.why or "", **hands)
    line = {"why": work.task.why} | ({"reason": body.reason} if body.reason else {})
    line |= {case_words.WORDS: body.comment} if body.comment else {}
    return await finish(work, Meant(outcome, lead={"closing": closing}, line=line))


async def asked(tx: Tx, lead: LeadRow) -> bool:
    """Whether head office has to decide on the lead: whoever reassigns it does."""
    return bool(await tasks.open_for_lead(tx, lead.id, {TaskKind.HQ_DECISION}))


async def answered(tx: Tx, lead: LeadRow, person: Person, at: datetime) -> bool:
    """Gives a reassignment as the answer to head office's open task; False if there is none."""
    for task in await tasks.open_for_lead(tx, lead.id, {TaskKind.HQ_DECISION}):
        done = await tasks.complete(
            tx, task.id, outcome=Outcome.ASSIGNED, at=at, team=team_of(task.kind), owner_id=person.id
        )
        if done.won:
            await task_results.write(tx, task.id, Outcome.ASSIGNED, {"why": task.why})
            told = {"task_id": str(task.id), "outcome": Outcome.ASSIGNED.value}
            await tell(tx, lead.id, MessageKind.TASK_COMPLETED, at, told)
            return True
    return False
