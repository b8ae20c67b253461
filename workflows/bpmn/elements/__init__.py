"""The registry: every BPMN element that Baton runs, by tag and kind of event. What is not here is
refused on reading.

A new element = a behaviour in one of the files beside this one (or a new file) and a row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from workflows.bpmn.elements.base import Behaviour
from workflows.bpmn.elements.catches import Boundary, Catch, CompensationBoundary
from workflows.bpmn.elements.compensation import CancelEnd, ThrowCompensation
from workflows.bpmn.elements.containers import CallActivity, Root, SubProcess
from workflows.bpmn.elements.events import End, ErrorEnd, EventSubProcessStart, Start, TerminateEnd
from workflows.bpmn.elements.gateways import EventBasedGateway, ExclusiveGateway, ParallelGateway
from workflows.bpmn.elements.joins import ComplexGateway, InclusiveGateway
from workflows.bpmn.elements.tasks import (
    BusinessRuleTask,
    PassTask,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    UserTask,
)
from workflows.bpmn.elements.throws import Pass, Throw

REGISTRY: Final[Mapping[tuple[str, str], Behaviour]] = MappingProxyType(
    {
        ("process", ""): Root(),
        ("subProcess", ""): SubProcess(),
        ("transaction", ""): SubProcess(),
        ("callActivity", ""): CallActivity(),
        ("task", ""): PassTask(),
        ("manualTask", ""): PassTask(),
        ("serviceTask", ""): ServiceTask(),
        ("businessRuleTask", ""): BusinessRuleTask(),
        ("userTask", ""): UserTask(),
        ("scriptTask", ""): ScriptTask(),
        ("sendTask", ""): SendTask(),
        ("receiveTask", ""): ReceiveTask("message"),
        ("exclusiveGateway", ""): ExclusiveGateway(),
        ("parallelGateway", ""): ParallelGateway(),
        ("inclusiveGateway", ""): InclusiveGateway(),
        ("complexGateway", ""): ComplexGateway(),
        ("eventBasedGateway", ""): EventBasedGateway(),
        ("startEvent", ""): Start(),
        ("startEvent", "message"): Start(),
        ("startEvent", "timer"): Start(),
        ("startEvent", "signal"): Start(),
        ("startEvent", "conditional"): Start(),
        ("startEvent", "multiple"): Start(),
        ("eventStart", "message"): EventSubProcessStart(),
        ("eventStart", "timer"): EventSubProcessStart(),
        ("eventStart", "signal"): EventSubProcessStart(),
        ("eventStart", "conditional"): EventSubProcessStart(),
        ("eventStart", "error"): EventSubProcessStart(),
        ("eventStart", "escalation"): EventSubProcessStart(),
        ("eventStart", "compensate"): EventSubProcessStart(),
        ("eventStart", "multiple"): EventSubProcessStart(),
        ("eventStart", "parallelMultiple"): EventSubProcessStart(),
        ("endEvent", ""): End(),
        ("endEvent", "terminate"): TerminateEnd(),
        ("endEvent", "message"): Throw(),
        ("endEvent", "signal"): Throw(patient=True),
        ("endEvent", "escalation"): Throw(),
        ("endEvent", "multiple"): Throw(patient=True),
        ("endEvent", "error"): ErrorEnd(),
        ("endEvent", "compensate"): ThrowCompensation(),
        ("endEvent", "cancel"): CancelEnd(),
        ("intermediateThrowEvent", ""): Pass(),
        ("intermediateThrowEvent", "link"): Pass(),
        ("intermediateThrowEvent", "message"): Throw(),
        ("intermediateThrowEvent", "signal"): Throw(patient=True),
        ("intermediateThrowEvent", "escalation"): Throw(),
        ("intermediateThrowEvent", "multiple"): Throw(patient=True),
        ("intermediateThrowEvent", "compensate"): ThrowCompensation(),
        ("intermediateCatchEvent", "link"): Pass(),
        ("intermediateCatchEvent", "message"): Catch("message"),
        ("intermediateCatchEvent", "timer"): Catch("timer"),
        ("intermediateCatchEvent", "signal"): Catch("signal"),
        ("intermediateCatchEvent", "conditional"): Catch("condition"),
        ("intermediateCatchEvent", "multiple"): Catch("event"),
        ("intermediateCatchEvent", "parallelMultiple"): Catch("event"),
        ("boundaryEvent", "message"): Boundary(),
        ("boundaryEvent", "timer"): Boundary(),
        ("boundaryEvent", "signal"): Boundary(),
        ("boundaryEvent", "conditional"): Boundary(),
        ("boundaryEvent", "error"): Boundary(),
        ("boundaryEvent", "escalation"): Boundary(),
        ("boundaryEvent", "cancel"): Boundary(),
        ("boundaryEvent", "multiple"): Boundary(),
        ("boundaryEvent", "parallelMultiple"): Boundary(),
        ("boundaryEvent", "compensate"): CompensationBoundary(),
    }
)
"""``eventStart`` is the BPMN ``startEvent`` of an event sub-process: the same tag, another
behaviour."""
