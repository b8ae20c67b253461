"""Loops of flows that never end, or never rest: an instance would spin until the interpreter stops
it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final

from rules.feel.syntax import ContextOf
from workflows.bpmn.checks.found import Found, listed
from workflows.bpmn.checks.graph import Graph, cycles, reached, within
from workflows.bpmn.checks.waiting import FROM_OUTSIDE, waiting
from workflows.bpmn.model import SCOPES, Element, Process

_WORKING: Final = frozenset({"serviceTask", "businessRuleTask"})
"""They wait for a machine, which is quick."""
_CHOOSING: Final = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})
_JOINING: Final = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})
_THROWING: Final = frozenset({"intermediateThrowEvent", "endEvent"})
_GOING_ON: Final = frozenset({"", "message", "link"})
"""Throwing these stops nothing."""

Breaks = Callable[[Element], bool]


def loops(process: Process) -> Iterator[Found]:
    """Cycles without a wait, and cycles of activities without an exit. Each is named once, at its
    first element."""
    passing = waiting(process).passing
    graph = {e.id: [flow.target for flow in e.outgoing] for e in process.elements.values()}
    spinning = [_Cycle(process, graph, group) for group in _cycles(process, graph, passing)]
    for cycle in spinning:
        if cycle.asked is None and not cycle.broken(_breaks_at_once):
            message = f"nothing waits on this loop and nothing leaves it: {cycle}; add a condition that leaves it"
            yield Found(cycle.first, "endless_loop", message)
        elif cycle.asked is not None and not cycle.writes(cycle.asked) and not cycle.broken(_breaks_at_once):
            message = f"this loop neither waits nor changes what its exits ask: {cycle}; add a timer or a script"
            yield Found(cycle.first, "busy_loop", message)
    seen = {name for cycle in spinning for name in cycle.names}
    working = passing | {e.id for e in process.elements.values() if e.tag in _WORKING}
    for group in _cycles(process, graph, working):
        cycle = _Cycle(process, graph, group)
        if not group & seen and cycle.asked is None and not cycle.broken(_breaks_ever):
            message = f"these activities repeat for ever: {cycle}; add an exit by condition, timer or message"
            yield Found(cycle.first, "no_exit", message)


def _cycles(process: Process, graph: Graph, nodes: Collection[str]) -> Iterator[set[str]]:
    """Cycles among these nodes that a single token can go round: no gateway on them waits for a
    second one."""
    alone = {name for name in nodes if not _joins(process.elements[name])}
    yield from cycles(within(graph, alone))


def _joins(element: Element) -> bool:
    return element.tag in _JOINING and len(element.incoming) > 1


class _Cycle:
    """Elements of which each leads to each."""

    def __init__(self, process: Process, graph: Graph, names: set[str]) -> None:
        self._process = process
        self._graph = graph
        self._elements = sorted((process.elements[name] for name in names), key=lambda element: element.order)
        self.names = names
        self.first = self._elements[0]
        self.asked = self._asked()

    def __str__(self) -> str:
        return listed(element.id for element in self._elements)

    def _asked(self) -> frozenset[str] | None:
        """The variables that decide whether a token leaves; None if no choice leads out."""
        choices = [e for e in self._elements if e.conditional or (e.tag in _CHOOSING and len(e.outgoing) > 1)]
        leaving = [e for e in choices if any(flow.target not in self.names for flow in e.outgoing)]
        conditions = [flow.condition for e in leaving for flow in e.outgoing if flow.condition is not None]
        return frozenset(name for condition in conditions for name in condition.names) if leaving else None

    def writes(self, names: frozenset[str]) -> bool:
        """Whether going round may change one of these variables."""
        for element in self._elements:
            written = _written(element)
            if names and (written is None or written & names):
                return True
        return False

    def broken(self, breaks: Breaks) -> bool:
        """Whether an event may end it, though no choice leads out: on it, around it, or thrown by
        what it leads to."""
        elements = self._process.elements
        after = (elements[name] for name in reached(self._graph, self.names))
        if any(e.tag in _THROWING and e.key[1] not in _GOING_ON for e in after):
            return True
        catchers = [elements[name] for e in self._elements for name in e.boundary]
        scope = elements.get(self.first.parent)
        while scope is not None:
            catchers += [elements[name] for name in (*scope.boundary, *scope.body.events)]
            scope = elements.get(scope.parent)
        catchers += [elements[name] for name in self._process.root.body.events]
        return any(catcher.interrupting and breaks(catcher) for catcher in catchers)


def _breaks_at_once(catcher: Element) -> bool:
    return any(trigger.kind not in FROM_OUTSIDE for trigger in catcher.triggers)


def _breaks_ever(catcher: Element) -> bool:
    return catcher.key[1] != "compensate"


def _written(element: Element) -> frozenset[str] | None:
    """The variables that an element writes; None if only running it tells."""
    if element.tag in SCOPES or element.loop is not None:
        return None
    named = frozenset(mapping.name for mapping in (*element.outputs, *element.copies))
    if element.outputs:
        return named
    if element.tag != "scriptTask" or element.work.script is None:
        return named
    if element.work.result:
        return named | {element.work.result}
    script = element.work.script.node
    return named.union(name for name, _ in script.entries) if isinstance(script, ContextOf) else None
