"""What every kind of case has: whose it is, how it stands, what is due, its place in a process, its
message number."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cases.states import STAGES_ON_THE_WAY, Lamp
from store.models.base import NEVER, Base, Code, Id, Instant, JsonList, JsonObject, Updated

LIVING = f"stage IN ({', '.join(repr(str(stage)) for stage in STAGES_ON_THE_WAY)})"
"""Stages that a case is not left in when it ends: few cases are in one of them."""


class Case(Base):
    """Anything that has an owner, a place in a diagram, deadlines and a history; each kind has a
    table of its own beside it, if it has more facts than fit into ``facts``.

    Whoever states something about a case, or carries its process on, locks this row before any
    other of the case.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_opened", "kind", "opened_at", "id"),
        Index("ix_cases_updated", "kind", "updated_at", "id"),
        Index("ix_cases_due", "kind", text(f"coalesce(next_due_at, {NEVER})"), "id"),
        Index("ix_cases_status", "kind", "status", "opened_at"),
        # The living among many more that have ended: those of a stage or a lamp, from either end.
        Index("ix_cases_stage", "stage", "opened_at", "id", postgresql_where=text(LIVING)),
        Index("ix_cases_lamp", "lamp", "opened_at", "id", postgresql_where=text("lamp <> 'green'")),
        Index("ix_cases_dealer", "dealer_id", "kind", "opened_at"),
        Index("ix_cases_dealer_status", "dealer_id", "status"),
        Index("ix_cases_owner_status", "owner_id", "status"),
        Index("ix_cases_about", "about_id", postgresql_where=text("about_id IS NOT NULL")),
        Index("ix_cases_vehicle", "vehicle_id", postgresql_where=text("vehicle_id IS NOT NULL")),
        Index("uq_cases_number", "number", unique=True, postgresql_where=text("number IS NOT NULL")),
        Index(
            "uq_cases_round",  # of each round one case runs, however many starts open it at once
            text("(facts ->> 'round')"),
            unique=True,
            postgresql_where=text("kind = 'round' AND ended_at IS NULL"),
        ),
    )
    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012 (the name that SQLAlchemy reads)
    id: Mapped[Id]
    kind: Mapped[Code]  # a name in domain.kinds
    number: Mapped[str | None]  # for people, where a kind has one: T-2026-000123
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"), index=True)
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))  # the case that it came from
    vehicle_id: Mapped[UUID | None] = mapped_column(ForeignKey("vehicles.id"))  # the car that it is about
    dealer_id: Mapped[UUID | None] = mapped_column(ForeignKey("dealers.id"))
    region: Mapped[Code | None] = mapped_column(ForeignKey("regions.code"))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    status: Mapped[Code]
    stage: Mapped[Code | None]
    level: Mapped[Code | None]  # what ladders and cadences go by: a lead's grade, a ticket's severity
    lamp: Mapped[Code] = mapped_column(default=Lamp.GREEN)
    next_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    opened_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[Code | None]  # how it ended, where the status does not say it
    life: Mapped[int] = mapped_column(default=1)  # counts re-activations
    facts: Mapped[JsonObject]  # codes, numbers, instants and ids: never anybody's words
    updated_at: Mapped[Updated]  # of the case, of what its kind keeps beside it, or of its customer

    process_key: Mapped[Code]
    process_version: Mapped[int]
    process_sha256: Mapped[Code]
    place: Mapped[JsonList]  # PlaceMarks as last settled
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    message_seq: Mapped[int] = mapped_column(default=0)  # last outbox sequence number given out
