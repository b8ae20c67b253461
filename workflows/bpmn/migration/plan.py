"""Which element of a new version a token goes on at: what people say, and what can be guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from workflows.bpmn.model import Element, Process, Program

Moves = Mapping[str, Mapping[str, str]]
"""By process key: old element → new element."""

ALIKE: Final = (
    frozenset({("serviceTask", ""), ("businessRuleTask", "")}),
    frozenset({("receiveTask", ""), ("intermediateCatchEvent", "message")}),
)
"""Kinds of elements that wait for the same thing in the same way: a token of one may go on at the
other."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of elements in the new version; an element that is not named keeps its id."""

    moves: Moves = field(default_factory=dict[str, Mapping[str, str]])

    def target(self, process: str, element: str) -> str:
        """The id that an element of a process (by key) has in the new version."""
        return self.moves.get(process, {}).get(element, element)


def alike(one: Element, other: Element) -> bool:
    """Whether what waits at one element can wait at the other: same kind, and done as often."""
    same = one.key == other.key or any({one.key, other.key} <= group for group in ALIKE)
    return same and _rounds(one) == _rounds(other) and one.by_event == other.by_event


def suggest(old: Program, new: Program) -> Plan:
    """The plan that can be guessed: what has lost its id is where the same name stands, same kind
    and same scope.

    Names that stand there more than once decide nothing. Only elements whose id changes are named.
    """
    moves = {key: _guessed(old[key], new[key]) for key in old if key in new}
    return Plan({key: guessed for key, guessed in moves.items() if guessed})


def _guessed(old: Process, new: Process) -> dict[str, str]:
    found: dict[str, str] = {}
    fresh = [element for name, element in new.elements.items() if name not in old.elements]
    # Document order: a sub-process stands before what is in it, so its own target is known by then.
    for element in old.elements.values():
        if element.id in new.elements or not element.name:
            continue
        parent = found.get(element.parent, element.parent)
        candidates = [
            other for other in fresh if other.name == element.name and other.parent == parent and alike(element, other)
        ]
        if len(candidates) == 1 and candidates[0].id not in found.values():
            found[element.id] = candidates[0].id
    return found


def _rounds(element: Element) -> tuple[str, bool] | None:
    return (element.loop.kind, element.loop.sequential) if element.loop else None
