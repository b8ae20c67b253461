"""How a decision table is changed safely: drafts, who said what, trials on the past, trials beside
the live table."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, CaseId, Code, Id, Instant, JsonList, JsonObject


class TableDraft(Base):
    """A version of a table that is not in force yet. What it says is in its newest revision."""

    __tablename__ = "table_drafts"
    __table_args__ = (Index("ix_table_drafts_open", "key", postgresql_where=text("state = 'open'")),)
    id: Mapped[Id]
    key: Mapped[Code]
    name: Mapped[str]
    based_on: Mapped[int | None]  # the version it was taken from; None for a table that is new
    revision: Mapped[int]  # the newest revision's number
    state: Mapped[Code]  # open | published | discarded
    reason: Mapped[str]
    created_at: Mapped[Instant]
    created_by: Mapped[str]
    edited_at: Mapped[Instant]
    edited_by: Mapped[str]
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_by: Mapped[str | None]
    version: Mapped[int | None]  # what it was published as


class DraftRevision(Base):
    """One save of a draft, with what its checks found then; never changed."""

    __tablename__ = "table_draft_revisions"
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("table_drafts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    xml: Mapped[bytes]
    sha256: Mapped[Code]
    at: Mapped[Instant]
    by: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class DraftComment(Base):
    """What somebody says about a draft, or about one row or cell of it."""

    __tablename__ = "table_draft_comments"
    __table_args__ = (Index("ix_table_draft_comments_of", "draft_id", "at"),)
    id: Mapped[Id]
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("table_drafts.id"))
    revision: Mapped[int]
    at: Mapped[Instant]
    by: Mapped[str]
    text: Mapped[str]
    row: Mapped[Code | None]  # a rule's id
    column: Mapped[str | None]


class TableEvent(Base):
    """Who did what to a table, when and why: the audit. Only ever added to."""

    __tablename__ = "table_events"
    __table_args__ = (Index("ix_table_events_of", "key", "number"),)
    id: Mapped[Id]
    number: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)  # order of writing
    key: Mapped[Code]
    at: Mapped[Instant]
    actor: Mapped[str]
    code: Mapped[Code]  # catalogue key
    draft_id: Mapped[UUID | None]
    version: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    data: Mapped[JsonObject]


class Backtest(Base):
    """A trial of a table on the decisions of a period. Its file is kept, whatever becomes of the
    draft."""

    __tablename__ = "backtests"
    __table_args__ = (Index("ix_backtests_running", "id", postgresql_where=text("ended_at IS NULL")),)
    id: Mapped[Id]
    key: Mapped[Code]
    draft_id: Mapped[UUID | None] = mapped_column(ForeignKey("table_drafts.id"))
    revision: Mapped[int | None]
    version: Mapped[int | None]  # a published version, where no draft is tried
    xml: Mapped[bytes]
    sha256: Mapped[Code]
    since: Mapped[Instant]
    until: Mapped[Instant]
    state: Mapped[Code]  # waiting | running | done | failed | cancelled
    asked_at: Mapped[Instant]
    asked_by: Mapped[str]
    began_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # wall time, as ended_at
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # why it failed
    totals: Mapped[JsonObject]  # of all parts, once they are done


class BacktestPart(Base):
    """A share of a back-test's leads: taken by one process at a time, written as a whole when it is
    done."""

    __tablename__ = "backtest_parts"
    backtest_id: Mapped[UUID] = mapped_column(ForeignKey("backtests.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_lead: Mapped[UUID]
    last_lead: Mapped[UUID]
    size: Mapped[int]  # decisions in it
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    totals: Mapped[JsonObject]


class BacktestLine(Base):
    """One decision that would have had another effect."""

    __tablename__ = "backtest_lines"
    __table_args__ = (Index("ix_backtest_lines_of", "backtest_id", "case_id", "at", "decision_id"),)
    backtest_id: Mapped[UUID] = mapped_column(ForeignKey("backtests.id"), primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[Code] = mapped_column(primary_key=True)  # grade | dealer | consultant | deadline | result
    case_id: Mapped[CaseId]
    at: Mapped[Instant]
    old: Mapped[JsonObject]
    new: Mapped[JsonObject]


class Shadow(Base):
    """A draft that decides beside the live table, without effect; at most one running for each
    table."""

    __tablename__ = "shadows"
    __table_args__ = (Index("uq_shadows_running", "key", unique=True, postgresql_where=text("stopped_at IS NULL")),)
    id: Mapped[Id]
    key: Mapped[Code]
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("table_drafts.id"))
    revision: Mapped[int]
    xml: Mapped[bytes]
    sha256: Mapped[Code]
    started_at: Mapped[Instant]
    started_by: Mapped[str]
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    stopped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    stopped_by: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")


class ShadowLine(Base):
    """One live decision that the shadow would have made otherwise, or could not make."""

    __tablename__ = "shadow_lines"
    __table_args__ = (Index("ix_shadow_lines_of", "shadow_id", "at"),)
    decision_id: Mapped[UUID] = mapped_column(primary_key=True)
    shadow_id: Mapped[UUID]  # no foreign key: every differing step would lock the shadow's row
    case_id: Mapped[CaseId]
    at: Mapped[Instant]
    old: Mapped[JsonObject]
    new: Mapped[JsonObject]
    problem: Mapped[Code | None]
    changes: Mapped[JsonList]  # the names of the outputs that differ
