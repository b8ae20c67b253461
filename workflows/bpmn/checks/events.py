"""Events: where they may stand, and whom they reach: boundaries, cancel, compensation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workflows.bpmn.checks.found import Found, short
from workflows.bpmn.model import SCOPES, Element, Process

_HOSTS: Final = SCOPES | {
    "task",
    "manualTask",
    "userTask",
    "serviceTask",
    "businessRuleTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "callActivity",
}
_NAMED: Final = frozenset({"message", "signal", "error", "escalation", "cancel", "compensate"})
_THROWING: Final = frozenset({"intermediateThrowEvent", "endEvent"})


def boundary(process: Process, element: Element) -> Iterator[Found]:
    """Boundary events belong to activities, and each to another event."""
    host = process.elements.get(element.attached_to)
    if host is not None and (host.tag not in _HOSTS or host.by_event):
        message = f"{short(host.id)} is no activity; attach the event to a task or sub-process"
        yield Found(element, "broken_boundary", message)
    awaited = [one for name in element.boundary for one in _awaited(process.elements[name])]
    if len(awaited) > len({*awaited}):
        message = "two boundary events wait for the same; only the first ever gets it, so remove one"
        yield Found(element, "same_event", message)


def cancelling(process: Process, element: Element) -> Iterator[Found]:
    """Cancel events belong to transactions: an end inside, one boundary event that catches it
    (10.5.6, 10.3.5)."""
    cancels = any(trigger.kind == "cancel" for trigger in element.triggers)
    if cancels and element.tag == "boundaryEvent" and process.elements[element.attached_to].tag != "transaction":
        yield Found(element, "cancel_outside", "only a transaction can be cancelled; attach the event to one")
    if cancels and element.tag == "endEvent" and _transaction(process, element) is None:
        yield Found(element, "cancel_outside", "only a transaction can be cancelled; put this end event into one")
    if element.tag == "transaction":
        catchers = [name for name in element.boundary if process.elements[name].key[1] == "cancel"]
        ends = [e for e in process.elements.values() if e.key == ("endEvent", "cancel")]
        if len(catchers) > 1:
            yield Found(element, "cancel_boundary", "it has several cancel boundary events; keep one")
        elif not catchers and any(_transaction(process, end) is element for end in ends):
            message = "it can be cancelled but has no cancel boundary event; attach one with a flow"
            yield Found(element, "cancel_boundary", message)


def compensation(process: Process, element: Element) -> Iterator[Found]:
    """What is to be undone needs somebody who undoes it (10.7)."""
    for trigger in element.triggers:
        if trigger.kind != "compensate":
            continue
        if element.tag == "boundaryEvent" and not process.elements[element.attached_to].handler:
            message = "no compensation handler belongs to it; draw an association to an isForCompensation activity"
            yield Found(element, "no_handler", message)
        if element.tag in _THROWING and trigger.ref and not _can_be_undone(process, trigger.ref):
            message = f"{short(trigger.ref)} has no compensation handler; give it one or name another activity"
            yield Found(element, "no_handler", message)


def _awaited(event: Element) -> set[tuple[str, str | None]]:
    """What an event waits for; one that has to see several things does not rob others of theirs."""
    if event.key[1] == "parallelMultiple":
        return set()
    return {(trigger.kind, trigger.ref) for trigger in event.triggers if trigger.kind in _NAMED}


def _transaction(process: Process, element: Element) -> Element | None:
    """The nearest transaction around it."""
    scope = process.elements.get(element.parent)
    while scope is not None and scope.tag != "transaction":
        scope = process.elements.get(scope.parent)
    return scope


def _can_be_undone(process: Process, name: str) -> bool:
    """It leaves something to undo. What a called process has done it keeps to itself: the call
    needs a handler."""
    activity = process.elements.get(name)
    return activity is not None and activity.compensable
