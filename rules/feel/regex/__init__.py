"""Regular expressions of XPath, as DMN asks (DMN 1.5, 10.3.4.3), in a time that grows with the text
and no faster.

RE2 runs them: sets of characters are told to it as ranges of code points, so that what they mean is
ours and XPath's. What it cannot do is matched step by step (``rules.feel.regex.stepping``).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol

from rules.feel.bounds import REPEATS, charge
from rules.feel.errors import FeelTooMuch
from rules.feel.regex.charsets import Ranges
from rules.feel.regex.parser import parsed
from rules.feel.regex.stepping import Spans, Stepping
from rules.feel.regex.syntax import Anchor, Back, Chars, Choice, Group, Parsed, Part, PatternRefused, Repeat, Sequence

__all__ = ["Pattern", "PatternRefused", "Spans", "read"]

_re2: Any = import_module("re2")  # it comes without types

_HALVES = {code: 0xFFFD for code in range(0xD800, 0xE000)}
"""Half characters, which no encoding takes, match as the character for what is none."""


class _Match(Protocol):
    def span(self, group: int) -> tuple[int, int]: ...


class _Linear(Protocol):
    """A pattern of RE2, as far as it is used."""

    def finditer(self, text: str, pos: int) -> Iterator[_Match]: ...


class Pattern:
    """A pattern that can be looked for. ``groups`` are its brackets."""

    def __init__(self, pattern: Parsed) -> None:
        self._pattern = pattern
        self.groups = pattern.groups
        self._stepping: Stepping | None = None
        self._linear = None if pattern.looks_back else _linear(pattern.part)

    def search(self, text: str, begin: int = 0) -> Spans | None:
        """The first match from a place on.

        Raises:
            FeelTooMuch: the evaluation has no steps left.
        """
        return next(self.matches(text, begin), None)

    def matches(self, text: str, begin: int = 0) -> Iterator[Spans]:
        """All matches from left to right, none within another; an empty one is followed by the next
        place."""
        charge(1 + ((len(text) - begin) * self._pattern.size >> 6))
        # RE2 takes the place behind the last end of a line for a line.
        if self._linear is None or (self._pattern.lines and text.endswith("\n")):
            yield from self._stepwise(text, begin)
            return
        if not text.isascii():
            text = text.translate(_HALVES)
        for match in self._linear.finditer(text, begin):
            charge(1)
            yield [match.span(group) for group in range(self.groups + 1)]

    def _stepwise(self, text: str, begin: int) -> Iterator[Spans]:
        if self._stepping is None:
            self._stepping = Stepping(self._pattern)
        while begin <= len(text) and (found := self._stepping.search(text, begin)) is not None:
            yield found
            begin = found[0][1] + (found[0][0] == found[0][1])


def read(pattern: str, flags: str) -> Pattern:
    """A pattern; it counts for as many steps as it has characters, whether it was read before or
    not.

    Raises:
        PatternRefused: pattern or flags mean nothing.
        FeelTooMuch: it is longer, deeper or repeats more than the bounds allow.
    """
    charge(len(pattern))
    found = _read(pattern, flags)
    if isinstance(found, FeelTooMuch):
        raise FeelTooMuch(found.bound)
    if found is None:
        raise PatternRefused
    return found


@lru_cache(512)
def _read(pattern: str, flags: str) -> Pattern | FeelTooMuch | None:
    try:
        return Pattern(parsed(pattern, flags))
    except PatternRefused:
        return None
    except FeelTooMuch as much:
        return much


def _linear(part: Part) -> _Linear:
    options = _re2.Options()
    options.log_errors = False
    try:
        return _re2.compile(_written(part), options)
    except _re2.error:
        raise FeelTooMuch(REPEATS) from None


def _written(part: Part) -> str:
    """As RE2 writes it."""
    match part:
        case Chars():
            return _set(part.ranges)
        case Anchor():
            if part.lines:
                return "(?m:^)" if part.begin else "(?m:$)"
            return r"\A" if part.begin else r"\z"
        case Group():
            return f"({'' if part.number else '?:'}{_written(part.inner)})"
        case Repeat():
            most = "" if part.most is None else part.most
            return f"(?:{_written(part.inner)}){{{part.least},{most}}}{'?' if part.lazy else ''}"
        case Sequence():
            return "".join(f"(?:{_written(one)})" if isinstance(one, Choice) else _written(one) for one in part.parts)
        case Choice():
            return "|".join(map(_written, part.ways))
        case Back():
            raise AssertionError("RE2 does not look back")


def _set(ranges: Ranges) -> str:
    if not ranges:
        return r"[^\x{0}-\x{10FFFF}]"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return rf"\x{{{ranges[0][0]:X}}}"
    return "[" + "".join(rf"\x{{{first:X}}}-\x{{{last:X}}}" for first, last in ranges) + "]"
