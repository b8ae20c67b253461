"""Matches step by step, each of them counted: what RE2 leaves out, which is little and rare.

That are back-references, and the ends of lines in a text whose last line has ended. Without
back-references no place is tried twice, so that it takes no more steps than text and pattern are
long, multiplied; with them it may take as many as the bound allows.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TypeAlias

from rules.feel.bounds import charge
from rules.feel.regex.charsets import LAST, Ranges, variants
from rules.feel.regex.syntax import Anchor, Back, Chars, Choice, Group, Parsed, Part, Repeat, Sequence

Spans: TypeAlias = list[tuple[int, int]]
"""Begin and end of the match and of each group; (-1, -1) for one that took no part."""


@dataclass(frozen=True, slots=True)
class _Go:
    """To one place or, if that leads nowhere, to the other."""

    first: int
    other: int


@dataclass(frozen=True, slots=True)
class _Note:
    """Notes in a slot where we are; with ``moved`` only if that is further than noted there
    before."""

    slot: int
    moved: bool = False


_Step: TypeAlias = "Ranges | Anchor | Back | _Go | _Note"


@dataclass(slots=True)
class Stepping:
    """A pattern as a row of steps."""

    pattern: Parsed
    _steps: list[_Step] = field(default_factory=list["_Step"])
    _slots: int = 0

    def __post_init__(self) -> None:
        self._slots = 2 * (self.pattern.groups + 1)
        self._add(self.pattern.part)

    def search(self, text: str, begin: int) -> Spans | None:
        """The first match that does not begin before."""
        seen: set[int] | None = None if self.pattern.looks_back else set()
        for start in range(begin, len(text) + 1):
            found = self._match(text, start, seen)
            if found is not None:
                return found
        return None

    def _match(self, text: str, start: int, seen: set[int] | None) -> Spans | None:
        steps, end = self._steps, len(self._steps)
        ways: list[tuple[int, int, tuple[int, ...]]] = [(0, start, (-1,) * self._slots)]
        while ways:
            step, at, slots = ways.pop()
            while True:
                charge(1)
                if step == end:
                    notes = (start, at, *slots[2:])
                    return [(notes[2 * n], notes[2 * n + 1]) for n in range(self.pattern.groups + 1)]
                if seen is not None:
                    place = at * end + step
                    if place in seen:
                        break
                    seen.add(place)
                todo = steps[step]
                step += 1
                if isinstance(todo, tuple):
                    if at == len(text) or not _holds(todo, text[at]):
                        break
                    at += 1
                elif isinstance(todo, _Go):
                    if todo.other >= 0:
                        ways.append((todo.other, at, slots))
                    step = todo.first
                elif isinstance(todo, _Note):
                    if todo.moved and slots[todo.slot] == at:
                        break
                    slots = (*slots[: todo.slot], at, *slots[todo.slot + 1 :])
                elif isinstance(todo, Anchor):
                    if not _stands(todo, text, at):
                        break
                else:
                    length = _again(todo, text, at, slots)
                    if length is None:
                        break
                    at += length
        return None

    # --- from parts to steps ---

    def _add(self, part: Part) -> None:
        match part:
            case Chars():
                self._steps.append(part.ranges)
            case Anchor() | Back():
                self._steps.append(part)
            case Sequence():
                for one in part.parts:
                    self._add(one)
            case Choice():
                self._choice(part.ways)
            case Group():
                if part.number is None:
                    self._add(part.inner)
                else:
                    self._steps.append(_Note(2 * part.number))
                    self._add(part.inner)
                    self._steps.append(_Note(2 * part.number + 1))
            case Repeat():
                self._repeat(part)

    def _choice(self, ways: tuple[Part, ...]) -> None:
        gone: list[int] = []
        for way in ways[:-1]:
            fork = self._hole()
            self._add(way)
            gone.append(self._hole())
            self._steps[fork] = _Go(fork + 1, len(self._steps))
        self._add(ways[-1])
        for place in gone:
            self._steps[place] = _Go(len(self._steps), -1)

    def _repeat(self, part: Repeat) -> None:
        for _ in range(part.least):
            self._add(part.inner)
        if part.most is None:
            slot = self._slots
            self._slots += 1
            fork = self._hole()
            self._steps.append(_Note(slot))
            self._add(part.inner)
            if self.pattern.looks_back:
                self._steps.append(_Note(slot, moved=True))  # a round that takes nothing would be taken for ever
            self._steps.append(_Go(fork, -1))
            self._steps[fork] = self._fork(fork + 1, len(self._steps), part.lazy)
            return
        forks: list[int] = []
        for _ in range(part.most - part.least):
            forks.append(self._hole())
            self._add(part.inner)
        for fork in forks:
            self._steps[fork] = self._fork(fork + 1, len(self._steps), part.lazy)

    def _hole(self) -> int:
        self._steps.append(_Go(-1, -1))
        return len(self._steps) - 1

    @staticmethod
    def _fork(on: int, past: int, lazy: bool) -> _Go:
        return _Go(past, on) if lazy else _Go(on, past)


def _holds(ranges: Ranges, char: str) -> bool:
    code = ord(char)
    place = bisect_right(ranges, (code, LAST)) - 1
    return place >= 0 and code <= ranges[place][1]


def _stands(anchor: Anchor, text: str, at: int) -> bool:
    """What follows the last end of a line is no line if it is empty."""
    if anchor.begin:
        return at == 0 or (anchor.lines and text[at - 1] == "\n" and at < len(text))
    if at == len(text):
        return not (anchor.lines and text.endswith("\n"))
    return anchor.lines and text[at] == "\n"


def _again(back: Back, text: str, at: int, slots: tuple[int, ...]) -> int | None:
    """The length of what a group has matched, if it stands here once more; a group without a match
    is nothing."""
    begin, end = slots[2 * back.group], slots[2 * back.group + 1]
    if begin < 0 or end < 0:
        return 0
    length = end - begin
    charge(length)
    if back.any_case:
        said, here = text[begin:end], text[at : at + length]
        same = len(here) == length and all(b in variants(a) for a, b in zip(said, here, strict=True))
    else:
        same = text.startswith(text[begin:end], at)
    return length if same else None
