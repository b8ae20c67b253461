"""What came of tasks, and what people wrote about cases."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, CaseId, Code, Id, Instant, JsonObject


class TaskResult(Base):
    """How a person completed a task: the outcome and what its form asked for, as ids, codes,
    numbers and instants."""

    __tablename__ = "task_results"
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    outcome: Mapped[Code]
    fields: Mapped[JsonObject]


class CaseWord(Base):
    """What somebody wrote about a case in words of their own: the one home of such text; erasure
    empties it."""

    __tablename__ = "case_words"
    id: Mapped[Id]
    case_id: Mapped[CaseId]
    at: Mapped[Instant]
    by: Mapped[str]  # as stored in timelines: staff:<id>
    field: Mapped[Code]  # of the form that asked for it
    text: Mapped[str]
    of_id: Mapped[UUID | None] = mapped_column(index=True)  # the follow-up or line of the history that they belong to
