"""A grade (级别) as people write it: H, Ａ, A级, H（7天）; what names none of the five is none."""

from __future__ import annotations

import re

from domain.cleaning.text import tidy

_WRITTEN = re.compile(r"(?P<grade>[habcn])\s*(?:级|类|\+|-|级客户|类客户|级意向)?\s*(?:\([^)]*\))?", re.IGNORECASE)


def read_grade(text: object) -> str | None:
    """``H``, ``A``, ``B``, ``C`` or ``N``; ``None`` for anything else (高, O, 待定). Never raises."""
    found = _WRITTEN.fullmatch(tidy(text))
    return found["grade"].upper() if found else None
