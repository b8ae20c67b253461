"""Whether two records are the same person although no field proves it (A4).

The same number or WeChat id is proof. Short of it a slip of the finger in the number counts, backed
by a name that sounds alike and by the city; name and city alone never suffice: a big city has
hundreds of 王飞.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from domain.cleaning.name import NameKind, read_name
from domain.cleaning.text import tidy


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody: name as typed, phone in E.164, WeChat id, city."""

    name: str | None = None
    phone: str | None = None
    wechat: str | None = None
    city: str | None = None


SUSPECT = 0.7
"""From here on a person has to look (:func:`likeness`, 0–1)."""

_SLIPS = {1: 0.5, 2: 0.3}
"""What a number with that many slips (wrong, missing, surplus, swapped digits) is worth."""
_NAME, _NAME_SOUNDS, _NAME_PART, _CITY = 0.35, 0.3, 0.2, 0.1
_NAME_DIFFERS = -0.3


def likeness(one: Person, other: Person) -> float:
    """How probably both are one person, 0 to 1; 1 means proven by number or WeChat id."""
    if _same(one.phone, other.phone) or _same(one.wechat, other.wechat):
        return 1.0
    score = _phones(one.phone, other.phone) + _names(one.name, other.name)
    if _same(one.city, other.city):
        score += _CITY
    return round(min(max(score, 0.0), 0.99), 2)


def is_suspect(one: Person, other: Person) -> bool:
    """Whether a person should look at the two (counted as input ``suspects`` of the ``cleaning``
    table)."""
    return likeness(one, other) >= SUSPECT


def _same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and (one == other or tidy(one).casefold() == tidy(other).casefold())


def _phones(one: str | None, other: str | None) -> float:
    if not one or not other or one[:3] != other[:3]:
        return 0.0
    return _SLIPS.get(OSA.distance(one, other, score_cutoff=2), 0.0)


_read = lru_cache(maxsize=64)(read_name)
"""One person is compared with many others."""


def _names(one: str | None, other: str | None) -> float:
    left, right = _read(one), _read(other)
    if NameKind.PERSON not in (left.kind, right.kind) or left.kind != right.kind:
        return 0.0
    if left.core == right.core:
        return _NAME
    if left.key == right.key:
        return _NAME_SOUNDS
    # 梁先生 and 梁金凤: one of them gave the family name only
    if (left.honorific or right.honorific) and left.core[:1] == right.core[:1]:
        return _NAME_PART
    return _NAME_SOUNDS if fuzz.ratio(left.key, right.key) >= 88 else _NAME_DIFFERS
