"""Every kind of entry as the API speaks of it: its addresses, its examples, what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, create_model

from domain.network.forms import FORMS, EntryForms


@dataclass(frozen=True, slots=True)
class Spoken:
    """A kind by what one and many are called. ``view``: what is shown; ``code``, ``example``: of
    one."""

    kind: str
    one: str
    many: str
    forms: EntryForms
    view: type[BaseModel]
    code: str
    example: Mapping[str, Any]

    @classmethod
    def of(cls, kind: str, one: str, many: str, code: str, **example: Any) -> Self:
        forms = FORMS[kind]
        name = forms.whole.__name__.removesuffix("Form")
        fields = forms.whole.model_fields.items()
        shown: dict[str, Any] = {field: (about.rebuild_annotation(), ...) for field, about in fields}
        view = create_model(f"{name}Entry", code=(str, ...), **shown)
        return cls(kind, one, many, forms, view, code, {"code": code} | example)


_SPOKEN = (
    Spoken.of("regions", "region", "Regions", "NORTH", name="华北区"),
    Spoken.of("cities", "city", "Cities", "北京", region="NORTH"),
    Spoken.of("places", "place", "Provinces, cities and districts of regions", "110000", region="NORTH"),
    Spoken.of(
        "models", "car model", "Car models", "solterra",
        name="Solterra 纯电", aliases=["Solterra", "斯巴鲁Solterra"], price=199800, certificate="nev", active=True,
    ),
    Spoken.of(
        "channels", "channel", "Channels", "maker.vertical.dongchedi",
        name="懂车帝", parent="maker.vertical", side="maker", active=True,
    ),
    Spoken.of(
        "dealers", "dealer", "Dealers", "BJ01",
        name="北京翔鹰斯巴鲁4S店", region="NORTH", city="北京", latitude=39.99, longitude=116.47,
        models=[], certificates=["nev"], daily_capacity=40,
        performance=55, active=True,
    ),
    Spoken.of(
        "staff", "person", "People", "BJ01-C1",
        name="李晓东", role="consultant", dealer="BJ01", region="NORTH", skills=["legacy", "outback"],
        certificates=["nev"], rest_days=[2], ability=63, max_open=60, language="zh", active=True,
    ),
    Spoken.of(
        "absences", "absence", "Absences", "BJ01-C1-20270104",
        staff="BJ01-C1", starts_at="2027-01-03T16:00:00+00:00", ends_at="2027-01-08T16:00:00+00:00", reason="年假",
    ),
    Spoken.of(
        "contact-points", "contact point", "Contact points", "BJ01-M1-mail",
        staff="BJ01-M1", channel="mail", address="manager@example.com",
    ),
    Spoken.of(
        "closures", "closure", "Closures", "BJ01-20270101",
        dealer="BJ01", starts_at="2026-12-31T16:00:00+00:00", ends_at="2027-01-02T16:00:00+00:00", reason="盘点",
    ),
    Spoken.of(
        "hours", "week of working hours", "Working hours", "dealer-BJ01-2026-10-01",
        team="dealer", dealer="BJ01", region=None, valid_from="2026-10-01",
        hours=[[["08:30", "12:00"], ["13:30", "18:00"]]] * 6 + [[]], holidays=True,
    ),
    Spoken.of(
        "calendar-days", "calendar day", "Calendar days", "2026-10-10",
        working=True, name="国庆节调休", confirmed=True,
    ),
)  # fmt: skip

SPOKEN: Mapping[str, Spoken] = {one.kind: one for one in _SPOKEN}
"""Every kind by its name, which is also that of its address."""
