"""Places as people type them: 大理, 云南大理, 浙江省杭州市西湖区文三路, hangzhou, 朝阳区 (which?).

A text is read from left to right as names of places, the longest first; a name may stand for
several, and each next one has to lie within, contain or be one of those before (大连中山: the district,
not the city). Streets and houses that are named after places are none (重庆北京路). What is left is one
place, several (``ambiguous``), a province and no more, or nothing: a lead whose place nobody knows
is asked for it, and goes nowhere before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from domain.cleaning.gazetteer import Gazetteer, Place, gazetteer
from domain.cleaning.text import BLANKS, LONGEST, tidy


class PlaceKind(StrEnum):
    """What came of reading a place."""

    FOUND = "found"
    AMBIGUOUS = "ambiguous"
    PROVINCE = "province"
    """A province and no more: too wide to find a dealer nearby."""
    UNKNOWN = "unknown"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """``place`` is what was found (also a province, if that is all); ``candidates`` what an
    ambiguous text may mean."""

    kind: PlaceKind
    place: Place | None = None
    candidates: tuple[Place, ...] = ()

    @property
    def found(self) -> Place | None:
        """The place, if it is one that distances can be told from."""
        return self.place if self.kind is PlaceKind.FOUND else None


@dataclass(frozen=True, slots=True)
class _Word:
    """A name in the text, and what it may mean. ``full``: written out, with its 市 or 区."""

    places: Sequence[Place]
    full: bool


DOUBTFUL: Final = frozenset({"朝阳", "兴安"})
"""Names of prefectures under which people mean a district elsewhere as often."""

_NAMED_AFTER: Final = re.compile(
    "[一二三四五六七八九十0-9]*[东南西北中]?"
    "(?:路|街|大道|道|巷|弄|村|镇|乡|桥|大学|学院|中学|广场|大厦|大酒店|酒店|宾馆|饭店|公园|医院|机场|花园|小区|新村|商场)"
)
_LATIN_SUFFIX: Final = re.compile(r"(?:city|shi|province|sheng|prefecture|district|qu|county|zhou)$")
_COUNTRY: Final = re.compile(r"\b(?:p\.?\s?r\.?\s?china|china|prc)\b")
_LONGEST: Final = 80
"""Signs of a cell that are read: what follows the district is street and house."""
_REMEMBERED: Final = 20_000
_MOST_WORDS: Final = 4
"""In pinyin without spaces: province, city and district, and one more."""


def read_place(city: object, *, province: object = None, district: object = None) -> PlaceReading:
    """The place that up to three cells name together; each may hold more than its own (省+市+区).
    Never raises."""
    return _read(*(cell[:LONGEST] if isinstance(cell, str) else tidy(cell) for cell in (province, city, district)))


@lru_cache(_REMEMBERED)
def _read(*cells: str) -> PlaceReading:
    table = gazetteer()
    province, city, district = (_plain(cell) for cell in cells)
    if not (province or city or district):
        return PlaceReading(PlaceKind.MISSING)
    if not province and not district and (whole := table.spellings.get(city)):
        return _settle(whole.places)
    words = [
        *_words(table, province, provinces=True),
        *_words(table, city, provinces=False),
        *_words(table, district, provinces=False),
    ]
    return _combine(words)


def _plain(cell: str) -> str:
    if not cell:
        return ""
    text = tidy(cell).lower()[:_LONGEST].replace("’", "'")
    if text in BLANKS:
        return ""
    return text if text.isascii() else text.replace(" ", "")


def _words(table: Gazetteer, text: str, *, provinces: bool) -> list[_Word]:
    words = list(_latin(table, text) if text.isascii() else _chinese(table, text))
    if provinces and words:  # in a cell for provinces 吉林 is the province
        own = [place for place in words[0].places if place.is_province]
        words[0] = _Word(own or words[0].places, words[0].full)
    return words


def _chinese(table: Gazetteer, text: str) -> Iterator[_Word]:
    at = 0
    while at < len(text):
        end = _longest(table, text, at)
        if end is None:
            at += 1
            continue
        spelling = table.spellings[text[at:end]]
        # A street is named after another city (北京路), unless what follows is itself a place (台州路桥).
        if spelling.full or _longest(table, text, end) is not None or not _NAMED_AFTER.match(text, end):
            yield _Word(spelling.places, spelling.full)
        at = end
        if text[end - 1] == "市" and (overlapping := _longest(table, text, end - 1)) is not None:
            inner = table.spellings[text[end - 1 : overlapping]]  # 青岛市北区: 青岛's 市北区
            if any(one.lies_in(other) for one in inner.places for other in spelling.places):
                yield _Word(inner.places, inner.full)
                at = overlapping


def _longest(table: Gazetteer, text: str, at: int) -> int | None:
    """Where the longest name ends that begins at a position."""
    if at >= len(text):
        return None
    left = len(text) - at
    for length in table.lengths.get(text[at], ()):
        if length <= left and text[at : at + length] in table.spellings:
            return at + length
    return None


def _latin(table: Gazetteer, text: str) -> Iterator[_Word]:
    """Pinyin and English: parts between commas, else one string that names may follow one another
    in."""
    text = _COUNTRY.sub("", text.replace("'", "").replace("`", ""))
    parts = [re.sub(r"[^a-z]", "", part) for part in re.split(r"[,;/|]", text)]
    for part in filter(None, parts):
        for names in _sounding(table, part, _MOST_WORDS):
            for name in names:
                yield _Word(table.pinyin[name], full=False)
            break


def _sounding(table: Gazetteer, text: str, most: int) -> Iterator[tuple[str, ...]]:
    """The ways to part a text into names in pinyin, those of long names first."""
    if not text:
        yield ()
        return
    if most == 0:
        return
    for length in range(len(text), 2, -1):
        name = text[:length] if text[:length] in table.pinyin else _LATIN_SUFFIX.sub("", text[:length])
        if name in table.pinyin:
            for rest in _sounding(table, text[length:], most - 1):
                yield (name, *rest)


def _combine(words: Iterable[_Word]) -> PlaceReading:
    current: tuple[Place, ...] = ()
    sure = False
    for word in words:
        if not current:
            current, sure = tuple(word.places), word.full
            continue
        fitting = _together(current, word.places)
        if fitting:
            current, sure = fitting, sure or word.full
        elif not _is_beside_the_point(word, current, sure):
            return _ambiguous((*current, *word.places))
    return _settle(current)


def _is_beside_the_point(word: _Word, current: Sequence[Place], sure: bool) -> bool:
    """Whether a name that fits nothing before it changes nothing: a house named after a city, a
    district of old."""
    if all(place.district for place in word.places):
        return len(current) == 1 and not current[0].is_province
    return not word.full and (sure or all(place.district for place in current))


def _together(current: Sequence[Place], named: Sequence[Place]) -> tuple[Place, ...]:
    """What two names mean together: the ones within the others, whichever was said first."""
    within = tuple(one for one in named if any(one.lies_in(other) for other in current))
    same = tuple(one for one in named if one in current)
    return within or same or tuple(one for one in current if any(one.lies_in(other) for other in named))


def _settle(places: Sequence[Place]) -> PlaceReading:
    """One place out of all that a text may mean: the wider of two of one name, a city before
    districts elsewhere."""
    if not places:
        return PlaceReading(PlaceKind.UNKNOWN)
    provinces = [place for place in places if place.is_province]
    cities = [place for place in places if place.is_city]
    if provinces:
        # 吉林 is a province and its second city, 海南 also a prefecture of 青海; 河南 is nobody's county of
        # 青海.
        return _ambiguous(places) if cities or len(provinces) > 1 else PlaceReading(PlaceKind.PROVINCE, provinces[0])
    widest = [place for place in places if not any(place.lies_in(other) for other in places)]
    if len(widest) > 1 and len(cities) == 1 and cities[0].code not in _doubtful():
        widest = cities
    return PlaceReading(PlaceKind.FOUND, widest[0]) if len(widest) == 1 else _ambiguous(widest)


@cache
def _doubtful() -> frozenset[str]:
    table = gazetteer()
    return frozenset(place.code for name in DOUBTFUL for place in table.spellings[name].places if place.is_city)


def _ambiguous(places: Iterable[Place]) -> PlaceReading:
    return PlaceReading(PlaceKind.AMBIGUOUS, candidates=tuple(dict.fromkeys(places)))
