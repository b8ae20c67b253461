"""Reads one process: every element by itself, then how they hang together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from types import MappingProxyType
from typing import Final

from workflows.bpmn.model import SCOPES, Element, Flow, Problem, Process
from workflows.bpmn.reading.desk import Desk, unprefixed
from workflows.bpmn.reading.elements import DATA, PEOPLE, ElementReader
from workflows.bpmn.reading.neighbours import Neighbours
from workflows.bpmn.xml import Node, children, local, title

SILENT: Final = frozenset(
    {
        "documentation",
        "extensionElements",
        "laneSet",
        "textAnnotation",
        "group",
        "auditing",
        "monitoring",
        "incoming",
        "outgoing",
        "correlationSubscription",
        "supportedInterfaceRef",
        "supports",
    }
)
"""Pictures and words: they change nothing about how a process runs."""

PICTURED: Final = frozenset({"dataObject", "dataObjectReference"})
"""Data that stand in the picture; what moves them are associations."""


class ProcessReader:
    """Collects one process, or a global task as a process of one element."""

    def __init__(self, node: Node, desk: Desk) -> None:
        self._node = node
        self._desk = desk
        self._elements: dict[str, Element] = {}
        self._flows: list[tuple[str, Flow, Node]] = []
        self._ids = {node.get("id", "")}  # of the process, its elements and flows: they share one space of names
        self._undoes: dict[str, str] = {}  # compensation boundary event → handler
        self._reader = ElementReader(desk)

    def read(self) -> Process:
        """The process; problems are at the desk."""
        if not self._node.get("id", ""):
            self._desk.refuse(self._node, "missing_id", "the process has no id; give it one")
        self._container(self._node, "", by_event=False)
        self._name_flows()
        self._link()
        self._check_flows()
        return self._assembled()

    def read_task(self, tag: str) -> Process:
        """The process that a global task stands for (10.3.7): it has this one task, by the name of
        ``tag``."""
        element = self._reader.element(self._node, "", 0, in_event_scope=False, tag=tag)
        if element is not None:
            self._elements[tag] = replace(element, id=tag)
        return self._assembled()

    def _container(self, node: Node, parent: str, *, by_event: bool) -> None:
        for child in children(node):
            tag = local(child)
            if tag == "sequenceFlow":
                flow = self._reader.flow(child)
                self._take(child, flow.id)
                self._flows.append((parent, flow, child))
            elif tag == "association":
                self._undoes[unprefixed(child.get("sourceRef", ""))] = unprefixed(child.get("targetRef", ""))
            elif tag == "dataStoreReference" or tag in PEOPLE:
                self._desk.note(child, "data_ignored", f"{tag} is kept but not read by the engine")
            elif tag not in SILENT | PICTURED | DATA and not tag.endswith("LoopCharacteristics"):
                self._element(child, tag, parent, by_event)

    def _element(self, node: Node, tag: str, parent: str, by_event: bool) -> None:
        element = self._reader.element(node, parent, len(self._elements), in_event_scope=by_event)
        if element is None or not self._take(node, element.id):
            return
        self._elements[element.id] = element
        if tag in SCOPES:
            self._container(node, element.id, by_event=element.by_event)

    def _take(self, node: Node, key: str) -> bool:
        """Whether the id is still free; a second one of the same name would stand in the first
        one's place."""
        free = not key or key not in self._ids
        if not free:
            self._desk.refuse(node, "duplicate_id", f"the id {key} is used twice; rename one")
        self._ids.add(key)
        return free

    def _name_flows(self) -> None:
        """Flows without an id get one that says whence and whither: conditions, defaults and joins
        go by ids."""
        numbers: dict[str, Iterator[int]] = {}
        for place, (parent, flow, node) in enumerate(self._flows):
            if not flow.id:
                key = drawn = f"{flow.source} → {flow.target}"
                while key in self._ids:
                    key = f"{drawn} ({next(numbers.setdefault(drawn, count(2)))})"
                self._ids.add(key)
                self._flows[place] = (parent, replace(flow, id=key), node)

    def _link(self) -> None:
        """A link is a flow that is not drawn (10.5.5): from each of its throws to the one catch of
        that name."""
        links = [e for e in self._elements.values() if e.key[1] == "link" and e.trigger is not None]
        caught: dict[tuple[str, str | None], list[str]] = {}
        for catch in links:
            if catch.tag == "intermediateCatchEvent" and catch.trigger is not None:
                caught.setdefault((catch.parent, catch.trigger.ref), []).append(catch.id)
        for throw in [e for e in links if e.tag == "intermediateThrowEvent"]:
            name = throw.trigger.ref if throw.trigger is not None else None
            catches = caught.get((throw.parent, name), [])
            if len(catches) != 1:
                message = f"the link {name!r} has {len(catches)} catch events in its scope; draw exactly one"
                self._desk.problems.append(Problem(throw.id, throw.name, throw.line, "broken_link", message))
            for catch in catches[:1]:
                flow = Flow(f"{throw.id}…{catch}", name or "", throw.line, throw.id, catch)
                self._flows.append((throw.parent, flow, self._node))

    def _check_flows(self) -> None:
        desk = self._desk
        for parent, flow, node in self._flows:
            for end, attribute in ((flow.source, "sourceRef"), (flow.target, "targetRef")):
                element = self._elements.get(end)
                if element is None:
                    # An element that was refused has its own problem; one about its flows would
                    # only hide it.
                    if not desk.problems:
                        desk.refuse(node, "broken_flow", f"{attribute} {end!r} is no element here")
                elif element.parent != parent:
                    message = f"{attribute} {end!r} lies in another sub-process; a flow cannot cross its border"
                    desk.refuse(node, "broken_flow", message)
        for element in self._elements.values():
            host = self._elements.get(element.attached_to)
            astray = host is None or host.parent != element.parent
            if element.tag == "boundaryEvent" and astray and not desk.problems:
                message = f"attachedToRef {element.attached_to!r} is no activity here"
                desk.problems.append(Problem(element.id, element.name, element.line, "broken_boundary", message))

    def _assembled(self) -> Process:
        node = self._node
        key, line = node.get("id", ""), node.sourceline or 0
        neighbours = Neighbours(self._elements, [flow for _, flow, _ in self._flows if self._holds(flow)], self._undoes)
        elements = neighbours.assembled()
        root = Element(key, title(node), line, ("process", ""), -1, "", body=neighbours.body(""))
        root = replace(root, watches=any(one.kind == "conditional" for one in root.body.listens))
        heard = [one for e in (root, *elements.values()) for one in (*e.listens, *e.body.listens)]
        calls = dict.fromkeys(element.work.called for element in elements.values() if element.work.called)
        return Process(
            key,
            root.name,
            line,
            MappingProxyType(elements),
            root,
            calls=tuple(calls),
            messages=frozenset(one.name for one in heard if one.kind == "message"),
            patient=any(element.arrivals is not None for element in elements.values()),
            watches=any(one.kind == "conditional" for one in heard),
        )

    def _holds(self, flow: Flow) -> bool:
        """Whether both its ends are there; if not, the process has a problem and is only looked
        at."""
        return flow.source in self._elements and flow.target in self._elements
