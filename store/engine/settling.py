"""A lead has come to rest: tasks to open, tasks that the process has left, the tokens' place and
way, what is due."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid, bindparam, text

from cases.contracts import LifeAtRest
from cases.states import TaskStatus
from store.engine import cases, clocks, instances, ledger, rest_parts, tasks, visits
from store.engine.ledger import Ledger
from store.session import Tx

_ORPHANS = text(
    """
    UPDATE sla_clocks AS clock
    SET stopped_at = :at, breached_at = coalesce(breached_at, CASE WHEN due_at < least(:at, paused_at) THEN due_at END)
    WHERE clock.case_id = :case_id AND clock.stopped_at IS NULL
      AND (clock.id IN (SELECT clock_id FROM tasks WHERE id = ANY(:ids))
           OR (clock.kind, clock.about) IN (SELECT kind, about FROM jsonb_to_recordset(CAST(:dropped AS jsonb)) AS line
                                            (kind text, about text)))
      AND (clock.kind, clock.about) NOT IN (SELECT kind, about FROM jsonb_to_recordset(CAST(:opened AS jsonb)) AS line
                                            (kind text, about text))
      AND NOT EXISTS (SELECT 1 FROM tasks WHERE clock_id = clock.id AND status = 'open')
    """
).bindparams(
    bindparam("case_id", type_=Uuid()),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("ids", type_=ARRAY(Uuid())),
    bindparam("opened", type_=Text),
    bindparam("dropped", type_=Text),
)


async def write(
    tx: Tx,
    case_id: UUID,
    at: datetime,
    *,
    opened: Sequence[dict[str, Any]],
    dropped: Sequence[dict[str, Any]] = (),
    withdrawn: Collection[UUID],
    rest: LifeAtRest,
    ended: bool,
    behind: Ledger | None = None,
) -> None:
    """Withdraws what the process has left (all, when it has ended) with its clocks, opens tasks,
    writes where it is. ``behind`` is what its last steps leave, not written yet.

    Whose a task is, its ``scope`` and ``spread`` say (``store.engine.turns``). Each has the clock
    that runs for its kind and what it is about; ``dropped`` are tasks that the process planned and
    left before they were opened. A task whose id is there already, in whatever state, is left
    alone; nothing but ``behind`` is written if a later rest has been.

    Fails as ``ledger.write`` does.
    """
    if behind is not None and (ended or withdrawn or behind.at != at):
        await ledger.write(tx, case_id, behind)
        behind = None
    if ended or withdrawn:
        case = await cases.lock(tx, case_id)
        if case.settled_at is not None and case.settled_at > at:
            return  # a worker thought dead came back: its picture is older than the store's
        if ended:
            await tasks.close(tx, case_id, TaskStatus.WITHDRAWN, at)
            await clocks.stop(tx, case_id, at)
        else:
            await tasks.close(tx, case_id, TaskStatus.WITHDRAWN, at, ids=sorted(withdrawn))
            # A clock that the process goes on with in the same breath goes on.
            left = {"ids": sorted(withdrawn), "opened": json.dumps(list(opened)), "dropped": json.dumps(list(dropped))}
            await tx.session.execute(_ORPHANS, {"case_id": case_id, "at": at, **left})
        await clocks.light(tx, case_id)
    last = behind or Ledger(at, None, "")
    values = {
        "case_id": case_id,
        "at": at,
        "opened": json.dumps(list(opened)),
        "place": instances.as_json(mark for mark in rest.place if mark.waits_for != "scope"),
        **instances.values(rest, ended=ended),
        **visits.values(rest.visits),
        **last.values(case_id),
    }
    written = await rest_parts.statement(last.written, last.changes, last.lead_changes).rows(tx, values)
    if not written and last.changes:
        await ledger.write(tx, case_id, Ledger(at, None, last.actor, changes=last.changes))
