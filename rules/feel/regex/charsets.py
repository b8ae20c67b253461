"""Sets of characters as ranges of code points: categories, blocks and case of Unicode, and what can
be made of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from typing import Final, TypeAlias
from unicodedata import category

from rules.feel.regex.blocks import BLOCKS

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""First and last code point of each range, in order, apart from each other."""

LAST: Final = sys.maxunicode
EVERYTHING: Final[Ranges] = ((0, LAST),)
_ASSIGNED: Final = 0x40000
"""Behind it are only the tags and selectors of plane 14 and what is for private use: no need to
look at a million."""
_CASED: Final = 0x20000
"""No character from here on has a case."""


def united(*sets: Iterable[tuple[int, int]]) -> Ranges:
    """What is in any of them."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(one for ranges in sets for one in ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def others(ranges: Ranges) -> Ranges:
    """All characters that are not in it."""
    found: list[tuple[int, int]] = []
    begin = 0
    for first, last in ranges:
        if begin < first:
            found.append((begin, first - 1))
        begin = last + 1
    return tuple([*found, (begin, LAST)] if begin <= LAST else found)


def without(ranges: Ranges, taken: Ranges) -> Ranges:
    """What is in the one and not in the other."""
    return others(united(others(ranges), taken))


def single(char: str) -> Ranges:
    return ((ord(char), ord(char)),)


@lru_cache(1)
def _categories() -> dict[str, Ranges]:
    """By names of two letters, and of one for those that begin with it."""
    found: dict[str, list[tuple[int, int]]] = {}
    for planes in (range(_ASSIGNED), range(0xE0000, 0xE1000)):
        for name, group in groupby(planes, key=lambda code: category(chr(code))):
            codes = list(group)
            found.setdefault(name, []).append((codes[0], codes[-1]))
    found["Cn"] += [(_ASSIGNED, 0xDFFFF), (0xE1000, 0xEFFFF), (0xFFFFE, 0xFFFFF), (0x10FFFE, LAST)]
    found["Co"] += [(0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)]
    exact = {name: united(ranges) for name, ranges in found.items()}
    wide = {letter: united(*(exact[name] for name in exact if name[0] == letter)) for letter in "LMNPZSC"}
    return exact | wide


@lru_cache(256)
def named(name: str) -> Ranges | None:
    """``Lu``, ``L``, ``IsBasicLatin``; null for what is neither a category nor a block."""
    if name.startswith("Is"):
        block = BLOCKS.get(name[2:])
        return None if block is None else (block,)
    return _categories().get(name)


def category_of(name: str) -> Ranges:
    return _categories()[name]


@lru_cache(1)
def _variants() -> dict[str, frozenset[str]]:
    """By the lower or upper case of characters, those that have it."""
    found: dict[str, set[str]] = {}
    for char in map(chr, range(_CASED)):
        lower, upper = char.lower(), char.upper()
        if lower != char or upper != char:
            found.setdefault(lower, {lower} if len(lower) == 1 else set()).add(char)
            found.setdefault(upper, {upper} if len(upper) == 1 else set()).add(char)
    return {key: frozenset(chars) for key, chars in found.items()}


@lru_cache(2048)
def variants(char: str) -> frozenset[str]:
    """The character and those that have its lower or its upper case (XQuery and XPath Functions
    3.1, 5.6.1)."""
    known = _variants()
    none = frozenset[str]()
    return frozenset({char}) | known.get(char.lower(), none) | known.get(char.upper(), none)


@lru_cache(256)
def in_any_case(ranges: Ranges) -> Ranges:
    """The set with the case variants of all that is in it."""
    more = {
        ord(other)
        for first, last in ranges
        for code in range(first, min(last, _CASED) + 1)
        for other in variants(chr(code))
    }
    return united(ranges, ((code, code) for code in more))


SPACE: Final = united(map(lambda char: (ord(char), ord(char)), " \t\n\r"))
LINE_ENDS: Final = united(single("\n"), single("\r"))
_NAME_START: Final = (
    *((0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF)),
    *((0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF)),
    *((0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF)),
)
"""Characters that an XML name may begin with (XML 1.0, 2.3)."""
_NAME: Final = united(_NAME_START, ((0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040)))


@lru_cache(16)
def escaped(letter: str) -> Ranges:
    r"""``\s``, ``\i``, ``\c``, ``\d``, ``\w`` and, in upper case, what they leave (XML Schema 1.1,
    part 2, G.4.2.5)."""
    if letter.isupper():
        return others(escaped(letter.lower()))
    match letter:
        case "s":
            return SPACE
        case "i":
            return united(_NAME_START)
        case "c":
            return _NAME
        case "d":
            return category_of("Nd")
        case _:
            return others(united(category_of("P"), category_of("Z"), category_of("C")))
