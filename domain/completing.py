"""One door completes any task: with what its kind's form takes, from whoever may do it.

A feature with laws of its own answers for its kinds (``OWN``): by the functions behind its own
addresses, so that both doors have one law. Every other task is completed here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from pydantic import ValidationError

from cases.errors import Conflict, FieldProblem, Invalid, NotFound
from cases.states import MessageKind, TaskStatus
from cases.task_kind import OutcomeDeclared, TaskKindDeclared
from domain.kinds import task_kinds, team_of
from domain.leads import tasks as of_leads
from domain.leads.laws.possible import taken_away
from domain.leads.metrics import STATEMENTS
from domain.leads.statements import by_task
from domain.leads.statements.by_task import Answered
from domain.malformed import as_field_problem
from domain.reach import the_person
from domain.speaker import Speaker
from domain.tasks import form
from domain.tasks.form import Given
from domain.tasks.law import may_do, place_of
from store.engine import case_words, cases, task_results, tasks, timeline
from store.engine.outbox import tell
from store.engine.tasks import TaskRow
from store.leads import statements
from store.network.people import Person
from store.session import Tx


class Own(NamedTuple):
    """A feature that completes its tasks itself, and what it refuses beyond who somebody is."""

    answer: Callable[[Tx, Speaker, TaskRow, str, Mapping[str, Any]], Awaitable[Answered]]
    had_it: Callable[[Tx, Person, TaskRow], Awaitable[None]]
    may_answer: Callable[[Tx, Person, TaskRow], Awaitable[None]]


_OF_LEADS: Final = Own(by_task.answer, by_task.had_it, by_task.may_answer)
OWN: Final[Mapping[str, Own]] = {one.kind: _OF_LEADS for one in of_leads.TASKS}
"""By the kind of task, of all that say so (``TaskKindDeclared.own_law``)."""


class Completed(NamedTuple):
    """A task that was completed: which, and what came of it."""

    task: TaskRow
    answered: Answered


async def complete(
    tx: Tx, speaker: Speaker, task_id: UUID, outcome: str, fields: Mapping[str, Any], words: Mapping[str, Any]
) -> Completed:
    """Completes a task, in the caller's transaction.

    Raises ``NotFound``; ``Conflict`` when the task is gone; ``Forbidden`` when it is not the
    speaker's; ``Invalid`` for an outcome or a field that its kind does not have, or that is
    missing. In this order: whoever may not do it is not told what its form holds.
    """
    task = await tasks.get(tx, task_id)
    if task is None:
        raise NotFound("task_not_found")
    kind = await _may(tx, the_person(speaker), task)
    declared = kind.outcome(outcome)
    if declared is None:
        expected = {"expected": ", ".join(kind.codes())}
        raise Invalid("invalid_input", problems=(FieldProblem("outcome", "not_in_list", expected),))
    given = form.read(declared, fields, words)
    if not kind.own_law:
        return Completed(task, await _complete(tx, speaker, kind, declared, task, given))
    try:
        return Completed(task, await OWN[task.kind].answer(tx, speaker, task, outcome, {**given.fields, **given.words}))
    except ValidationError as refused:
        found = tuple(as_field_problem(one) for one in refused.errors())
        raise _of_answer(declared, Invalid("invalid_input", problems=found)) from refused
    except Invalid as refused:
        raise _of_answer(declared, refused) from refused


async def may_complete(tx: Tx, person: Person | None, task: TaskRow) -> None:
    """Raises why this person cannot complete the task now; of nobody in particular, whether the
    task is open."""
    await _may(tx, person, task)


async def _may(tx: Tx, person: Person | None, task: TaskRow) -> TaskKindDeclared:
    kind = task_kinds().get(task.kind)
    if kind is None:
        raise Conflict("task_kind_unknown", task_kind=task.kind)
    if task.status != TaskStatus.OPEN:
        raise await taken_away(tx, task)
    if person is None:
        return kind
    if kind.own_law and task.owner_id != person.id:
        await OWN[task.kind].had_it(tx, person, task)
    await may_do(tx, person, task.owner_id, kind.roles, place_of(task, await cases.get(tx, task.case_id)))
    if kind.own_law:
        await OWN[task.kind].may_answer(tx, person, task)
    return kind


async def _complete(
    tx: Tx, speaker: Speaker, kind: TaskKindDeclared, outcome: OutcomeDeclared, task: TaskRow, given: Given
) -> Answered:
    person = the_person(speaker)
    case = await cases.lock(tx, task.case_id)
    if case.customer_id is not None and await statements.is_erased(tx, case.customer_id):
        raise Conflict("customer_erased")
    await may_do(tx, person, task.owner_id, kind.roles, place_of(task, case))
    at = speaker.now()
    done = await tasks.complete(tx, task.id, outcome=outcome.code, at=at, team=team_of(task.kind), owner_id=person.id)
    if not done.won:
        raise await taken_away(tx, done.task or task)
    await task_results.write(tx, task.id, outcome.code, given.fields)
    await case_words.write(tx, task.case_id, at, given.words)
    codes = {"task_id": str(task.id), "outcome": outcome.code}
    line = codes | {"kind": task.kind, "late": done.late}
    await timeline.record(tx, task.case_id, at, "task_completed", task.element, **line)
    travels = {name: value for name, value in given.fields.items() if form.travels(outcome.field(name))}
    await tell(tx, task.case_id, MessageKind.TASK_COMPLETED, at, travels | codes)
    STATEMENTS.labels("complete").inc()
    return Answered(outcome.code, done.late, at)


def _of_answer(outcome: OutcomeDeclared, refused: Invalid) -> Invalid:
    """A refusal of the statement behind an outcome, with its problems where the answer has the
    fields."""
    return Invalid(
        refused.code, problems=tuple(form.placed(outcome, one) for one in refused.problems), **refused.params
    )
