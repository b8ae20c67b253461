"""How far dealers are from a lead, and which of them are near enough to be asked (A6).

A dealer is where its own coordinates say, else in its city; a lead is in the place that was read of
it. A place that nobody knows is near to nothing: such a lead is asked about, never sent anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from domain.cleaning import Place, PlaceKind, PlaceReading, distance_km, place_of, read_place
from store.leads.leads import LeadRow
from store.network.rosters import RosterLine

TOO_FAR = "too_far"
"""Why not, for dealers beyond the limit of kilometres."""

NO_PLACE = "no_place"
"""Why not, for dealers whose city is none that is known and who have no coordinates of their
own."""

NAMED = 5
"""Dealers beyond the limit that are named with their distance; one line with the roster stands for
the others."""


@dataclass(frozen=True, slots=True)
class Near:
    """A dealer that is near enough; kilometres are whole, in a straight line."""

    dealer: RosterLine
    km: int
    same_city: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """``near`` are the dealers to be asked, the nearest first; ``beyond`` the lines of those that
    are not."""

    near: tuple[Near, ...]
    beyond: tuple[dict[str, Any], ...]

    def regions(self) -> list[str]:
        """The regions that the near ones are of."""
        return sorted({one.dealer.region for one in self.near})

    def by_id(self) -> dict[UUID, Near]:
        """The near ones by the dealer's id."""
        return {one.dealer.id: one for one in self.near}


def where(lead: LeadRow) -> PlaceReading:
    """The place of a lead; of one that came before places were kept, as its city is read."""
    if lead.place_code is not None:
        return PlaceReading(PlaceKind.FOUND, place_of(lead.place_code))
    return read_place(lead.city, province=lead.province, district=lead.district)


def around(
    place: Place | None, city: str | None, most_km: float | None, number: int, dealers: Iterable[RosterLine]
) -> Reach:
    """The dealers within ``most_km`` (None: no limit) of a place, out of the roster with this
    number.

    Those in a city of the same name are near even where neither the city nor the dealer has
    coordinates.
    """
    near: list[Near] = []
    far: list[tuple[int, RosterLine]] = []
    nowhere: list[RosterLine] = []
    for dealer in dealers:
        there = read_place(dealer.city).found
        point = dealer.point or (there.point if there else None)
        same = _same_city(place, there) if place and there else bool(city) and dealer.city == city
        if place is not None and point is not None:
            km = round(_km(place.point, point))
        elif same:
            km = 0
        else:
            nowhere.append(dealer)
            continue
        if most_km is None or km <= most_km:
            near.append(Near(dealer, km, same))
        else:
            far.append((km, dealer))
    near.sort(key=lambda one: (one.km, one.dealer.code))
    far.sort(key=lambda one: (one[0], one[1].code))
    return Reach(tuple(near), _beyond(place is not None or bool(near), number, far, nowhere))


def _beyond(
    placed: bool, number: int, far: list[tuple[int, RosterLine]], nowhere: list[RosterLine]
) -> tuple[dict[str, Any], ...]:
    if not placed:
        return ()
    lines = [{"id": dealer.id, "code": dealer.code, "reason": TOO_FAR, "distance_km": km} for km, dealer in far[:NAMED]]
    lines += [{"id": dealer.id, "code": dealer.code, "reason": NO_PLACE} for dealer in nowhere]
    return tuple([{"reason": TOO_FAR, "roster": number}, *lines] if len(far) > NAMED else lines)


def _same_city(one: Place, other: Place) -> bool:
    return (one.province, one.city) == (other.province, other.city)


@lru_cache(50_000)
def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    return distance_km(one, other)
