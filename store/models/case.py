"""What every kind of case has for the engine: the process it runs on, where it stands, its message number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Id, JsonList


class Case(Base):
    """Anything that has a place in a diagram, deadlines and a history; each kind has a table of its own beside it.

    Whoever states something about a case, or carries its process on, locks this row before any other of the case.
    """

    __tablename__ = "cases"
    id: Mapped[Id]
    kind: Mapped[Code]  # a name in domain.kinds
    process_key: Mapped[Code]
    process_version: Mapped[int]
    process_sha256: Mapped[Code]
    place: Mapped[JsonList]  # PlaceMarks as last settled
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    message_seq: Mapped[int] = mapped_column(default=0)  # last outbox sequence number given out
