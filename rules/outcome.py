"""From the rows that apply to the result: one function a hit policy, found in a table (DMN 1.5,
8.2.10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rules.errors import Ambiguous
from rules.feel import Value, to_json
from rules.feel.functions import FUNCTIONS
from rules.feel.values import equal
from rules.model import Aggregation, Answer, HitPolicy, Table

Row = tuple[Value, ...]

MOST_ANSWERS = 256
"""Answers that a table keeps: of most policies, no more than it has rows."""


@dataclass(frozen=True, slots=True)
class Hit:
    """The rows that speak, in table order, and the outputs: one row's, or a list of rows'
    outputs."""

    rows: tuple[int, ...]
    values: Row | list[Row]


def answer(key: str, variable: str, table: Table, rows: tuple[int, ...], scope: dict[str, object]) -> Answer | None:
    """What the rows come to under the hit policy; None: no row of a single-hit table.

    Raises:
        Ambiguous: the rows contradict under Unique or Any.
    """
    kept = None if table.answers is None else table.answers.get(rows)
    if kept is None:
        hit = settle(key, table, rows, scope)
        if hit is None:
            return None
        speaking = tuple([table.rules[row].id for row in hit.rows])
        kept = named(table, variable, hit.values), value_of(table, hit.values), speaking
        if table.answers is not None and len(table.answers) < MOST_ANSWERS:
            table.answers[rows] = kept
    outputs, value, speaking = kept
    # What is kept must not be changed by whoever is given it.
    return ([dict(row) for row in outputs] if isinstance(outputs, list) else dict(outputs)), _own(value), speaking


def _own(value: Value) -> Value:
    if isinstance(value, list):
        return [_own(item) for item in value]
    return dict(value) if isinstance(value, dict) else value


def settle(key: str, table: Table, rows: tuple[int, ...], scope: dict[str, object]) -> Hit | None:
    """Applies the hit policy to the rows that match (in table order); None: no row of a single-hit
    table.

    Where no row matches, default outputs speak, if there are any: as the one row of the list for
    tables that give a list, as they are for all others.

    Raises:
        Ambiguous: the rows contradict under Unique or Any.
    """
    if not rows and (default := _default(table, scope)) is not None:
        return Hit((), [default]) if table.gives_list else Hit((), default)
    if not rows and table.policy.single:
        return None
    return _POLICIES[table.policy](key, table, rows, scope)


def value_of(table: Table, values: Row | list[Row]) -> Value:
    """The FEEL value: bare for a single output column, a context otherwise, a list of them for
    several rows."""
    if isinstance(values, list):
        return [_value(table, row) for row in values]
    return _value(table, values)


def named(table: Table, variable: str, values: Row | list[Row]) -> dict[str, object] | list[dict[str, object]]:
    """The outputs by name, as plain JSON values; a single output without a name has that of the
    decision."""
    if isinstance(values, list):
        return [_named(table, variable, row) for row in values]
    return _named(table, variable, values)


def _value(table: Table, row: Row) -> Value:
    if len(table.outputs) == 1:
        (only,) = row
        return only
    return {output.name: value for output, value in zip(table.outputs, row, strict=True)}


def _named(table: Table, variable: str, row: Row) -> dict[str, object]:
    return {output.name or variable: to_json(value) for output, value in zip(table.outputs, row, strict=True)}


def _outputs(table: Table, row: int, scope: dict[str, object]) -> Row:
    return tuple([output.run(scope) for output in table.rules[row].outputs])


def _default(table: Table, scope: dict[str, object]) -> Row | None:
    if all(output.default is None for output in table.outputs):
        return None
    return tuple(output.default.run(scope) if output.default else None for output in table.outputs)


def _unique(key: str, table: Table, rows: tuple[int, ...], scope: dict[str, object]) -> Hit:
    only, *others = rows
    if others:
        raise Ambiguous(key, _ids(table, rows))
    return Hit(rows, _outputs(table, only, scope))


def _any(key: str, table: Table, rows: tuple[int, ...], scope: dict[str, object]) -> Hit:
    first = _outputs(table, rows[0], scope)
    for row in rows[1:]:
        if equal(list(first), list(_outputs(table, row, scope))) is not True:
            raise Ambiguous(key, _ids(table, rows))
    return Hit(rows, first)


def _first(key: str, table: Table, rows: tuple[int, ...], scope: dict[str, object]) -> Hit:
    return Hit(rows[:1], _outputs(table, rows[0], scope))


def _priority(key: str, table: Table, rows: tuple[int, ...], scope: dict[str, object]) -> Hit:
    best = _by_priority(table, [(row, _outputs(table, row, scope)) for row in rows])[0]
    return Hit(rows, best[1])


def _rule_order(key: str, table: Table, rows: tuple[int, ...], scope: dict[str, object]) -> Hit:
    return Hit(rows, [_outputs(table, row, scope) for row in rows])


def _output_order(key: str, table: Table, rows: tuple[int, ...], scope: dict[str, object]) -> Hit:
    ordered = _by_priority(table, [(row, _outputs(table, row, scope)) for row in rows])
    return Hit(rows, [outputs for _, outputs in ordered])


def _collect(key: str, table: Table, rows: tuple[int, ...], scope: dict[str, object]) -> Hit:
    collected = [_outputs(table, row, scope) for row in rows]
    if table.aggregation is None:
        return Hit(rows, collected)
    aggregate = _AGGREGATIONS[table.aggregation]
    return Hit(rows, tuple(aggregate([row[place] for row in collected]) for place in range(len(table.outputs))))


def _by_priority(table: Table, rows: list[tuple[int, Row]]) -> list[tuple[int, Row]]:
    """Sorted by the place of each output in its output values, left column first; equal ones stay
    in table order."""

    def places(row: tuple[int, Row]) -> list[int]:
        return [
            next((place for place, listed in enumerate(output.order) if equal(listed, value)), len(output.order))
            for output, value in zip(table.outputs, row[1], strict=True)
        ]

    return sorted(rows, key=places)


def _ids(table: Table, rows: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(table.rules[row].id for row in rows)


_POLICIES: dict[HitPolicy, Callable[[str, Table, tuple[int, ...], dict[str, object]], Hit]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.FIRST: _first,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.OUTPUT_ORDER: _output_order,
    HitPolicy.COLLECT: _collect,
}
_AGGREGATIONS: dict[Aggregation, Callable[[Value], Value]] = {
    "SUM": FUNCTIONS["sum"].call,
    "MIN": FUNCTIONS["min"].call,
    "MAX": FUNCTIONS["max"].call,
    "COUNT": FUNCTIONS["count"].call,
}
"""Over no rows SUM, MIN and MAX are null and COUNT is 0, as the FEEL functions say."""
