"""A lead has come to rest: the place of its tokens and what is due next, in one statement."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid, bindparam, text

from leads.states import TaskStatus
from store import clocks, tasks
from store.session import Tx

_REST = text(
    """
    UPDATE leads SET place = CAST(:place AS jsonb), settled_at = :at,
        next_due_at = coalesce(
            (SELECT min(due_at) FROM tasks WHERE lead_id = :lead_id AND status = 'open'),
            (SELECT min(CAST(mark ->> 'due' AS timestamptz)) FROM jsonb_array_elements(CAST(:place AS jsonb)) AS mark))
    WHERE id = :lead_id
    """
).bindparams(
    bindparam("lead_id", type_=Uuid()),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("place", type_=Text),
)

_ORPHANS = text(
    """
    UPDATE sla_clocks AS clock
    SET stopped_at = :at, breached_at = coalesce(breached_at, CASE WHEN due_at < :at THEN due_at END)
    WHERE clock.lead_id = :lead_id AND clock.stopped_at IS NULL
      AND clock.kind IN (SELECT kind FROM tasks WHERE id = ANY(:ids))
      AND NOT EXISTS (SELECT 1 FROM tasks WHERE lead_id = :lead_id AND status = 'open' AND kind = clock.kind)
    """
).bindparams(
    bindparam("lead_id", type_=Uuid()),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("ids", type_=ARRAY(Uuid())),
)


async def write(
    tx: Tx,
    lead_id: UUID,
    at: datetime,
    *,
    place: list[dict[str, Any]],
    withdrawn: Collection[UUID],
    ended: bool,
) -> None:
    """Withdraws what the process has left (everything, when it has ended) with the clocks of it, then the place."""
    if ended:
        await tasks.close(tx, lead_id, TaskStatus.WITHDRAWN, at)
        await clocks.stop(tx, lead_id, at)
        await clocks.light(tx, lead_id)
    elif withdrawn:
        ids = sorted(withdrawn)
        await tasks.close(tx, lead_id, TaskStatus.WITHDRAWN, at, ids=ids)
        await tx.session.execute(_ORPHANS, {"lead_id": lead_id, "at": at, "ids": ids})
        await clocks.light(tx, lead_id)
    await tx.session.execute(_REST, {"lead_id": lead_id, "at": at, "place": json.dumps(place, ensure_ascii=False)})
