"""How tasks were completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from store.models import TaskResult
from store.session import Tx


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What came of a task: its outcome, and the fields of its form; ids, codes, numbers and
    instants."""

    outcome: str
    fields: dict[str, Any]


_results = TaskResult.__table__


async def write(tx: Tx, task_id: UUID, outcome: str, fields: Mapping[str, Any]) -> None:
    """Keeps what came of a task, in the transaction that completed it. ``fields`` are JSON values,
    none of them words of a person."""
    values = {"task_id": task_id, "outcome": str(outcome), "fields": dict(fields)}
    await tx.session.execute(insert(_results).values(**values))


async def of_task(tx: Tx, task_id: UUID) -> ResultRow | None:
    """What came of a task; None of one that nobody completed, or that was before results were
    kept."""
    query = select(_results.c.outcome, _results.c.fields).where(_results.c.task_id == task_id)
    row = (await tx.session.execute(query)).one_or_none()
    return None if row is None else ResultRow(*row)
