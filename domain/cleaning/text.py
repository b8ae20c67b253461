"""One way of looking at typed text: width, invisible signs and spaces are never meaning."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")

LONGEST = 500
"""Characters that are read; what follows is no phone, budget or date, and must not cost time."""

BLANKS = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "/",
        ".",
        "无",
        "没有",
        "空",
        "未填",
        "未知",
        "未填写",
        "暂无",
        "n/a",
        "na",
        "none",
        "null",
        "nil",
    }
)
"""What people type into a field that they do not want to fill, after :func:`tidy` and lower
case."""


def tidy(text: object) -> str:
    """NFKC (full-width to ASCII), control and invisible signs as nothing, runs of space as one,
    trimmed.

    Takes anything a row of a file or a JSON body can hold; ``None`` is the empty text.
    """
    if text is None:
        return ""
    if isinstance(text, float) and text.is_integer():
        text = int(text)  # a spreadsheet's 13981590830.0 is a number of eleven digits
    folded = unicodedata.normalize("NFKC", str(text)[:LONGEST])
    if folded.isprintable():  # nothing that could be invisible, no space but the plain one
        return _SPACES.sub(" ", folded).strip()
    visible = "".join(sign for sign in folded if sign.isspace() or not unicodedata.category(sign).startswith("C"))
    return _SPACES.sub(" ", visible).strip()


def is_blank(text: object) -> bool:
    """Whether a field says nothing: empty, a dash, 无 and the like."""
    return tidy(text).lower() in BLANKS
