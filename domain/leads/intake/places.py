"""Where a lead is: what was typed as province, city and district, read together (A1, A6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.errors import FieldProblem
from domain import cleaning
from domain.cleaning import Place, PlaceKind, PlaceReading
from store.network.network import Reference

FIELDS = ("province", "city", "district")
"""The cells that a place is read from."""

_CODES = {
    PlaceKind.AMBIGUOUS: "place_ambiguous",
    PlaceKind.PROVINCE: "place_too_wide",
    PlaceKind.UNKNOWN: "place_unknown",
}
_CANDIDATES_NAMED = 6


@dataclass(frozen=True, slots=True)
class Location:
    """A place as columns of a lead, and what is wrong with it. Nothing was said: no columns, no
    problem."""

    columns: Mapping[str, Any]
    problem: FieldProblem | None = None


def locate(said: Mapping[str, str | None], reference: Reference) -> Location:
    """The place that the three cells name. One that cannot be told stays as typed, so that a person
    sees it."""
    province, city, district = (said.get(name) for name in FIELDS)
    reading = cleaning.read_place(city, province=province, district=district)
    if reading.kind is PlaceKind.MISSING:
        return Location({})
    if reading.found is not None:
        return Location(_columns(reading.found, reference))
    own = cleaning.tidy(city)
    typed = {name: cleaning.tidy(said.get(name)) or None for name in FIELDS}
    if reading.kind is PlaceKind.UNKNOWN and own in reference.cities:  # a town that only the network knows
        return Location({**typed, "place_code": None, "region": reference.cities[own]})
    return Location({**typed, "place_code": None, "region": None}, _problem(typed, reading))


def described(place: Place) -> str:
    """A place in words: 北京 朝阳区, 云南 大理, 吉林省."""
    parts = (place.province, None if place.city == place.province else place.city, place.district)
    return place.name if place.is_province else " ".join(part for part in parts if part)


def _columns(place: Place, reference: Reference) -> dict[str, Any]:
    return {
        "province": place.province,
        "city": place.city,
        "district": place.district,
        "place_code": place.code,
        "region": _region(place, reference),
    }


def _region(place: Place, reference: Reference) -> str | None:
    """The network's own city decides, then the smallest place that a region is told to have."""
    city = place.city or ""
    own = reference.cities.get(city) or reference.cities.get(f"{city}市")
    codes = (place.code, f"{place.code[:4]}00", f"{place.code[:2]}0000")
    return own or next((reference.region_places[code] for code in codes if code in reference.region_places), None)


def _problem(typed: Mapping[str, str | None], reading: PlaceReading) -> FieldProblem:
    field = next((name for name in ("city", "district", "province") if typed[name]), "city")
    named = [described(place) for place in reading.candidates[:_CANDIDATES_NAMED]]
    return FieldProblem(field, _CODES[reading.kind], {"candidates": "、".join(named)} if named else {})
