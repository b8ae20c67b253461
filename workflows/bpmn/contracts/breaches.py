"""Where a diagram breaks what it and others owe each other: the rules, each a function of one
element."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from workflows.bpmn.checks.found import Found
from workflows.bpmn.contracts import events, inputs, variables
from workflows.bpmn.contracts.known import Contracts
from workflows.bpmn.contracts.landscape import Landscape, Room
from workflows.bpmn.model import Element, Process

Rule: TypeAlias = Callable[[Landscape, Room, Element], Iterator[Found]]

RULES: Final[tuple[Rule, ...]] = (
    inputs.of_activity,
    inputs.of_call,
    inputs.of_task,
    inputs.of_message,
    events.awaited,
    events.caught,
    variables.read,
    variables.compared,
    variables.unread,
    variables.unasked,
)


def breaches(processes: Mapping[str, Process], contracts: Contracts) -> Iterator[Found]:
    """What is found in these processes, element by element in document order."""
    land = Landscape(contracts, processes)
    for key, process in processes.items():
        room = land.rooms[key]
        for element in process.elements.values():
            for rule in RULES:
                yield from rule(land, room, element)
