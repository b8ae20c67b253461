"""What customers are found by. The database keeps it by itself, whoever changes a name (migration
0011)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Codes


class Sound(Base):
    """How a Chinese sign sounds: its readings in toneless pinyin, the usual one first, with blanks
    between."""

    __tablename__ = "sounds"
    sign: Mapped[Code] = mapped_column(primary_key=True)
    sounds: Mapped[Code]


class CustomerKeys(Base):
    """Pieces of a customer's name. Personal data; gone with the name.

    Each sign, each two that stand together; behind ``~`` the beginnings of how the name sounds from
    each sign on.
    """

    __tablename__ = "customer_keys"
    __table_args__ = (Index("ix_customer_keys_keys", "keys", postgresql_using="gin"),)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    keys: Mapped[Codes]
