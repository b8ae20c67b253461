"""Tasks about leads, answered by the one door: each outcome is the statement that people make at
its own address.

So both doors have one law. What differs is the wording alone: here a task ends in an outcome, there
a person states something about a lead.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from cases.errors import Conflict
from cases.states import Outcome, Stage, Status, TaskKind, TaskStatus
from domain.leads.laws.kinds import FOLLOW_UP
from domain.leads.laws.possible import not_now, possible, taken_away
from domain.leads.statements import forms, head_office, moving, purchase, saying, undoing
from domain.leads.statements.completing import Stated, refuse_former_owner
from domain.reach import DECIDERS, the_person
from domain.speaker import Speaker
from domain.tasks.law import may_do
from store.engine import tasks
from store.engine.tasks import TaskRow
from store.leads import leads
from store.leads.leads import LeadRow
from store.network.people import Person
from store.session import Tx


@dataclass(frozen=True, slots=True)
class Answering:
    """A task that somebody answers, with what they said, by the names of its form; each is checked
    already."""

    tx: Tx
    speaker: Speaker
    task: TaskRow
    outcome: Outcome
    said: Mapping[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        """As the body of a statement about the lead."""
        return {"task_id": self.task.id, **self.said}


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it. ``late``: after the task's due instant; it counts all the same."""

    outcome: str
    late: bool
    at: datetime


async def answer(tx: Tx, speaker: Speaker, task: TaskRow, outcome: str, said: Mapping[str, Any]) -> Answered:
    """Makes the statement that an outcome of a task about a lead stands for.

    Raises as the statement does; ``pydantic.ValidationError`` for what its form refuses beyond the
    task's own.
    """
    made = await _ANSWERS[TaskKind(task.kind)](Answering(tx, speaker, task, Outcome(outcome), said))
    return Answered(made.outcome, made.late, made.at) if isinstance(made, Stated) else made


async def had_it(tx: Tx, person: Person, task: TaskRow) -> None:
    """Raises ``Conflict`` for somebody who had the customer's follow-ups and lost them: they are
    told to whom and when, not merely that they may not."""
    if task.kind in FOLLOW_UP:
        await refuse_former_owner(tx, await leads.get(tx, task.case_id), FOLLOW_UP, person)


async def may_answer(tx: Tx, person: Person, task: TaskRow) -> None:
    """Raises why this task about a lead cannot be completed by this person now, beyond who they
    are."""
    lead = await leads.get(tx, task.case_id)
    if task.kind == TaskKind.CONFIRM_UNDO:
        undoing.may_decide(person, lead)
    if task.kind == TaskKind.FIRM_UP and lead.status != Status.WON:
        raise not_now(lead, await possible(tx, lead))


_FOLLOWED: Final = MappingProxyType(
    {None: "follow_up", Stage.INVITED: "invite", Stage.VISITED: "visit", Stage.TEST_DRIVE: "test_drive"}
)


async def _follow_up(one: Answering) -> Stated:
    tx, speaker, lead = one.tx, one.speaker, one.task.case_id
    match one.outcome:
        case Outcome.WON:
            return await saying.win(tx, speaker, lead, forms.WinBody.model_validate(one.body))
        case Outcome.LOST:
            return await saying.lose(tx, speaker, lead, forms.LoseBody.model_validate(one.body))
        case Outcome.INVALID:
            return await saying.invalidate(tx, speaker, lead, forms.InvalidateBody.model_validate(one.body))
        case Outcome.COOLED:
            return await saying.cool(tx, speaker, lead, forms.CoolBody.model_validate(one.body))
        case _:
            name = _FOLLOWED[one.said.get("stage")]
            body = {field: value for field, value in one.body.items() if field != "stage"}
            return await saying.follow_up(tx, speaker, lead, name, forms.FollowUpBody.model_validate(body))


async def _confirm(one: Answering) -> Stated:
    body = forms.ConfirmBody.model_validate(one.body | {"approve": one.outcome is Outcome.CONFIRMED})
    return await saying.confirm(one.tx, one.speaker, one.task.case_id, body)


async def _call(one: Answering) -> Stated:
    body = forms.CallResultBody.model_validate(one.body | {"outcome": one.outcome})
    return await saying.call_result(one.tx, one.speaker, one.task.case_id, body)


async def _firm_up(one: Answering) -> Stated:
    body = forms.FirmUpBody.model_validate(one.body | {"outcome": one.outcome.value})
    return await purchase.firm_up(one.tx, one.speaker, one.task.case_id, body)


async def _intent(one: Answering) -> Stated:
    body = forms.IntentBody.model_validate(one.body | {"outcome": one.outcome})
    return await saying.intent(one.tx, one.speaker, one.task.case_id, body)


async def _recall(one: Answering) -> Stated:
    body = forms.RecallBody.model_validate(one.body | {"outcome": one.outcome})
    return await saying.recall_result(one.tx, one.speaker, one.task.case_id, body)


async def _decide(one: Answering) -> Stated | Answered:
    if one.outcome is Outcome.ASSIGNED:
        return await _assign(one)
    body = forms.HqDecisionBody.model_validate(one.body | {"decision": one.outcome})
    return await head_office.decide(one.tx, one.speaker, one.task.case_id, body)


async def _assign(one: Answering) -> Answered:
    """Head office names a dealer or a consultant: a reassignment, which answers its open task."""
    tx, speaker = one.tx, one.speaker
    body = forms.ReassignBody.model_validate(one.said)
    target = await moving.find_target(tx, speaker, body)
    lead: LeadRow = await leads.lock(tx, one.task.case_id)
    task = await tasks.get(tx, one.task.id)
    if task is None or task.status != TaskStatus.OPEN:  # somebody was faster
        raise Conflict("task_not_found") if task is None else await taken_away(tx, task)
    await may_do(tx, the_person(speaker), task.owner_id, DECIDERS, lead)
    made = await moving.reassign(tx, speaker, lead.id, target, body)
    return Answered(Outcome.ASSIGNED, task.due_at is not None and task.due_at < made.at, made.at)


_ANSWERS: Final[Mapping[TaskKind, Callable[[Answering], Awaitable[Stated | Answered]]]] = MappingProxyType(
    {
        TaskKind.OUTBOUND_CALL: _call,
        TaskKind.FIRST_FOLLOW_UP: _follow_up,
        TaskKind.NEXT_FOLLOW_UP: _follow_up,
        TaskKind.CONFIRM_CLOSING: _confirm,
        TaskKind.CONFIRM_UNDO: _confirm,
        TaskKind.FIRM_UP: _firm_up,
        TaskKind.INTENT_CHECK: _intent,
        TaskKind.RECALL: _recall,
        TaskKind.HQ_DECISION: _decide,
    }
)
