"""Which names a piece of logic reads from outside."""

from __future__ import annotations

from collections.abc import Iterable

from rules.model import Entries, Formula, Invocation, Logic, Table


def given_names(logic: Logic) -> frozenset[str]:
    """The variables that have to be supplied for the logic to run."""
    match logic:
        case Formula():
            return logic.expression.names
        case Invocation():
            return _all(bound for _, bound in logic.bindings)
        case Entries():
            own = {name for name, _ in logic.entries}
            inner = _all(entry for _, entry in logic.entries)
            return (inner | (given_names(logic.result) if logic.result else frozenset[str]())) - own
        case Table():
            return column_names(logic) | cell_names(logic)


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


def _all(parts: Iterable[Logic]) -> frozenset[str]:
    return frozenset[str]().union(*map(given_names, parts))
