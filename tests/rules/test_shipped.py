"""The tables that come with Baton: each keeps its own examples, through both evaluators."""

from __future__ import annotations

from pathlib import Path

import pytest

import rules
from rules import Decision, read_table
from rules.compiler import compile_table
from rules.examples import check
from rules.model import Table

SHIPPED = [
    pytest.param(decision, id=decision.key)
    for file in rules.shipped()
    for decision in read_table(Path(file).read_bytes())
]


def test_there_are_tables() -> None:
    assert SHIPPED


@pytest.mark.parametrize("decision", SHIPPED)
def test_examples_hold(decision: Decision) -> None:
    assert not check(decision), "\n".join(map(str, check(decision)))


@pytest.mark.parametrize("decision", SHIPPED)
def test_every_row_is_shown_by_an_example(decision: Decision) -> None:
    assert isinstance(decision.logic, Table)
    seen: set[str] = set()
    for example in decision.examples:
        inputs: dict[str, object] = {name: None for name in decision.inputs}
        inputs |= {name: value.run({}) for name, value in example.given}
        try:
            seen |= set(rules.decide(decision, inputs).matched)
        except rules.NoRuleMatched:
            continue
    assert seen == {rule.id for rule in decision.logic.rules}


@pytest.mark.parametrize("decision", SHIPPED)
def test_durable_rules_evaluates_it(decision: Decision) -> None:
    assert isinstance(decision.logic, Table)
    assert compile_table(decision.logic).rows
