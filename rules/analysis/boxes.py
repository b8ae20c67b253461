"""Sets of inputs as boxes: for each dimension a set of positions, as the bits of a whole number.

What is not covered by other boxes is found by cutting one box after the other out of it. That can take exponentially
long for tables made to that end, so every search draws on a budget.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

Box: TypeAlias = tuple[int, ...]


class Exhausted(Exception):
    """The budget is used up before the question was answered."""


class Budget:
    """How many comparisons of boxes may still be made; about a million of them take a second.

    What is spent of a share is spent of the ``whole``, too, so that one tangled question does not use up all.
    """

    def __init__(self, comparisons: int, whole: Budget | None = None) -> None:
        self._left = comparisons
        self._whole = whole

    def spend(self, comparisons: int) -> None:
        """Raises Exhausted when there is nothing left."""
        if self._whole is not None:
            self._whole.spend(comparisons)
        self._left -= comparisons
        if self._left < 0:
            raise Exhausted


def meet(one: Box, other: Box) -> bool:
    """Whether the boxes have a point in common."""
    return all(map(int.__and__, one, other))


def common(one: Box, other: Box) -> Box:
    """The points that both boxes have."""
    return tuple(map(int.__and__, one, other))


def uncovered(box: Box, covers: Sequence[Box], budget: Budget) -> Box | None:
    """A part of the box that none of the covers touches; None if they cover it all.

    Raises:
        Exhausted: that would take too long.
    """
    if not all(box):
        return None
    open_parts = [(box, covers)]
    while open_parts:
        part, candidates = open_parts.pop()
        budget.spend(len(candidates) + 1)
        touching = [cover for cover in candidates if meet(part, cover)]
        if not touching:
            return part
        # The cover that leaves the fewest pieces: one that leaves a single piece shrinks the part without branching.
        best = min(touching, key=lambda cover: _overhangs(part, cover))
        others = [cover for cover in touching if cover is not best]
        open_parts += [(piece, others) for piece in _pieces(part, best)]
    return None


def merged(boxes: Sequence[Box]) -> list[Box]:
    """The same points in fewer boxes: those that differ in one dimension only become one.

    A ladder of a thousand rows is one box then, and not a thousand that have to be cut out one after the other.
    """
    found = list(dict.fromkeys(boxes))
    for place in range(len(found[0]) if found else 0):
        together: dict[Box, int] = {}
        for box in found:
            others = (*box[:place], 0, *box[place + 1 :])
            together[others] = together.get(others, 0) | box[place]
        found = [(*box[:place], side, *box[place + 1 :]) for box, side in together.items()]
    return found


def widened(part: Box, room: Box, covers: Sequence[Box]) -> Box:
    """An uncovered part made as large as the room allows without touching a cover."""
    grown = list(part)
    for place, limit in enumerate(room):
        taken = 0
        for cover in covers:
            if all(side & other for at, (side, other) in enumerate(zip(grown, cover, strict=True)) if at != place):
                taken |= cover[place]
        grown[place] = limit & ~taken
    return tuple(grown)


def _overhangs(part: Box, cover: Box) -> int:
    return sum(1 for side, other in zip(part, cover, strict=True) if side & ~other)


def _pieces(part: Box, cover: Box) -> Iterator[Box]:
    """The part without the cover, as boxes that do not touch each other."""
    inner = common(part, cover)
    for place, (side, other) in enumerate(zip(part, cover, strict=True)):
        if side & ~other:
            yield (*inner[:place], side & ~other, *part[place + 1 :])
