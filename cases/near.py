"""Which name was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

_SHORT: Final = 7
"""Names up to this length are near at one slip of the pen, longer ones at two."""


def nearest(name: str, right: Iterable[str]) -> str:
    """The right name that was probably meant; "" if none is near. Names that differ in a number
    only are not."""
    found, least = "", 3
    for one in sorted(right):
        slips = DamerauLevenshtein.distance(name, one, score_cutoff=2)
        near = slips <= (1 if min(len(name), len(one)) <= _SHORT else 2) and slips < max(len(name), len(one))
        if near and slips < least and _letters(name) != _letters(one):
            found, least = one, slips
    return found


def _letters(name: str) -> str:
    return "".join(sign for sign in name if not sign.isdigit())
