"""Reads one ``<decisionTable>`` (DMN 1.5, 8.3)."""

from __future__ import annotations

from typing import cast, get_args

from rules.constants import is_constant
from rules.feel import Tests, Value, parse
from rules.feel.evaluate import compiled
from rules.feel.syntax import Literal, Match
from rules.model import Aggregation, Answer, Column, HitPolicy, Output, Rule, Table
from rules.reading.item_types import ItemDefinitions
from rules.reading.xml import Element, Source, child, children, text_of

_POLICIES = {
    "UNIQUE": HitPolicy.UNIQUE,
    "ANY": HitPolicy.ANY,
    "PRIORITY": HitPolicy.PRIORITY,
    "FIRST": HitPolicy.FIRST,
    "RULE ORDER": HitPolicy.RULE_ORDER,
    "OUTPUT ORDER": HitPolicy.OUTPUT_ORDER,
    "COLLECT": HitPolicy.COLLECT,
}


def read_decision_table(source: Source, items: ItemDefinitions, node: Element, type_ref: str = "") -> Table:
    """The table; what is wrong with it goes to the source's problems.

    ``type_ref`` is the declared type of its result: outputs that list no values have those that it
    allows.
    """
    columns = tuple(_column(source, items, part, number) for number, part in enumerate(children(node, "input"), 1))
    of_result = {} if node.get("aggregation") else items.allowed_in(node.get("typeRef") or type_ref)
    parts = list(children(node, "output"))
    outputs = tuple(
        _output(source, items, part, of_result.get("" if len(parts) == 1 else part.get("name") or "")) for part in parts
    )
    policy = _POLICIES.get(node.get("hitPolicy") or "UNIQUE")
    if policy is None:
        source.problem(node, "its hit policy is unknown", f"Take one of {', '.join(_POLICIES)}")
    if not outputs:
        source.problem(node, "the table has no output", "Add an output column")
    names = [output.name for output in outputs]
    if len(outputs) > 1 and (not all(names) or len(set(names)) < len(names)):
        source.problem(node, "output columns need names, each its own", "Name every output column")
    rules = tuple(
        _rule(source, part, number, columns, outputs) for number, part in enumerate(children(node, "rule"), 1)
    )
    if not rules:
        source.problem(node, "the table has no row", "Add a row")
    if len({rule.id for rule in rules}) < len(rules):
        source.problem(node, "two rows have the same id", "Give every row an id of its own")
    answers = dict[tuple[int, ...], Answer]() if _all_written_out(outputs, rules) else None
    return Table(columns, outputs, rules, policy or HitPolicy.UNIQUE, _aggregation(source, node, policy), answers)


def _all_written_out(outputs: tuple[Output, ...], rules: tuple[Rule, ...]) -> bool:
    defaults = (output.default for output in outputs if output.default is not None)
    return all(is_constant(expression.node) for rule in rules for expression in rule.outputs) and all(
        is_constant(default.node) for default in defaults
    )


def _aggregation(source: Source, node: Element, policy: HitPolicy | None) -> Aggregation | None:
    given = node.get("aggregation")
    if given is None:
        return None
    if policy is not HitPolicy.COLLECT or given not in get_args(Aggregation):
        source.problem(node, f"the aggregation “{given}” does not fit", "Take SUM, MIN, MAX or COUNT with COLLECT")
        return None
    return cast(Aggregation, given)


def _column(source: Source, items: ItemDefinitions, node: Element, number: int) -> Column:
    expression = child(node, "inputExpression")
    name = node.get("label") or text_of(child(expression, "text")) or f"input {number}"
    if expression is None or not text_of(child(expression, "text")):
        source.problem(node, "the input column has no expression", "Name the input it looks at", column=name)
        return Column(name, parse("null"))
    type_ref = expression.get("typeRef")
    listed = child(node, "inputValues")
    if listed is None:
        listed = items.allowed(type_ref)
    allowed = source.tests(listed, name) if listed is not None and text_of(child(listed, "text")) else None
    return Column(
        name,
        source.expression(expression, name),
        source.types.kind(type_ref),
        allowed,
        _texts(allowed),
        source.types.whole(type_ref),
    )


def _texts(tests: Tests | None) -> frozenset[str]:
    if tests is None or tests.node.negated:
        return frozenset()
    literals = (test.expression for test in tests.node.tests if isinstance(test, Match))
    return frozenset(node.value for node in literals if isinstance(node, Literal) and isinstance(node.value, str))


def _output(source: Source, items: ItemDefinitions, node: Element, of_result: Element | None) -> Output:
    name = node.get("name") or ""
    type_ref = node.get("typeRef")
    listed = child(node, "outputValues")
    if listed is None:
        listed = items.allowed(type_ref) if type_ref else of_result
    default = child(node, "defaultOutputEntry")
    return Output(
        name,
        source.types.kind(type_ref),
        _order(source, listed, name),
        source.expression(default, name) if default is not None and text_of(child(default, "text")) else None,
    )


def _order(source: Source, node: Element | None, column: str) -> tuple[Value, ...]:
    """The listed output values; only constants can be put in order, so anything else leaves the
    list empty."""
    if node is None or not text_of(child(node, "text")):
        return ()
    tests = source.tests(node, column)
    values: list[Value] = []
    for test in tests.node.tests:
        if not isinstance(test, Match) or tests.names or tests.node.negated:
            return ()
        values.append(compiled(test.expression)({}))
    return tuple(values)


def _rule(source: Source, node: Element, number: int, columns: tuple[Column, ...], outputs: tuple[Output, ...]) -> Rule:
    cells, entries = list(children(node, "inputEntry")), list(children(node, "outputEntry"))
    if len(cells) != len(columns) or len(entries) != len(outputs):
        found = f"{len(cells)} input and {len(entries)} output cells"
        wanted = f"{len(columns)} input and {len(outputs)} output columns"
        source.problem(node, f"the row has {found}, the table {wanted}", "Fill the row", row=number)
    return Rule(
        id=node.get("id") or str(number),
        cells=tuple(source.tests(cell, column.name, row=number) for cell, column in zip(cells, columns, strict=False)),
        outputs=tuple(
            source.expression(entry, output.name, row=number, empty="null")
            for entry, output in zip(entries, outputs, strict=False)
        ),
        note=_note(node),
        line=node.sourceline,
    )


def _note(node: Element) -> str:
    notes = [text_of(child(node, "description")), *(text_of(entry) for entry in children(node, "annotationEntry"))]
    return " ".join(filter(None, notes))
