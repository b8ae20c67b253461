"""The network that leads are dispatched into: regions, dealers, people, cars, channels, working
days (A1, A6, A10)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Double, ForeignKey, Identity, Index, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Codes, Id, Instant, JsonList, JsonObject


class Region(Base):
    __tablename__ = "regions"
    code: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[str]


class City(Base):
    """A city as customers write it, and the region it belongs to."""

    __tablename__ = "cities"
    name: Mapped[Code] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey("regions.code"))


class RegionPlace(Base):
    """A province, city or district (code of ``domain.cleaning.gazetteer``) of a region: what it
    contains is of the region, too, unless it has a row of its own. The network's ``cities`` come
    before both."""

    __tablename__ = "region_places"
    place: Mapped[Code] = mapped_column(primary_key=True)
    region: Mapped[Code] = mapped_column(ForeignKey("regions.code"))


class Dealer(Base):
    """经销商. ``daily_capacity`` leads a day; ``performance`` 0–100 from the monthly appraisal.

    It is where ``latitude`` and ``longitude`` (degrees, both or neither) say, else in its city.
    """

    __tablename__ = "dealers"
    __table_args__ = (
        CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)"
            " AND latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180",
            name="coordinates",
        ),
    )
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    region: Mapped[str] = mapped_column(ForeignKey("regions.code"), index=True)
    city: Mapped[str]
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    models: Mapped[Codes]  # car models sold here; empty = all
    certificates: Mapped[Codes]  # what the dealer is certified for, e.g. "nev"
    daily_capacity: Mapped[int] = mapped_column(default=50)
    performance: Mapped[int] = mapped_column(default=60)
    active: Mapped[bool] = mapped_column(default=True)


class Staff(Base):
    """A person who works leads; HQ people have no dealer. ``ability`` 0–100, ``max_open`` leads at
    a time."""

    __tablename__ = "staff"
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Code]
    dealer_id: Mapped[UUID | None] = mapped_column(ForeignKey("dealers.id"), index=True)
    region: Mapped[str | None]
    skills: Mapped[Codes]  # car models this person sells best
    certificates: Mapped[Codes]
    rest_days: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default="{}")  # ISO, 1 = Monday
    ability: Mapped[int] = mapped_column(default=60)
    max_open: Mapped[int] = mapped_column(default=60)
    language: Mapped[Code] = mapped_column(default="zh", server_default="zh")  # of what they are told: zh or en
    active: Mapped[bool] = mapped_column(default=True)
    last_assigned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ContactPoint(Base):
    """Where a person is told things on a channel (``mail``: an address). Personal data: read at
    delivery only."""

    __tablename__ = "contact_points"
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    channel: Mapped[Code] = mapped_column(primary_key=True)
    address: Mapped[str]
    code: Mapped[Code] = mapped_column(unique=True, server_default=text("gen_random_uuid()::text"))


class Absence(Base):
    """Leave and days off: a consultant who is absent is not assigned new leads (A6, A11)."""

    __tablename__ = "absences"
    id: Mapped[Id]
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    reason: Mapped[str] = mapped_column(default="leave")
    code: Mapped[Code] = mapped_column(unique=True, server_default=text("gen_random_uuid()::text"))


class Closure(Base):
    """Days on which a dealer takes no leads: stock-taking, rebuilding, holidays of its own (A6,
    A10)."""

    __tablename__ = "closures"
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True, server_default=text("gen_random_uuid()::text"))
    dealer_id: Mapped[UUID] = mapped_column(ForeignKey("dealers.id"), index=True)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    reason: Mapped[str] = mapped_column(default="")


class Departure(Base):
    """A dealer that left the network or closes: its open leads go on from ``at`` until ``done_at``,
    one by one.

    ``why``: dealer_left | dealer_closed (``cases.states.Leaving``); ``until`` is a closure's end.
    """

    __tablename__ = "departures"
    __table_args__ = (
        Index("ix_departures_going_on", "at", postgresql_where=text("done_at IS NULL")),
        Index(
            "uq_departures_left",
            "dealer_id",
            unique=True,
            postgresql_where=text("done_at IS NULL AND why = 'dealer_left'"),
        ),
    )
    id: Mapped[Id]
    dealer_id: Mapped[UUID] = mapped_column(ForeignKey("dealers.id", ondelete="CASCADE"))
    closure_id: Mapped[UUID | None] = mapped_column(ForeignKey("closures.id", ondelete="CASCADE"), unique=True)
    why: Mapped[Code]
    at: Mapped[Instant]
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    by: Mapped[str]
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DepartureLead(Base):
    """A lead that was looked at because its dealer is gone. ``became``: moved | head_office | kept
    | stuck | gone."""

    __tablename__ = "departure_leads"
    departure_id: Mapped[UUID] = mapped_column(ForeignKey("departures.id", ondelete="CASCADE"), primary_key=True)
    lead_id: Mapped[UUID] = mapped_column(ForeignKey("leads.id"), primary_key=True)
    became: Mapped[Code]


class CarModel(Base):
    """A car model with the spellings customers use and its list price in yuan."""

    __tablename__ = "car_models"
    code: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[str]
    aliases: Mapped[Codes]
    price: Mapped[int]
    certificate: Mapped[Code | None]  # what dealers and consultants need to sell it; None: nothing
    active: Mapped[bool] = mapped_column(default=True, server_default="true")  # else its spellings are not read


class Channel(Base):
    """Where leads come from: a tree of three levels (A1). ``side`` is ``maker`` or ``dealer``. One
    that is not ``active`` gives no leads any more."""

    __tablename__ = "channels"
    code: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[int]
    parent: Mapped[str | None] = mapped_column(ForeignKey("channels.code"))
    side: Mapped[Code]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")


class CalendarDay(Base):
    """Exceptions to the working week; ``confirmed`` is false for years the authority has not
    published (A10)."""

    __tablename__ = "calendar_days"
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(default="")
    confirmed: Mapped[bool] = mapped_column(default=True)


class WorkingHours(Base):
    """Weekly hours of a dealer, a region or a team from a day on (A10, ``cases.parties``). A row
    without a dealer or region is for all of its kind that have none of their own.

    ``hours`` has seven lists of ``["08:30", "18:00"]``, Monday first; ``holidays``: legal holidays
    are worked.
    """

    __tablename__ = "working_hours"
    __table_args__ = (
        Index(
            "uq_working_hours_party",
            "team",
            "dealer_id",
            "region",
            "valid_from",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True, server_default=text("gen_random_uuid()::text"))
    team: Mapped[Code]
    dealer_id: Mapped[UUID | None] = mapped_column(ForeignKey("dealers.id"))
    region: Mapped[Code | None] = mapped_column(ForeignKey("regions.code"))
    valid_from: Mapped[date]
    hours: Mapped[JsonList]
    holidays: Mapped[bool] = mapped_column(default=False)


class NetworkChange(Base):
    """What was changed in the network: kept by a trigger, whoever changes it and how. ``kind`` and
    ``code`` say of what; ``before`` and ``after`` hold the fields that differ, one of them nothing
    where it came to be or was removed.
    """

    __tablename__ = "network_changes"
    __table_args__ = (Index("ix_network_changes_of", "kind", "code", "number"),)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[Instant]
    by: Mapped[str]
    kind: Mapped[Code]
    code: Mapped[Code]
    before: Mapped[JsonObject]
    after: Mapped[JsonObject]


class Snapshot(Base):
    """Slowly changing facts that decisions refer to by number.

    Kept by triggers, whoever changes them and how: ``dealers``, all dealers with their region and
    where they are, and ``calendar``, the days that differ for all. By whoever is the first to work
    with it: ``hours``, a party's weeks and closures.
    """

    __tablename__ = "snapshots"
    __table_args__ = (Index("ix_snapshots_hours", text("md5(content::text)"), postgresql_where=text("kind = 'hours'")),)
    kind: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[JsonList]
