"""Where a token waits, and where it only passes: what a timer, a loop or a person can count on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from workflows.bpmn.model import SCOPES, Element, Process

_PASSED: Final = frozenset(
    [
        "task",
        "manualTask",
        "scriptTask",
        "sendTask",
        "exclusiveGateway",
        "inclusiveGateway",
        "complexGateway",
        "parallelGateway",
        "startEvent",
        "boundaryEvent",
        "endEvent",
        "intermediateThrowEvent",
    ]
)
"""Done within the moment in which they are reached. A join waits only for what comes within the
same moment."""

_UNDOING: Final = frozenset({"compensate", "cancel"})
"""Throwing these waits for the handlers that they run."""

FROM_OUTSIDE: Final = frozenset({"timer", "message"})
"""What cannot occur while nothing waits."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """``passing``: elements at which nothing ever waits, sub-processes of such elements only among
    them.

    ``resting``: the scopes ("" = the process) in which something may wait.
    """

    passing: frozenset[str]
    resting: frozenset[str]


def waiting(process: Process) -> Waiting:
    """Where a token of this process may wait."""
    passing: set[str] = set()
    resting: set[str] = set()
    for element in reversed([*process.elements.values()]):  # the content of a sub-process comes after it
        if _passes(element, element.id in resting):
            passing.add(element.id)
        elif not _begins_at_rest(process, element):
            resting.add(element.parent)
    return Waiting(frozenset(passing), frozenset(resting))


def _begins_at_rest(process: Process, element: Element) -> bool:
    """An event sub-process that only begins while its scope already waits for something else."""
    kinds = {trigger.kind for start in element.body.starts for trigger in process.elements[start].triggers}
    return element.by_event and kinds <= FROM_OUTSIDE


def _passes(element: Element, rests_inside: bool) -> bool:
    if element.start_quantity != 1:
        return False  # waits for further tokens
    if element.tag in SCOPES:
        return not rests_inside
    kinds = {trigger.kind for trigger in element.triggers}
    if element.tag == "intermediateCatchEvent":
        return kinds == {"link"}
    return element.tag in _PASSED and not kinds & _UNDOING
