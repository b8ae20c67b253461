"""Rows that can never speak: no input matches them, or earlier rows of a First table always do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rules.analysis.boxes import Budget, Exhausted, uncovered
from rules.analysis.findings import Finding, finding
from rules.analysis.grid import Grid, Row, meeting_rows
from rules.model import HitPolicy

_COMPARISONS = 2_000_000
_COMPARISONS_A_ROW = 100_000


def impossible(grid: Grid) -> Iterator[Finding]:
    """Rows with a cell that no value makes true. Their example is an input at which the other cells
    match."""
    for row in grid.rows:
        if all(row.box):
            continue
        box = tuple(side or room for side, room in zip(row.box, grid.declared, strict=True))
        names = [dimension.name for dimension, side in zip(grid.dimensions, row.box, strict=True) if not side]
        message = f"{grid.named((row.number,))} can never match: no {' and no '.join(names)} fits its cells"
        yield finding("impossible", message, (row.number,), grid.example(box))


def shadowed(grid: Grid, known: Collection[int]) -> Iterator[Finding]:
    """Rows of a First table that earlier rows cover wholly. ``known`` are rows already found to
    repeat others.

    Only rows that can be judged count as covering. The example is an input that the row would
    match.
    """
    if grid.table.policy is not HitPolicy.FIRST:
        return
    total = Budget(_COMPARISONS)
    earlier: list[Row] = []
    doubtful: list[int] = []
    for row in grid.rows:
        if all(row.box) and row.number not in known:
            try:
                total.spend(len(earlier))
                touching = meeting_rows(row, earlier)
                if _covered(row, touching, total):
                    yield _shadowed(grid, row, touching)
            except Exhausted:
                doubtful.append(row.number)
        if all(row.box) and not row.unclear:
            earlier.append(row)
    if doubtful:
        message = f"whether {grid.named(doubtful)} can ever speak would take too long to find out"
        yield finding("bounded", message, tuple(doubtful))


def _covered(row: Row, touching: Sequence[Row], total: Budget) -> bool:
    share = Budget(_COMPARISONS_A_ROW, total)
    return uncovered(row.box, [other.box for other in touching], share) is None


def _shadowed(grid: Grid, row: Row, touching: Sequence[Row]) -> Finding:
    alone = next((other for other in touching if _holds(other, row)), None)
    by = (alone.number,) if alone else tuple(other.number for other in touching)
    example = grid.example(row.box)
    first = f"{grid.named(by)} come{'s' if alone else ''} first at {grid.shown(example, row.box)}"
    message = f"{grid.named((row.number,))} never speaks: {first}"
    return finding("shadowed", message, (row.number, *by), example)


def _holds(outer: Row, inner: Row) -> bool:
    return all(not side & ~other for side, other in zip(inner.box, outer.box, strict=True))
