"""Compiles a table to a durable-rules ruleset: each row a conjunction of comparisons of small whole
numbers.

The routing rule, for whole tables: durable-rules evaluates a table if each of its cells compares
with constants only (values, lists of values, ranges, ``not``, ``-``, ``null``) and its rows make at
most ``MOST_RULES`` rules, which branch into at most ``MOST_BRANCHES`` at any place. A cell that
reads another variable, names its input ``?`` or computes sends the whole table to the reference
evaluator, and so do times with an offset and tables without an input column. ``Decided.engine``
tells which one it was.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain, product
from math import prod

from rules.constants import constants
from rules.feel import Value
from rules.model import Rule, Table
from rules.positions import Axis, Inexpressible

MOST_RULES = 1_000
"""Beyond, a decision takes durable-rules longer than the reference evaluator (2 ms and more)."""

MOST_BRANCHES = 500
"""durable-rules keeps the different conditions that may follow the same first ones in a table of
512 places, and seeks a free place for ever when there is none."""

_Condition = dict[str, object]
_Ways = tuple[tuple[int, int], ...]
_Constants = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled table: the ruleset's definition, the row that each of its rules speaks for, the
    message's shape.

    ``message`` takes the columns' positions. Its id is always the same, so that ids cannot collide.
    ``sure`` is a message that one of the rules fires for.
    """

    definition: str
    rows: dict[str, int]
    axes: tuple[Axis, ...]
    message: str
    sure: str

    def positions(self, values: tuple[Value, ...]) -> tuple[int, ...]:
        """Where the columns' values lie: all that a decision depends on."""
        return tuple([axis.position(value) for axis, value in zip(self.axes, values, strict=True)])


def compile_table(table: Table) -> Plan:
    """Compiles.

    Raises:
        Inexpressible: the table is one for the reference evaluator.
    """
    if not table.columns:
        raise Inexpressible("it has no input column")
    named = [_named(table, column) for column in range(len(table.columns))]
    axes = tuple(Axis(chain.from_iterable(column)) for column in named)
    definition: dict[str, object] = {}
    rows: dict[str, int] = {}
    sure: tuple[int, ...] = ()
    branches: dict[str, set[str]] = {}
    for row, rule in enumerate(table.rules):
        cells = [column[row] for column in named]
        for number, ways in enumerate(_ways(rule, cells, axes, MOST_RULES - len(rows))):
            name = f"{row}_{number}"
            rows[name] = row
            terms = _terms(ways, axes)
            _branch(branches, terms)
            definition[name] = {"all": [{"m": terms[0] if len(terms) == 1 else {"$and": terms}}]}
            sure = tuple(first for first, _ in ways)
    if not rows:
        raise Inexpressible("none of its rows can ever apply")
    message = '{"id":1,' + ",".join(f'"c{place}":%d' for place in range(len(axes))) + "}"
    return Plan(json.dumps(definition), rows, axes, message, message % sure)


def _named(table: Table, place: int) -> list[_Constants]:
    """The constants that each of the column's cells names."""
    found: list[_Constants] = []
    for number, rule in enumerate(table.rules, 1):
        parts = constants(rule.cells[place])
        if parts is None:
            raise Inexpressible(f"row {number}, column {table.columns[place].name} compares with more than constants")
        found.append(parts)
    return found


def _ways(rule: Rule, named: list[_Constants], axes: tuple[Axis, ...], room: int) -> list[_Ways]:
    """A row's rules: one for each way through the stretches of its cells; none if a cell can never
    be true."""
    runs: list[list[tuple[int, int]]] = []
    for axis, cell, its in zip(axes, rule.cells, named, strict=True):
        runs.append(axis.runs(cell, its) if cell.node.tests else [(0, axis.last)])
    if prod(map(len, runs)) > room:
        raise Inexpressible(f"its rows make more than {MOST_RULES} rules")
    return list(product(*runs))


def _branch(branches: dict[str, set[str]], terms: list[_Condition]) -> None:
    """Notes which condition follows which; durable-rules takes them in their order."""
    before = ""
    for term in map(json.dumps, terms):
        following = branches.setdefault(before, set())
        following.add(term)
        if len(following) > MOST_BRANCHES:
            raise Inexpressible(f"more than {MOST_BRANCHES} different conditions follow the same ones")
        before += term


def _terms(ways: _Ways, axes: tuple[Axis, ...]) -> list[_Condition]:
    terms: list[_Condition] = []
    for place, ((first, last), axis) in enumerate(zip(ways, axes, strict=True)):
        if first == last:
            terms.append({f"c{place}": first})
            continue
        if first > 0:
            terms.append({"$gte": {f"c{place}": first}})
        if last < axis.last:
            terms.append({"$lte": {f"c{place}": last}})
    if not terms:
        terms.append({"$gte": {"c0": 0}})  # a row of dashes applies always; a rule must have a condition
    return terms
