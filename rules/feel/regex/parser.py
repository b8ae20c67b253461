"""Reads the regular expressions of XPath (XPath Functions 3.1, 5.6.1; XML Schema 1.1, part 2,
appendix G)."""

from __future__ import annotations

import re
from typing import Final

from rules.feel.bounds import NESTING, PATTERN, REPEATS
from rules.feel.errors import FeelTooMuch
from rules.feel.regex import charsets
from rules.feel.regex.charsets import Ranges, single
from rules.feel.regex.syntax import (
    Anchor,
    Back,
    Chars,
    Choice,
    Group,
    Parsed,
    Part,
    PatternRefused,
    Repeat,
    Sequence,
)

FLAGS: Final = frozenset("smixq")
_META: Final = frozenset("\\.?*+(){}[]|^$")
_LITERAL: Final = {**{char: char for char in "\\|.?*+(){}-[]^$"}, "n": "\n", "r": "\r", "t": "\t"}
_CLASSES: Final = frozenset("sSiIcCdDwW")
_COUNT: Final = re.compile(r"\{(\d+)(,(\d*))?\}", re.ASCII)
_PROPERTY: Final = re.compile(r"\\([pP])\{([A-Za-z0-9-]+)\}")
_LARGEST: Final = 60_000
"""Ranges of characters in a pattern with its repeats written out; RE2 would take too much memory
for more."""


def parsed(pattern: str, flags: str) -> Parsed:
    """Reads a pattern.

    Raises:
        PatternRefused: pattern or flags mean nothing.
        FeelTooMuch: it is longer, deeper or repeats more than the bounds allow.
    """
    if not set(flags) <= FLAGS:
        raise PatternRefused
    if len(pattern) > PATTERN.limit:
        raise FeelTooMuch(PATTERN)
    if "q" not in flags and "x" in flags:
        pattern = _squeezed(pattern)
    return _Reader(pattern, flags).whole()


def _squeezed(pattern: str) -> str:
    """Without its white space, but for what stands between square brackets."""
    kept: list[str] = []
    deep, escaped = 0, False
    for char in pattern:
        if char in " \t\n\r" and not deep:
            continue
        kept.append(char)
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "[":
            deep += 1
        elif char == "]":
            deep = max(0, deep - 1)
    return "".join(kept)


class _Reader:
    """Reads one pattern; made for one use."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._text = pattern
        self._at = 0
        self._flags = flags
        self._groups = 0
        self._closed: set[int] = set()
        self._looks_back = False
        self._deep = 0

    def whole(self) -> Parsed:
        if "q" in self._flags:
            part: Part = Sequence(tuple(self._one(char) for char in self._text))
        else:
            part = self._choice()
            if self._at < len(self._text):
                raise PatternRefused  # a bracket too many
        _must_be_small(part, 1)
        lines = "m" in self._flags and "q" not in self._flags
        return Parsed(part, self._groups, _positions(part), self._looks_back, lines)

    # --- a little of the text ---

    def _here(self) -> str:
        return self._text[self._at : self._at + 1]

    def _takes(self, sign: str) -> bool:
        if self._text.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False

    def _next(self) -> str:
        char = self._here()
        if not char:
            raise PatternRefused
        self._at += 1
        return char

    # --- parts ---

    def _choice(self) -> Part:
        ways = [self._branch()]
        while self._takes("|"):
            ways.append(self._branch())
        return ways[0] if len(ways) == 1 else Choice(tuple(ways))

    def _branch(self) -> Part:
        parts: list[Part] = []
        while self._here() not in ("", "|", ")"):
            parts.append(self._quantified(self._atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _quantified(self, atom: Part) -> Part:
        char = self._here()
        if char and char in "?*+":
            self._at += 1
            least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}[char]
        elif char == "{":
            found = _COUNT.match(self._text, self._at)
            if not found:
                raise PatternRefused
            self._at = found.end()
            least = _number(found[1])
            most = least if found[2] is None else _number(found[3]) if found[3] else None
            if most is not None and most < least:
                raise PatternRefused
        else:
            return atom
        return Repeat(atom, least, most, self._takes("?"))

    def _atom(self) -> Part:
        char = self._next()
        match char:
            case "(":
                return self._group()
            case "[":
                return Chars(self._class())
            case "\\":
                return self._escape()
            case ".":
                return Chars(charsets.EVERYTHING if "s" in self._flags else charsets.others(charsets.LINE_ENDS))
            case "^" | "$":
                return Anchor(char == "^", "m" in self._flags)
            case _:
                if char in _META:
                    raise PatternRefused
                return self._one(char)

    def _group(self) -> Part:
        number = None
        if not self._takes("?:"):
            self._groups += 1
            number = self._groups
        self._deep += 1
        if self._deep > NESTING.limit:
            raise FeelTooMuch(NESTING)
        inner = self._choice()
        self._deep -= 1
        if not self._takes(")"):
            raise PatternRefused
        if number is not None:
            self._closed.add(number)
        return Group(inner, number)

    def _one(self, char: str) -> Chars:
        return Chars(self._cased(single(char)))

    def _cased(self, ranges: Ranges) -> Ranges:
        return charsets.in_any_case(ranges) if "i" in self._flags else ranges

    def _escape(self) -> Part:
        char = self._here()
        if char and char in "123456789":
            return self._back()
        self._at -= 1
        ranges, literal = self._escaped()
        return Chars(self._cased(ranges) if literal else ranges)

    def _back(self) -> Part:
        """As many digits as there are groups for; the next ones are what they are."""
        group = int(self._next())
        while self._here() and self._here() in "0123456789" and group * 10 + int(self._here()) <= self._groups:
            group = group * 10 + int(self._next())
        if group not in self._closed:
            raise PatternRefused
        self._looks_back = True
        return Back(group, "i" in self._flags)

    def _escaped(self) -> tuple[Ranges, bool]:
        """At a backslash: the characters that are meant, and whether it is one that is written
        out."""
        if found := _PROPERTY.match(self._text, self._at):
            self._at = found.end()
            ranges = charsets.named(found[2])
            if ranges is None:
                raise PatternRefused
            return (charsets.others(ranges) if found[1] == "P" else ranges), False
        self._at += 1
        char = self._next()
        if char in _CLASSES:
            return charsets.escaped(char), False
        if char in _LITERAL:
            return single(_LITERAL[char]), True
        raise PatternRefused

    # --- between square brackets ---

    def _class(self) -> Ranges:
        self._deep += 1
        if self._deep > NESTING.limit:
            raise FeelTooMuch(NESTING)
        negative = self._takes("^")
        found: list[Ranges] = []
        taken: Ranges = ()
        while not self._takes("]"):
            if found and self._takes("-["):
                taken = self._class()
                if not self._takes("]"):
                    raise PatternRefused
                break
            found.append(self._member(first=not found))
        self._deep -= 1
        if not found:
            raise PatternRefused
        ranges = charsets.united(*found)
        return charsets.without(charsets.others(ranges) if negative else ranges, taken)

    def _member(self, *, first: bool) -> Ranges:
        """A character, a range, or an escape; a hyphen stands for itself at either end only."""
        if self._here() == "-":
            self._at += 1
            if not (first or self._here() == "]" or self._text.startswith("-[", self._at)):
                raise PatternRefused
            return single("-")
        low, literal = self._end()
        if self._here() != "-" or self._text[self._at + 1 : self._at + 2] in ("]", "["):
            return self._cased(low) if literal else low
        if not literal:
            raise PatternRefused
        self._at += 1
        if self._here() == "-":
            raise PatternRefused
        high, literal = self._end()
        if not literal or high[0][0] < low[0][0]:
            raise PatternRefused
        return self._cased(((low[0][0], high[0][0]),))

    def _end(self) -> tuple[Ranges, bool]:
        if self._here() == "\\":
            return self._escaped()
        char = self._next()
        if char in "[]":
            raise PatternRefused
        return single(char), True


def _number(digits: str) -> int:
    """Of a repeat; what is far beyond the bound need not be read to its end."""
    return int(digits) if len(digits.lstrip("0")) <= 4 else REPEATS.limit + 1


def _positions(part: Part) -> int:
    """How many characters and anchors there are with all repeats written out."""
    match part:
        case Group():
            return _positions(part.inner)
        case Repeat():
            return max(1, part.least, part.most or 0) * _positions(part.inner)
        case Sequence():
            return sum(map(_positions, part.parts))
        case Choice():
            return sum(map(_positions, part.ways))
        case _:
            return 1


def _must_be_small(part: Part, times: int) -> int:
    """How many ranges of characters there are with all repeats written out.

    Raises:
        FeelTooMuch: something is said over too often, or there are too many.
    """
    match part:
        case Chars():
            found = 1 + len(part.ranges)
        case Anchor() | Back():
            found = 1
        case Group():
            found = 1 + _must_be_small(part.inner, times)
        case Repeat():
            count = max(1, part.least, part.most or 0)
            if count * times > REPEATS.limit:
                raise FeelTooMuch(REPEATS)
            found = 1 + count * _must_be_small(part.inner, count * times)
        case Sequence():
            found = 1 + sum(_must_be_small(one, times) for one in part.parts)
        case Choice():
            found = 1 + sum(_must_be_small(one, times) for one in part.ways)
    if found > _LARGEST:
        raise FeelTooMuch(REPEATS)
    return found
