"""What a process step keeps, for tests of what is read afterwards: through the ledger, as steps
write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cases.ids import new_id
from cases.states import TaskStatus
from store.engine import ledger
from store.engine.clocks import NewClock
from store.engine.ledger import Ledger
from store.models import Case, Incident, Task
from store.session import Tx


async def decision(
    tx: Tx,
    lead: UUID,
    at: datetime,
    key: str,
    version: int,
    inputs: Mapping[str, Any],
    matched: Sequence[str],
    result: Any,
    *,
    element: str = "step",
    candidates: Sequence[Any] = (),
) -> UUID:
    """A decision of a step of its own; returns its id."""
    book = Ledger(at, element, "process")
    made = book.decided(key, version, inputs, tuple(matched), result, tuple(candidates))
    await _write(tx, lead, book)
    return made


async def clock(tx: Tx, lead: UUID, one: NewClock) -> None:
    """A deadline that runs."""
    book = Ledger(one.started_at, "step", "process")
    book.run(one)
    await _write(tx, lead, book)


async def task(
    tx: Tx, lead: UUID, kind: str, role: str, *, dealer: UUID | None, owner: UUID | None, at: datetime, due: datetime
) -> UUID:
    """A task in somebody's inbox; returns its id."""
    made = Task(
        id=new_id(),
        case_id=lead,
        case_kind=await tx.session.scalar(select(Case.__table__.c.kind).where(Case.__table__.c.id == lead)),
        kind=kind,
        element="work",
        role=role,
        dealer_id=dealer,
        owner_id=owner,
        status=TaskStatus.OPEN,
        opened_at=at,
        due_at=due,
    )
    tx.session.add(made)
    await tx.session.flush()
    return made.id


async def open_incidents(tx: Tx, lead: UUID | str | None = None) -> tuple[Incident, ...]:
    """Whatever is open, of one lead if given, oldest first."""
    query = select(Incident).where(Incident.resolved_at.is_(None)).order_by(Incident.at, Incident.id)
    if lead is not None:
        query = query.where(Incident.case_id == UUID(str(lead)))
    return tuple((await tx.session.execute(query.execution_options(populate_existing=True))).scalars())


async def _write(tx: Tx, lead: UUID, book: Ledger) -> None:
    await ledger.write(tx, lead, book)
