"""Reads BPMN 2.0 XML into the frozen model. What cannot be run exactly as drawn is refused, with every problem named.

The only door to lxml (``workflows.bpmn.xml``): a workflow never comes through here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from workflows.bpmn.model import Body, Definitions, Element, Flow, ModelRefused, Problem, Process, Severity
from workflows.bpmn.reading import EVENT_KINDS, IGNORED_DATA, Catalogue, ElementReader, problem_at
from workflows.bpmn.validate import structure
from workflows.bpmn.xml import Node, children, flag, local, parse

_SILENT: Final = frozenset(
    [
        "documentation",
        "extensionElements",
        "laneSet",
        "textAnnotation",
        "association",
        "group",
        "auditing",
        "monitoring",
    ]
)
"""Pictures and words: they change nothing about how a process runs."""

_DRAWN_DATA: Final = IGNORED_DATA | {"dataObject", "dataObjectReference", "dataStoreReference"}
"""Shown to people, moved by nobody."""


def read(xml: bytes) -> Definitions:
    """The definitions of a BPMN file; once read, they can be run.

    Raises:
        ModelRefused: it is no BPMN 2.0, or something in it cannot be run; all problems, with element, line and cure.
    """
    root = parse(xml)
    problems: list[Problem] = []
    notes: list[Problem] = []
    catalogue = _catalogue(root)
    processes: dict[str, Process] = {}
    for node in children(root, "process"):
        if not flag(node, "isExecutable"):
            continue
        process = _ProcessReader(node, catalogue, problems, notes).read()
        if process.id in processes:
            problems.append(problem_at(node, "duplicate_id", f"there are two processes {process.id}; rename one"))
        processes[process.id] = process
    if not processes:
        problems.append(problem_at(root, "no_process", "the file has no executable process; set isExecutable"))
    if not problems:
        found = [problem for process in processes.values() for problem in structure(process)]
        problems = [problem for problem in found if problem.severity is Severity.ERROR]
    if problems:
        raise ModelRefused(tuple(problems))
    return Definitions(root.get("id", ""), MappingProxyType(processes), tuple(notes))


def _catalogue(root: Node) -> Catalogue:
    """What the file declares beside its processes: messages, errors, escalations, reusable event definitions."""
    return Catalogue(
        messages={node.get("id", ""): node.get("name", "") or node.get("id", "") for node in children(root, "message")},
        errors={
            node.get("id", ""): node.get("errorCode", "") or node.get("id", "") for node in children(root, "error")
        },
        escalations={
            node.get("id", ""): node.get("escalationCode", "") or node.get("id", "")
            for node in children(root, "escalation")
        },
        events={node.get("id", ""): node for node in children(root) if local(node) in EVENT_KINDS},
        global_tasks=frozenset(node.get("id", "") for node in children(root) if local(node).startswith("global")),
    )


class _ProcessReader:
    """Collects one process: first every element by itself, then how they hang together."""

    def __init__(self, node: Node, catalogue: Catalogue, problems: list[Problem], notes: list[Problem]) -> None:
        self._node = node
        self._problems = problems
        self._notes = notes
        self._elements: dict[str, Element] = {}
        self._flows: list[tuple[str, Flow, Node]] = []
        self._reader = ElementReader(catalogue, problems, notes)

    def read(self) -> Process:
        node = self._node
        key, line = node.get("id", ""), node.sourceline or 0
        self._container(node, "", by_event=False)
        self._check_flows()
        elements = self._assembled()
        root = Element(key, node.get("name", ""), line, ("process", ""), -1, "", body=_body(elements, ""))
        heard = [listens for element in elements.values() for listens in (element.listens, element.body.listens)]
        calls = dict.fromkeys(element.work.called for element in elements.values() if element.work.called)
        messages = frozenset(name for listens in (*heard, root.body.listens) for name, _ in listens)
        return Process(key, root.name, line, MappingProxyType(elements), root, calls=tuple(calls), messages=messages)

    def _container(self, node: Node, parent: str, *, by_event: bool) -> None:
        for child in children(node):
            tag = local(child)
            if tag == "sequenceFlow":
                self._flows.append((parent, self._reader.flow(child), child))
            elif tag in _DRAWN_DATA:
                message = "drawn data is not moved by the engine; use baton:input and baton:output"
                self._notes.append(problem_at(child, "data_ignored", message, Severity.WARNING))
            elif tag not in _SILENT and tag not in ("incoming", "outgoing") and not _is_loop(tag):
                element = self._reader.element(child, parent, len(self._elements), in_event_scope=by_event)
                if element is None:
                    continue
                if element.id in self._elements or element.id == self._node.get("id", ""):
                    self._problems.append(problem_at(child, "duplicate_id", f"the id {element.id} is used twice"))
                self._elements[element.id] = element
                if tag == "subProcess":
                    self._container(child, element.id, by_event=element.by_event)

    def _check_flows(self) -> None:
        for parent, flow, node in self._flows:
            for end, attribute in ((flow.source, "sourceRef"), (flow.target, "targetRef")):
                element = self._elements.get(end)
                if element is None:
                    # An element that was refused has its own problem; one about its flows would only hide it.
                    if not self._problems:
                        message = f"{attribute} {end!r} is no element here"
                        self._problems.append(problem_at(node, "broken_flow", message))
                elif element.parent != parent:
                    message = f"{attribute} {end!r} lies in another sub-process; a flow cannot cross its border"
                    self._problems.append(problem_at(node, "broken_flow", message))
        for element in self._elements.values():
            host = self._elements.get(element.attached_to)
            if element.attached_to and (host is None or host.parent != element.parent) and not self._problems:
                message = f"attachedToRef {element.attached_to!r} is no activity here"
                self._problems.append(Problem(element.id, element.name, element.line, "broken_boundary", message))

    def _assembled(self) -> dict[str, Element]:
        incoming: dict[str, list[Flow]] = {}
        outgoing: dict[str, list[Flow]] = {}
        boundary: dict[str, list[str]] = {}
        for _, flow, _ in self._flows:
            outgoing.setdefault(flow.source, []).append(flow)
            incoming.setdefault(flow.target, []).append(flow)
        for element in self._elements.values():
            if element.attached_to:
                boundary.setdefault(element.attached_to, []).append(element.id)
        return {
            element.id: replace(
                element,
                incoming=tuple(incoming.get(element.id, ())),
                outgoing=tuple(outgoing.get(element.id, ())),
                conditional=bool(element.default) or any(f.condition for f in outgoing.get(element.id, ())),
                boundary=tuple(boundary.get(element.id, ())),
                listens=tuple(_listens(self._elements, element, outgoing, boundary)),
                body=_body(self._elements, element.id) if element.tag == "subProcess" else Body(),
            )
            for element in self._elements.values()
        }


def _is_loop(tag: str) -> bool:
    """Loop characteristics are children of an activity, which refuses them itself."""
    return tag.endswith("LoopCharacteristics")


def _message(element: Element | None) -> str | None:
    trigger = element.trigger if element is not None else None
    return trigger.ref if trigger is not None and trigger.kind == "message" else None


def _listens(
    elements: Mapping[str, Element],
    element: Element,
    outgoing: Mapping[str, list[Flow]],
    boundary: Mapping[str, list[str]],
) -> Iterator[tuple[str, str]]:
    """The messages that an execution at this element can get, each with the element that catches it."""
    catchers = list(boundary.get(element.id, ()))
    if element.tag in ("intermediateCatchEvent", "receiveTask"):
        catchers.append(element.id)
    elif element.tag == "eventBasedGateway":
        catchers.extend(flow.target for flow in outgoing.get(element.id, ()))
    for catcher in catchers:
        name = _message(elements.get(catcher))
        if name is not None:
            yield name, catcher


def _body(elements: Mapping[str, Element], parent: str) -> Body:
    """What the scope ``parent`` ("" = the process) starts with and listens to."""
    inside = [element for element in elements.values() if element.parent == parent]
    starts = [element.id for element in inside if element.key == ("startEvent", "") or element.key[0] == "eventStart"]
    handlers = {element.id for element in inside if element.by_event}
    events = [element for element in elements.values() if element.parent in handlers and element.key[0] == "eventStart"]
    return Body(
        starts=tuple(starts),
        events=tuple(element.id for element in events),
        listens=tuple((name, element.id) for element in events if (name := _message(element)) is not None),
    )
