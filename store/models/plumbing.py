"""What makes facts and time meet exactly once: outbox, executed steps, idempotency keys, the
clock's row."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Instant, JsonList, JsonObject


class OutboxMessage(Base):
    """A fact on its way to a lead's workflow. ``seq`` counts per lead without gaps; times but
    ``at`` are wall time."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        Index("ix_outbox_pending", "next_attempt_at", postgresql_where=text("delivered_at IS NULL")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))  # found by the unique constraint
    seq: Mapped[int]
    kind: Mapped[Code]
    at: Mapped[Instant]
    data: Mapped[JsonObject]
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    next_attempt_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    delivered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ExecutedStep(Base):
    """The result of each executed process step, written in the step's own transaction: a repetition
    changes nothing. ``key`` is the step's (``cases.step_key``) without the case (``step_of`` in the
    database)."""

    __tablename__ = "executed_steps"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    key: Mapped[Code] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    element: Mapped[str]
    result: Mapped[JsonObject]


class WakeUp(Base):
    """What a case's workflow was told that was done in one wake-up, by its run and its number in
    that: a repetition is told the same. ``ran`` names the steps, in order."""

    __tablename__ = "wake_ups"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    run: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[JsonObject]
    ran: Mapped[JsonList]
    rested: Mapped[bool]


class IdempotencyKey(Base):
    """The answer given to a request with an ``Idempotency-Key``, to be given again."""

    __tablename__ = "idempotency_keys"
    key: Mapped[Code] = mapped_column(primary_key=True)
    request_sha256: Mapped[Code]
    status: Mapped[int]
    body: Mapped[JsonObject]
    created_at: Mapped[Instant]


class AppClock(Base):
    """The one row that all parts read the application clock from."""

    __tablename__ = "app_clock"
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    wall: Mapped[Instant]
    app: Mapped[Instant]
    speed: Mapped[float]
