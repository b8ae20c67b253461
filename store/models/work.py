"""What people have to do and by when: tasks, their clocks, notifications, nurture materials (A7,
A9, A10, A15)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cases.deadlines import Counting
from cases.states import Lamp, TaskStatus
from store.models.base import NEVER, Base, CaseId, Code, Id, Instant, JsonObject, LeadId, Updated


class Task(Base):
    """A BPMN user task in somebody's inbox. ``status`` decides races: the first to move it from
    ``open`` wins."""

    __tablename__ = "tasks"
    __table_args__ = (
        # Each in the order of an inbox, so that the first page is read and no more.
        *(
            Index(f"ix_tasks_{name}", column, "status", text(f"coalesce(due_at, {NEVER})"))
            for name, column in (("inbox", "owner_id"), ("queue", "role"), ("dealer", "dealer_id"))
        ),
        Index("ix_tasks_due", "status", text(f"coalesce(due_at, {NEVER})"), "id"),
        Index("ix_tasks_opened", "opened_at", "id"),
        Index("ix_tasks_updated", "updated_at", "id"),
        # Nearly all tasks are of leads, and are not in it.
        Index(
            "ix_tasks_case_kind",
            "case_kind",
            "status",
            text(f"coalesce(due_at, {NEVER})"),
            postgresql_where=text("case_kind <> 'lead'"),
        ),
    )
    id: Mapped[Id]
    case_id: Mapped[CaseId]
    case_kind: Mapped[Code]  # the case's own, which never changes
    kind: Mapped[Code]
    element: Mapped[str]
    role: Mapped[Code]
    dealer_id: Mapped[UUID | None] = mapped_column(ForeignKey("dealers.id"))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    status: Mapped[Code] = mapped_column(default=TaskStatus.OPEN)
    opened_at: Mapped[Instant]
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[Code | None]
    late: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[Updated]
    closed_because: Mapped[JsonObject]  # e.g. {"code": "handed_over", "to": "<staff id>"}
    why: Mapped[Code | None]  # what a person of head office is asked for
    clock_id: Mapped[UUID | None] = mapped_column(ForeignKey("sla_clocks.id"), index=True)  # its own deadline


class SlaClock(Base):
    """A running deadline with its ladder: which rung comes next and when. One open clock a case,
    kind and what it is ``about`` (``cases.deadlines.about``): so that two errands of one case each
    have their own.

    Kept in the store, so that a process loop that plans the same thing again cannot silently
    restart it.
    """

    __tablename__ = "sla_clocks"
    __table_args__ = (
        Index(
            *("uq_sla_clocks_open", "case_id", "kind", "about"),
            unique=True,
            postgresql_where=text("stopped_at IS NULL"),
        ),
    )
    id: Mapped[Id]
    case_id: Mapped[CaseId]
    kind: Mapped[Code]  # a task's kind or GRADE_VALIDITY
    about: Mapped[Code] = mapped_column(default="", server_default="")
    grade: Mapped[Code | None]
    staff_id: Mapped[UUID | None]
    started_at: Mapped[Instant]
    due_at: Mapped[Instant]
    rung: Mapped[int] = mapped_column(default=0)  # rungs climbed
    next_rung_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    breached_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    stopped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    lamp: Mapped[Code] = mapped_column(default=Lamp.GREEN)
    # how the due instant came about, so that it can be worked out again under another table
    decision_id: Mapped[UUID | None]
    # the numbers of the snapshots of then, whether or not they were needed: days that differ for
    # all, a party's hours
    calendar: Mapped[int | None]
    hours: Mapped[int | None]
    promised_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    counting: Mapped[Code] = mapped_column(default=Counting.ELAPSED, server_default=Counting.ELAPSED.value)
    # it stands still: since when, until when at the most, why; for how many minutes of its own time
    # it did before
    paused_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    paused_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    paused_why: Mapped[Code | None]
    paused_minutes: Mapped[float] = mapped_column(default=0.0, server_default="0")


class Notification(Base):
    """Something a person, or whoever has a role, has to be told: spread over channels by the
    worker."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index(
            "ix_notifications_unspread",
            text("coalesce(not_before, '-infinity')"),
            "created_at",
            postgresql_where=text("spread_at IS NULL"),
        ),
        *(
            Index(f"ix_notifications_{to}", to, "created_at", "id", postgresql_where=text(f"{to} IS NOT NULL"))
            for to in ("to_staff_id", "to_role")
        ),
        # A dealer's are found by its cases: few of a role's are one dealer's.
        Index("ix_notifications_of_roles", "case_id", postgresql_where=text("to_role IS NOT NULL")),
    )
    id: Mapped[Id]
    case_id: Mapped[CaseId]
    to_staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    to_role: Mapped[Code | None]
    code: Mapped[Code]  # catalogue key
    data: Mapped[JsonObject]
    created_at: Mapped[Instant]
    not_before: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # people are at work then
    spread_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Delivery(Base):
    """One notification on one channel to one person (none: the log). Open until delivered or given
    up."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "ix_deliveries_open",
            "channel",
            "due_at",
            postgresql_where=text("delivered_at IS NULL AND given_up_at IS NULL"),
        ),
        Index("ix_deliveries_unsent", "id", postgresql_where=text("delivered_at IS NULL")),
        Index("ix_deliveries_staff_id", "staff_id", postgresql_where=text("staff_id IS NOT NULL")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    notification_id: Mapped[UUID] = mapped_column(ForeignKey("notifications.id"), index=True)
    channel: Mapped[Code]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    due_at: Mapped[Instant]  # wall time: the next attempt, or when the lease of the one that runs is over
    leased_by: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    delivered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    given_up_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class NoticeChannel(Base):
    """A channel of notices, and when a worker last said that it runs it (wall time)."""

    __tablename__ = "notice_channels"
    channel: Mapped[Code] = mapped_column(primary_key=True)
    seen_at: Mapped[Instant]


class Material(Base):
    """培育物料: one nurture sending, chosen by the nurture plan table (A15)."""

    __tablename__ = "materials"
    id: Mapped[Id]
    lead_id: Mapped[LeadId]
    code: Mapped[Code]
    channel: Mapped[Code]  # edm | sms | wechat | call | event
    sent_at: Mapped[Instant]
    number: Mapped[int]
    decision_id: Mapped[UUID | None]
