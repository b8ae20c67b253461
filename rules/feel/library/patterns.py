"""What is done with regular expressions (DMN 1.5, 10.3.4.3; XQuery and XPath Functions 3.1,
5.6)."""

from __future__ import annotations

import re

from rules.feel import bounds, regex
from rules.feel.errors import FeelTooMuch
from rules.feel.library.arguments import text
from rules.feel.values import Value

_REFERENCE = re.compile(r"\\(.)|\$([0-9]+)|([\\$])", re.DOTALL)


def read(pattern: Value, flags: Value = None) -> regex.Pattern | None:
    """The pattern; null if it is none.

    Raises:
        FeelTooMuch: it is longer, deeper or repeats more than the bounds allow.
    """
    written, told = text(pattern), text(flags)
    if written is None or (flags is not None and told is None):
        return None
    try:
        return regex.read(written, told or "")
    except regex.PatternRefused:
        return None


def matches(pattern: regex.Pattern, string: str) -> bool:
    return pattern.search(string) is not None


def replaced(pattern: regex.Pattern, string: str, replacement: str | None, *, literally: bool = False) -> str | None:
    """All matches replaced; ``$1`` stands for a group, ``\\$`` for a dollar sign. Null if the
    pattern matches nothing at all, since it would match everywhere.

    Raises:
        FeelTooMuch: the text becomes too long.
    """
    if replacement is None or matches(pattern, ""):
        return None
    parts = [replacement] if literally else _parts(replacement, pattern.groups)
    if parts is None:
        return None
    made: list[str] = []
    length = begin = 0
    for spans in pattern.matches(string):
        new = [string[begin : spans[0][0]], *(_part(part, spans, string) for part in parts)]
        length += sum(map(len, new))
        if length > bounds.CHARACTERS.limit:
            raise FeelTooMuch(bounds.CHARACTERS)
        bounds.charge(1)
        made += new
        begin = spans[0][1]
    return "".join([*made, string[begin:]]) if begin or made else string


def split(pattern: regex.Pattern, string: str) -> list[Value] | None:
    """What lies between the matches; null for a pattern that matches nothing at all."""
    parts: list[Value] = []
    begin = 0
    for (first, last), *_ in pattern.matches(string):
        if last > first:
            parts.append(string[begin:first])
            begin = last
            bounds.items(1)
    bounds.items(len(parts) + 1)
    return [*parts, string[begin:]]


def _part(part: str | int, spans: regex.Spans, string: str) -> str:
    if isinstance(part, str):
        return part
    begin, end = spans[part]
    return string[begin:end] if begin >= 0 else ""


def _parts(replacement: str, groups: int) -> list[str | int] | None:
    parts: list[str | int] = []
    position = 0
    for found in _REFERENCE.finditer(replacement):
        parts.append(replacement[position : found.start()])
        position = found.end()
        if found[1] is not None:
            if found[1] not in "\\$":
                return None
            parts.append(found[1])
        elif found[2] is not None:
            digits = found[2][: len(str(groups)) + 1]
            while len(digits) > 1 and int(digits) > groups:
                digits = digits[:-1]
            parts.append(int(digits) if int(digits) <= groups else "")
            parts.append(found[2][len(digits) :])
        else:
            return None
    return [*parts, replacement[position:]]
