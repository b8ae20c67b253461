"""What is wrong with a decision table as a whole, found when it is saved: gaps, overlaps, rows that
never speak.

::

    for finding in analyse(decision):
        finding.message           # row 3 (a-15) never speaks: row 2 (h-7) comes first at days = 5. Move it up, …
        finding.example           # {"days": Decimal("5"), …}: decide it and see

The constants in cells and the declared values cut every input into finitely many places
(``rules.positions``); rows are boxes of places, and what the boxes leave, share or hide is
computed, not sampled. Every finding that says "there is an input" has been confirmed by the plain
evaluator. What cannot be known is said to be ``unknown``, what would take too long ``bounded``;
nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.analysis.allowed import inputs_not_allowed, outputs_not_allowed
from rules.analysis.dead import impossible, shadowed
from rules.analysis.findings import CODES, Code, Finding, Severity, finding
from rules.analysis.gaps import find_gaps
from rules.analysis.grid import Grid
from rules.analysis.pairs import find_pairs
from rules.model import Decision, Table

__all__ = ["CODES", "Code", "Finding", "Severity", "analyse"]


def analyse(decision: Decision) -> tuple[Finding, ...]:
    """The findings about a decision's own table, gravest first, then by row; none for a decision
    that is no table.

    1,000 rows take a few seconds at most. Null counts as an input for overlaps and for rows that
    never speak, since every evaluator accepts it; it is no gap unless the table names it.
    """
    if not isinstance(decision.logic, Table):
        return ()
    found = list(_findings(Grid(decision, decision.logic)))
    gravity = list(Severity)
    return tuple(sorted(found, key=lambda one: (gravity.index(one.severity), one.rows)))


def _findings(grid: Grid) -> Iterator[Finding]:
    yield from inputs_not_allowed(grid)
    yield from outputs_not_allowed(grid)
    yield from impossible(grid)
    together = list(find_pairs(grid))
    yield from together
    yield from shadowed(grid, {one.rows[1] - 1 for one in together if one.code == "duplicate"})
    yield from find_gaps(grid)
    yield from _unknown(grid)


def _unknown(grid: Grid) -> Iterator[Finding]:
    for place, column in enumerate(grid.table.columns):
        rows = tuple(row.number for row in grid.rows if place in row.unclear)
        if rows:
            message = f"what {grid.named(rows)} say about {column.name} is more than a comparison with constants"
            yield finding("unknown", message, rows)
