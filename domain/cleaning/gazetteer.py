"""Every province, prefecture and district of China with the spellings that people use and where it
lies.

``places.csv`` holds facts only: code (GB/T 2260), name, degrees north and east of the seat, pinyin,
and names that are used besides (former ones, zones that belong to no district). All else follows
from the code and the name. Where the facts come from: docs/decisions/0027.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from types import MappingProxyType
from typing import Final

MUNICIPALITIES: Final = frozenset({"110000", "120000", "310000", "500000", "810000", "820000"})
"""Provinces that are one city, whose districts have no prefecture between."""

_PEOPLES: Final = (
    "蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|佤族|畲族|拉祜族|"
    "水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|普米族|塔吉克族?|怒族|鄂温克族|保安族|"
    "裕固族|独龙族|各族"
)
_AUTONOMOUS: Final = re.compile(rf"(..+?)(?:{_PEOPLES})*(自治[州县旗区])")
_DISTRICT_OF_A_PEOPLE: Final = re.compile(r"(..+?)(?:回族|达斡尔族)区")
_SUFFIXED: Final = re.compile(r"(..+?)(?:特别行政区|新区|地区|林区|特区|矿区|联合旗|[省市县区旗盟])")
_ONCE_SUFFIXED: Final = re.compile(r"(..+?)(?:地区|(?<!新)区|[市县])")
_CALLED: Final = {"自治州": "州", "自治县": "县", "自治旗": "旗", "自治区": "自治区"}
"""大理州, 长阳县: what people make of the long names of autonomous places."""

_EARTH_KM: Final = 12_742.0
"""Diameter."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its code. ``province`` and ``city`` are short (浙江, 杭州), ``district`` is written
    out (西湖区).

    A province that is not one city has no ``city``; latitude and longitude are degrees of its seat.
    """

    code: str
    name: str
    province: str
    city: str | None
    district: str | None
    latitude: float
    longitude: float

    @property
    def is_province(self) -> bool:
        """Too wide to be anywhere: a province, but not one that is a city."""
        return self.city is None

    @property
    def is_city(self) -> bool:
        """A prefecture, a municipality, or a county that a province governs itself."""
        return self.city is not None and self.district is None

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.latitude, self.longitude

    def lies_in(self, other: Place) -> bool:
        """Whether the other place contains this one."""
        return self.code != other.code and self.code.startswith(other.code.removesuffix("00").removesuffix("00"))


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a spelling may mean. ``full``: with its 市 or 区, so that it names a place wherever it
    stands."""

    places: tuple[Place, ...]
    full: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All places, found by code, by Chinese spelling, and by pinyin without tones and spaces."""

    by_code: Mapping[str, Place]
    spellings: Mapping[str, Spelling]
    pinyin: Mapping[str, tuple[Place, ...]]
    lengths: Mapping[str, tuple[int, ...]]
    """How long the spellings are that begin with a sign, the longest first."""


@cache
def gazetteer() -> Gazetteer:
    """The table, read once a process: 3,260 places."""
    with (Path(__file__).parent / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {row["code"]: row["name"] for row in rows}
    places = {row["code"]: _place(row, names) for row in rows}
    full: dict[str, dict[str, Place]] = {}
    bare: dict[str, dict[str, Place]] = {}
    sounds: dict[str, dict[str, Place]] = {}
    for row in rows:
        place = places[row["code"]]
        for spelling in _written_out(row["name"], row["also"].split()):
            full.setdefault(spelling, {})[place.code] = place
        for spelling in _shortened(row["name"], row["also"].split()):
            bare.setdefault(spelling, {})[place.code] = place
        for sound in row["pinyin"].split():
            sounds.setdefault(sound, {})[place.code] = place
    spellings = {text: Spelling(tuple(found.values()), False) for text, found in bare.items()}
    spellings |= {text: Spelling(tuple((found | bare.get(text, {})).values()), True) for text, found in full.items()}
    return Gazetteer(
        MappingProxyType(places),
        MappingProxyType(spellings),
        MappingProxyType({sound: tuple(found.values()) for sound, found in sounds.items()}),
        MappingProxyType(_lengths(spellings)),
    )


def place_of(code: str | None) -> Place | None:
    """The place with this code."""
    return gazetteer().by_code.get(code) if code else None


def short_name(name: str) -> str:
    """A place's name without what kind of place it is: 大理 of 大理白族自治州, 浦东 of 浦东新区."""
    for pattern in (_AUTONOMOUS, _DISTRICT_OF_A_PEOPLE, _SUFFIXED):
        found = pattern.fullmatch(name)
        if found:
            return found[1]
    return name


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres in a straight line over the ground between two points (latitude, longitude in
    degrees)."""
    (lat1, lon1), (lat2, lon2) = ((radians(lat), radians(lon)) for lat, lon in (one, other))
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return _EARTH_KM * asin(min(1.0, sqrt(chord)))


def _place(row: Mapping[str, str], names: Mapping[str, str]) -> Place:
    code = row["code"]
    province = f"{code[:2]}0000"
    prefecture = f"{code[:4]}00"
    city: str | None = None
    if province in MUNICIPALITIES:
        city = short_name(names[province])
    elif prefecture in names and prefecture != province:
        city = short_name(names[prefecture])
    elif code != province:  # 仙桃: no prefecture between
        city = short_name(row["name"])
    within = code != province and (province in MUNICIPALITIES or (prefecture in names and code != prefecture))
    return Place(
        code,
        row["name"],
        short_name(names[province]),
        city,
        row["name"] if within else None,
        float(row["latitude"]),
        float(row["longitude"]),
    )


def _written_out(name: str, also: Iterable[str]) -> set[str]:
    autonomous = _AUTONOMOUS.fullmatch(name)
    return {name, *also} | ({autonomous[1] + _CALLED[autonomous[2]]} if autonomous else set())


def _shortened(name: str, also: Iterable[str]) -> set[str]:
    former = (_ONCE_SUFFIXED.fullmatch(one) for one in also)
    return {short_name(name), *(one[1] for one in former if one)} - {name}


def _lengths(spellings: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for spelling in spellings:
        found.setdefault(spelling[0], set()).add(len(spelling))
    return {sign: tuple(sorted(lengths, reverse=True)) for sign, lengths in found.items()}
