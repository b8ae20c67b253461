"""Parallel joins that wait for what cannot come. Said only where the drawing makes it certain."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final, NamedTuple

from workflows.bpmn.checks.found import Found, short
from workflows.bpmn.checks.graph import chain, cycles, dominators, meeting, postorder, reached, reversed_graph
from workflows.bpmn.checks.merges import doubling
from workflows.bpmn.model import Element, Flow, Process

_EDGE: Final = ""
"""Stands before all beginnings."""
_CHOOSING_ONE: Final = frozenset({"exclusiveGateway", "eventBasedGateway"})
_LOOKED_AT: Final = 8
"""How many flows of a join are compared."""
_SURVEYED: Final = 2_000
"""Levels with more elements are left alone: comparing ways would take too long."""


def joins(process: Process) -> Iterator[Found]:
    """Joins that never complete and merges that double, every level of the process by itself."""
    levels: dict[str, dict[str, Element]] = {}
    for element in process.elements.values():
        levels.setdefault(element.parent, {})[element.id] = element
    for elements in levels.values():
        splits = any(len(element.outgoing) > 1 or element.boundary for element in elements.values())
        if splits and len(elements) <= _SURVEYED:
            never = [*_Level(elements).joins_that_never_complete()]
            yield from never
            yield from doubling(elements, {found.element.id for found in never})


class _Option(NamedTuple):
    """One way that a token can take where it takes exactly one."""

    flows: frozenset[str]
    targets: frozenset[str]


class _Level:
    def __init__(self, elements: dict[str, Element]) -> None:
        self._elements = elements
        self._after: dict[str, list[str]] = {
            e.id: [*(flow.target for flow in e.outgoing), *e.boundary] for e in elements.values()
        }
        led_to = {name for after in self._after.values() for name in after}
        self._after[_EDGE] = [name for name in elements if name not in led_to]
        self._before = dominators(self._after, _EDGE)
        self._led_by = reversed_graph(self._after)
        self._once = self._passed_once()

    def joins_that_never_complete(self) -> Iterator[Found]:
        """Two of its flows exclude each other, or one can only come after it."""
        for element in self._elements.values():
            if element.tag != "parallelGateway" or len(element.incoming) < 2:
                continue
            flows = element.incoming[:_LOOKED_AT]
            back = next((flow for flow in flows if element.id in chain(self._before, flow.source)), None)
            if back is not None:
                message = f"it waits for flow {short(back.id)}, which comes only after it; merge by an exclusive one"
                yield Found(element, "join_never", message)
                continue
            for one, other in combinations(flows, 2):
                choice = self._excluding(one, other)
                if choice:
                    where = f"{short(choice)} lets a token take only one of two ways to here"
                    yield Found(element, "join_never", f"{where}, so it waits for ever; merge by an exclusive gateway")
                    break

    def _excluding(self, one: Flow, other: Flow) -> str:
        """The choice, passed at most once, by which a token comes along one of the flows only; ""
        if there is none."""
        # A choice farther up leads to both flows by whatever way leads to the nearest element that
        # both have passed.
        nearest = meeting(self._before, one.source, other.source)
        if nearest not in self._once:
            return ""
        ways = self._options(self._elements[nearest])
        first, second = (self._leading(nearest, ways, flow) for flow in (one, other))
        return nearest if first and second and not first & second else ""

    def _passed_once(self) -> set[str]:
        """The elements that surely get at most one token for each time that the level begins."""
        on_cycles = set[str]().union(*cycles(self._after))
        once: set[str] = set()
        self._once = once
        for name in reversed(postorder(self._after, [_EDGE])):
            element = self._elements.get(name)
            if element is not None and name not in on_cycles and self._gets_one(element, once):
                once.add(name)
        return once

    def _gets_one(self, element: Element, once: set[str]) -> bool:
        if element.attached_to:
            return element.interrupting and element.attached_to in once
        sources = [self._elements[flow.source] for flow in element.incoming]
        if any(source.id not in once or source.completion_quantity != 1 for source in sources):
            return False
        if len(sources) < 2 or element.tag == "parallelGateway":
            return True
        if len(sources) > _LOOKED_AT:
            return False
        return all(self._excluding(one, other) for one, other in combinations(element.incoming, 2))

    def _options(self, element: Element) -> list[_Option]:
        if element.tag in _CHOOSING_ONE:
            return [_Option(frozenset({flow.id}), frozenset({flow.target})) for flow in element.outgoing]
        events = [name for name in element.boundary if self._elements[name].interrupting]
        if not events:
            return []
        done = _Option(frozenset(f.id for f in element.outgoing), frozenset(f.target for f in element.outgoing))
        return [done, *(_Option(frozenset(), frozenset({name})) for name in events)]

    def _leading(self, choice: str, ways: list[_Option], flow: Flow) -> set[int]:
        """Those of the ways on which a token may come along the flow."""
        if flow.source == choice:
            return {index for index, way in enumerate(ways) if flow.id in way.flows}
        between = reached(self._led_by, [flow.source], avoiding={choice})
        return {index for index, way in enumerate(ways) if not way.targets.isdisjoint(between)}
