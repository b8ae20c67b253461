"""What a named piece of work takes and gives: one vocabulary for activities, messages, decisions
and called processes.

Whoever offers something declares its ``Signature``; the check of a diagram reads it, and the
machinery that runs it enforces it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True)
class Field:
    """One value by name, as JSON holds it.

    ``kind`` is string, number, boolean, instant, list, context or any. ``codes`` are all that a
    string may be. A field that is not ``required`` may be missing or null.
    """

    name: str
    kind: str = "any"
    codes: tuple[str, ...] = ()
    required: bool = False

    def refuses(self, value: object) -> str:
        """Why it cannot be this value, as the end of “it has to be …”; "" if it can."""
        if value is None or value == "":
            return "given" if self.required else ""
        if not _is_of(self.kind, value):
            return KINDS[self.kind]
        if self.codes and value not in self.codes:
            return f"one of {', '.join(self.codes)}"
        return ""


@dataclass(frozen=True, slots=True)
class Signature:
    """``takes``: its inputs. ``gives``: the members of its result. ``throws``: codes of the BPMN
    errors that it throws.

    ``takes_more``, ``gives_more``: what only whoever names it can say comes on top.
    """

    takes: tuple[Field, ...] = ()
    gives: tuple[Field, ...] = ()
    throws: tuple[str, ...] = ()
    takes_more: bool = False
    gives_more: bool = False

    def faults(self, data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        """Each input that is missing or not understood, and what it has to be. What is not declared
        is not read.

        An optional code that is not known counts as not given, as it did for diagrams that were
        deployed before their names were checked: they go on.
        """
        for one in self.takes:
            known = one if one.required else Field(one.name, one.kind)
            if why := known.refuses(data.get(one.name)):
                yield one.name, why

    def strangers(self, result: Iterable[str]) -> list[str]:
        """Members of a result that are not declared."""
        known = {one.name for one in self.gives}
        return [] if self.gives_more else [name for name in result if name not in known]


def codes(name: str, *values: str, required: bool = False) -> Field:
    """A text that is one of these."""
    return Field(name, "string", tuple(str(value) for value in values), required)


KINDS: Final[Mapping[str, str]] = {
    "string": "a text",
    "number": "a number",
    "boolean": "true or false",
    "instant": "a date and time",
    "list": "a list",
    "context": "a context",
    "any": "anything",
}
"""What each kind is called in a sentence."""


def _is_of(kind: str, value: object) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "instant":
            return isinstance(value, datetime) or (isinstance(value, str) and _is_instant(value))
        case "list":
            return isinstance(value, list | tuple)
        case "context":
            return isinstance(value, dict)
        case _:
            return True


def _is_instant(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
