"""The registry: every BPMN element that Baton runs, by tag and kind of event. What is not here is refused on reading.

A new element = a behaviour in one of the files beside this one (or a new file) and a row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from workflows.bpmn.elements.base import Behaviour
from workflows.bpmn.elements.containers import CallActivity, Root, SubProcess
from workflows.bpmn.elements.events import (
    Boundary,
    Catch,
    CatchTimer,
    End,
    ErrorEnd,
    EventSubProcessStart,
    Start,
    TerminateEnd,
    ThrowEscalation,
    ThrowMessage,
    ThrowNone,
)
from workflows.bpmn.elements.gateways import EventBasedGateway, ExclusiveGateway, ParallelGateway
from workflows.bpmn.elements.tasks import (
    BusinessRuleTask,
    PassTask,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    UserTask,
)

REGISTRY: Final[Mapping[tuple[str, str], Behaviour]] = MappingProxyType(
    {
        ("process", ""): Root(),
        ("subProcess", ""): SubProcess(),
        ("callActivity", ""): CallActivity(),
        ("task", ""): PassTask(),
        ("manualTask", ""): PassTask(),
        ("serviceTask", ""): ServiceTask(),
        ("businessRuleTask", ""): BusinessRuleTask(),
        ("userTask", ""): UserTask(),
        ("scriptTask", ""): ScriptTask(),
        ("sendTask", ""): SendTask(),
        ("receiveTask", ""): ReceiveTask(),
        ("exclusiveGateway", ""): ExclusiveGateway(),
        ("parallelGateway", ""): ParallelGateway(),
        ("eventBasedGateway", ""): EventBasedGateway(),
        ("startEvent", ""): Start(),
        ("startEvent", "message"): Start(),
        ("startEvent", "timer"): Start(),
        ("eventStart", "message"): EventSubProcessStart(),
        ("eventStart", "timer"): EventSubProcessStart(),
        ("eventStart", "error"): EventSubProcessStart(),
        ("eventStart", "escalation"): EventSubProcessStart(),
        ("endEvent", ""): End(),
        ("endEvent", "terminate"): TerminateEnd(),
        ("endEvent", "message"): ThrowMessage(),
        ("endEvent", "error"): ErrorEnd(),
        ("endEvent", "escalation"): ThrowEscalation(),
        ("intermediateThrowEvent", ""): ThrowNone(),
        ("intermediateThrowEvent", "message"): ThrowMessage(),
        ("intermediateThrowEvent", "escalation"): ThrowEscalation(),
        ("intermediateCatchEvent", "message"): Catch(),
        ("intermediateCatchEvent", "timer"): CatchTimer(),
        ("boundaryEvent", "timer"): Boundary(),
        ("boundaryEvent", "message"): Boundary(),
        ("boundaryEvent", "error"): Boundary(),
        ("boundaryEvent", "escalation"): Boundary(),
    }
)
"""``eventStart`` is the BPMN ``startEvent`` of an event sub-process: the same tag, another behaviour."""
