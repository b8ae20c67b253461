"""Follows the arrows of a requirement graph, within its file and to the files that it imports (DMN
1.5, 6.3)."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager

from rules.reading.xml import Element, Source, attribute, child, children


class Links:
    """The nodes of one file by their ids, and which of them are being read or could not be."""

    def __init__(self, root: Element, source: Source, imported: frozenset[str]) -> None:
        self._own = ("", attribute(root, "namespace"))
        self._by_id = {key_of(node): node for node in children(root)}
        self._source = source
        self._imported = imported
        self._reading: list[str] = []
        self.broken: set[str] = set()

    @contextmanager
    def reading(self, key: str) -> Generator[None]:
        """Marks a node in which a problem is found; a circle back to it is one."""
        before = len(self._source.problems)
        self._reading.append(key)
        yield
        self._reading.pop()
        if len(self._source.problems) > before:
            self.broken.add(key)

    def breaks(self, key: str, *needed: str) -> None:
        """A node is as unreadable as what it needs."""
        if self.broken.intersection(needed):
            self.broken.add(key)

    def node(self, key: str) -> Element | None:
        return self._by_id.get(key)

    def required(self, node: Element, requirement: str, kind: str) -> list[Element]:
        """The nodes that requirements of one kind point to; a circle is a problem and is cut."""
        return list(self._followed(_targets(node, requirement, kind)))

    def named(self, node: Element, kind: str) -> list[Element]:
        """The nodes that a service lists as one kind."""
        return list(self._followed(children(node, kind)))

    def elsewhere(self, node: Element, requirement: str, kind: str) -> Iterator[tuple[str, str]]:
        """The same in imported files: namespace and id."""
        for link in _targets(node, requirement, kind):
            space, _, key = attribute(link, "href").rpartition("#")
            if space in self._imported:
                yield space, key

    def _followed(self, links: Iterator[Element]) -> Iterator[Element]:
        for link in links:
            space, _, key = attribute(link, "href").rpartition("#")
            if space in self._imported:
                continue
            if space not in self._own:
                self._source.problem(link, f"it requires “{key}” of “{space}”, another file", "Add it here")
            elif key in self._reading:
                self._source.problem(link, f"it requires “{key}”, which requires it", "Remove one of the arrows")
            elif key not in self._by_id:
                self._source.problem(link, f"it requires “{key}”, which is not in this file", "Add it here")
            else:
                yield self._by_id[key]


def key_of(node: Element) -> str:
    """Its id; a node without one, which nothing can point to, goes by its name."""
    return attribute(node, "id") or attribute(node, "name")


def _targets(node: Element, requirement: str, kind: str) -> Iterator[Element]:
    return (target for link in children(node, requirement) if (target := child(link, kind)) is not None)
