"""Sequence flows: which ends an element has to have and may have, conditions and defaults, what no
token can reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workflows.bpmn.checks.found import Found, short
from workflows.bpmn.checks.graph import reached
from workflows.bpmn.model import Element, Process

_EVERY_FLOW: Final = frozenset({"parallelGateway", "eventBasedGateway"})
"""Gateways that heed no condition."""


def ends(process: Process, element: Element) -> Iterator[Found]:
    """Which ends of flows an element has to have and may have (BPMN 2.0.2, 7.6)."""
    tag, undoes = element.tag, _undoes(element)
    if element.incoming and (tag in ("startEvent", "boundaryEvent") or element.by_event):
        message = "no flow may lead into a start event, boundary event or event sub-process; remove it"
        yield Found(element, "flow_into", message)
    if element.outgoing and (tag == "endEvent" or element.by_event):
        message = "no flow may lead out of an end event or event sub-process; remove it"
        yield Found(element, "flow_out_of", message)
    if element.incoming and element.for_compensation:
        message = "no flow may lead into a compensation handler; join it to its event by an association"
        yield Found(element, "flow_into", message)
    if element.outgoing and undoes:
        message = "no flow may leave compensation; what comes next follows the event that throws it"
        yield Found(element, "flow_out_of", message)
    if element.outgoing or tag == "endEvent" or element.by_event or undoes:
        return
    if tag == "boundaryEvent":
        yield Found(element, "boundary_without_flow", "nothing follows this boundary event; draw a flow from it")
    elif tag == "startEvent" or tag.endswith("Gateway"):
        yield Found(element, "no_outgoing", "nothing follows here; draw a flow from it")
    elif element.key != ("intermediateThrowEvent", "link"):
        yield Found(element, "implicit_end", "nothing follows here, so the token ends; draw an end event")


def merge(process: Process, element: Element) -> Iterator[Found]:
    """Two tokens through an implicit merge run the task twice."""
    says_so = element.tag.endswith("Gateway") or element.tag == "endEvent" or element.start_quantity > 1
    if len(element.incoming) > 1 and not says_so and element.key != ("intermediateCatchEvent", "link"):
        message = "several flows lead in: each token runs it again; draw a gateway that says what is meant"
        yield Found(element, "implicit_merge", message)


def conditions(process: Process, element: Element) -> Iterator[Found]:
    """A token has to know where to go."""
    flows, default = element.outgoing, element.default
    if default and default not in {flow.id for flow in flows}:
        message = f"its default flow {short(default)!r} does not leave here; name one of its own or none"
        yield Found(element, "broken_default", message)
    conditional = [flow for flow in flows if flow.condition is not None]
    if element.tag in _EVERY_FLOW:
        if conditional or default:
            message = "conditions and defaults do not count here, every flow gets a token; remove them"
            yield Found(element, "condition_ignored", message)
        return
    if any(flow.id == default for flow in conditional):
        yield Found(element, "condition_ignored", "the condition of a default flow does not count; remove it")
    if element.tag == "exclusiveGateway" and len(flows) > 1:
        for flow in flows:
            if flow.condition is None and flow.id != default:
                which = f"flow {short(flow.id)} (line {flow.line})"
                message = f"{which} has no condition; give it one or make it the default"
                yield Found(element, "missing_condition", message)
    if conditional and not default and len(conditional) == len(flows):
        message = "if no condition is true, the token is stuck here; draw a default flow"
        yield Found(element, "no_default", message)


def reachable(process: Process) -> Iterator[Found]:
    """Every element has a way from a beginning: a start, an event, compensation, or nothing that
    leads to it."""
    elements = process.elements
    graph = {e.id: [*(flow.target for flow in e.outgoing), *e.boundary] for e in elements.values()}
    begins = set(process.root.body.starts).union(*(e.body.starts for e in elements.values()))
    begins.update(
        e.id for e in elements.values() if e.tag == "startEvent" or e.by_event or e.instantiate or e.for_compensation
    )
    found = reached(graph, begins)
    for element in elements.values():
        if element.id not in found:
            yield Found(element, "unreachable", "no token can ever get here; connect it or remove it")


def _undoes(element: Element) -> bool:
    """Compensation on a boundary and its handler are joined by an association, never by flows
    (10.7.1)."""
    return element.for_compensation or element.key == ("boundaryEvent", "compensate")
