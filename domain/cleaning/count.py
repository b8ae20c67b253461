"""A whole number as people type it: 3, 1,200, 三, 十二; with what is counted behind it (2台)."""

from __future__ import annotations

import re

from domain.cleaning.numerals import NUMBER, number
from domain.cleaning.text import tidy

MOST = 2**31 - 1
"""What a column of whole numbers holds."""

_COUNTED = re.compile(rf"({NUMBER})\s*(万?)\s*[^\W\d_]{{0,4}}")


def read_count(text: object) -> int | None:
    """The number, 0 and more; ``None`` for none, a part of one, or one that is too large. Never
    raises."""
    found = _COUNTED.fullmatch(tidy(text))
    value = number(found[1]) if found else None
    if found is None or value is None:
        return None
    whole = value * (10_000 if found[2] else 1)
    return int(whole) if whole <= MOST and whole == int(whole) else None
