"""Evaluates a decision: what it requires first, then its logic; shared by every evaluator, which only matches rows."""

from __future__ import annotations

import math
from collections.abc import Mapping

from rules import outcome
from rules.errors import InputRefused, NoRuleMatched
from rules.feel import Function, Range, Value, to_json, to_value
from rules.model import (
    Column,
    Decided,
    Decision,
    Engine,
    Entries,
    Formula,
    Invocation,
    Knowledge,
    Logic,
    Matcher,
    Table,
)
from rules.shapes import conforming, shaped
from rules.types import fitted

Scope = dict[str, object]


def evaluate(decision: Decision, inputs: Mapping[str, object], matcher: Matcher) -> Decided:
    """Decides.

    Raises:
        InputRefused: an input is missing, of the wrong type, or not among the allowed values.
        NoRuleMatched: no row of the decision's own table applies (a required one then gives null).
        Ambiguous: rows contradict.
        FeelError: a given value has a type that FEEL does not know, or a loop does not come to an end.
    """
    scope: Scope = dict(inputs)
    for name in decision.inputs:
        if name not in scope:
            raise InputRefused(decision.key, name, "is not given")
    for name, value in scope.items():
        if type(value) is float and not math.isfinite(value):
            raise InputRefused(decision.key, name, "is no finite number")
    for name, shape in decision.shapes:
        value = to_value(scope[name])
        try:
            scope[name] = shaped(value, shape)
        except ValueError as misfit:
            raise InputRefused(decision.key, name, str(misfit)) from None
    if decision.requires or decision.knowledge:
        _require(decision, scope, matcher, {})
    if isinstance(decision.logic, Table):
        return _table(decision, decision.logic, scope, matcher)
    value = conforming(_logic(decision.key, decision.logic, scope, matcher), decision.result)
    return Decided(decision.key, decision.version, {decision.variable: to_json(value)}, (), "none", value)


def _table(decision: Decision, table: Table, scope: Scope, matcher: Matcher) -> Decided:
    rows, engine = _match(decision.key, table, scope, matcher)
    hit = outcome.settle(decision.key, table, rows, scope)
    if hit is None:
        raise NoRuleMatched(decision.key)
    return Decided(
        decision.key,
        decision.version,
        outcome.named(table, decision.variable, hit.values),
        tuple([table.rules[row].id for row in hit.rows]),
        engine,
        outcome.value_of(table, hit.values),
    )


def _require(decision: Decision, scope: Scope, matcher: Matcher, done: dict[str, Value]) -> None:
    """Puts the results of required decisions into the scope, each decided once."""
    for required in decision.requires:
        if required.key not in done:
            inner = dict(scope)
            _require(required, inner, matcher, done)
            value = _logic(required.key, required.logic, inner, matcher)
            done[required.key] = conforming(value, required.result)
        scope[required.variable] = done[required.key]
    for model in decision.knowledge:
        scope[model.name] = _function(decision.key, model, matcher)


def _logic(key: str, logic: Logic, scope: Scope, matcher: Matcher) -> Value:
    match logic:
        case Formula():
            return logic.expression.run(scope)
        case Table():
            rows, _ = _match(key, logic, scope, matcher)
            hit = outcome.settle(key, logic, rows, scope)
            return None if hit is None else outcome.value_of(logic, hit.values)
        case Invocation():
            function = scope.get(logic.model)
            values = [(name, _logic(key, bound, scope, matcher)) for name, bound in logic.bindings]
            return function.call(**dict(values)) if isinstance(function, Function) else None
        case Entries():
            made: dict[str, Value] = {}
            inner = dict(scope)
            for name, entry in logic.entries:
                made[name] = inner[name] = _logic(key, entry, inner, matcher)
            return made if logic.result is None else _logic(key, logic.result, inner, matcher)


def _function(key: str, model: Knowledge, matcher: Matcher) -> Function:
    def call(*values: Value, **named: Value) -> Value:
        scope: Scope = {inner.name: _function(key, inner, matcher) for inner in model.requires}
        scope |= dict.fromkeys(model.parameters)
        scope |= dict(zip(model.parameters, values, strict=False)) | named
        for name, shape in zip(model.parameters, model.shapes, strict=True):
            scope[name] = conforming(to_value(scope[name]), shape)
        return conforming(_logic(key, model.body, scope, matcher), model.result)

    return Function(model.name, len(model.parameters), call)


def _match(key: str, table: Table, scope: Scope, matcher: Matcher) -> tuple[tuple[int, ...], Engine]:
    values = tuple([_column_value(key, column, scope) for column in table.columns])
    matched = matcher(table, values, scope)
    return matched.rows, matched.engine


def _column_value(key: str, column: Column, scope: Scope) -> Value:
    value = column.expression.run(scope)
    if value is None:
        return None
    if column.kind is not None:
        try:
            value = fitted(value, column.kind)
        except ValueError as misfit:
            raise InputRefused(key, column.name, str(misfit)) from None
    elif isinstance(value, (Range, Function)):
        raise InputRefused(key, column.name, "a range or function cannot be looked up in a table")
    if column.allowed is not None and not _is_allowed(column, value, scope):
        raise InputRefused(key, column.name, "is not among the allowed values")
    return value


def _is_allowed(column: Column, value: Value, scope: Scope) -> bool:
    if isinstance(value, str) and value in column.listed:
        return True
    return column.allowed is None or column.allowed.run(value, scope) is True
