"""What is done to many running leads at once, and what became of each: migrations and bulk
retries."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Id, Instant, JsonList, JsonObject


class Batch(Base):
    """One such undertaking. ``orders`` is what is to be done to each; workers tell the leads,
    ``size`` at a time."""

    __tablename__ = "batches"
    __table_args__ = (Index("ix_batches_untold", "id", postgresql_where=text("told_at IS NULL")),)
    id: Mapped[Id]
    kind: Mapped[Code]  # migration | retry
    at: Mapped[Instant]
    actor: Mapped[str]
    reason: Mapped[str]
    orders: Mapped[JsonObject]
    size: Mapped[int]
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # every lead has been told


class BatchItem(Base):
    """One lead, or one incident, of a batch.

    ``seq`` is the number of the message that told the lead's life; with the number of the last
    message that the life has applied (``instances.applied``) it says whether the answer is in.
    ``result``: planned | told | done | refused | gone. ``message`` is that of the failure that came
    after a retry.
    """

    __tablename__ = "batch_items"
    __table_args__ = (
        Index("ix_batch_items_planned", "batch_id", "number", postgresql_where=text("result = 'planned'")),
        # A lead's answer looks for what it was told; so does a step that fails again.
        Index("ix_batch_items_told", "case_id", postgresql_where=text("result = 'told'")),
    )
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, the order of telling
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    life: Mapped[int]
    incident_id: Mapped[UUID | None] = mapped_column(ForeignKey("incidents.id"))
    key: Mapped[Code | None]  # the incident's
    seq: Mapped[int | None]
    result: Mapped[Code]
    reasons: Mapped[JsonList]
    message: Mapped[str | None]
