"""What is running and what ran: a life of a lead, and the visits of elements in it.

Written by ``store.engine.settling`` when a lead comes to rest, never on the way: between two rests
nobody could see it anyway.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, MetaData, Table, Text, Uuid, text
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
        Index("ix_instances_bundle", "bundle"),
        # Elements by name, and by process and name: whole marks would be as many keys as deadlines.
        # Of those that say it themselves; the others are found by their stands.
        Index(
            "ix_instances_stand",
            text("elements_in(place)"),
            postgresql_using="gin",
            postgresql_where=text("stand IS NULL"),
        ),
        Index("ix_instances_of_stand", "stand"),
        # Without it a page of running lives would walk over all that have ended.
        Index("ix_instances_running", "case_id", "life", postgresql_where=text("ended_at IS NULL")),
    )
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    life: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    process_key: Mapped[Code]
    process_version: Mapped[int]
    process_sha256: Mapped[Code]
    bundle: Mapped[UUID]  # no foreign key, as of stays
    started_at: Mapped[Instant]
    settled_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str | None]  # the end event's id
    applied: Mapped[int]  # number of the last message that the process had seen
    # the interpreter's state at that rest, as store.engine.packing packs it; in lives that have not
    # rested since 0051 it is in snapshot
    remembered: Mapped[bytes | None]
    snapshot: Mapped[JsonObject]
    stand: Mapped[UUID | None]  # no foreign key, as of stays
    place: Mapped[JsonList]  # what is due at each mark of the stand; without one the PlaceMarks (place_of)


class Bundle(Base):
    """The processes that lives run on, which are the same for many; ``id`` is the digest of what it
    says."""

    __tablename__ = "bundles"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    called: Mapped[JsonList]  # [{key, version, sha256}] of the processes that a life calls
    runs: Mapped[list[str]] = mapped_column(ARRAY(Text))  # "key" and "key:version" of all its processes


class Stand(Base):
    """Where tokens of lives stand, the scopes around them first, which is the same for many;
    ``id`` is the digest of it. ``place_of`` in the database puts what is due to it."""

    __tablename__ = "stands"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    marks: Mapped[JsonList]  # PlaceMarks without what is due


class Stay(Base):
    """One token's visit of an element that took time, was cancelled or had a deadline; ``left_at``
    is empty while it stands there.

    No foreign key: the life's row is written by the same statement, and a check a visit is work on
    every lead's way.
    """

    __tablename__ = "stays"
    __table_args__ = (
        # A period's figures need what overlaps it: left since its beginning, or still there (both
        # are ranges here).
        Index("ix_stays_heat", "process", "version", "left_at"),
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


class Way(Base):
    """The elements that tokens pass at one instant, as ``[after the first, process, version,
    element, via]`` in order.

    Most leads go one of a few ways, so each is kept once; ``id`` is the digest of what it says.
    """

    __tablename__ = "ways"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    steps: Mapped[JsonList]


class Passage(Base):
    """Visits of one life that were over when they began: those of a way. ``first`` and ``last`` are
    the numbers of its first and last execution."""

    __tablename__ = "passages"
    __table_args__ = (Index("ix_passages_at", "at", postgresql_using="brin"),)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    life: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
    at: Mapped[Instant]
    way: Mapped[UUID]  # no foreign key, as of stays


VISITS: Final = Table(
    "visits",
    MetaData(),  # a view: nothing that the schema is compared with
    Column("case_id", Uuid),
    Column("life", Integer),
    Column("execution", Text),
    Column("process", Text),
    Column("version", Integer),
    Column("element", Text),
    Column("entered_at", DateTime(timezone=True)),
    Column("left_at", DateTime(timezone=True)),
    Column("how", Text),
    Column("via", Text),
    Column("due_at", DateTime(timezone=True)),
)
"""Every visit of an element, those of stays and of ways (migration 0043)."""
