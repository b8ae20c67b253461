"""What comes first in an inbox: the table ``task-priority``, asked when the inbox is read (A10).

Points are not kept: what was due tomorrow is due today, and nobody would have written it. Of a
list, the ``MOST_WEIGHED`` tasks that are due first are weighed and sorted by their points; a
person's inbox is shorter than that. What lies beyond follows as it is due. Pages agree on the
instant of the first one and on where the weighed tasks end, which the cursor carries, so that time
that passes between two pages moves nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from domain.kinds import task_kinds
from domain.tables import Tables
from store.engine import inbox
from store.engine.inbox import NEVER_DUE, PRIORITY, TaskFilters, TaskLine
from store.listing import Rows, Window
from store.session import Tx

MOST_WEIGHED = 300
"""A decision that nobody remembers costs some 0.1 ms, so a page costs 35 ms at most, however long
the list is."""
_MOST_POINTS = 1_000_000
_BEYOND = 3 * _MOST_POINTS
"""The rank of what is not weighed: behind all that is."""
_LONG_AGO, _NOT_SOON = -525_600, 999_990


class Seen(NamedTuple):
    """Where a page ends: as of when and up to where tasks are weighed, then the last task's
    place."""

    at: datetime
    until_due: datetime
    until_id: UUID
    rank: int
    due: datetime
    id: UUID


async def by_priority(tx: Tx, tables: Tables, filters: TaskFilters, now: datetime, window: Window) -> Rows[TaskLine]:
    """Open tasks, those with most points first; with as many points what is due first."""
    seen = None if window.after is None else Seen(*window.after)
    first = await inbox.tasks(tx, filters, now, Window(MOST_WEIGHED if seen is None else 1, total=window.total))
    if seen is not None:
        at, until = seen.at, (seen.until_due, seen.until_id)
        weighed: tuple[TaskLine, ...] = ()
        if seen.rank < _BEYOND:
            # Tasks that were opened since may be due before the last of them.
            weighed = (await inbox.tasks(tx, replace(filters, until=until), now, Window(2 * MOST_WEIGHED))).items
    elif first.items:
        at, until, weighed = now, _due(first.items[-1]), first.items
    else:
        return Rows(PRIORITY.name, (), None, first.total)
    places = {Seen(at, *until, rank(tables, one, at), *_due(one)): one for one in weighed}
    ahead = [(place, places[place]) for place in sorted(places) if seen is None or place > seen]
    shown = ahead[: window.limit]
    room = window.limit - len(shown)
    behind = seen is not None and seen.rank == _BEYOND
    after = (seen.due, seen.id) if seen is not None and behind else until
    rest = await inbox.tasks(tx, filters, now, Window(max(room, 1), after)) if len(ahead) <= window.limit else None
    if rest is not None and room:
        shown += [(Seen(at, *until, _BEYOND, *_due(one)), one) for one in rest.items]
    more = len(ahead) > window.limit or (rest is not None and (rest.last is not None or (not room and rest.items)))
    return Rows(PRIORITY.name, tuple(one for _, one in shown), tuple(shown[-1][0]) if more else None, first.total)


def rank(tables: Tables, task: TaskLine, at: datetime) -> int:
    """A task's place among others at an instant: the more points, the lower."""
    kind = task_kinds().get(task.kind)
    asked = {
        "lamp": task.lamp or "",
        "level": task.level or "",
        "minutes_to_due": _minutes(task.due_at, at),
        "kind": task.kind,
        "urgent": kind is not None and kind.urgent,
    }
    points = int(tables.decide("task-priority", at, asked).points)
    return _MOST_POINTS - max(-_MOST_POINTS, min(_MOST_POINTS, points))


def _minutes(due: datetime | None, at: datetime) -> int:
    """Until it is due, rounded down to ten, so that what was decided is remembered for a while."""
    if due is None:
        return _NOT_SOON
    return max(_LONG_AGO, min(_NOT_SOON, (due - at) // timedelta(minutes=10) * 10))


def _due(task: TaskLine) -> tuple[datetime, UUID]:
    return task.due_at or NEVER_DUE, task.id
