"""Rows that apply at once: overlaps, contradictions, duplicates."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rules.analysis.boxes import Box, Budget, Exhausted, common
from rules.analysis.findings import Finding, Severity, finding
from rules.analysis.grid import Grid, Row, meeting_rows
from rules.feel.values import equal
from rules.model import HitPolicy
from rules.sameness import same

MOST_PAIRS = 50
_COMPARISONS = 3_000_000


def find_pairs(grid: Grid) -> Iterator[Finding]:
    """Findings about two rows that match the same input; rows that cannot be judged are left
    out."""
    clear = [row for row in grid.rows if not row.unclear and all(row.box)]
    one_outcome = grid.table.policy in (HitPolicy.UNIQUE, HitPolicy.ANY)
    yield from _limited(_meeting(grid, clear) if one_outcome else _of_one_condition(grid, clear), grid)


def _limited(found: Iterator[Finding], grid: Grid) -> Iterator[Finding]:
    try:
        for number, one in enumerate(found):
            if number == MOST_PAIRS:
                yield finding("bounded", f"there are more than {MOST_PAIRS} such pairs of rows")
                return
            yield one
    except Exhausted:
        yield finding("bounded", f"{len(grid.rows)} rows are too many to compare each with each")


def _of_one_condition(grid: Grid, rows: list[Row]) -> Iterator[Finding]:
    """Where several rows may apply: those that say the same, and those of a Priority table that
    nothing sorts out."""
    earlier: dict[Box, list[Row]] = {}
    for row in rows:
        others = earlier.setdefault(row.box, [])
        twin = next((other for other in others if _surely_agree(grid, other, row)), None)
        if twin is not None:
            yield from _judged(grid, "duplicate", twin, row)
        elif others and grid.table.policy is HitPolicy.PRIORITY:
            yield from _judged(grid, "tie", others[0], row)
        others.append(row)


def _meeting(grid: Grid, rows: list[Row]) -> Iterator[Finding]:
    """Where one outcome is wanted: every two rows that apply at once, under Any only if their
    outputs differ."""
    budget = Budget(_COMPARISONS)
    doubtful: set[int] = set()
    for at, row in enumerate(rows):
        budget.spend(at)
        for other in meeting_rows(row, rows[:at]):
            alike, agree = row.box == other.box, _surely_agree(grid, other, row)
            if grid.table.policy is HitPolicy.ANY and agree and not alike:
                continue
            code = "overlap" if not alike else "duplicate" if agree else "contradiction"
            found = list(_judged(grid, code, other, row))
            yield from found
            if not found and grid.table.policy is HitPolicy.ANY and not agree:
                doubtful |= {other.number, row.number}
    if doubtful:
        numbers = tuple(sorted(doubtful))
        yield finding("unknown", f"whether the outputs of {grid.named(numbers)} always agree is not known", numbers)


def _judged(grid: Grid, code: str, one: Row, other: Row) -> Iterator[Finding]:
    """The finding, if an input can be shown for it."""
    numbers = (one.number, other.number)
    box = common(one.box, other.box)
    example = grid.example(box)
    seen = grid.seen(example)
    if seen is None or not set(numbers) <= set(seen.rows) or not _HOLDS[code](grid, one, other, seen.scope):
        return
    grave = Severity.ERROR if code == "duplicate" and grid.table.policy is HitPolicy.UNIQUE else None
    message = f"{grid.named(numbers)} {_SAYS[code]} {grid.shown(example, box)}"
    yield finding(code, message, numbers, example, severity=grave)


def _surely_agree(grid: Grid, one: Row, other: Row) -> bool:
    """Whether the outputs are the same whatever they read."""
    for left, right in zip(*(grid.table.rules[row.number].outputs for row in (one, other)), strict=True):
        if not same(left, right) and (left.names or right.names or equal(left.run({}), right.run({})) is not True):
            return False
    return True


def _differ(grid: Grid, one: Row, other: Row, scope: dict[str, object]) -> bool:
    left, right = ([output.run(scope) for output in grid.table.rules[row.number].outputs] for row in (one, other))
    return equal(left, right) is not True


def _differ_if_they_must_agree(grid: Grid, one: Row, other: Row, scope: dict[str, object]) -> bool:
    return grid.table.policy is HitPolicy.UNIQUE or _differ(grid, one, other, scope)


def _tie(grid: Grid, one: Row, other: Row, scope: dict[str, object]) -> bool:
    """Whether outputs differ although no list of output values puts one row before the other."""
    left, right = (grid.table.rules[row.number].outputs for row in (one, other))
    return _differ(grid, one, other, scope) and all(
        not output.order or equal(mine.run(scope), yours.run(scope)) is True
        for output, mine, yours in zip(grid.table.outputs, left, right, strict=True)
    )


_HOLDS: dict[str, Callable[[Grid, Row, Row, dict[str, object]], bool]] = {
    "overlap": _differ_if_they_must_agree,
    "contradiction": _differ,
    "tie": _tie,
    "duplicate": lambda grid, one, other, scope: True,
}
"""What has to be true of the outputs at the example, beside that both rows match there."""

_SAYS = {
    "overlap": "both apply to",
    "contradiction": "have the same condition and different outputs:",
    "tie": "have the same condition and the same priority, and different outputs:",
    "duplicate": "say the same:",
}
