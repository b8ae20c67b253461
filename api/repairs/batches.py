"""What bulk retries and migrations answer with: how far they are, and what became of each lead."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.migrations.words import MigrationReasonView, said
from cases.messages import Language
from store.engine import batch_reports, batches
from store.engine.batch_reports import BatchOutcome, Item
from store.engine.batches import Batch, BatchKind
from store.leads import views
from store.session import Tx


class BatchQuery(BaseModel):
    """Query parameters of a batch's report."""

    model_config = ConfigDict(extra="forbid")

    outcome: BatchOutcome | None = None
    cursor: str | None = Field(default=None, pattern=r"^[0-9]{1,9}$", description="`next` of the page before")
    limit: int = Field(default=50, ge=1, le=200)


class StartedView(BaseModel):
    """A batch has begun; ``total`` leads or incidents are in it. Its report is at ``Location``."""

    id: UUID
    total: int
    at: datetime


class ItemView(BaseModel):
    """One lead (of a migration) or one incident (of a bulk retry) and what has become of it.

    ``reasons`` say why a lead does not fit, ``message`` is that of the new failure.
    """

    number: int
    lead_id: UUID
    incident_id: UUID | None
    element: str | None
    outcome: BatchOutcome
    reasons: list[MigrationReasonView]
    message: str | None


class BatchView(BaseModel):
    """A batch as it is at this moment. ``told``: nobody is left who has not been told of it."""

    id: UUID
    at: datetime
    by: str | None
    reason: str
    told: bool
    total: int
    totals: dict[BatchOutcome, int]
    items: list[ItemView]
    next: str | None


Report = Annotated[BatchQuery, Query()]


async def report(tx: Tx, batch_id: UUID, kind: BatchKind, query: BatchQuery, language: Language) -> BatchView:
    """A batch with a page of its items. Raises ``NotFound``."""
    batch = await batches.find(tx, batch_id, kind)
    totals = await batch_reports.totals(tx, batch_id)
    after = int(query.cursor or 0)
    items = await batch_reports.items(tx, batch_id, outcome=query.outcome, after=after, limit=query.limit + 1)
    shown = items[: query.limit]
    return BatchView(
        id=batch.id,
        at=batch.at,
        by=await _by(tx, batch),
        reason=batch.reason,
        told=batch.told_at is not None,
        total=sum(totals.values()),
        totals={BatchOutcome(name): count for name, count in totals.items()},
        items=[_item(item, language) for item in shown],
        next=str(shown[-1].number) if len(items) > query.limit else None,
    )


async def _by(tx: Tx, batch: Batch) -> str | None:
    """The code of the person who ordered it."""
    kind, _, identity = batch.actor.partition(":")
    if kind != "staff":
        return None
    named = await views.names_of(tx, [UUID(identity)])
    return named[identity].code if identity in named else None


def _item(item: Item, language: Language) -> ItemView:
    return ItemView(
        number=item.number,
        lead_id=item.case_id,
        incident_id=item.incident_id,
        element=item.element,
        outcome=BatchOutcome(item.outcome),
        reasons=[said(reason, language) for reason in item.reasons],
        message=item.message,
    )
