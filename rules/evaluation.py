"""Evaluates a decision: what it requires first, then its logic; shared by every evaluator, which
only matches rows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from rules import boxed, outcome
from rules.errors import InputRefused, NoRuleMatched
from rules.feel import Function, Range, Value, bounds, parse, to_json, to_value
from rules.model import Column, Decided, Decision, Engine, Formula, Import, Knowledge, Logic, Matcher, Table
from rules.shapes import conforming, shaped
from rules.types import fits, fitted

Scope = dict[str, object]
_NOTHING = Formula(parse("null"))


def evaluate(decision: Decision, inputs: Mapping[str, object], matcher: Matcher) -> Decided:
    """Decides.

    Raises:
        InputRefused: an input is missing, of the wrong type, or not among the allowed values.
        NoRuleMatched: no row of the decision's own table applies (a required one then gives null).
        Ambiguous: rows contradict.
        FeelError: a given value has a type that FEEL does not know.
        FeelTooMuch: it asks, with all that it requires, for more than FEEL's bounds allow.
    """
    if not decision.plain and bounds.meter.left is None:
        return bounds.evaluation(evaluate, decision, inputs, matcher)
    given: Scope = dict(inputs)
    for name in decision.inputs:
        if name not in given:
            raise InputRefused(decision.key, name, "is not given")
    for name, value in given.items():
        if type(value) is float and not math.isfinite(value):
            raise InputRefused(decision.key, name, "is no finite number")
    for name, shape in decision.shapes:
        value = to_value(given[name])
        try:
            given[name] = shaped(value, shape)
        except ValueError as misfit:
            raise InputRefused(decision.key, name, str(misfit)) from None
    scope = given
    if decision.requires or decision.knowledge or decision.imports:
        scope = dict(given)
        _require(decision, scope, given, matcher, {})
    if isinstance(decision.logic, Table):
        return _table(decision, decision.logic, scope, matcher)
    value = conforming(_logic(decision.key, decision.logic, scope, matcher), decision.result)
    return Decided(decision.key, decision.version, {decision.variable: to_json(value)}, (), "none", value)


def _table(decision: Decision, table: Table, scope: Scope, matcher: Matcher) -> Decided:
    rows, engine = _match(decision.key, table, scope, matcher)
    answer = outcome.answer(decision.key, decision.variable, table, rows, scope)
    if answer is None:
        raise NoRuleMatched(decision.key)
    outputs, value, speaking = answer
    return Decided(decision.key, decision.version, outputs, speaking, engine, value)


def _require(decision: Decision, scope: Scope, given: Scope, matcher: Matcher, done: dict[str, Value]) -> None:
    """Puts the results of required decisions into the scope, each decided once, from nothing but
    its own inputs."""
    for required in decision.requires:
        if required.key not in done:
            inner: Scope = {name: given.get(name) for name in required.inputs}
            _require(required, inner, given, matcher, done)
            value = _logic(required.key, required.logic, inner, matcher)
            done[required.key] = conforming(value, required.result)
        scope[required.variable] = done[required.key]
    for model in decision.knowledge:
        scope[model.name] = _function(decision.key, model, matcher)
    for one in decision.imports:
        _import(decision.key, one, scope, given, matcher)


def _import(key: str, imported: Import, scope: Scope, given: Scope, matcher: Matcher) -> None:
    """Another file's decisions are decided by themselves: its ids and names are its own."""
    needed = [*imported.inputs, *(name for required in imported.decisions for name in required.inputs)]
    inside: Scope = {name: given.get(imported.name(name)) for name in needed}
    made: Scope = {name: inside[name] for name in imported.inputs}
    _require(Decision(key, "", "", _NOTHING, requires=imported.decisions), made, inside, matcher, {})
    made |= {model.name: _function(key, model, matcher) for model in imported.knowledge}
    if imported.alias:
        made = {imported.alias: made}
    scope.update(made)


_LOGIC_LEVELS = 4
"""Levels of Python's stack that a boxed expression adds."""


def _logic(key: str, logic: Logic, scope: Scope, matcher: Matcher) -> Value:
    if isinstance(logic, Formula):
        size = logic.expression.size
        bounds.charge(size.steps + (len(scope) >> 4))
        return bounds.call(size.levels + _LOGIC_LEVELS, logic.expression.run, scope)
    bounds.charge(1 + (len(logic.rules) * len(logic.columns) if isinstance(logic, Table) else len(scope) >> 4))
    return bounds.call(_LOGIC_LEVELS, _boxed, key, logic, scope, matcher)


def _boxed(key: str, logic: Logic, scope: Scope, matcher: Matcher) -> Value:
    if isinstance(logic, Table):
        rows, _ = _match(key, logic, scope, matcher)
        hit = outcome.settle(key, logic, rows, scope)
        return None if hit is None else outcome.value_of(logic, hit.values)
    return boxed.evaluate(logic, scope, lambda inner, around: _logic(key, inner, around, matcher))


def _function(key: str, model: Knowledge, matcher: Matcher) -> Function:
    def call(*values: Value) -> Value:
        scope: Scope = {inner.name: _function(key, inner, matcher) for inner in model.requires}
        for one in model.imports:
            _import(key, one, scope, {}, matcher)
        for name, shape, value in zip(model.parameters, model.shapes, values, strict=True):
            scope[name] = conforming(value, shape)
        done: dict[str, Value] = {}
        for decided in model.decisions:
            inside = Decision(key, "", "", model.body, requires=(decided,))
            _require(inside, scope, dict(scope), matcher, done)
        return conforming(_logic(key, model.body, scope, matcher), model.result)

    return Function(model.name, model.parameters, call)


def _match(key: str, table: Table, scope: Scope, matcher: Matcher) -> tuple[tuple[int, ...], Engine]:
    values: list[Value] = []
    for column in table.columns:
        value = column.expression.run(scope)
        plain = column.kind is not None and column.allowed is None and not column.whole
        if value is not None and not (plain and fits(value, column.kind)):
            value = _column_value(key, column, value, scope)
        values.append(value)
    matched = matcher(table, tuple(values), scope)
    return matched.rows, matched.engine


def _column_value(key: str, column: Column, value: Value, scope: Scope) -> Value:
    if column.kind is not None:
        try:
            value = fitted(value, column.kind)
        except ValueError as misfit:
            raise InputRefused(key, column.name, str(misfit)) from None
        if column.whole and isinstance(value, Decimal) and value != value.to_integral_value():
            raise InputRefused(key, column.name, "a whole number is needed")
    elif isinstance(value, (Range, Function)):
        raise InputRefused(key, column.name, "a range or function cannot be looked up in a table")
    if column.allowed is not None and not _is_allowed(column, value, scope):
        raise InputRefused(key, column.name, "is not among the allowed values")
    return value


def _is_allowed(column: Column, value: Value, scope: Scope) -> bool:
    if isinstance(value, str) and value in column.listed:
        return True
    return column.allowed is None or column.allowed.run(value, scope) is True
