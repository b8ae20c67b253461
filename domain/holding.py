"""A task waits for an agreed day: who may let it, which may, how long, and what for (A10).

What follows for its deadline is ``store.engine.holds``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from cases.errors import Conflict, FieldProblem, Invalid, NotFound
from cases.holding import HoldReason
from cases.states import MessageKind, Role, TaskStatus
from cases.task_kind import TaskKindDeclared
from cases.zone import minute_shown
from domain.forms import in_past
from domain.kinds import task_kinds, team_of
from domain.leads.laws.possible import taken_away
from domain.reach import the_person
from domain.speaker import Speaker
from domain.tasks.law import may_do, place_of
from store.engine import cases, holds, tasks, timeline
from store.engine.outbox import tell
from store.engine.tasks import TaskRow
from store.session import Tx


class Held(NamedTuple):
    """A task that waits from now on, or goes on; when it is due."""

    task: TaskRow
    due_at: datetime | None
    at: datetime


def may_wait(kind: TaskKindDeclared | None) -> bool:
    """Whether tasks of this kind may be put on hold."""
    return kind is not None and kind.may_wait


async def hold(tx: Tx, speaker: Speaker, task_id: UUID, until: datetime, reason: HoldReason) -> Held:
    """Puts an open task on hold: its deadline stands still, its process looks at it again.

    Raises ``NotFound``; ``Forbidden`` when it is not the speaker's; ``Conflict`` when it is gone,
    when its kind may not wait, and for what is on hold or has no deadline; ``Invalid`` for an
    instant that is over, or further ahead than the table ``hold-limits`` allows.
    """
    task, kind = await _theirs(tx, speaker, task_id)
    if not may_wait(kind):
        raise Conflict("may_not_wait", task_kind=task.kind)
    at = speaker.now()
    if until <= at:
        raise Invalid("invalid_input", problems=(in_past("until", at),))
    tables = await speaker.tables(tx)
    most = tables.decide("hold-limits", at, {"kind": task.kind}).get("longest_days")
    latest = at + timedelta(days=float(most or 0))
    if until > latest:
        too_far = FieldProblem("until", "too_far_ahead", {"latest": minute_shown(latest)})
        raise Invalid("invalid_input", problems=(too_far,))
    if task.clock_id is None:
        raise Conflict("no_deadline")
    if not await holds.begin(tx, task.case_id, task.clock_id, until, reason, at):
        raise Conflict("held_already")
    await timeline.record(tx, task.case_id, at, "held", task.element, kind=task.kind, until=until, case=reason.value)
    await _told(tx, task, at)
    return Held(task, task.due_at, at)


async def resume(tx: Tx, speaker: Speaker, task_id: UUID) -> Held:
    """The task's deadline goes on before the agreed day. Raises as ``hold`` does, and ``Conflict``
    if it ran."""
    task, _ = await _theirs(tx, speaker, task_id)
    at = speaker.now()
    due = await holds.end_of_task(tx, task.id, at, team_of(task.kind))
    if due is None:
        raise Conflict("not_held")
    await timeline.record(tx, task.case_id, at, "resumed", task.element, kind=task.kind, due=due)
    await _told(tx, task, at)
    return Held(task, due, at)


async def _theirs(tx: Tx, speaker: Speaker, task_id: UUID) -> tuple[TaskRow, TaskKindDeclared | None]:
    """The open task with its kind, its case locked, if it is the speaker's to do."""
    person = the_person(speaker)
    found = await tasks.get(tx, task_id)
    if found is None:
        raise NotFound("task_not_found")
    case = await cases.lock(tx, found.case_id)
    task = await tasks.get(tx, task_id) or found
    if task.status != TaskStatus.OPEN:
        raise await taken_away(tx, task)
    kind = task_kinds().get(task.kind)
    roles = kind.roles if kind is not None else frozenset({Role.HQ})
    await may_do(tx, person, task.owner_id, roles, place_of(task, case))
    return task, kind


async def _told(tx: Tx, task: TaskRow, at: datetime) -> None:
    await tell(tx, task.case_id, MessageKind.CLOCK_MOVED, at, {"task_id": str(task.id)})
