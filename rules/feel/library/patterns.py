"""Regular expressions of XPath (DMN 1.5, 10.3.4.3; XQuery and XPath Functions 3.1, 5.6), as far as Python has them.

A pattern that could keep a worker busy for ever, an unlimited repeat inside an unlimited repeat, is not run.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rules.feel.errors import FeelError
from rules.feel.library.arguments import text
from rules.feel.values import Value

_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE, "x": re.NOFLAG, "q": re.NOFLAG}
_PROPERTY = re.compile(r"\\([pP])\{([^}]*)\}")
_PROPERTIES = {
    "IsBasicLatin": r"\x00-\x7f",
    "L": r"^\W\d_",
    "Nd": r"\d",
    "Z": r" \u00a0\u1680\u2000-\u200a\u202f\u3000",
}
"""Classes of characters by their name, as far as Python can tell them, to stand between square brackets."""
_SUBTRACTION = re.compile(r"(?<!\\)-\[")
_NAME_CLASSES = {
    r"\i": r"[^\W\d]|:",
    r"\c": r"[\w.:\-\u00b7]",
    r"\I": r"(?:(?![^\W\d]|:).)",
    r"\C": r"[^\w.:\-\u00b7]",
}
_REFERENCE = re.compile(r"\\(.)|\$(\d+)|([\\$])", re.DOTALL)
_LONGEST = 1_000


def read(pattern: Value, flags: Value = None) -> re.Pattern[str] | None:
    """The pattern; null if it is none.

    Raises:
        FeelError: it repeats repeats without a limit, or is longer than 1,000 characters.
    """
    written, told = text(pattern), text(flags)
    if written is None or (flags is not None and told is None):
        return None
    return _read(written, told or "")


@lru_cache(512)
def _read(pattern: str, flags: str) -> re.Pattern[str] | None:
    if not set(flags) <= set(_FLAGS):
        return None
    if len(pattern) > _LONGEST:
        raise FeelError(f"a pattern is longer than {_LONGEST:,} characters")
    if "q" in flags:
        pattern = re.escape(pattern)
    else:
        if "x" in flags:
            pattern = _squeezed(pattern)
        _must_end(pattern)
        pattern = _PROPERTY.sub(_property, pattern)
        if _SUBTRACTION.search(pattern):
            raise FeelError("a pattern takes one class of characters from another")
        for theirs, ours in _NAME_CLASSES.items():
            pattern = pattern.replace(theirs, f"(?:{ours})")
    found = re.NOFLAG
    for flag in flags:
        found |= _FLAGS[flag]
    try:
        return re.compile(pattern, found)
    except (re.error, OverflowError, RecursionError):
        return None


def _property(match: re.Match[str]) -> str:
    known = _PROPERTIES.get(match[2])
    if known is None or (match[1] == "P" and known.startswith("^")):
        raise FeelError(f"a pattern names the characters {match[0]}, which are not known here")
    return f"[^{known}]" if match[1] == "P" else f"[{known}]"


def _squeezed(pattern: str) -> str:
    """Without its white space, but for what stands between square brackets."""
    kept: list[str] = []
    deep = 0
    for place, char in enumerate(pattern):
        if char in "[]" and (place == 0 or pattern[place - 1] != "\\"):
            deep = max(0, deep + (1 if char == "[" else -1))
        if deep or not char.isspace():
            kept.append(char)
    return "".join(kept)


def replaced(pattern: re.Pattern[str], string: str, replacement: str | None, *, literally: bool = False) -> str | None:
    """All matches replaced; ``$1`` stands for a group, ``\\$`` for a dollar sign."""
    if replacement is None:
        return None
    if literally:
        return pattern.sub(lambda match: replacement, string)
    parts = _parts(replacement, pattern.groups)
    if parts is None:
        return None
    return pattern.sub(
        lambda match: "".join(part if isinstance(part, str) else match[part] or "" for part in parts), string
    )


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
            digits = found[2]
            while len(digits) > 1 and int(digits) > groups:
                digits = digits[:-1]
            parts.append(int(digits) if int(digits) <= groups else "")
            parts.append(found[2][len(digits) :])
        else:
            return None
    return [*parts, replacement[position:]]


def _must_end(pattern: str) -> None:
    """Looks for a group with an unlimited repeat in it that is itself repeated without a limit."""
    depth: list[bool] = [False]
    closed = in_class = escaped = False
    for place, char in enumerate(pattern):
        if escaped:
            escaped = closed = False
        elif char == "\\":
            escaped = True
        elif in_class:
            in_class = char != "]"
            closed = False
        elif char == "[":
            in_class = True
        elif char == "(":
            depth.append(False)
        elif char == ")" and len(depth) > 1:
            inner = depth.pop()
            depth[-1] |= inner
            closed = inner
            continue
        elif char in "*+" or (char == "{" and re.match(r"\{\d+,\}", pattern[place:])):
            if closed:
                raise FeelError("a pattern repeats a repeat without a limit")
            depth[-1] = True
        if char not in "?":
            closed = False
