"""What is running and what ran: one row a life of a lead, one row a visit of an element.

Written by ``store.engine.settling`` when a lead comes to rest, never on the way: between two rests
nobody could see it anyway.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Instant, JsonList, JsonObject


class ProcessInstance(Base):
    """One life of a lead on its processes. ``life`` is the number of the message that began it.

    Lives are listed by their key, newest lead first (ids grow with time), so no further index is
    needed for pages.
    """

    __tablename__ = "instances"
    __table_args__ = (
        # One index for both: what is sought is a version, an element, or an element of a version.
        Index(
            "ix_instances_found", "runs", "place", postgresql_using="gin", postgresql_ops={"place": "jsonb_path_ops"}
        ),
        # Without it a page of running lives would walk over all that have ended.
        Index("ix_instances_running", "case_id", "life", postgresql_where=text("ended_at IS NULL")),
    )
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    life: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    process_key: Mapped[Code]
    process_version: Mapped[int]
    process_sha256: Mapped[Code]
    called: Mapped[JsonList]  # [{key, version, sha256}] of the processes that it calls
    runs: Mapped[list[str]] = mapped_column(ARRAY(Text))  # "key" and "key:version" of all its processes
    started_at: Mapped[Instant]
    settled_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str | None]  # the end event's id
    applied: Mapped[int]  # number of the last message that the process had seen
    snapshot: Mapped[JsonObject]  # the interpreter's state at that rest
    place: Mapped[JsonList]  # PlaceMarks with the scopes around the tokens


class Visit(Base):
    """One token's stay at an element; ``left_at`` is empty while it stands there.

    No foreign key: the life's row is written by the same statement, and a check a visit is work on
    every lead's way.
    """

    __tablename__ = "visits"
    __table_args__ = (
        # A period's figures need what overlaps it: left since its beginning, or still there (both
        # are ranges here).
        Index(
            "ix_visits_heat",
            "process",
            "version",
            "left_at",
            postgresql_include=["element", "entered_at", "due_at", "how"],
        ),
    )
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    life: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    execution: Mapped[Code] = mapped_column(primary_key=True)
    process: Mapped[Code]
    version: Mapped[int]
    element: Mapped[Code]
    entered_at: Mapped[Instant]
    left_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    how: Mapped[Code | None]  # left | cancelled
    via: Mapped[Code]  # the sequence flow that it came by; empty at a start
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
