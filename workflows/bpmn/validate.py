"""What is wrong with a diagram as a whole: errors that keep it from running, warnings about what was hardly meant.

``structure`` looks at one process and is part of reading; ``validate`` adds the warnings and compares names with the
catalogues of what is deployed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final, TypeAlias

from workflows.bpmn.model import Definitions, Element, Problem, Process, Severity

Check: TypeAlias = Callable[[Process, Element], Iterator[tuple[str, str, Severity]]]

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_ACTIVITIES: Final = frozenset(
    [
        "task",
        "manualTask",
        "userTask",
        "serviceTask",
        "businessRuleTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "callActivity",
        "subProcess",
    ]
)
_TAKING: Final = frozenset({"serviceTask", "businessRuleTask", "sendTask", "callActivity"})
_THROWING: Final = frozenset({"intermediateThrowEvent", "endEvent"})
_EXCLUSIVE, _PARALLEL, _EVENT_BASED = "exclusiveGateway", "parallelGateway", "eventBasedGateway"


def validate(
    definitions: Definitions,
    *,
    activities: Collection[str] | None = None,
    decisions: Collection[str] | None = None,
    processes: Collection[str] | None = None,
) -> tuple[Problem, ...]:
    """Warnings of the diagram and, for each catalogue that is given, names that it does not know (errors).

    ``processes`` are the deployed ones; those of the same file are known anyway.
    """
    found = list(definitions.notes)
    known = None if processes is None else {*processes, *definitions.processes}
    for process in definitions.processes.values():
        found.extend(structure(process))
        for element in process.elements.values():
            work = element.work
            for name, catalogue, code, what in (
                (work.activity, activities, "unknown_activity", "activity"),
                (work.decision, decisions, "unknown_decision", "decision"),
                (work.called, known, "unknown_process", "process"),
            ):
                if name and catalogue is not None and name not in catalogue:
                    message = f"there is no {what} {name!r}; deploy it first or correct the name"
                    found.append(_problem(element, code, message, _ERROR))
            called = definitions.processes.get(work.called)
            if called is not None and not called.root.body.starts:
                message = f"the called process {called.id} has no plain start event; add one"
                found.append(_problem(element, "called_without_start", message, _ERROR))
    return tuple(found)


def structure(process: Process) -> tuple[Problem, ...]:
    """Errors and warnings of one process, in document order."""
    found = [_problem(process.root, *one) for one in _scope(process, process.root)]
    reached = _reached(process)
    for element in process.elements.values():
        for check in CHECKS:
            found.extend(_problem(element, *one) for one in check(process, element))
        if element.id not in reached:
            message = "no token can ever get here; connect it or remove it"
            found.append(_problem(element, "unreachable", message, _ERROR))
    return tuple(found)


def _problem(element: Element, code: str, message: str, severity: Severity) -> Problem:
    return Problem(element.id, element.name, element.line, code, message, severity)


def _reached(process: Process) -> set[str]:
    elements = process.elements
    todo = [e.id for e in elements.values() if e.tag == "startEvent" or e.by_event]
    reached: set[str] = set()
    while todo:
        element = elements[todo.pop()]
        if element.id not in reached:
            reached.add(element.id)
            todo.extend(flow.target for flow in element.outgoing)
            todo.extend(element.boundary)
    return reached


# -- checks of one element -------------------------------------------------------------------------------------------


def _scope(process: Process, element: Element) -> Iterator[tuple[str, str, Severity]]:
    """A scope begins in exactly one way; a process may also begin by messages and timers."""
    if element.tag not in ("process", "subProcess"):
        return
    parent = "" if element.tag == "process" else element.id
    starts = [e for e in process.elements.values() if e.parent == parent and e.tag == "startEvent"]
    plain = [e for e in starts if e.key == ("startEvent", "")]
    if element.by_event:
        if len(starts) != 1:
            yield "event_start", "an event sub-process has exactly one start event", _ERROR
    elif not starts or (parent and not plain):
        yield "no_start", "there is no plain start event; add one", _ERROR
    elif len(plain) > 1:
        yield "ambiguous_start", "there are several plain start events; keep one", _ERROR
    elif parent and len(starts) > 1:
        yield "ambiguous_start", "a sub-process starts at its plain start event only; remove the others", _ERROR
    names = [e.trigger.ref for e in starts if e.trigger is not None and e.trigger.kind == "message"]
    if len(names) != len(set(names)):
        yield "ambiguous_start", "two start events wait for the same message; keep one", _ERROR


def _flows(process: Process, element: Element) -> Iterator[tuple[str, str, Severity]]:
    """Which ends of flows an element has to have and may have (BPMN 2.0.2, 7.6)."""
    tag = element.tag
    if element.incoming and (tag in ("startEvent", "boundaryEvent") or element.by_event):
        yield "flow_into", "no flow may lead into a start event, boundary event or event sub-process", _ERROR
    if element.outgoing and (tag == "endEvent" or element.by_event):
        yield "flow_out_of", "no flow may lead out of an end event or event sub-process", _ERROR
    if element.outgoing or tag == "endEvent" or element.by_event:
        return
    if tag == "boundaryEvent":
        yield "boundary_without_flow", "nothing follows this boundary event; draw a flow from it", _ERROR
    elif tag == "startEvent" or tag.endswith("Gateway"):
        yield "no_outgoing", "nothing follows here; draw a flow from it", _ERROR
    else:
        yield "implicit_end", "nothing follows here, so the token ends; draw an end event", _WARNING


def _merge(process: Process, element: Element) -> Iterator[tuple[str, str, Severity]]:
    """Trap 6: two tokens through an implicit merge run the task twice."""
    if len(element.incoming) > 1 and not element.tag.endswith("Gateway") and element.tag != "endEvent":
        message = "several flows lead in: each token runs it again; draw a gateway that says what is meant"
        yield "implicit_merge", message, _WARNING


def _conditions(process: Process, element: Element) -> Iterator[tuple[str, str, Severity]]:
    flows, default = element.outgoing, element.default
    if default and default not in {flow.id for flow in flows}:
        yield "broken_default", f"its default flow {default!r} does not leave here", _ERROR
    conditional = [flow for flow in flows if flow.condition is not None]
    if element.tag in (_PARALLEL, _EVENT_BASED):
        if conditional or default:
            yield "condition_ignored", "conditions and defaults do not count here; every flow gets a token", _WARNING
        return
    if any(flow.id == default for flow in conditional):
        yield "condition_ignored", "the condition of a default flow does not count; remove it", _WARNING
    if element.tag == _EXCLUSIVE and len(flows) > 1:
        for flow in flows:
            if flow.condition is None and flow.id != default:
                message = f"flow {flow.id} (line {flow.line}) has no condition; give it one or make it the default"
                yield "missing_condition", message, _ERROR
    if conditional and not default and len(conditional) == len(flows):
        yield "no_default", "if no condition is true, the token is stuck here; draw a default flow", _WARNING


def _event_gateway(process: Process, element: Element) -> Iterator[tuple[str, str, Severity]]:
    if element.tag != _EVENT_BASED:
        return
    if len(element.outgoing) < 2:
        yield "single_event", "an event-based gateway chooses among events; draw at least two", _WARNING
    messages: list[str | None] = []
    for flow in element.outgoing:
        target = process.elements[flow.target]
        if target.tag not in ("intermediateCatchEvent", "receiveTask"):
            yield "gateway_target", f"{target.id} does not wait for an event; put a catch event there", _ERROR
        elif len(target.incoming) > 1 or target.boundary:
            message = f"{target.id} has other flows or boundary events; it may only follow this gateway"
            yield "gateway_target", message, _ERROR
        elif target.trigger is not None and target.trigger.kind == "message":
            messages.append(target.trigger.ref)
    if len(messages) != len(set(messages)):
        yield "same_message", "two branches wait for the same message; the first one always wins", _WARNING


def _complete(process: Process, element: Element) -> Iterator[tuple[str, str, Severity]]:
    """What an element needs to be run."""
    work, tag = element.work, element.tag
    needed = {
        "serviceTask": (("baton:activity", work.activity),),
        "businessRuleTask": (("baton:decision", work.decision),),
        "userTask": (("baton:kind", work.kind), ("baton:role", work.role)),
        "callActivity": (("calledElement", work.called),),
    }
    for attribute, value in needed.get(tag, ()):
        if not value:
            yield "missing_attribute", f"{attribute} is missing; say what to run", _ERROR
    if element.trigger is not None and element.trigger.kind == "timer" and element.trigger.when is None:
        yield "missing_timer", "the timer says no timeDate, timeDuration or timeCycle; give one", _ERROR


def _mappings(process: Process, element: Element) -> Iterator[tuple[str, str, Severity]]:
    takes = element.tag in _TAKING or (element.tag in _THROWING and element.key[1] not in ("", "terminate"))
    if element.inputs and not takes:
        yield "inputs_ignored", f"a {element.tag} takes no baton:input; remove it", _WARNING


def _boundary(process: Process, element: Element) -> Iterator[tuple[str, str, Severity]]:
    host = process.elements.get(element.attached_to)
    if host is not None and (host.tag not in _ACTIVITIES or host.by_event):
        yield "broken_boundary", f"{host.id} is no activity; attach the event to a task or sub-process", _ERROR
    events = [process.elements[name] for name in element.boundary if process.elements[name].key[1] != "timer"]
    awaited = {(event.key, event.trigger.ref) for event in events if event.trigger is not None}
    if len(awaited) < len(events):
        yield "same_event", "two boundary events wait for the same; only the first ever gets it", _WARNING


CHECKS: Final[tuple[Check, ...]] = (
    _scope,
    _flows,
    _merge,
    _conditions,
    _event_gateway,
    _complete,
    _mappings,
    _boundary,
)
"""One row a rule; each yields (code, message with cure, severity)."""
