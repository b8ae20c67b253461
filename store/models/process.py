"""Deployed processes and tables, the decisions they made, and what went wrong (DESIGN, ideas 2 and
3)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, CaseId, Code, Id, Instant, JsonList, JsonObject


class ProcessDefinition(Base):
    """One deployed version of a BPMN process; never changed, never deleted."""

    __tablename__ = "process_definitions"
    __table_args__ = (UniqueConstraint("key", "version"),)
    id: Mapped[Id]
    key: Mapped[Code]
    version: Mapped[int]
    sha256: Mapped[Code] = mapped_column(index=True)
    name: Mapped[str]
    xml: Mapped[bytes]
    calls: Mapped[JsonList]  # keys of the processes it calls
    deployed_at: Mapped[Instant]
    deployed_by: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")


class DecisionTable(Base):
    """One published version of a DMN decision; the newest effective one decides."""

    __tablename__ = "decision_tables"
    __table_args__ = (UniqueConstraint("key", "version"),)
    id: Mapped[Id]
    key: Mapped[Code]
    version: Mapped[int]
    sha256: Mapped[Code]
    name: Mapped[str]
    xml: Mapped[bytes]
    published_at: Mapped[Instant]
    published_by: Mapped[str]
    effective_from: Mapped[Instant]
    comment: Mapped[str] = mapped_column(default="")
    draft_id: Mapped[UUID | None]  # the draft that it was published from
    restores: Mapped[int | None]  # the version that a roll-back brought back
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # it never came into force
    withdrawn_by: Mapped[str | None]


class DecisionRecord(Base):
    """Why: one evaluation with inputs, table version, matched rows, result. Inputs are codes and
    numbers, no names."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_of_table", "key", "at"),
        Index("ix_decisions_shadowed", "shadow_id", postgresql_where=text("shadow_id IS NOT NULL")),
    )
    id: Mapped[Id]
    case_id: Mapped[CaseId]
    at: Mapped[Instant]
    element: Mapped[str | None]
    key: Mapped[Code]
    version: Mapped[int]
    inputs: Mapped[JsonObject]
    matched: Mapped[JsonList]  # rule ids, in table order
    result: Mapped[JsonObject]
    candidates: Mapped[JsonList]  # routing: each with points and their inputs, or the first reason against it
    shadow_id: Mapped[UUID | None]  # the shadow that decided beside it


class Incident(Base):
    """A step that could not be done; the lead waits there until somebody retries it."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_open", "case_id", postgresql_where=text("resolved_at IS NULL")),
        Index("ix_incidents_newest", "at", "id"),  # the order of the list
    )
    id: Mapped[Id]
    case_id: Mapped[CaseId]
    key: Mapped[Code] = mapped_column(unique=True)
    element: Mapped[str]
    kind: Mapped[Code]  # activity_failed | uncaught_error | condition_failed | too_much
    message: Mapped[str]
    at: Mapped[Instant]
    resolved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    resolved_by: Mapped[str | None]
