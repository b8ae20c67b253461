"""What a back-test has counted: a tree of numbers. Trees of parts add up to the tree of the
whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

Path = tuple[str, ...]
Tree = dict[str, Any]
"""Names to numbers, to texts (an example; the first one found is kept) or to further trees: plain
JSON."""


class Totals:
    """Counts along paths, as they come."""

    def __init__(self) -> None:
        self._counts: Counter[Path] = Counter()
        self._examples: dict[Path, str] = {}

    def add(self, *path: str, count: int = 1) -> None:
        """Counts one more (or ``count`` more) under a path."""
        self._counts[path] += count

    def example(self, *path: str, text: str) -> None:
        """Keeps the first text that is given for a path."""
        self._examples.setdefault(path, text)

    def tree(self) -> Tree:
        """All of it, as JSON."""
        made: Tree = {}
        for path, leaf in (*self._counts.items(), *self._examples.items()):
            *above, name = path
            branch = made
            for step in above:
                branch = branch.setdefault(step, {})
            branch[name] = leaf
        return made


def added(trees: Iterable[Mapping[str, Any]]) -> Tree:
    """The sum of the trees of some parts."""
    total: Tree = {}
    for tree in trees:
        _add(total, tree)
    return total


def _add(total: Tree, tree: Mapping[str, Any]) -> None:
    for name, leaf in tree.items():
        if isinstance(leaf, Mapping):
            _add(total.setdefault(name, {}), leaf)
        elif isinstance(leaf, int):
            total[name] = total.get(name, 0) + leaf
        else:
            total.setdefault(name, leaf)
