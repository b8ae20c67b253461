"""The plain evaluator: reads each cell with FEEL, one row after the other. Slow, obvious, the judge
of the other one.

It also carries the tables that durable-rules cannot express (``rules.compiler`` says which).
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.evaluation import evaluate
from rules.feel import Value
from rules.model import Decided, Decision, Matched, Table

__all__ = ["decide", "matching"]


def decide(decision: Decision, inputs: Mapping[str, object]) -> Decided:
    """As ``rules.decide``, with the same errors, without durable-rules."""
    return evaluate(decision, inputs, matching)


def matching(table: Table, values: tuple[Value, ...], scope: dict[str, object]) -> Matched:
    """The rows of which every cell is true; a cell that cannot be said (null) is no match."""
    rows = (
        number
        for number, rule in enumerate(table.rules)
        if all(cell.run(value, scope) is True for cell, value in zip(rule.cells, values, strict=True))
    )
    return Matched(tuple(rows), "reference")
