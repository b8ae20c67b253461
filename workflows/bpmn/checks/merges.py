"""Exclusive merges that let everything through twice. Said only where both tokens arrive for
sure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from typing import Final

from workflows.bpmn.checks.found import Found, short
from workflows.bpmn.checks.graph import dominators, meeting, reached, reversed_graph
from workflows.bpmn.model import Element

_EDGE: Final = ""
"""Stands behind all ends."""
_JOINING: Final = frozenset({"parallelGateway", "complexGateway"})
_LOOKED_AT: Final = 8
"""How many branches of a split are compared."""


def doubling(elements: Mapping[str, Element], never: Collection[str]) -> Iterator[Found]:
    """Both tokens of a parallel split reach the same exclusive merge, whatever happens in between.

    ``elements`` are those of one level, ``never`` its joins that never complete.
    """
    graph = {e.id: [*(flow.target for flow in e.outgoing), *_interrupting(elements, e)] for e in elements.values()}
    ends = [name for name, after in graph.items() if not after]
    behind = dominators({**reversed_graph(graph), _EDGE: ends}, _EDGE)
    said: set[str] = set()
    for split in elements.values():
        if not _splits(split):
            continue
        for one, other in combinations(split.outgoing[:_LOOKED_AT], 2):
            name = meeting(behind, one.target, other.target)
            merge = elements.get(name)
            if merge is None or name in said or not _matters(elements, merge):
                continue
            ways = [reached(graph, [flow.target], avoiding={name}) for flow in (one, other)]
            if ways[0].isdisjoint(ways[1]) and all(_surely_passed(elements, way, never) for way in ways):
                said.add(name)
                message = f"both branches of {short(split.id)} pass here one by one, so what follows runs twice"
                yield Found(merge, "merge_doubles", f"{message}; join them by a parallel gateway")


def _interrupting(elements: Mapping[str, Element], host: Element) -> Iterator[str]:
    return (name for name in host.boundary if elements[name].interrupting)


def _splits(element: Element) -> bool:
    """Whether it sends a token along every flow that leaves it."""
    parallel = element.tag == "parallelGateway" or not (element.tag.endswith("Gateway") or element.conditional)
    return parallel and len(element.outgoing) > 1


def _matters(elements: Mapping[str, Element], merge: Element) -> bool:
    """An exclusive merge after which something is done."""
    if merge.tag != "exclusiveGateway" or len(merge.incoming) < 2:
        return False
    return any(elements[flow.target].key != ("endEvent", "") for flow in merge.outgoing)


def _surely_passed(elements: Mapping[str, Element], way: Collection[str], never: Collection[str]) -> bool:
    """Whether nothing on the way waits for a token from elsewhere, or in vain."""
    joins = (elements[name] for name in way if elements[name].tag in _JOINING and len(elements[name].incoming) > 1)
    return not any(join.id in never or any(flow.source not in way for flow in join.incoming) for join in joins)
