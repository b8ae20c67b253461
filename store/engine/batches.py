"""Migrations and bulk retries: who is to be told, who was, and what they answered (reports:
``batch_reports``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, literal, select, update

from cases.actors import Actor
from cases.errors import NotFound
from cases.ids import new_id
from cases.step_key import StepKey
from store.engine import instances
from store.models import Batch as BatchRow
from store.models import BatchItem, Incident, ProcessInstance
from store.session import Tx


class BatchKind(StrEnum):
    """What is done to each."""

    MIGRATION = "migration"
    RETRY = "retry"


class Result(StrEnum):
    """What is written about an item."""

    PLANNED = "planned"  # the worker has not come to it yet
    TOLD = "told"  # its life has a message about it
    DONE = "done"
    REFUSED = "refused"  # it does not fit, and stays as it is
    GONE = "gone"  # there was nothing left to do


@dataclass(frozen=True, slots=True)
class Batch:
    """One undertaking; ``orders`` is what is to be done, in the words of its kind. ``told_at``: all
    have been told."""

    id: UUID
    kind: str
    at: datetime
    actor: str
    reason: str
    orders: dict[str, Any]
    size: int
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item that nobody was told of yet. ``incident_id`` is a retry's."""

    number: int
    case_id: UUID
    life: int
    incident_id: UUID | None


_batches = BatchRow.__table__
_items = BatchItem.__table__
_lives = ProcessInstance.__table__
_incidents = Incident.__table__

# -- making ---------------------------------------------------------------------------------------


async def create(tx: Tx, kind: BatchKind, at: datetime, reason: str, orders: Mapping[str, Any], size: int) -> UUID:
    """A batch in the name of the transaction's actor, whose items are still to be planned."""
    batch_id = new_id()
    values = {"id": batch_id, "kind": kind, "at": at, "actor": str(tx.actor), "reason": reason, "size": size}
    await tx.session.execute(insert(_batches).values(**values, orders=dict(orders)))
    return batch_id


async def plan_lives(tx: Tx, batch_id: UUID, key: str, version: int) -> int:
    """Plans every life that runs on a version now, its own or a called one's; returns how many."""
    running = select(
        literal(batch_id),
        func.row_number().over(order_by=(_lives.c.case_id, _lives.c.life)),
        _lives.c.case_id,
        _lives.c.life,
        literal(Result.PLANNED.value),
    ).where(_lives.c.ended_at.is_(None), instances.on_version(key, version))
    columns = ["batch_id", "number", "case_id", "life", "result"]
    planned = await tx.session.execute(insert(_items).from_select(columns, running).returning(_items.c.number))
    return len(planned.all())


async def plan_incidents(tx: Tx, batch_id: UUID, incidents: Sequence[tuple[UUID, UUID, str]]) -> None:
    """Plans these incidents (id, lead, key)."""
    rows = [
        {
            "batch_id": batch_id,
            "number": number,
            "case_id": case_id,
            "life": StepKey.parse(key).life,
            "incident_id": incident_id,
            "key": key,
            "result": Result.PLANNED,
        }
        for number, (incident_id, case_id, key) in enumerate(incidents, 1)
    ]
    if rows:
        await tx.session.execute(insert(_items), rows)


# -- telling -------------------------------------------------------------------------------------


async def untold(tx: Tx) -> tuple[tuple[UUID, Actor], ...]:
    """The batches that still have somebody to tell, oldest first, and in whose name."""
    query = select(_batches.c.id, _batches.c.actor).where(_batches.c.told_at.is_(None)).order_by(_batches.c.id)
    rows = await tx.session.execute(query)
    return tuple((row.id, Actor.read(row.actor)) for row in rows)


async def hold(tx: Tx, batch_id: UUID) -> Batch | None:
    """The batch, for this transaction alone; None when another worker has it or nobody is left to
    be told."""
    query = select(_batches).where(_batches.c.id == batch_id, _batches.c.told_at.is_(None))
    row = (await tx.session.execute(query.with_for_update(skip_locked=True))).mappings().one_or_none()
    return None if row is None else Batch(**row)


async def planned(tx: Tx, batch: Batch) -> tuple[PlannedItem, ...]:
    """The next items to be told, as many as the batch has to a transaction."""
    c = _items.c
    query = select(c.number, c.case_id, c.life, c.incident_id).where(c.batch_id == batch.id, c.result == Result.PLANNED)
    rows = await tx.session.execute(query.order_by(c.number).limit(batch.size))
    return tuple(PlannedItem(*row) for row in rows)


async def told(tx: Tx, batch_id: UUID, number: int, seq: int) -> None:
    """An item's life has been told by its message ``seq``."""
    await _write(tx, batch_id, number, result=Result.TOLD, seq=seq)


async def settle(
    tx: Tx, batch_id: UUID, number: int, result: Result, reasons: Sequence[Mapping[str, Any]] = ()
) -> None:
    """An item is over without a message."""
    await _write(tx, batch_id, number, result=result, reasons=[dict(reason) for reason in reasons])


async def all_told(tx: Tx, batch_id: UUID, at: datetime) -> None:
    """Nobody is left to be told."""
    await tx.session.execute(update(_batches).where(_batches.c.id == batch_id).values(told_at=at))


# -- answers -------------------------------------------------------------------------------------


async def answer(
    tx: Tx, batch_id: UUID, case_id: UUID, result: Result, reasons: Sequence[Mapping[str, Any]] = ()
) -> None:
    """A lead's process has answered; an answer that was given stays."""
    c = _items.c
    mine = update(_items).where(c.batch_id == batch_id, c.case_id == case_id, c.result == Result.TOLD)
    await tx.session.execute(mine.values(result=result, reasons=[dict(reason) for reason in reasons]))


async def migrating(tx: Tx, case_id: UUID, life: int, applied: int) -> bool:
    """Whether a life that has applied messages up to this number was told of a migration and has
    not answered yet."""
    c = _items.c
    told = select(c.number).where(c.case_id == case_id, c.result == Result.TOLD, c.life == life, c.seq > applied)
    return (await tx.session.execute(told.where(c.incident_id.is_(None)).limit(1))).first() is not None


async def failed_again(tx: Tx, case_id: UUID, key: str, message: str) -> None:
    """The step of an incident that a batch had retried has failed again; the first such message is
    kept."""
    c = _items.c
    mine = update(_items).where(c.case_id == case_id, c.result == Result.TOLD, c.key == key, c.message.is_(None))
    await tx.session.execute(mine.values(message=message))


async def find(tx: Tx, batch_id: UUID, kind: BatchKind) -> Batch:
    """A batch of a kind. Raises ``NotFound``."""
    query = select(_batches).where(_batches.c.id == batch_id, _batches.c.kind == kind)
    row = (await tx.session.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("batch_not_found")
    return Batch(**row)


async def _write(tx: Tx, batch_id: UUID, number: int, **values: Any) -> None:
    mine = update(_items).where(_items.c.batch_id == batch_id, _items.c.number == number)
    await tx.session.execute(mine.values(**values))
