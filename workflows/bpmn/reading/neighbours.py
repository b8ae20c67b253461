"""Works out, once and for all, what the elements of a process have to do with one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from workflows.bpmn.arrivals import Arrivals
from workflows.bpmn.model import SCOPES, Body, Element, Flow, Listening

_HEARD: Final = frozenset({"message", "signal", "conditional"})
"""Kinds of events that an execution listens to; errors and escalations look for their catcher,
timers are armed."""


class Neighbours:
    """Flows, boundary events, handlers and scopes by element; gives the elements with their
    neighbours filled in."""

    def __init__(self, elements: Mapping[str, Element], flows: Sequence[Flow], undoes: Mapping[str, str]) -> None:
        self._elements = elements
        self._undoes = undoes
        self._incoming: dict[str, list[Flow]] = {}
        self._outgoing: dict[str, list[Flow]] = {}
        self._boundary: dict[str, list[str]] = {}
        self._inside: dict[str, list[Element]] = {}
        self._after: dict[str, list[tuple[str, str]]] = {}
        for flow in flows:
            self._after.setdefault(flow.source, []).append((flow.id, flow.target))
            self._outgoing.setdefault(flow.source, []).append(flow)
            self._incoming.setdefault(flow.target, []).append(flow)
        for element in elements.values():
            self._inside.setdefault(element.parent, []).append(element)
            if element.attached_to:
                self._boundary.setdefault(element.attached_to, []).append(element.id)

    def assembled(self) -> dict[str, Element]:
        """The elements in document order, each with its neighbours."""
        compensable = self._compensable()
        return {name: self._with_neighbours(element, compensable) for name, element in self._elements.items()}

    def body(self, parent: str) -> Body:
        """What the scope ``parent`` ("" = the process) starts with and listens to."""
        inside = self._inside.get(parent, [])
        starts = [e for e in inside if e.tag == "startEvent"]
        implicit = not starts and not any(e.instantiate for e in inside)
        handlers = [element.id for element in inside if element.by_event]
        events = [e for name in handlers for e in self._inside.get(name, ()) if e.key[0] == "eventStart"]
        plain = [e.id for e in starts if e.key in (("startEvent", ""),) or e.key[0] == "eventStart"]
        return Body(
            starts=tuple(e.id for e in inside if self._begins(e)) if implicit else tuple(plain),
            implicit=implicit,
            events=tuple(element.id for element in events),
            listens=tuple(self._heard(events)),
            compensation=next((e.parent for e in events if e.key[1] == "compensate"), ""),
        )

    def _with_neighbours(self, element: Element, compensable: set[str]) -> Element:
        outgoing = tuple(self._outgoing.get(element.id, ()))
        listens = tuple(self._heard(self._catchers(element)))
        body = self.body(element.id) if element.tag in SCOPES else element.body
        return replace(
            element,
            incoming=tuple(self._incoming.get(element.id, ())),
            outgoing=outgoing,
            conditional=bool(element.default) or any(flow.condition for flow in outgoing),
            boundary=tuple(self._boundary.get(element.id, ())),
            listens=listens,
            watches=any(one.kind == "conditional" for one in (*listens, *body.listens)),
            handler=self._handler(element),
            compensable=element.id in compensable,
            arrivals=self._arrivals(element),
            body=body,
        )

    def _begins(self, element: Element) -> bool:
        """Whether a token begins here in a scope without start events (13.2)."""
        elsewhere = element.attached_to or element.by_event or element.for_compensation
        return not elsewhere and element.id not in self._incoming

    def _catchers(self, element: Element) -> list[Element]:
        names = list(self._boundary.get(element.id, ()))
        if element.tag in ("intermediateCatchEvent", "receiveTask"):
            names.append(element.id)
        elif element.tag == "eventBasedGateway":
            names.extend(flow.target for flow in self._outgoing.get(element.id, ()))
        return [self._elements[name] for name in names if name in self._elements]

    @staticmethod
    def _heard(catchers: Sequence[Element]) -> Iterator[Listening]:
        for catcher in catchers:
            for part, trigger in enumerate(catcher.triggers):
                if trigger.kind in _HEARD:
                    yield Listening(trigger.kind, trigger.ref or "", catcher.id, part)

    def _handler(self, element: Element) -> str:
        """The activity that undoes this one: its compensation boundary event is associated with it
        (10.7)."""
        for name in self._boundary.get(element.id, ()):
            if self._elements[name].key[1] == "compensate":
                target = self._elements.get(self._undoes.get(name, ""))
                return target.id if target is not None and target.for_compensation else ""
        return ""

    def _compensable(self) -> set[str]:
        """Activities that leave something behind to undo: a handler, or parts that do."""
        found: set[str] = set()
        for element in reversed(list(self._elements.values())):  # what is inside comes after its scope
            undone = self._handler(element) or (element.tag in SCOPES and self.body(element.id).compensation)
            if undone or element.id in found:
                found.add(element.id)
                found.add(element.parent)
        return found

    def _arrivals(self, gateway: Element) -> Arrivals | None:
        if gateway.tag not in ("inclusiveGateway", "complexGateway") or len(self._incoming.get(gateway.id, ())) < 2:
            return None
        return Arrivals(gateway.id, self._after, self._boundary)
