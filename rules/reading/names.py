"""Which names a piece of logic reads from outside."""

from __future__ import annotations

from collections.abc import Iterable

from rules.feel import Expression
from rules.feel.functions import FUNCTIONS
from rules.model import (
    Choice,
    Definition,
    Entries,
    Formula,
    Invocation,
    Items,
    Iteration,
    Logic,
    Selection,
    Table,
    Typed,
)


def given_names(logic: Logic) -> frozenset[str]:
    """The variables that have to be supplied for the logic to run."""
    match logic:
        case Formula():
            return logic.expression.names
        case Table():
            return column_names(logic) | cell_names(logic)
        case Entries():
            return _of_entries(logic)
        case Definition():
            return given_names(logic.body) - set(logic.parameters)
        case Iteration():
            bound = {logic.variable, "partial"} if logic.kind == "for" else {logic.variable}
            return given_names(logic.over) | (given_names(logic.result) - bound)
        case Selection():
            return given_names(logic.of) | (given_names(logic.match) - {"item"})
        case Invocation():
            return logic.called.names - FUNCTIONS.keys() | _all(below(logic))
        case Items() | Choice() | Typed():
            return _all(below(logic))


def maybe_names(logic: Logic) -> frozenset[str]:
    """Those of them that need not be variables: inside of filters they may be members of the
    filtered items."""
    match logic:
        case Formula():
            return logic.expression.maybe
        case Table():
            return frozenset[str]().union(*(expression.maybe for expression in _expressions(logic)))
        case Selection():
            return maybe_names(logic.of) | given_names(logic.match)
        case Invocation():
            names = (bound.expression.text for _, bound in logic.bindings if isinstance(bound, Formula))
            return frozenset(FUNCTIONS.keys() & set(names)).union(*map(maybe_names, below(logic)))
        case _:
            return frozenset[str]().union(*map(maybe_names, below(logic)))


def below(logic: Logic) -> tuple[Logic, ...]:
    """The logic that it is made of."""
    match logic:
        case Formula() | Table():
            return ()
        case Invocation():
            return tuple(bound for _, bound in logic.bindings)
        case Entries():
            return (*(entry for _, entry in logic.entries), *(() if logic.result is None else (logic.result,)))
        case Items():
            return logic.items
        case Choice():
            return (logic.condition, logic.then, logic.otherwise)
        case Iteration():
            return (logic.over, logic.result)
        case Selection():
            return (logic.of, logic.match)
        case Definition() | Typed():
            return (logic.body,)


def _of_entries(logic: Entries) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    earlier: set[str] = set()
    for name, entry in logic.entries:
        found |= given_names(entry) - earlier
        earlier.add(name)
    return found if logic.result is None else found | (given_names(logic.result) - earlier)


def in_order(logic: Logic) -> list[str]:
    """The same, a table's inputs in the order of its columns first."""
    columns = logic.columns if isinstance(logic, Table) else ()
    first = [name for column in columns for name in sorted(column.expression.names)]
    return list(dict.fromkeys([*first, *sorted(given_names(logic))]))


def column_names(table: Table) -> frozenset[str]:
    """The variables of a table's input expressions."""
    return frozenset[str]().union(*(column.expression.names for column in table.columns))


def cell_names(table: Table) -> frozenset[str]:
    """The variables that cells, outputs and defaults read."""
    read = [cell.names for rule in table.rules for cell in rule.cells]
    read += [output.names for rule in table.rules for output in rule.outputs]
    read += [output.default.names for output in table.outputs if output.default]
    return frozenset[str]().union(*read)


def _expressions(table: Table) -> Iterable[Expression]:
    yield from (column.expression for column in table.columns)
    yield from (output for rule in table.rules for output in rule.outputs)


def _all(parts: Iterable[Logic]) -> frozenset[str]:
    return frozenset[str]().union(*map(given_names, parts))
