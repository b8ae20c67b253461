"""Directed graphs: who is reached, what lies on a cycle, what every path has to pass. No recursion,
near linear time.

A graph is a mapping of each node to the nodes after it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import reduce
from typing import TypeAlias

Graph: TypeAlias = Mapping[str, Collection[str]]


def reversed_graph(graph: Graph) -> dict[str, list[str]]:
    """The same nodes, every edge turned round."""
    before: dict[str, list[str]] = {node: [] for node in graph}
    for node, after in graph.items():
        for other in after:
            before[other].append(node)
    return before


def within(graph: Graph, nodes: Collection[str]) -> dict[str, list[str]]:
    """The part of the graph that has these nodes only."""
    return {node: [other for other in after if other in nodes] for node, after in graph.items() if node in nodes}


def reached(graph: Graph, roots: Iterable[str], *, avoiding: Collection[str] = ()) -> set[str]:
    """The roots and all that can be reached from them without entering what is to be avoided."""
    todo = [root for root in roots if root not in avoiding]
    found: set[str] = set()
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo.extend(other for other in graph[node] if other not in avoiding)
    return found


def postorder(graph: Graph, roots: Iterable[str]) -> list[str]:
    """What is reached from the roots, each node after those that follow it (cycles apart)."""
    seen: set[str] = set()
    order: list[str] = []
    for root in roots:
        if root in seen:
            continue
        seen.add(root)
        open_nodes = [(root, iter(graph[root]))]
        while open_nodes:
            node, rest = open_nodes[-1]
            fresh = next((other for other in rest if other not in seen), None)
            if fresh is None:
                order.append(node)
                open_nodes.pop()
            else:
                seen.add(fresh)
                open_nodes.append((fresh, iter(graph[fresh])))
    return order


def cycles(graph: Graph) -> list[set[str]]:
    """The largest groups of nodes that lead to each other (Kosaraju); a single node only if it
    leads to itself."""
    before = reversed_graph(graph)
    seen: set[str] = set()
    groups: list[set[str]] = []
    for node in reversed(postorder(graph, graph)):
        if node not in seen:
            group = reached(before, [node], avoiding=seen)
            seen |= group
            if len(group) > 1 or node in graph[node]:
                groups.append(group)
    return groups


def dominators(graph: Graph, root: str) -> dict[str, str]:
    """By node, the nearest other node that every path from the root to it passes (Cooper, Harvey,
    Kennedy 2001).

    The root's is itself; what is not reached is left out.
    """
    order = postorder(graph, [root])[::-1]
    rank = {node: place for place, node in enumerate(order)}
    before = reversed_graph(graph)
    nearest = {root: root}

    def meet(one: str, other: str) -> str:
        while one != other:
            if rank[one] > rank[other]:
                one = nearest[one]
            else:
                other = nearest[other]
        return one

    changed = True
    while changed:
        changed = False
        for node in order[1:]:
            found = reduce(meet, (other for other in before[node] if other in nearest))
            if nearest.get(node) != found:
                nearest[node] = found
                changed = True
    return nearest


def chain(nearest: Mapping[str, str], node: str) -> Iterator[str]:
    """The node and what dominates it, nearest first, without the root."""
    while node in nearest and nearest[node] != node:
        yield node
        node = nearest[node]


def meeting(nearest: Mapping[str, str], one: str, other: str) -> str:
    """The nearest node that every path to both passes, perhaps one of them; "" if only the root
    is."""
    passed = set(chain(nearest, one))
    return next((node for node in chain(nearest, other) if node in passed), "")
