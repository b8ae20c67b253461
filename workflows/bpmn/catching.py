"""Who catches: the way of errors and escalations outwards, and the one subscription that gets a message.

Errors and escalations (BPMN 2.0.2, 10.5.6): from the thrower outwards, at each level the event sub-processes of the
scope, then the boundary events around it; a matching code before a catch-all, then document order. An event
sub-process never catches what was thrown inside itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from workflows.bpmn.lifecycle import ATTENDED, Phase
from workflows.bpmn.model import Data, Element

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


def throw(run: Run, thrower: Execution, kind: str, code: str, data: Data) -> bool:
    """Throws an error or escalation at an execution; False if nobody catches it, and then nothing has happened."""
    current, inside = thrower, ""
    while True:
        around = run.element(current)
        elements = run.program[run.instances[current.home].process].elements
        caught = _matching((elements[name] for name in around.boundary), kind, code)
        if caught is not None:
            run.trigger(current, caught, data)
            return True
        if not current.scope:
            return False
        inside = current.element
        current = run.executions[current.scope]
        if current.phase is Phase.ACTIVE:
            caught = _matching((e for e in _event_starts(run, current) if e.parent != inside), kind, code)
            if caught is not None:
                run.trigger(current, caught, data)
                return True


def subscriber(run: Run, message: str) -> tuple[Execution, Element] | None:
    """The one subscription that gets a message: innermost scope first, then document order, then age."""
    found = min(_subscriptions(run, message), key=lambda one: one[0], default=None)
    return None if found is None else found[1:]


def _subscriptions(run: Run, message: str) -> Iterator[tuple[tuple[int, int, int], Execution, Element]]:
    for execution in run.executions.values():
        element = run.element(execution)
        if element.listens and execution.phase in ATTENDED:
            elements = run.program[run.instances[execution.home].process].elements
            for name, catcher in element.listens:
                if name == message and (execution.phase is Phase.ACTIVE or elements[catcher].attached_to):
                    yield _rank(run, execution.scope, execution, elements[catcher]), execution, elements[catcher]
        body = run.body(execution, element)
        if body.listens and execution.phase is Phase.ACTIVE:
            elements = run.program[run.instances[run.home_inside(execution)].process].elements
            for name, catcher in body.listens:
                if name == message:
                    yield _rank(run, execution.id, execution, elements[catcher]), execution, elements[catcher]


def _rank(run: Run, scope: str, owner: Execution, element: Element) -> tuple[int, int, int]:
    depth = 0
    while scope:
        depth += 1
        scope = run.executions[scope].scope
    return -depth, element.order, int(owner.id)


def _event_starts(run: Run, scope: Execution) -> list[Element]:
    elements = run.program[run.instances[run.home_inside(scope)].process].elements
    return [elements[name] for name in run.body(scope, run.element(scope)).events]


def _matching(elements: Iterable[Element], kind: str, code: str) -> Element | None:
    fallback: Element | None = None
    for element in elements:
        if element.key[1] == kind and element.trigger is not None:
            if element.trigger.ref == code:
                return element
            if element.trigger.ref is None and fallback is None:
                fallback = element
    return fallback
