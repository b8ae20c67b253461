"""What truly became of each lead or incident of a batch, whenever it is asked.

Nothing is guessed. An item was told by a numbered message. A new failure and a migration's answer
are written as they happen; the number of the last message that a life has applied is written with
each rest, so after them. Whoever has no answer is waited for until then, and has gone on once its
message was applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal, select

from store.engine import sight
from store.engine.batches import Result
from store.models import BatchItem, Incident, ProcessInstance
from store.session import Tx


class BatchOutcome(StrEnum):
    """What is reported of an item."""

    WAITING = "waiting"
    DONE = "done"  # migrated
    REFUSED = "refused"
    RESOLVED = "resolved"  # retried, and the lead waits there no more
    FAILED_AGAIN = "failed_again"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Item:
    """An item and what has become of it. ``message`` is that of the new failure."""

    number: int
    case_id: UUID
    incident_id: UUID | None
    element: str | None
    outcome: str
    reasons: tuple[dict[str, Any], ...]
    message: str | None


_items = BatchItem.__table__
_lives = ProcessInstance.__table__
_incidents = Incident.__table__

_FINAL: Final = (Result.DONE, Result.REFUSED, Result.GONE)
_OUTCOME: Final[ColumnElement[str]] = case(
    (_items.c.result.in_(_FINAL), _items.c.result),
    (_items.c.result == Result.PLANNED, literal(BatchOutcome.WAITING.value)),
    (_items.c.message.is_not(None), literal(BatchOutcome.FAILED_AGAIN.value)),
    (
        _lives.c.applied >= _items.c.seq,
        case(
            # A migration is answered before the rest is written, so a process that says nothing had
            # nothing to say.
            (_items.c.incident_id.is_(None), literal(BatchOutcome.GONE.value)),
            else_=literal(BatchOutcome.RESOLVED.value),
        ),
    ),
    (_lives.c.ended_at.is_not(None), literal(BatchOutcome.GONE.value)),
    else_=literal(BatchOutcome.WAITING.value),
)
_followed = _items.outerjoin(_lives, (_lives.c.case_id == _items.c.case_id) & (_lives.c.life == _items.c.life))


async def totals(tx: Tx, batch_id: UUID) -> dict[str, int]:
    """How many items have which outcome at this moment."""
    outcome = _OUTCOME.label("outcome")
    mine = (_items.c.batch_id == batch_id, *sight.of_rows(tx, _items.c.case_id))
    query = select(outcome, func.count()).select_from(_followed).where(*mine).group_by(outcome)
    return {str(name): int(count) for name, count in await tx.session.execute(query)}


async def items(
    tx: Tx, batch_id: UUID, *, outcome: str | None = None, after: int = 0, limit: int = 200
) -> tuple[Item, ...]:
    """What has become of each, in the order of telling, from behind item ``after``."""
    c = _items.c
    shown = _followed.outerjoin(_incidents, _incidents.c.id == c.incident_id)
    query = (
        select(
            c.number, c.case_id, c.incident_id, _incidents.c.element, _OUTCOME.label("outcome"), c.reasons, c.message
        )
        .select_from(shown)
        .where(c.batch_id == batch_id, c.number > after, *sight.of_rows(tx, c.case_id))
    )
    if outcome is not None:
        query = query.where(_OUTCOME.op("=")(outcome))
    rows = await tx.session.execute(query.order_by(c.number).limit(limit))
    return tuple(Item(*row[:5], reasons=tuple(row.reasons), message=row.message) for row in rows)
