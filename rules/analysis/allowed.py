"""Values that the table itself does not allow: in cells, and among the outputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rules.analysis.boxes import Budget, Exhausted
from rules.analysis.findings import Finding, finding
from rules.analysis.gaps import has_default, holes
from rules.analysis.grid import Grid
from rules.constants import constants
from rules.feel import Expression, Tests, Value, literal
from rules.feel.syntax import Against, RangeOf, UnaryTest, UnaryTests
from rules.feel.values import equal
from rules.model import Output

_COMPARISONS = 100_000


def inputs_not_allowed(grid: Grid) -> Iterator[Finding]:
    """Cells that name a value which no input may have. Their example is refused by every
    evaluator."""
    for place, dimension in grid.by_column():
        column = grid.table.columns[place]
        if column.allowed is None or column.allowed.names:
            continue
        for number, rule in enumerate(grid.table.rules):
            cell = rule.cells[place]
            strangers = [value for value in _values_named(cell) if column.allowed.run(value, {}) is not True]
            for value in strangers:
                example = grid.example(grid.declared) | {dimension.name: value}
                message = f"{grid.named((number,))} names {literal(value)}, which is no allowed {column.name}"
                yield finding("input_not_allowed", message, (number,), example)


def outputs_not_allowed(grid: Grid) -> Iterator[Finding]:
    """Rows, and the default, that give a value which is not among the listed output values."""
    for row in grid.rows:
        if row.unclear or not all(row.box):
            continue
        expressions = grid.table.rules[row.number].outputs
        if not any(_may_be_strange(output, one) for output, one in zip(grid.table.outputs, expressions, strict=True)):
            continue
        example = grid.example(row.box)
        seen = grid.seen(example)
        if seen is not None and row.number in seen.rows:
            for output, expression in zip(grid.table.outputs, expressions, strict=True):
                yield from _judged(grid, (row.number,), output, expression, example, seen.scope)
    yield from _defaults(grid)


def _defaults(grid: Grid) -> Iterator[Finding]:
    """Only a default that is really given is judged: where rows cover everything it does not
    matter."""
    defaults = [(output, output.default) for output in grid.table.outputs if output.default is not None]
    if not has_default(grid) or not any(_may_be_strange(output, default) for output, default in defaults):
        return
    try:
        example = next((example for _, example in holes(grid, Budget(_COMPARISONS))), None)
    except Exhausted:
        return
    seen = grid.seen(example) if example is not None else None
    if example is not None and seen is not None:
        for output, default in defaults:
            yield from _judged(grid, (), output, default, example, seen.scope)


def _judged(
    grid: Grid,
    rows: tuple[int, ...],
    output: Output,
    expression: Expression,
    example: dict[str, Value],
    scope: dict[str, object],
) -> Iterator[Finding]:
    value = expression.run(scope)
    if output.order and not _is_listed(output, value):
        of = grid.named(rows) if rows else "the default output"
        called = output.name or grid.decision.variable
        message = f"{of} gives {literal(value)}, which is not among the output values of {called}"
        yield finding("output_not_allowed", message, rows, example)


def _may_be_strange(output: Output, expression: Expression) -> bool:
    return bool(output.order) and (bool(expression.names) or not _is_listed(output, expression.run({})))


def _is_listed(output: Output, value: Value) -> bool:
    return value is None or any(equal(value, listed) is True for listed in output.order)


def _values_named(cell: Tests) -> Iterator[Value]:
    """The constants that a cell wants an input to equal; limits of ranges and comparisons need not
    be allowed."""
    for test in cell.node.tests:
        if not _is_limit(test):
            alone = constants(replace(cell, node=UnaryTests((test,))))
            yield from (value for value in alone or () if value is not None)


def _is_limit(test: UnaryTest) -> bool:
    if isinstance(test, Against):
        return test.operator not in ("=", "!=")
    return isinstance(test.expression, RangeOf)
