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
from store.engine import cases, clocks, instances, tasks, turns, visits
from store.prepared import Prepared
from store.session import Tx

_REST_AS = text(
    f"""
    WITH whose AS (
        SELECT id, kind, dealer_id, owner_id, facts, {turns.REGION} AS region FROM cases
        WHERE id = :case_id AND (settled_at IS NULL OR settled_at <= :at) FOR NO KEY UPDATE
    ), wanted AS (
        SELECT line.*, whose.kind AS case_kind, whose.dealer_id, whose.owner_id, whose.facts, whose.region
        FROM whose, jsonb_to_recordset(CAST(:opened AS jsonb)) AS line
            (id uuid, kind text, element text, role text, due timestamptz, why text, about text, scope text,
             spread text)
    ), opened AS (
        INSERT INTO tasks (id, case_id, case_kind, kind, element, role, dealer_id, owner_id, status, opened_at, due_at,
                           late, why, clock_id)
        SELECT id, :case_id, case_kind, kind, element, role,
               {turns.at_dealer("scope", case="wanted")},
               {turns.named("wanted.role", "wanted.scope", "wanted.spread", case="wanted", task="wanted.id")},
               'open', :at, due, false, why,
               (SELECT clock.id FROM sla_clocks AS clock
                WHERE clock.case_id = :case_id AND clock.kind = wanted.kind AND clock.about = wanted.about
                  AND clock.stopped_at IS NULL)
        FROM wanted
        ON CONFLICT (id) DO NOTHING
        RETURNING due_at
    ), {instances.RECORD}, {visits.RECORD}
    UPDATE cases SET place = CAST(:place AS jsonb), settled_at = :at,
        process_key = :process_key, process_version = :process_version, process_sha256 = :process_sha256,
        next_due_at = coalesce(
            least((SELECT min(due_at) FROM opened),
                  (SELECT min(due_at) FROM tasks WHERE case_id = :case_id AND status = 'open')),
            (SELECT min(CAST(mark ->> 'due' AS timestamptz)) FROM jsonb_array_elements(CAST(:place AS jsonb)) AS mark))
    FROM whose WHERE cases.id = whose.id
    """
).bindparams(
    bindparam("case_id", type_=Uuid()),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("opened", type_=Text),
    bindparam("place", type_=Text),
    *instances.PARAMETERS,
    *visits.PARAMETERS,
)

_REST = Prepared(_REST_AS)

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
) -> None:
    """Withdraws what the process has left (all, when it has ended) with its clocks, opens tasks,
    writes where it is.

    Whose a task is, its ``scope`` and ``spread`` say (``store.engine.turns``). Each has the clock
    that runs for its kind and what it is about; ``dropped`` are tasks that the process planned and
    left before they were opened. A task whose id is there already, in whatever state, is left
    alone; nothing happens if a later rest has been written.
    """
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
    await _REST.rows(
        tx,
        {
            "case_id": case_id,
            "at": at,
            "opened": json.dumps(list(opened)),
            "place": instances.as_json(mark for mark in rest.place if mark.waits_for != "scope"),
            **instances.values(rest, ended=ended),
            **visits.values(rest.visits),
        },
    )
