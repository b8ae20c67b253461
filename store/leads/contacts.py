"""What was said with the customer, as far as planning and later statements need it (A8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Table, Text, any_, bindparam, func, literal, or_, select

from cases.deadlines import FOLLOW_UPS
from store.engine.case_words import written
from store.models import FollowUp, Task
from store.prepared import Prepared
from store.session import Tx

_table: Table = FollowUp.__table__  # pyright: ignore[reportAssignmentType]
_tasks: Table = Task.__table__  # pyright: ignore[reportAssignmentType]


@dataclass(frozen=True, slots=True)
class LastContact:
    """The latest follow-up: when, and when the consultant promised the next."""

    at: datetime
    next_at: datetime | None


_LAST = Prepared(
    select(_table.c.at, _table.c.next_at)
    .outerjoin(_tasks, _tasks.c.id == _table.c.task_id)
    .where(
        _table.c.lead_id == bindparam("lead_id"),
        _table.c.at >= bindparam("since"),
        _table.c.counts == "yes",
        # The call centre's call happens at the instant of the assignment that follows from it.
        or_(_tasks.c.kind.is_(None), _tasks.c.kind == any_(literal(sorted(FOLLOW_UPS), ARRAY(Text)))),
    )
    .order_by(_table.c.at.desc(), _table.c.id.desc())
    .limit(1)
)


_LOOKED_AT = 50
"""How many of somebody's follow-ups a new one is compared with."""


async def last(tx: Tx, lead_id: UUID, since: datetime) -> LastContact | None:
    """The lead's latest follow-up since an instant (its assignment); calls by others than the
    dealer do not count, nor does what was no contact (table ``follow-up-rules``)."""
    row = await _LAST.one(tx, {"lead_id": lead_id, "since": since})
    return LastContact(*row) if row else None


async def attempts(tx: Tx, task_id: UUID) -> tuple[int, datetime | None]:
    """How often somebody tried for this task and nobody answered, and when last."""
    mine = (_table.c.task_id == task_id, _table.c.counts == "attempt")
    count, last = (await tx.session.execute(select(func.count(), func.max(_table.c.at)).where(*mine))).one()
    return int(count), last


async def said_by(tx: Tx, lead_id: UUID, by_id: object) -> tuple[tuple[str, str], ...]:
    """What this person has written about this lead before: content and the customer's answer, the
    latest first."""
    query = (
        select(written(_table.c.id, "content"), written(_table.c.id, "answer"))
        .where(_table.c.lead_id == lead_id, _table.c.by_id == by_id)
        .order_by(_table.c.at.desc(), _table.c.id.desc())
        .limit(_LOOKED_AT)
    )
    return tuple((row.content, row.answer) for row in await tx.session.execute(query))
