"""Inputs that no row covers."""

from __future__ import annotations

from collections.abc import Iterator

from rules.analysis.boxes import Box, Budget, Exhausted, merged, uncovered, widened
from rules.analysis.findings import Finding, finding
from rules.analysis.grid import Grid
from rules.feel import Value

MOST_GAPS = 10
_COMPARISONS = 800_000


def find_gaps(grid: Grid) -> Iterator[Finding]:
    """A finding for each gap; none for a table with a default output, which speaks where no row
    does.

    Rows that cannot be judged are taken to cover all that they could, so that a gap is one for
    sure.
    """
    if has_default(grid):
        return
    code = "gap" if grid.table.policy.single else "nothing_collected"
    found = 0
    try:
        for box, example in holes(grid, Budget(_COMPARISONS)):
            if found == MOST_GAPS:
                yield finding("bounded", f"there are more than {MOST_GAPS} gaps")
                return
            yield finding(code, f"no row covers {grid.shown(example, box)}", example=example)
            found += 1
    except Exhausted:
        yield finding("bounded", "the table is too tangled to look for every gap")


def has_default(grid: Grid) -> bool:
    """Whether a default output speaks where no row does."""
    return any(output.default is not None for output in grid.table.outputs)


def holes(grid: Grid, budget: Budget) -> Iterator[tuple[Box, dict[str, Value]]]:
    """Boxes as large as can be that no row touches, each with an input at which the plain evaluator
    finds no row.

    Raises:
        Exhausted: there may be more.
    """
    rows = merged([row.box for row in grid.rows if all(row.box)])
    covers = list(rows)
    while (part := uncovered(grid.declared, covers, budget)) is not None:
        box = widened(part, grid.declared, rows)
        covers.append(box)
        example = grid.example(part)  # not of the whole box, which may share its plainest input with another gap
        seen = grid.seen(example)
        if seen is not None and not seen.rows:
            yield box, example
