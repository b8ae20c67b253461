"""Gateways that wait: for events, and for what only they know (BPMN 2.0.2, 10.6.5-6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workflows.bpmn.checks.found import Found, short
from workflows.bpmn.model import Element, Process

_CAUGHT: Final = frozenset({"message", "signal", "timer", "conditional", "multiple", "parallelMultiple"})
_SAME: Final = (("message", "same_message"), ("signal", "same_signal"))


def event_gateway(process: Process, element: Element) -> Iterator[Found]:
    """It chooses among at least two different events, each of which follows this gateway only."""
    if element.tag != "eventBasedGateway":
        return
    if len(element.outgoing) < 2:
        yield Found(element, "single_event", "an event-based gateway chooses among events; draw at least two")
    targets = [process.elements[flow.target] for flow in element.outgoing]
    for target in targets:
        if not _waits(target):
            message = f"{short(target.id)} does not wait for an event; put a catch event there"
            yield Found(element, "gateway_target", message)
        elif len(target.incoming) > 1 or target.boundary or target.loop:
            message = f"{short(target.id)} has other flows, boundary events or a loop; it may only follow this gateway"
            yield Found(element, "gateway_target", message)
    for kind, code in _SAME:
        # One that needs several events to occur does not take them from another branch at once.
        choosing = [target for target in targets if target.key[1] != "parallelMultiple"]
        awaited = [ref for target in choosing for ref in _refs(target, kind)]
        if len(awaited) > len({*awaited}):
            message = f"two branches wait for the same {kind}; the first one always wins, so remove one"
            yield Found(element, code, message)


def complex_gateway(process: Process, element: Element) -> Iterator[Found]:
    """One that joins has to say when it goes on; nobody can guess it."""
    if element.tag == "complexGateway" and len(element.incoming) > 1 and element.work.activation is None:
        message = "it joins but does not say when; give activationCondition, such as activationCount >= 2"
        yield Found(element, "missing_activation", message)


def _waits(element: Element) -> bool:
    caught = element.tag == "intermediateCatchEvent" and element.key[1] in _CAUGHT
    return caught or element.tag == "receiveTask"


def _refs(element: Element, kind: str) -> set[str | None]:
    return {trigger.ref for trigger in element.triggers if trigger.kind == kind}
