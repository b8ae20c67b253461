"""How tasks were completed, and what people wrote about cases in words of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update

from cases.ids import new_id
from store.models import Case, CaseWord, TaskResult
from store.session import Tx


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What came of a task: its outcome, and the fields of its form; ids, codes, numbers and instants."""

    outcome: str
    fields: dict[str, Any]


_results = TaskResult.__table__
_words = CaseWord.__table__


async def write(tx: Tx, task_id: UUID, outcome: str, fields: Mapping[str, Any]) -> None:
    """Keeps what came of a task, in the transaction that completed it. ``fields`` are JSON values, none of them words
    of a person."""
    values = {"task_id": task_id, "outcome": str(outcome), "fields": dict(fields)}
    await tx.session.execute(insert(_results).values(**values))


async def of_task(tx: Tx, task_id: UUID) -> ResultRow | None:
    """What came of a task; None of one that nobody completed, or that was before results were kept."""
    query = select(_results.c.outcome, _results.c.fields).where(_results.c.task_id == task_id)
    row = (await tx.session.execute(query)).one_or_none()
    return None if row is None else ResultRow(*row)


async def write_words(tx: Tx, case_id: UUID, at: datetime, words: Mapping[str, str | Sequence[str]]) -> None:
    """Keeps what the transaction's actor wrote about a case, a row a text."""
    by = str(tx.actor)
    rows = [
        {"id": new_id(), "case_id": case_id, "at": at, "by": by, "field": field, "text": one}
        for field, said in words.items()
        for one in ((said,) if isinstance(said, str) else said)
        if one
    ]
    if rows:
        await tx.session.execute(insert(_words), rows)


async def forget_words(tx: Tx, customer_id: UUID) -> None:
    """Empties what was written about a customer's cases, and about cases that came from them."""
    cases = Case.__table__
    own = select(cases.c.id).where(cases.c.customer_id == customer_id)
    about = select(cases.c.id).where(or_(cases.c.id.in_(own), cases.c.about_id.in_(own)))
    await tx.session.execute(update(_words).where(_words.c.case_id.in_(about)).values(text=""))
