"""A batch's leads are told, some at a time: each transaction takes up where the last one stopped,
whoever began."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cases.contracts import ProcessRef
from domain.programs import Programs
from domain.repairs import fitting
from domain.repairs.fitting import Fitting
from store.engine import batches, cases, incidents, instances, repairs
from store.engine.batches import Batch, BatchKind, PlannedItem, Result
from store.engine.incidents import Incident
from store.engine.repairs import Change
from store.session import Tx
from workflows.bpmn import State
from workflows.bpmn.migration import Reason


@dataclass(frozen=True, slots=True)
class Round:
    """One transaction's worth of a batch."""

    tx: Tx
    batch: Batch
    at: datetime
    programs: Programs


async def tell_some(tx: Tx, batch: Batch, at: datetime, programs: Programs) -> int:
    """Tells the next leads of a batch that this transaction holds; returns how many items it
    settled."""
    planned = await batches.planned(tx, batch)
    await _TELL[BatchKind(batch.kind)](Round(tx, batch, at, programs), planned)
    if len(planned) < batch.size:
        await batches.all_told(tx, batch.id, at)
    return len(planned)


async def _retry(turn: Round, planned: tuple[PlannedItem, ...]) -> None:
    tx, batch = turn.tx, turn.batch
    for item in planned:
        await cases.lock(tx, item.case_id)
        assert item.incident_id is not None
        (incident,) = await incidents.by_id(tx, [item.incident_id])
        if incident.resolved_at is not None:
            await batches.settle(tx, batch.id, item.number, Result.GONE)
            continue
        changes = await _changes(tx, item, incident, batch.orders.get("variables", {}))
        seq = await repairs.retry(tx, incident, turn.at, batch.reason, changes)
        await batches.told(tx, batch.id, item.number, seq)


async def _changes(tx: Tx, item: PlannedItem, incident: Incident, after: Mapping[str, Any]) -> dict[str, Change]:
    """The variables of a batch with what they are now where the incident's step stands."""
    if not after:
        return {}
    state = State.from_json((await instances.one(tx, item.case_id, item.life)).snapshot)
    token = state.executions.get(incident.key.rsplit(":", 1)[-1])
    before = state.instances[token.home].variables if token else {}
    return {name: (before.get(name), value) for name, value in after.items()}


async def _migrate(turn: Round, planned: tuple[PlannedItem, ...]) -> None:
    tx, batch, orders = turn.tx, turn.batch, turn.batch.orders
    process, former, following = orders["process"], orders["from_version"], orders["to_version"]
    wanted = await fitting.wanted(tx, turn.programs, process, former, following, orders["others"], orders["plan"])
    trying = Fitting(turn.programs, wanted)
    for item in planned:
        await cases.lock(tx, item.case_id)
        life = await instances.one(tx, item.case_id, item.life)
        if life.ended_at is not None or wanted.former not in life.refs:
            await batches.settle(tx, batch.id, item.number, Result.GONE)
        elif await batches.migrating(tx, item.case_id, item.life, life.applied):
            busy = Reason(process, "", "migrating")
            await batches.settle(tx, batch.id, item.number, Result.REFUSED, fitting.told((busy,)))
        else:
            await trying.prepare(tx, life)
            await _migrate_one(turn, item, life.process, trying.tried(life, turn.at))


async def _migrate_one(
    turn: Round, item: PlannedItem, former: ProcessRef, found: fitting.Change | tuple[Reason, ...]
) -> None:
    tx, batch = turn.tx, turn.batch
    if not isinstance(found, fitting.Change):
        await batches.settle(tx, batch.id, item.number, Result.REFUSED, fitting.told(found))
        return
    seq = await repairs.migrate(
        tx,
        item.case_id,
        item.life,
        turn.at,
        batch=batch,
        process=found.process,
        called=found.called,
        former=former,
    )
    await batches.told(tx, batch.id, item.number, seq)


_TELL: Final[dict[BatchKind, Callable[[Round, tuple[PlannedItem, ...]], Awaitable[None]]]] = {
    BatchKind.RETRY: _retry,
    BatchKind.MIGRATION: _migrate,
}
