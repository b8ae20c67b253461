"""Deadlines that stand still while a task waits for an agreed day, and go on by what was left
(M2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Table, Uuid, bindparam, select, text, update

from cases.deadlines import Counting
from cases.holding import put_off, rung_put_off, stood_still
from cases.parties import Party, Team, concerned
from cases.states import TaskStatus
from store.engine import clocks
from store.engine.clocks import ClockRow
from store.models import SlaClock, Task
from store.network import hours
from store.session import Tx

_table: Table = SlaClock.__table__  # pyright: ignore[reportAssignmentType]

_tasks = Task.__table__

_WHOSE = text(
    """
    SELECT task.role, task.dealer_id, coalesce(dealer.region, cases.region) AS region
    FROM tasks AS task JOIN cases ON cases.id = task.case_id LEFT JOIN dealers AS dealer ON dealer.id = task.dealer_id
    WHERE task.clock_id = :clock_id ORDER BY task.opened_at DESC LIMIT 1
    """
).bindparams(bindparam("clock_id", type_=Uuid()))

_OF_TASK = (
    select(_table.c.id, _table.c.case_id)
    .join(_tasks, _tasks.c.clock_id == _table.c.id)
    .where(_tasks.c.id == bindparam("task_id"), _tasks.c.status == TaskStatus.OPEN, _table.c.paused_at.is_not(None))
)

_TASKS_DUE = text(
    """
    WITH moved AS (
        UPDATE tasks SET due_at = (SELECT due_at FROM sla_clocks WHERE id = :clock_id)
        WHERE clock_id = :clock_id AND status = 'open' RETURNING case_id, due_at, id
    )
    UPDATE cases SET next_due_at = least(moved.due_at, (
        SELECT min(other.due_at) FROM tasks AS other
        WHERE other.case_id = moved.case_id AND other.status = 'open' AND other.id <> moved.id))
    FROM moved WHERE cases.id = moved.case_id
    """
).bindparams(bindparam("clock_id", type_=Uuid()))


async def begin(tx: Tx, case_id: UUID, clock_id: UUID, until: datetime, why: str, at: datetime) -> bool:
    """The deadline stands still from an instant ``until`` another at the most; False if it does
    already, or is over."""
    held = (
        update(_table)
        .where(_table.c.id == clock_id, _table.c.stopped_at.is_(None), _table.c.paused_at.is_(None))
        .values(paused_at=at, paused_until=until, paused_why=why)
        .returning(_table.c.id)
    )
    if (await tx.session.execute(held)).first() is None:
        return False
    await clocks.light(tx, case_id)
    return True


async def end_of_task(tx: Tx, task_id: UUID, at: datetime, team: Team | None) -> datetime | None:
    """A task's deadline goes on, if it stands still: what happens to the task happens in its own
    time. ``team`` is whose hours its kind keeps to. Gives when it is due now; None if it did not
    stand still."""
    held = (await tx.session.execute(_OF_TASK, {"task_id": task_id})).one_or_none()
    if held is None:
        return None
    return (await end(tx, held.case_id, await clocks.get(tx, held.id), at, team)).due_at


async def end(tx: Tx, case_id: UUID, clock: ClockRow, at: datetime, team: Team | None) -> ClockRow:
    """The deadline goes on: it, its next rung and its task are put off by the time that it stood
    still in the hours of ``team`` (None: of the role that has its task), of which none counts after
    the agreed instant. One that does not stand still is left alone."""
    if clock.paused_at is None:
        return clock
    ended = min(at, clock.paused_until or at)
    calendar = (await hours.calendar(tx, await _whose(tx, clock, team), clock.paused_at)).calendar
    counting = Counting(clock.counting)
    by = stood_still(clock.paused_at, ended, counting, calendar)
    rung = clock.next_rung_at
    values = {
        "due_at": put_off(clock.due_at, by, counting, calendar),
        "next_rung_at": None if rung is None else rung_put_off(rung, by, counting, calendar),
        "paused_minutes": clock.paused_minutes + by / timedelta(minutes=1),
        "paused_at": None,
        "paused_until": None,
        "paused_why": None,
    }
    await tx.session.execute(update(_table).where(_table.c.id == clock.id).values(**values))
    await tx.session.execute(_TASKS_DUE, {"clock_id": clock.id})
    await clocks.light(tx, case_id)
    return await clocks.get(tx, clock.id)


async def _whose(tx: Tx, clock: ClockRow, team: Team | None) -> Party:
    """Whose hours the deadline keeps to: of whoever has its task."""
    row = (await tx.session.execute(_WHOSE, {"clock_id": clock.id})).one_or_none()
    return concerned(team, None) if row is None else concerned(team, row.dealer_id, row.role, row.region)
