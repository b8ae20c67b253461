"""Sets of inputs as boxes: for each dimension a set of positions, as the bits of a whole number.

What is not covered by other boxes is found by cutting one box after the other out of it. That can
take exponentially long for tables made to that end, so every search draws on a budget.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

Box: TypeAlias = tuple[int, ...]


class Exhausted(Exception):
    """The budget is used up before the question was answered."""


class Budget:
    """How many comparisons of boxes may still be made; about a million of them take a second.

    What is spent of a share is spent of the ``whole``, too, so that one tangled question does not
    use up all.
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


def meeting(box: Box, others: Sequence[Box]) -> Sequence[Box]:
    """Those that have a point in common with the box: most of many are told apart in the first
    dimensions."""
    for place, side in enumerate(box):
        others = [other for other in others if other[place] & side]
    return others


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
        touching = meeting(part, candidates)
        if not touching:
            return part
        # The cover that leaves the fewest pieces: one that leaves a single piece shrinks the part
        # without branching.
        best = _least_overhanging(part, touching)
        others = [cover for cover in touching if cover is not best]
        open_parts += [(piece, others) for piece in _pieces(part, best)]
    return None


def merged(boxes: Sequence[Box]) -> list[Box]:
    """The same points in fewer boxes: those that differ in one dimension only become one.

    A ladder of a thousand rows is one box then, and not a thousand that have to be cut out one
    after the other.
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
    # For each cover the dimensions in which it is apart, as bits: a thousand covers of twenty
    # dimensions take a moment.
    apart = [_apart(part, cover) for cover in covers]
    for place, limit in enumerate(room):
        here, taken = 1 << place, 0
        for cover, where in zip(covers, apart, strict=True):
            if not where & ~here:
                taken |= cover[place]
        side = grown[place] = limit & ~taken
        apart = [
            where & ~here if cover[place] & side else where | here for cover, where in zip(covers, apart, strict=True)
        ]
    return tuple(grown)


def _apart(one: Box, other: Box) -> int:
    return sum(1 << place for place, (side, its) in enumerate(zip(one, other, strict=True)) if not side & its)


def _least_overhanging(part: Box, covers: Sequence[Box]) -> Box:
    """The first of the covers beyond which the part sticks out in the fewest dimensions."""
    best, fewest = covers[0], len(part) + 1
    for cover in covers:
        count = 0
        for side, other in zip(part, cover, strict=True):
            if side & other != side:
                count += 1
                if count >= fewest:
                    break
        else:
            best, fewest = cover, count
            if not fewest:  # it leaves nothing
                break
    return best


def _pieces(part: Box, cover: Box) -> Iterator[Box]:
    """The part without the cover, as boxes that do not touch each other."""
    inner = common(part, cover)
    for place, (side, other) in enumerate(zip(part, cover, strict=True)):
        if side & ~other:
            yield (*inner[:place], side & ~other, *part[place + 1 :])
