"""Why a decision came out as it did: for each row of the very table that decided, the cells that
held and that failed.

The reference evaluator decides once more while somebody looks over its shoulder: which rows apply
is what it said, and a cell's verdict is its own test. So an explanation cannot disagree with the
decision. Rows are numbered from 1, as their authors count them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules import outcome, reference
from rules.errors import NoRuleMatched
from rules.evaluation import evaluate
from rules.feel import FeelError, Tests, Value
from rules.model import Aggregation, Decision, HitPolicy, Matched, Rule, Table

__all__ = ["Cell", "Explanation", "Result", "Row", "explain"]

Result = dict[str, object] | list[dict[str, object]] | None
"""The outputs as ``Decided`` has them; None when no row applied and there is no default."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell and the value that it was asked about. ``verdict`` None: it cannot be said, which is
    no match."""

    column: str
    input: str
    text: str
    value: Value
    verdict: bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row. It ``applies`` if all its cells hold, and ``speaks`` if the hit policy then let it.

    ``outputs`` are the texts of its output cells, each with its column's name.
    """

    number: int
    id: str
    note: str
    cells: tuple[Cell, ...]
    outputs: tuple[tuple[str, str], ...]
    applies: bool
    speaks: bool

    @property
    def failing(self) -> tuple[Cell, ...]:
        """The cells that kept the row from applying, from left to right."""
        return tuple(cell for cell in self.cells if cell.verdict is not True)

    @property
    def failed_at(self) -> Cell | None:
        """The first of them; None if the row applies."""
        return next(iter(self.failing), None)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One decision, explained; ``requires`` are those whose results it read, explained too.

    What is no table has no policy and no rows. ``matched`` are the ids of the rows that spoke, as
    ``Decided`` has them.
    """

    key: str
    name: str
    version: int
    policy: HitPolicy | None
    aggregation: Aggregation | None
    rows: tuple[Row, ...]
    matched: tuple[str, ...]
    result: Result
    requires: tuple[Explanation, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a table was asked: the columns' values, what its cells could read beside them, the rows
    that applied."""

    values: tuple[Value, ...]
    scope: dict[str, object]
    rows: tuple[int, ...]


def explain(decision: Decision, inputs: Mapping[str, object]) -> Explanation:
    """Explains what a decision makes of its inputs; that no row applied is explained like any other
    result.

    Raises:
        InputRefused: an input is missing, of the wrong type, or not among the allowed values.
        Ambiguous: rows contradict, so nothing was decided.
        FeelError: as ``rules.decide``.
    """
    seen: dict[Table, _Seen] = {}

    def watching(table: Table, values: tuple[Value, ...], scope: dict[str, object]) -> Matched:
        matched = reference.matching(table, values, scope)
        seen[table] = _Seen(values, scope, matched.rows)
        return matched

    try:
        decided = evaluate(decision, inputs, watching)
        result, matched = decided.outputs, decided.matched
    except NoRuleMatched:
        result, matched = None, ()
    requires = tuple(_required(one, inputs, seen) for one in decision.requires)
    return _explanation(decision, seen, result, matched, requires)


def _required(decision: Decision, inputs: Mapping[str, object], seen: Mapping[Table, _Seen]) -> Explanation:
    """A required decision, as it came out on the way to the one that is explained."""
    requires = tuple(_required(one, inputs, seen) for one in decision.requires)
    if not isinstance(decision.logic, Table):
        # The evaluator keeps no trace of what is no table: such a value is computed again from the
        # same inputs.
        return _explanation(decision, seen, evaluate(decision, inputs, reference.matching).outputs, (), requires)
    asked = seen[decision.logic]
    hit = outcome.settle(decision.key, decision.logic, asked.rows, asked.scope)
    if hit is None:
        return _explanation(decision, seen, None, (), requires)
    matched = tuple(decision.logic.rules[row].id for row in hit.rows)
    named = outcome.named(decision.logic, decision.variable, hit.values)
    return _explanation(decision, seen, named, matched, requires)


def _explanation(
    decision: Decision,
    seen: Mapping[Table, _Seen],
    result: Result,
    matched: tuple[str, ...],
    requires: tuple[Explanation, ...],
) -> Explanation:
    table = decision.logic if isinstance(decision.logic, Table) else None
    rows = () if table is None else _rows(table, decision.variable, seen[table], matched)
    return Explanation(
        decision.key,
        decision.name,
        decision.version,
        table.policy if table else None,
        table.aggregation if table else None,
        rows,
        matched,
        result,
        requires,
    )


def _rows(table: Table, variable: str, asked: _Seen, matched: tuple[str, ...]) -> tuple[Row, ...]:
    return tuple(
        Row(
            place + 1,
            rule.id,
            rule.note,
            _cells(table, rule, asked),
            tuple((out.name or variable, cell.text) for out, cell in zip(table.outputs, rule.outputs, strict=True)),
            place in asked.rows,
            rule.id in matched,
        )
        for place, rule in enumerate(table.rules)
    )


def _cells(table: Table, rule: Rule, asked: _Seen) -> tuple[Cell, ...]:
    return tuple(
        Cell(column.name, column.expression.text, test.text or "-", value, _verdict(test, value, asked.scope))
        for column, test, value in zip(table.columns, rule.cells, asked.values, strict=True)
    )


def _verdict(test: Tests, value: Value, scope: dict[str, object]) -> bool | None:
    try:
        return test.run(value, scope)
    except FeelError:
        # The evaluator leaves a row at its first failing cell and never ran this one behind it.
        return None
