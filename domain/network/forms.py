"""What people say of each kind of entry: its fields in their forms, whole or in part, at whichever
door."""

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
from store.network.keeping import EntryKind

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


@dataclass(frozen=True, slots=True)
class EntryForms:
    """What is said of entries of a kind. ``whole``: all fields; ``part``: any of them."""

    whole: type[Form]
    part: type[Form]
    private: frozenset[str] = frozenset()
    """Fields that only head office reads, and that no answer to a change repeats: those are
    kept."""

    @classmethod
    def of(cls, whole: type[Form], *, private: frozenset[str] = frozenset()) -> Self:
        # Nothing is validated of a field that is not given: None is its absence, and refused when
        # it is said.
        optional: dict[str, Any] = {
            field: (about.rebuild_annotation(), None) for field, about in whole.model_fields.items()
        }
        part = create_model(f"{whole.__name__.removesuffix('Form')}Part", __base__=Form, **optional)
        return cls(whole, part, private)

    def open(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values of an entry as an answer to a change shows them."""
        return {name: HIDDEN if name in self.private else value for name, value in values.items()}


HIDDEN = "***"


def said(body: BaseModel) -> dict[str, Any]:
    """The fields that were given, as JSON has them."""
    return body.model_dump(mode="json", exclude_unset=True)


def whole(body: BaseModel) -> dict[str, Any]:
    """All fields, as JSON has them."""
    return body.model_dump(mode="json")


FORMS: Mapping[str, EntryForms] = {
    EntryKind.REGIONS: EntryForms.of(RegionForm),
    EntryKind.CITIES: EntryForms.of(CityForm),
    EntryKind.PLACES: EntryForms.of(PlaceForm),
    EntryKind.MODELS: EntryForms.of(ModelForm),
    EntryKind.CHANNELS: EntryForms.of(ChannelForm),
    EntryKind.DEALERS: EntryForms.of(DealerForm),
    EntryKind.STAFF: EntryForms.of(PersonForm),
    EntryKind.ABSENCES: EntryForms.of(AbsenceForm),
    EntryKind.CONTACT_POINTS: EntryForms.of(ContactPointForm, private=frozenset({"address"})),
    EntryKind.CLOSURES: EntryForms.of(ClosureForm),
    EntryKind.HOURS: EntryForms.of(HoursForm),
    EntryKind.CALENDAR_DAYS: EntryForms.of(DayForm),
}
"""Every kind by its name (``store.network.keeping``)."""
