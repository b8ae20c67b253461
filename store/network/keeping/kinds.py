"""What a network is made of, as a table: the kinds of entries and their fields, those that others
refer to first.

A further field is a column, a row here, and its form in ``domain.network.forms``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final

from sqlalchemy import Table

from store.models import (
    Absence,
    Base,
    CalendarDay,
    CarModel,
    Channel,
    City,
    Closure,
    ContactPoint,
    Dealer,
    Region,
    RegionPlace,
    Staff,
    WorkingHours,
)

Values = dict[str, Any]
"""An entry's fields, as JSON has them: other entries by their codes, instants and days in ISO
8601."""


class EntryKind(StrEnum):
    """The kinds of entries of the network."""

    REGIONS = "regions"
    CITIES = "cities"
    PLACES = "places"
    MODELS = "models"
    CHANNELS = "channels"
    DEALERS = "dealers"
    STAFF = "staff"
    ABSENCES = "absences"
    CONTACT_POINTS = "contact-points"
    CLOSURES = "closures"
    HOURS = "hours"
    CALENDAR_DAYS = "calendar-days"


class _Required(Enum):
    REQUIRED = "required"


REQUIRED: Final = _Required.REQUIRED
"""As a default: the field has none."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an entry. ``of``: the kind of entries whose codes it holds. ``column``: where that
    is not its name."""

    name: str
    default: Any = REQUIRED
    of: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class KeptKind:
    """A kind of entry: its table, the column that an entry is known by, its fields. ``identified``:
    rows have ids."""

    name: EntryKind
    model: type[Base]
    key: str
    fields: tuple[Field, ...]
    identified: bool = False

    @property
    def table(self) -> Table:
        return self.model.__table__

    @property
    def defaults(self) -> Values:
        return {one.name: one.default for one in self.fields if one.default is not REQUIRED}

    @property
    def retires(self) -> bool:
        """Whether entries can be inactive."""
        return any(one.name == "active" for one in self.fields)


_NAME = Field("name")
_ACTIVE = Field("active", True)
_CERTIFICATES = Field("certificates", [])

_ALL = (
    KeptKind(EntryKind.REGIONS, Region, "code", (_NAME,)),
    KeptKind(EntryKind.CITIES, City, "name", (Field("region", of="regions"),)),
    KeptKind(EntryKind.PLACES, RegionPlace, "place", (Field("region", of="regions"),)),
    KeptKind(
        EntryKind.MODELS,
        CarModel,
        "code",
        (_NAME, Field("aliases", []), Field("price"), Field("certificate", None), _ACTIVE),
    ),
    KeptKind(
        EntryKind.CHANNELS, Channel, "code", (_NAME, Field("parent", None, of="channels"), Field("side", None), _ACTIVE)
    ),
    KeptKind(
        EntryKind.DEALERS,
        Dealer,
        "code",
        (
            _NAME,
            Field("region", of="regions"),
            Field("city"),
            Field("latitude", None),
            Field("longitude", None),
            Field("models", [], of="models"),
            _CERTIFICATES,
            Field("daily_capacity", 50),
            Field("performance", 60),
            _ACTIVE,
        ),
        identified=True,
    ),
    KeptKind(
        EntryKind.STAFF,
        Staff,
        "code",
        (
            _NAME,
            Field("role"),
            Field("dealer", None, of="dealers", column="dealer_id"),
            Field("region", None, of="regions"),
            Field("skills", [], of="models"),
            _CERTIFICATES,
            Field("rest_days", []),
            Field("ability", 60),
            Field("max_open", 60),
            Field("language", "zh"),
            _ACTIVE,
        ),
        identified=True,
    ),
    KeptKind(
        EntryKind.ABSENCES,
        Absence,
        "code",
        (
            Field("staff", of="staff", column="staff_id"),
            Field("starts_at"),
            Field("ends_at"),
            Field("reason", "leave"),
        ),
        identified=True,
    ),
    KeptKind(
        EntryKind.CONTACT_POINTS,
        ContactPoint,
        "code",
        (Field("staff", of="staff", column="staff_id"), Field("channel", "mail"), Field("address")),
    ),
    KeptKind(
        EntryKind.CLOSURES,
        Closure,
        "code",
        (
            Field("dealer", of="dealers", column="dealer_id"),
            Field("starts_at"),
            Field("ends_at"),
            Field("reason", ""),
        ),
        identified=True,
    ),
    KeptKind(
        EntryKind.HOURS,
        WorkingHours,
        "code",
        (
            Field("team"),
            Field("dealer", None, of="dealers", column="dealer_id"),
            Field("region", None, of="regions"),
            Field("valid_from"),
            Field("hours"),
            Field("holidays", False),
        ),
        identified=True,
    ),
    KeptKind(
        EntryKind.CALENDAR_DAYS, CalendarDay, "day", (Field("working"), Field("name", ""), Field("confirmed", True))
    ),
)

KINDS: Mapping[str, KeptKind] = {kind.name: kind for kind in _ALL}
"""Every kind by its name, those that others refer to first."""
