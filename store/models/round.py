"""What rounds have done: one row a period of scheduled work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, CaseId, Code, Instant


class RoundRun(Base):
    """One period of one round, whoever had it done; its key is why none is done twice.

    ``position`` is where the next part begins, null before the first one.
    """

    __tablename__ = "round_runs"
    __table_args__ = (
        Index("ix_round_runs_begins", "round", "begins_at"),
        Index("ix_round_runs_asked", "round", "asked_at", postgresql_where=text("ended_at IS NULL")),
    )
    round: Mapped[Code] = mapped_column(primary_key=True)
    period: Mapped[Code] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId]
    begins_at: Mapped[Instant]  # the period's first instant
    planned: Mapped[bool]  # the table's turn; else somebody asked for it alone
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    asked_by: Mapped[Code | None]
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    position: Mapped[Code | None]
    done: Mapped[int] = mapped_column(default=0)  # how many rows it has dealt with
