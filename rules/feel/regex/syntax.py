"""The parts of a regular expression: frozen nodes, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from rules.feel.regex.charsets import Ranges


class PatternRefused(ValueError):
    """It is no regular expression of XPath; FEEL makes null of it."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of a set."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Anchor:
    """``^`` (``begin``) or ``$``; with ``lines`` those of each line."""

    begin: bool
    lines: bool


@dataclass(frozen=True, slots=True)
class Group:
    """``(…)``; ``number`` None for ``(?:…)``."""

    inner: Part
    number: int | None


@dataclass(frozen=True, slots=True)
class Back:
    r"""``\1``: what a group has matched, once more."""

    group: int
    any_case: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """``most`` None is without end; a ``lazy`` one takes as few as it can."""

    inner: Part
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    ways: tuple[Part, ...]


Part: TypeAlias = Chars | Anchor | Group | Back | Repeat | Sequence | Choice


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole pattern: how many groups it has, how large it is with all its repeats written out,
    whether it looks back, and whether it looks for the ends of lines."""

    part: Part
    groups: int
    size: int
    looks_back: bool
    lines: bool
