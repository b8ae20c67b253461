"""What people say of each kind of entry: its fields in their forms, whole (PUT) or in part (PATCH,
files)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, PlainSerializer, create_model

from cases.messages import Language
from cases.parties import ChannelSide, Team
from cases.states import Role
from domain.forms import Code, Form, Line, MailAddress, Moment, Yuan, refuse

Name = Annotated[Line, Field(min_length=1, max_length=100)]
Words = Annotated[Line, Field(max_length=200)]
Active = Annotated[bool, Field(strict=True)]
WorkingRole = Literal[
    Role.HQ,
    Role.REGIONAL_MANAGER,
    Role.CALL_CENTRE,
    Role.DEALER_MANAGER,
    Role.CONSULTANT,
    Role.FINANCE,
    Role.AFTER_SALES,
    Role.MARKETING,
    Role.AUDITOR,
]


def _once(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def _in_order(values: list[int]) -> list[int]:
    return sorted(set(values))


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Codes = Annotated[list[Code], Field(default_factory=list, max_length=200), AfterValidator(_once)]
Percent = Annotated[int, Field(ge=0, le=100, strict=True)]
Count = Annotated[int, Field(ge=0, le=100_000, strict=True)]
Instant = Annotated[Moment, AfterValidator(_utc), PlainSerializer(lambda value: value.isoformat())]


def _day(value: Any) -> date:
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise refuse("bad_day") from None
    if found.isoformat() != value or not 2000 <= found.year < 2100:
        raise refuse("bad_day")
    return found


Day = Annotated[date, BeforeValidator(_day)]


class RegionForm(Form):
    name: Name


class CityForm(Form):
    region: Code


class PlaceForm(Form):
    """A province, city or district by its code (GB/T 2260): all that lies in it is of the
    region."""

    region: Code


class ModelForm(Form):
    """``aliases``: the spellings that customers use; ``certificate``: what selling it takes."""

    name: Name
    aliases: Annotated[list[Name], Field(default_factory=list, max_length=200), AfterValidator(_once)]
    price: Yuan
    certificate: Code | None = None
    active: Active = True


class ChannelForm(Form):
    """Below ``parent``, else on the first level and then with its ``side``."""

    name: Name
    parent: Code | None = None
    side: ChannelSide | None = None
    active: Active = True


class DealerForm(Form):
    """``models``: those sold here, none is all; ``daily_capacity``: leads a day; ``performance``:
    of 100. It is where ``latitude`` and ``longitude`` say, in degrees, else in its city."""

    name: Name
    region: Code
    city: Annotated[Line, Field(min_length=1, max_length=50)]
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    models: Codes
    certificates: Codes
    daily_capacity: Count = 50
    performance: Percent = 60
    active: Active = True


class PersonForm(Form):
    """``dealer`` of consultants and managers of dealers; their ``region`` is its region.
    ``rest_days``: 1 is Monday."""

    name: Name
    role: WorkingRole
    dealer: Code | None = None
    region: Code | None = None
    skills: Codes
    certificates: Codes
    rest_days: Annotated[
        list[Annotated[int, Field(ge=1, le=7, strict=True)]],
        Field(default_factory=list, max_length=7),
        AfterValidator(_in_order),
    ]
    ability: Percent = 60
    max_open: Count = 60
    language: Language = "zh"
    active: Active = True


class AbsenceForm(Form):
    """The person is given no leads from ``starts_at`` until ``ends_at``; what falls due in it may
    go to others."""

    staff: Code
    starts_at: Instant
    ends_at: Instant
    reason: Words = "leave"


class ContactPointForm(Form):
    """Where a person is told things on a channel."""

    staff: Code
    channel: Literal["mail"] = "mail"
    address: MailAddress


class ClosureForm(Form):
    """The dealer takes no leads from ``starts_at`` until ``ends_at``."""

    dealer: Code
    starts_at: Instant
    ends_at: Instant
    reason: Words = ""


class HoursForm(Form):
    """A week from the day ``valid_from`` on, until a later one holds. Of one dealer or region, else
    of all of the team that have none of their own. ``hours``: of each day, Monday first, its
    intervals; ``holidays``: they are worked."""

    team: Literal[Team.DEALER, Team.REGION, Team.CALL_CENTRE, Team.HEAD_OFFICE]
    dealer: Code | None = None
    region: Code | None = None
    valid_from: Day
    hours: Annotated[list[list[list[str]]], Field(examples=[[[["08:30", "12:00"], ["13:30", "18:00"]]] * 6 + [[]]])]
    holidays: Active = False


class DayForm(Form):
    """A day that differs from the week: a holiday, or worked in exchange (调休)."""

    working: Active
    name: Words = ""
    confirmed: Active = True


HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A kind as the API speaks of it. ``form``: a whole entry; ``part``: any of its fields;
    ``view``: what is shown."""

    kind: str
    one: str
    many: str
    form: type[Form]
    part: type[Form]
    view: type[BaseModel]
    code: str
    example: Mapping[str, Any]
    private: frozenset[str] = frozenset()
    """Fields that only head office reads, and that no answer to a change repeats: those are
    kept."""

    @classmethod
    def of(
        cls,
        kind: str,
        one: str,
        many: str,
        form: type[Form],
        code: str,
        *,
        private: frozenset[str] = frozenset(),
        **example: Any,
    ) -> Self:
        name = form.__name__.removesuffix("Form")
        # Nothing is validated of a field that is not given: None is its absence, and refused when
        # it is said.
        optional: dict[str, Any] = {
            field: (about.rebuild_annotation(), None) for field, about in form.model_fields.items()
        }
        shown: dict[str, Any] = {field: (about.rebuild_annotation(), ...) for field, about in form.model_fields.items()}
        part = create_model(f"{name}Part", __base__=Form, **optional)
        view = create_model(f"{name}Entry", code=(str, ...), **shown)
        return cls(kind, one, many, form, part, view, code, {"code": code} | example, private)

    def open(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values of an entry as an answer to a change shows them."""
        return {name: HIDDEN if name in self.private else value for name, value in values.items()}


def said(body: BaseModel) -> dict[str, Any]:
    """The fields that were given, as JSON has them."""
    return body.model_dump(mode="json", exclude_unset=True)


def whole(body: BaseModel) -> dict[str, Any]:
    """All fields, as JSON has them."""
    return body.model_dump(mode="json")


_SPOKEN = (
    Spoken.of("regions", "region", "Regions", RegionForm, "NORTH", name="华北区"),
    Spoken.of("cities", "city", "Cities", CityForm, "北京", region="NORTH"),
    Spoken.of("places", "place", "Provinces, cities and districts of regions", PlaceForm, "110000", region="NORTH"),
    Spoken.of(
        "models", "car model", "Car models", ModelForm, "solterra",
        name="Solterra 纯电", aliases=["Solterra", "斯巴鲁Solterra"], price=199800, certificate="nev", active=True,
    ),
    Spoken.of(
        "channels", "channel", "Channels", ChannelForm, "maker.vertical.dongchedi",
        name="懂车帝", parent="maker.vertical", side="maker", active=True,
    ),
    Spoken.of(
        "dealers", "dealer", "Dealers", DealerForm, "BJ01",
        name="北京翔鹰斯巴鲁4S店", region="NORTH", city="北京", latitude=39.99, longitude=116.47,
        models=[], certificates=["nev"], daily_capacity=40,
        performance=55, active=True,
    ),
    Spoken.of(
        "staff", "person", "People", PersonForm, "BJ01-C1",
        name="李晓东", role="consultant", dealer="BJ01", region="NORTH", skills=["legacy", "outback"],
        certificates=["nev"], rest_days=[2], ability=63, max_open=60, language="zh", active=True,
    ),
    Spoken.of(
        "absences", "absence", "Absences", AbsenceForm, "BJ01-C1-20270104",
        staff="BJ01-C1", starts_at="2027-01-03T16:00:00+00:00", ends_at="2027-01-08T16:00:00+00:00", reason="年假",
    ),
    Spoken.of(
        "contact-points", "contact point", "Contact points", ContactPointForm, "BJ01-M1-mail",
        private=frozenset({"address"}), staff="BJ01-M1", channel="mail", address="manager@example.com",
    ),
    Spoken.of(
        "closures", "closure", "Closures", ClosureForm, "BJ01-20270101",
        dealer="BJ01", starts_at="2026-12-31T16:00:00+00:00", ends_at="2027-01-02T16:00:00+00:00", reason="盘点",
    ),
    Spoken.of(
        "hours", "week of working hours", "Working hours", HoursForm, "dealer-BJ01-2026-10-01",
        team="dealer", dealer="BJ01", region=None, valid_from="2026-10-01",
        hours=[[["08:30", "12:00"], ["13:30", "18:00"]]] * 6 + [[]], holidays=True,
    ),
    Spoken.of(
        "calendar-days", "calendar day", "Calendar days", DayForm, "2026-10-10",
        working=True, name="国庆节调休", confirmed=True,
    ),
)  # fmt: skip

SPOKEN: Mapping[str, Spoken] = {one.kind: one for one in _SPOKEN}
"""Every kind by its name, which is also that of its address."""
