"""Evaluates boxed expressions other than tables (DMN 1.5, 10.2.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from rules.feel import Function, Value, to_value
from rules.feel.functions import as_function
from rules.feel.loops import filtered, judged, repeated
from rules.feel.scope import Run
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
from rules.reading.names import given_names
from rules.shapes import conforming

Scope: TypeAlias = dict[str, object]
Evaluate: TypeAlias = Callable[[Logic, Scope], Value]


def evaluate(logic: Logic, scope: Scope, inside: Evaluate) -> Value:
    """The value in a scope; ``inside`` evaluates what the logic is made of, tables among it."""
    match logic:
        case Formula():
            return logic.expression.run(scope)
        case Invocation():
            return _invoked(logic, scope, inside)
        case Entries():
            return _entries(logic, scope, inside)
        case Items():
            return [inside(item, scope) for item in logic.items]
        case Choice():
            return inside(logic.then if inside(logic.condition, scope) is True else logic.otherwise, scope)
        case Iteration():
            return _iteration(logic, scope, inside)
        case Selection():
            return filtered(inside(logic.of, scope), _run(logic.match, inside), scope)
        case Definition():
            return _definition(logic, scope, inside)
        case Typed():
            return conforming(inside(logic.body, scope), logic.shape)
        case Table():
            return inside(logic, scope)


def _invoked(logic: Invocation, scope: Scope, inside: Evaluate) -> Value:
    """Parameters that are not bound are null."""
    function = logic.called.run(scope)
    if function is None:
        function = as_function(logic.called.text)
    values = {name: _bound(bound, scope, inside) for name, bound in logic.bindings}
    if not isinstance(function, Function):
        return None
    if function.parameters is None:
        return function.invoke(tuple(values.values()))
    if not values.keys() <= set(function.parameters):
        return None
    return function.invoke(tuple(values.get(name) for name in function.parameters))


def _bound(logic: Logic, scope: Scope, inside: Evaluate) -> Value:
    value = inside(logic, scope)
    return as_function(logic.expression.text) if value is None and isinstance(logic, Formula) else value


def _entries(logic: Entries, scope: Scope, inside: Evaluate) -> Value:
    made: dict[str, Value] = {}
    inner = dict(scope)
    for name, entry in logic.entries:
        made[name] = inner[name] = inside(entry, inner)
    return made if logic.result is None else inside(logic.result, inner)


def _iteration(logic: Iteration, scope: Scope, inside: Evaluate) -> Value:
    iterators = ((logic.variable, _run(logic.over, inside), 1),)
    result = _run(logic.result, inside)
    if logic.kind == "for":
        return repeated(iterators, result, scope, partial="partial" in given_names(logic.result))
    return judged(logic.kind, iterators, result, scope)


def _definition(logic: Definition, scope: Scope, inside: Evaluate) -> Value:
    def call(*values: Value) -> Value:
        given = zip(logic.parameters, logic.shapes, values, strict=True)
        inner = scope | {name: conforming(to_value(value), shape) for name, shape, value in given}
        return inside(logic.body, inner)

    return Function("", logic.parameters, call)


def _run(logic: Logic, inside: Evaluate) -> Run:
    return lambda scope: inside(logic, dict(scope))
