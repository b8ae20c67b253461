"""The properties of a decision, a column, an example by their DMN terms, for comparing versions."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Final, TypeAlias, cast

from rules.feel import Expression, Tests, literal
from rules.model import Column, Decision, Example, Knowledge, Output, Table
from rules.sameness import meaning
from rules.shapes import ANYTHING, Shape


@dataclass(frozen=True, slots=True)
class Property:
    """One property that differs; "" is: not there."""

    name: str
    old: str
    new: str


Said: TypeAlias = "Mapping[str, str | Expression | Tests | None]"
"""Properties by their terms."""


def differing(old: Said, new: Said) -> Iterator[Property]:
    """Those that do not say the same, in the new version's order, then those that went."""
    for name in dict.fromkeys((*new, *old)):
        before, after = old.get(name), new.get(name)
        if _meant(before) != _meant(after):
            yield Property(name, text(before), text(after))


def text(said: str | Expression | Tests | None) -> str:
    """How it is written."""
    if said is None:
        return ""
    return said if isinstance(said, str) else " ".join(said.text.split())


def of_decision(decision: Decision) -> Said:
    """What a decision says outside of its rows, columns and examples."""
    said: dict[str, str | Expression | Tests | None] = {
        "name": decision.name,
        "variable": decision.variable,
        "description": decision.note,
        "requiredInput": ", ".join(decision.inputs),
    }
    said |= {f"inputData {name}": shape_text(shape) for name, shape in decision.shapes}
    return said | {"typeRef": shape_text(decision.result)} | dict(_of_logic("", decision.logic))


def of_knowledge(model: Knowledge) -> Said:
    """What a knowledge model says outside of its rows and columns."""
    shapes = zip(model.parameters, model.shapes or (ANYTHING,) * len(model.parameters), strict=False)
    parameters = ", ".join(f"{name}: {said}" if (said := shape_text(shape)) else name for name, shape in shapes)
    return {"formalParameter": parameters, "typeRef": shape_text(model.result)} | dict(_of_logic("", model.body))


def of_column(column: Column) -> Said:
    """An input column, its cells aside."""
    return {
        "label": column.name,
        "inputExpression": column.expression,
        "typeRef": "integer" if column.whole else column.kind,
        "inputValues": column.allowed,
    }


def of_output(output: Output) -> Said:
    """An output column, its cells aside."""
    return {
        "name": output.name,
        "typeRef": output.kind,
        "outputValues": ", ".join(map(literal, output.order)),
        "defaultOutputEntry": output.default,
    }


def of_example(example: Example) -> Said:
    """What an example gives and expects."""
    given = {f"given {name}": said for name, said in example.given}
    return given | {f"expect {name}": said for name, said in example.expect}


def shape_text(shape: Shape) -> str:
    """A declared type in one line."""
    if shape.items is not None:
        said = f"list<{shape_text(shape.items) or 'Any'}>"
    elif shape.components:
        inner = ", ".join(f"{name}: {shape_text(of) or 'Any'}" for name, of in shape.components)
        said = f"context<{inner}>"
    else:
        said = shape.kind or ""
    allowed = "; ".join(text(tests) for tests in shape.allowed)
    return f"{said} ({allowed})".strip() if allowed else said


def _meant(said: str | Expression | Tests | None) -> Hashable:
    """Texts count as they are, without spaces at their ends; what is not said is as good as
    empty."""
    return (said or "").strip() if said is None or isinstance(said, str) else meaning(said)


def _of_logic(path: str, logic: object) -> Iterator[tuple[str, str | Expression | Tests | None]]:
    """Logic under its paths, read from the model itself, so that no kind of it can be forgotten.

    A table's rows and columns are among them only where it is no decision's or knowledge model's
    own.
    """
    match logic:
        case None | () | "":
            return
        case Expression() | Tests():
            yield path or "literalExpression", logic
        case Shape():
            yield _below(path, "typeRef"), shape_text(logic)
        case Table() if not path:
            yield "hitPolicy", logic.policy.name.replace("_", " ")
            yield "aggregation", logic.aggregation
        case Enum():
            yield path, str(logic.name)
        case tuple():
            for number, part in enumerate(cast("tuple[object, ...]", logic), 1):
                name, inner = cast("tuple[str, object]", part) if _is_named(part) else (str(number), part)
                yield from _of_logic(_below(path, name), inner)
        case _ if is_dataclass(logic) and not isinstance(logic, type):
            for field in fields(logic):
                if field.name not in _SAYS_NOTHING:
                    yield from _of_logic(_below(path, _TERMS.get(field.name, field.name)), getattr(logic, field.name))
        case _:
            yield path, str(logic)


def _is_named(part: object) -> bool:
    """Whether this is a name with what it stands for, as entries and bindings are."""
    return isinstance(part, tuple) and len(cast("tuple[object, ...]", part)) == 2 and isinstance(part[0], str)


_SAYS_NOTHING: Final = frozenset({"line", "listed", "id", "answers"})
"""What is worked out from the rest, or only says where something stands."""

_TERMS: Final = {
    "expression": "literalExpression",
    "called": "invocation",
    "bindings": "binding",
    "entries": "contextEntry",
    "columns": "input",
    "outputs": "output",
    "rules": "rule",
    "cells": "inputEntry",
    "allowed": "inputValues",
    "order": "outputValues",
    "default": "defaultOutputEntry",
    "policy": "hitPolicy",
}
"""The model's names and DMN's."""


def _below(path: str, name: str) -> str:
    return f"{path} {name}" if path else name
