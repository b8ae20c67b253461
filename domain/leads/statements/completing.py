"""What people state about their work on a lead: each statement completes one open task (A5, A8,
A12–A15).

Every statement reads the same: who may say it, which task it answers, what it changes, what the
process is told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.errors import NotFound
from cases.progress import Event, Happened
from cases.stated import ContactWay, Counts, Statement
from cases.states import (
    ENDED,
    Grade,
    MessageKind,
    Outcome,
    Stage,
    Status,
    TaskKind,
    TaskOutcome,
    TaskStatus,
    word_if_any,
)
from domain.kinds import team_of
from domain.leads.laws.counting import is_later, signs
from domain.leads.laws.kinds import FOLLOW_UP, KINDS, StatementKind
from domain.leads.laws.possible import no_task, not_now, possible, taken_away
from domain.leads.metrics import STATEMENTS
from domain.reach import DESK, the_person
from domain.speaker import Speaker
from domain.tables import Tables
from domain.tasks.law import may_do
from store.engine import case_words, task_results, tasks, timeline
from store.engine.outbox import tell
from store.engine.tasks import TaskRow
from store.leads import leads, statements
from store.leads.leads import LeadRow
from store.network.people import Person
from store.session import Tx


@dataclass(frozen=True, slots=True)
class Contacted:
    """What was said with the customer, for the follow-up history; None of it leaves PostgreSQL."""

    channel: ContactWay = ContactWay.PHONE
    content: str = ""
    answer: str = ""
    next_at: datetime | None = None
    counts: Counts = Counts.YES

    @property
    def says_something(self) -> bool:
        """Whether there is a word of it, or it speaks for itself."""
        return (
            self.channel in (ContactWay.VISIT, ContactWay.TEST_DRIVE)
            or signs(self.content) > 1
            or signs(self.answer) > 1
        )


@dataclass(frozen=True, slots=True)
class Meant:
    """A statement's meaning: the task's outcome, and what changes with it. ``line`` adds codes to
    the timeline."""

    outcome: Outcome
    contact: Contacted | None = None
    stage: Stage | None = None
    grade: str | None = None
    lead: Mapping[str, Any] = field(default_factory=dict)
    line: Mapping[str, Any] = field(default_factory=dict)
    tells: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stating:
    """A statement in progress: the locked lead, the open task, who speaks, when, and the tables as
    they are then."""

    tx: Tx
    tables: Tables
    kind: StatementKind
    lead: LeadRow
    task: TaskRow
    person: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Stated:
    """The answer to a statement. ``late``: it was made after the task's due instant; it counts all
    the same."""

    lead_id: UUID
    task_id: UUID
    statement: Statement
    outcome: TaskOutcome
    late: bool
    stage: Stage | None
    grade: Grade | None
    at: datetime


async def begin(tx: Tx, speaker: Speaker, lead_id: UUID, name: str, task_id: UUID | None) -> Stating:
    """Locks the lead and finds the task that the statement answers, if the lead's state and the
    speaker allow it.

    Raises ``NotFound``; ``Conflict`` when the task is gone (handed over, reassigned, done) or the
    state has none; ``Forbidden`` when it is not the speaker's.
    """
    kind = KINDS[name]
    person = the_person(speaker)
    lead = await leads.lock(tx, lead_id)
    task = await _task(tx, lead, kind, person, task_id)
    await _may(tx, lead, task, kind, person)
    return Stating(tx, await speaker.tables(tx), kind, lead, task, person, speaker.now())


async def finish(work: Stating, said: Meant) -> Stated:
    """Completes the task and writes everything that the statement means, in the transaction it was
    begun in."""
    tx, lead, task, at = work.tx, work.lead, work.task, work.at
    done = await tasks.complete(
        tx, task.id, outcome=said.outcome, at=at, team=team_of(task.kind), owner_id=work.person.id
    )
    if not done.won:
        raise await taken_away(tx, done.task or task)
    stage = _stage(lead, task, said)
    grade = said.grade or lead.grade
    if said.contact is not None:
        await statements.write_follow_up(
            tx,
            lead.id,
            task_id=task.id,
            by_id=work.person.id,
            at=at,
            channel=said.contact.channel,
            content=said.contact.content,
            answer=said.contact.answer,
            next_at=said.contact.next_at,
            outcome=said.outcome,
            stage=stage,
            grade=grade,
            late=done.late,
            counts=said.contact.counts,
        )
    changes = _changes(work, stage, said)
    await leads.change(tx, lead.id, **changes)
    codes = {"task_id": str(task.id), "outcome": str(said.outcome)}
    codes |= {name: value for name, value in (("grade", said.grade), ("stage", stage)) if value}
    line = codes | {"kind": task.kind, "late": done.late} | dict(said.line)
    await timeline.record(tx, lead.id, at, work.kind.line, task.element, **line)
    await task_results.write(tx, task.id, said.outcome, _result(said, codes))
    await tell(tx, lead.id, MessageKind.TASK_COMPLETED, at, codes | dict(said.tells))
    STATEMENTS.labels(work.kind.name).inc()
    return _stated(work, said.outcome, done.late, stage, grade)


def _result(said: Meant, codes: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a task that a statement has answered: what the timeline says of it, but for
    anybody's words."""
    apart = {"task_id", "outcome", case_words.WORDS}
    found = {name: value for name, value in {**codes, **said.line}.items() if name not in apart}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in found.items()}


async def attempt(work: Stating, contact: Contacted) -> Stated:
    """Keeps that nobody answered: the task stays open, its deadline runs on, the process hears
    nothing (A7)."""
    tx, lead, task, at = work.tx, work.lead, work.task, work.at
    late = task.due_at is not None and task.due_at < at
    await statements.write_follow_up(
        tx,
        lead.id,
        task_id=task.id,
        by_id=work.person.id,
        at=at,
        channel=contact.channel,
        content=contact.content,
        answer=contact.answer,
        next_at=contact.next_at,
        outcome=Outcome.UNREACHABLE,
        stage=lead.stage,
        grade=lead.grade,
        late=late,
        counts=contact.counts,
    )
    line = {"task_id": str(task.id), "kind": task.kind, "channel": contact.channel}
    await timeline.record(tx, lead.id, at, "attempted", task.element, **line)
    STATEMENTS.labels("attempt").inc()
    return _stated(work, Outcome.UNREACHABLE, late, lead.stage, lead.grade)


def _stated(work: Stating, outcome: Outcome, late: bool, stage: str | None, grade: str | None) -> Stated:
    now = word_if_any(Stage, stage), word_if_any(Grade, grade)
    return Stated(work.lead.id, work.task.id, work.kind.name, outcome, late, *now, work.at)


async def _task(tx: Tx, lead: LeadRow, kind: StatementKind, person: Person, task_id: UUID | None) -> TaskRow:
    """The named task if it is still open, else the lead's open one of a kind that the statement
    answers."""
    if lead.status == Status.ERASED:
        raise not_now(lead, ())
    if task_id is not None:
        named = await tasks.get(tx, task_id)
        if named is None or named.case_id != lead.id:
            raise NotFound("task_not_found")
        if named.status != TaskStatus.OPEN:
            raise await taken_away(tx, named)
        if named.kind not in kind.answers:
            raise await no_task(tx, lead)
        return named
    found = await tasks.open_for_lead(tx, lead.id, kind.answers)
    if found:
        return found[0]
    await refuse_former_owner(tx, lead, kind.answers, person)
    if lead.status in ENDED:
        raise not_now(lead, await possible(tx, lead))
    raise await no_task(tx, lead)


async def _may(tx: Tx, lead: LeadRow, task: TaskRow, kind: StatementKind, person: Person) -> None:
    """The task's owner may; so may those above the owner, and for tasks of a role everybody in
    it."""
    if task.owner_id == person.id:
        return
    await refuse_former_owner(tx, lead, kind.answers, person)
    await may_do(tx, person, task.owner_id, kind.roles, lead)


async def refuse_former_owner(tx: Tx, lead: LeadRow, answers: Collection[TaskKind], person: Person) -> None:
    """Somebody who had the task and lost it is told so, to whom and when, not merely that they may
    not."""
    if lead.owner_id == person.id or FOLLOW_UP.isdisjoint(answers):
        return
    former = await statements.former_task(tx, lead.id, person.id)
    if former is not None and former.kind in answers:
        raise await taken_away(tx, former)


def _stage(lead: LeadRow, task: TaskRow, said: Meant) -> str | None:
    """The stage after the statement: it only ever goes forward while the sale is open (A12)."""
    stage = said.stage
    counts = said.contact is not None and said.contact.counts is Counts.YES
    if stage is None and task.kind in FOLLOW_UP and said.outcome == Outcome.CONTINUE and counts:
        stage = Stage.NEXT_FOLLOW_UP_DUE
    return stage if is_later(stage, lead.stage) else lead.stage


def _changes(work: Stating, stage: str | None, said: Meant) -> dict[str, Any]:
    lead, at = work.lead, work.at
    changes: dict[str, Any] = dict(said.lead)
    if stage != lead.stage:
        changes["stage"] = stage
    if said.grade is not None and said.grade != lead.grade:
        changes |= {"grade": said.grade, "grade_reason": "stated", "graded_at": at}
    happened = Happened(
        Event.RAISED if said.outcome == Outcome.RAISED else Event.CONTACT,
        said.grade,
        lead.grade,
        lead.best_grade,
        stage_later=stage is not None and stage != lead.stage and is_later(Stage(stage), lead.best_stage),
        reason_given=work.kind.roles == DESK or said.contact is None or said.contact.says_something,
    )
    if work.tables.decide("progress", at, happened.asked()).get("progress"):
        changes |= happened.marks(at, stage)
    return changes
