"""The vehicles that cases are about."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Id


class Vehicle(Base):
    """One vehicle, known by its VIN. Both that and the plate lead to a person: an erasure takes the
    row away when nobody else's case is about it."""

    __tablename__ = "vehicles"
    id: Mapped[Id]
    vin: Mapped[str] = mapped_column(unique=True)
    plate: Mapped[str | None]
    model: Mapped[Code | None]  # a code of car_models
