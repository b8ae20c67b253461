"""What a decision takes and gives, read off its table: diagrams that ask it are checked against
that."""

from __future__ import annotations

from cases.signatures import Field, Signature
from rules.model import Column, Decision, Output, Table

_KINDS = {
    "string": "string",
    "number": "number",
    "boolean": "boolean",
    "date": "instant",
    "date and time": "instant",
}
_RESULT = "result"
"""Under which name the activity ``decide`` gives what is no context."""


def of_decision(decision: Decision) -> Signature:
    """A decision's inputs, none of which may be left out (null is a value), and its outputs."""
    logic = decision.logic
    columns = {one.expression.text: one for one in logic.columns} if isinstance(logic, Table) else {}
    takes = tuple(_input(name, columns.get(name)) for name in decision.inputs)
    if not isinstance(logic, Table):
        return Signature(takes, gives_more=True)
    if logic.gives_list:
        return Signature(takes, (Field(_RESULT, "list", required=True),))
    return Signature(takes, tuple(_output(decision, logic, one) for one in logic.outputs))


def _input(name: str, column: Column | None) -> Field:
    if column is None:
        return Field(name, required=True)
    return Field(name, _KINDS.get(column.kind or "", "any"), tuple(sorted(column.listed)), required=True)


def _output(decision: Decision, table: Table, output: Output) -> Field:
    """An output column; texts are codes if each row writes one down."""
    name = output.name or decision.variable
    kind = _KINDS.get(output.kind or "", "any")
    if table.aggregation is not None:
        return Field(name, "number" if kind == "any" else kind)
    at = table.outputs.index(output)
    written = [rule.outputs[at] for rule in table.rules] + ([output.default] if output.default else [])
    values = [one.run({}) for one in written if not one.names]
    texts = [value for value in values if isinstance(value, str)]
    sure = kind == "string" and len(values) == len(written) and bool(texts)
    return Field(name, kind, tuple(sorted({*texts})) if sure else ())
