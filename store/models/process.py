"""Deployed processes and tables, the decisions they made, and what went wrong (DESIGN, ideas 2 and
3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, Table, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
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


class Decided(Base):
    """A decision: about which case, when, with which content. ``decisions`` is the view of all of
    it."""

    __tablename__ = "decided"
    __table_args__ = (
        Index("ix_decided_of_table", "key", "at"),
        Index("ix_decided_shadowed", "shadow_id", postgresql_where=text("shadow_id IS NOT NULL")),
    )
    id: Mapped[Id]
    case_id: Mapped[CaseId]
    content: Mapped[UUID]  # no foreign key: the same statement writes it, and a check a decision is work
    at: Mapped[Instant]
    key: Mapped[Code]
    # null if none were compared; a text as store.tables.candidates keeps them; lines before 0050
    candidates: Mapped[list[Any] | str | None] = mapped_column(JSONB)
    shadow_id: Mapped[UUID | None]  # the shadow that decided beside it


class DecisionContent(Base):
    """What a decision says beside its candidates, which is the same for many; ``id`` is the digest
    of all of it (``decision_content`` in the database)."""

    __tablename__ = "decision_contents"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    element: Mapped[Code | None]
    key: Mapped[Code]
    version: Mapped[int]
    inputs: Mapped[JsonObject]
    matched: Mapped[JsonList]  # rule ids, in table order
    result: Mapped[JsonObject]


class CandidatePart(Base):
    """What many choices have in common: who the candidates were, or the forms of the lines about
    them (``store.tables.candidates``); ``id`` is the digest of it."""

    __tablename__ = "candidate_parts"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    said: Mapped[JsonList]


class DecisionRecord(Base):
    """Why: one evaluation with inputs, table version, matched rows, result. Inputs are codes and
    numbers, no names.

    It is read from the view ``decisions``, of ``decided`` and ``decision_contents`` (migration
    0047), which is no part of the schema that the database is compared with.
    """

    __table__ = Table(
        "decisions",
        MetaData(),
        Column("id", Uuid, primary_key=True),
        Column("case_id", Uuid),
        Column("at", DateTime(timezone=True)),
        Column("element", Text),
        Column("key", Text),
        Column("version", Integer),
        Column("inputs", JSONB),
        Column("matched", JSONB),
        Column("result", JSONB),
        Column("candidates", JSONB),  # routing: each with points and their inputs, or the first reason against it
        Column("shadow_id", Uuid),
    )


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
