"""What a table's author should be told before it is published, beyond what the reader needs to read
it."""

from __future__ import annotations

from rules.constants import constants, unreadable
from rules.feel import FeelError
from rules.feel.values import equal
from rules.model import HitPolicy, Logic, Rule, Table
from rules.reading.names import cell_names, column_names
from rules.reading.xml import Element, Source
from rules.types import fits


def check_table(source: Source, node: Element, logic: Logic, declared: frozenset[str]) -> None:
    """Adds to the source's problems: values that can never fit, missing priorities, names that
    nobody supplies.

    Of a file that is not to be published but run as far as it goes, only names that the file does
    not know count: text without its quotes would otherwise be null, and match nothing.
    """
    if not isinstance(logic, Table):
        return
    if source.lenient:
        _check_names(source, node, logic, declared | source.names)
        return
    if logic.policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not any(out.order for out in logic.outputs):
        source.problem(node, "its hit policy needs an order of outputs", "List the output values, the first wins")
    _check_names(source, node, logic, declared)
    for number, rule in enumerate(logic.rules, 1):
        _check_cells(source, node, logic, rule, number)
        _check_outputs(source, node, logic, rule, number)


def _check_names(source: Source, node: Element, table: Table, declared: frozenset[str]) -> None:
    known = declared | column_names(table)
    for name in sorted(cell_names(table) - known):
        source.problem(node, f"a cell reads “{name}”, which is no input", f'Write "{name}" in quotes if text is meant')


def _check_cells(source: Source, node: Element, table: Table, rule: Rule, number: int) -> None:
    for cell, column in zip(rule.cells, table.columns, strict=False):
        if unreadable(cell):
            cure = 'Write it as date("2026-11-21") or duration("P7D")'
            source.problem(node, f"{cell.text} holds no date or duration", cure, row=number, column=column.name)
        elif not all(fits(value, column.kind) for value in constants(cell) or ()):
            cure = "Write a value of the column's type, or change the type"
            message = f"{cell.text} can never match a {column.kind}"
            source.problem(node, message, cure, row=number, column=column.name)


def _check_outputs(source: Source, node: Element, table: Table, rule: Rule, number: int) -> None:
    for expression, output in zip(rule.outputs, table.outputs, strict=False):
        if expression.names:
            continue
        try:
            value = expression.run({})
        except FeelError as endless:
            cure = "Write the value, or a shorter way to it"
            source.problem(node, f"{expression.text}: {endless}", cure, row=number, column=output.name)
            continue
        if not fits(value, output.kind):
            cure = "Write a value of the column's type, or change the type"
            source.problem(node, f"{expression.text} is no {output.kind}", cure, row=number, column=output.name)
        elif output.order and value is not None and not any(equal(value, listed) for listed in output.order):
            cure = "Take one of the output values, or add it to them"
            message = f"{expression.text} is not among the output values"
            source.problem(node, message, cure, row=number, column=output.name)
