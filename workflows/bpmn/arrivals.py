"""Which flows into a gateway a token elsewhere can still reach (BPMN 2.0.2, 13.4.3): what it may
have to wait for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Arrivals:
    """Of one gateway that waits for what can still come.

    Searched forwards from a token when somebody asks, and then kept: worked out for every gateway
    and every element when a diagram is read, it takes time and room by the square of their number.
    """

    __slots__ = ("_after", "_boundary", "_gateway", "_known")

    def __init__(
        self, gateway: str, after: Mapping[str, Sequence[tuple[str, str]]], boundary: Mapping[str, Sequence[str]]
    ) -> None:
        """``after``: by element, each flow that leaves it with its target; ``boundary``: the events
        attached to it."""
        self._gateway = gateway
        self._after = after
        self._boundary = boundary
        self._known: dict[str, frozenset[str]] = {}

    def of(self, element: str) -> frozenset[str]:
        """The incoming flows that a token at an element can reach without passing the gateway
        itself."""
        found = self._known.get(element)
        if found is None:
            found = self._known[element] = frozenset(self._search(element))
        return found

    def _search(self, element: str) -> set[str]:
        flows: set[str] = set()
        seen: set[str] = set()
        todo = [element]
        while todo:
            name = todo.pop()
            if name == self._gateway or name in seen:
                continue
            seen.add(name)
            for flow, target in self._after.get(name, ()):
                if target == self._gateway:
                    flows.add(flow)
                todo.append(target)
            todo.extend(self._boundary.get(name, ()))
        return flows
