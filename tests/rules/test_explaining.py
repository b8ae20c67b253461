"""A decision explains itself: which rows applied, which cells made the others fail, and never
another result."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules import Ambiguous, Decision, InputRefused, NoRuleMatched, RulesError, read_table, reference
from rules.constants import constants
from rules.evaluation import evaluate
from rules.explaining import Explanation, explain
from rules.feel import Value, unary_test
from rules.model import HitPolicy, Matched, Table
from tests.rules.drawing import MODEL, table
from tests.rules.test_agreement import ANYTHING, VALUES, drawn_tables

SHIPPED = [
    pytest.param(decision, id=decision.key)
    for file in rules.shipped()
    for decision in read_table(Path(file).read_bytes())
]


def said(decision: Decision, inputs: dict[str, object]) -> object:
    """What the evaluator that serves leads says, and the plain one before the hit policy
    selects."""
    applied: list[tuple[int, ...]] = []

    def noting(table: Table, values: tuple[Value, ...], scope: dict[str, object]) -> Matched:
        matched = reference.matching(table, values, scope)
        applied.append(matched.rows)
        return matched

    try:
        evaluate(decision, inputs, noting)
        decided = rules.decide(decision, inputs)
    except NoRuleMatched:
        return applied[-1], None, ()
    except RulesError as refused:
        return type(refused)
    return applied[-1], decided.outputs, decided.matched


def explained(decision: Decision, inputs: dict[str, object]) -> object:
    try:
        found = explain(decision, inputs)
    except RulesError as refused:
        return type(refused)
    assert_cells_are_told_right(found, inputs)
    return tuple(row.number - 1 for row in found.rows if row.applies), found.result, found.matched


def assert_cells_are_told_right(found: Explanation, inputs: dict[str, object]) -> None:
    for row in found.rows:
        verdicts = [unary_test(cell.text, cell.value, inputs) for cell in row.cells]
        assert [cell.verdict for cell in row.cells] == verdicts
        assert row.applies == all(verdict is True for verdict in verdicts)
        assert row.failed_at == next((cell for cell in row.cells if cell.verdict is not True), None)
        assert row.speaks == (row.id in found.matched)


def values_of(table: Table) -> list[st.SearchStrategy[object]]:
    """For each column: null, what its cells compare with, and for numbers what lies just beside."""
    found: list[st.SearchStrategy[object]] = []
    for place, column in enumerate(table.columns):
        listed = [value for rule in table.rules for value in constants(rule.cells[place]) or ()]
        near: list[object] = [value + step for value in listed if isinstance(value, Decimal) for step in (-1, 1)]
        # Of a closed list only its own values: a refused input would end most tries before any row
        # is looked at.
        others = sorted(column.listed) if column.allowed else VALUES.get(column.kind or "", [])
        found.append(st.sampled_from([None, *listed, *near, *others]))
    return found


@pytest.mark.parametrize("decision", SHIPPED)
@settings(max_examples=60)
@given(data=st.data())
def test_a_shipped_table_explains_what_it_decides(decision: Decision, data: st.DataObject) -> None:
    assert isinstance(decision.logic, Table)
    by_name = {
        column.expression.text: values
        for column, values in zip(decision.logic.columns, values_of(decision.logic), strict=True)
    }
    inputs = {name: data.draw(by_name.get(name, st.sampled_from(ANYTHING)), label=name) for name in decision.inputs}

    assert explained(decision, inputs) == said(decision, inputs)


@settings(max_examples=80)
@given(drawn_tables(), st.data())
def test_a_random_table_explains_what_it_decides(drawn: tuple[Decision, list[str]], data: st.DataObject) -> None:
    decision, kinds = drawn
    inputs = {
        name: data.draw(st.sampled_from([None, *VALUES[kinds[place]]] if kinds else ANYTHING))
        for place, name in enumerate(decision.inputs)
    }

    assert explained(decision, inputs) == said(decision, inputs)


def test_a_row_that_fails_names_its_first_failing_cell_and_all_of_them() -> None:
    grades = table(
        [("days", "number"), ("city", "string"), ("clear", "boolean")],
        [["<= 7", "-", "true", '"H"'], ["> 90", '"京"', "false", '"C"'], ["-", "", "-", '"N"']],
        hit="FIRST",
    )

    found = explain(grades, {"days": 8, "city": None, "clear": True})

    hot, cold, rest = found.rows
    assert [(cell.column, cell.text, cell.value, cell.verdict) for cell in hot.failing] == [("days", "<= 7", 8, False)]
    assert hot.failed_at == hot.cells[0]
    assert [(cell.column, cell.verdict) for cell in cold.failing] == [
        ("days", False),
        ("city", False),
        ("clear", False),
    ]
    assert rest.failing == () and [cell.text for cell in rest.cells] == ["-", "-", "-"]
    assert (found.policy, found.result, found.matched) == (HitPolicy.FIRST, {"out": "N"}, ("r3",))


def test_a_cell_that_cannot_be_said_is_unknown_rather_than_false() -> None:
    found = explain(table([("days", "number")], [["<= 7", "1"]], hit="COLLECT"), {"days": None})

    assert [cell.verdict for cell in found.rows[0].failing] == [None]


def test_of_a_first_table_one_row_speaks_though_more_apply() -> None:
    found = explain(table(["x"], [["> 1", "1"], ["> 2", "2"]], hit="FIRST"), {"x": 3})

    assert [(row.number, row.applies, row.speaks) for row in found.rows] == [(1, True, True), (2, True, False)]


def test_that_no_row_applied_is_explained_too() -> None:
    found = explain(table(["x"], [["1", '"a"'], ["2", '"b"']]), {"x": 3})

    assert (found.result, found.matched) == (None, ())
    assert [row.failed_at and row.failed_at.text for row in found.rows] == ["1", "2"]


def test_what_was_never_decided_is_not_explained() -> None:
    twice = table(["x"], [["> 1", "1"], ["> 2", "2"]])

    with pytest.raises(InputRefused):
        explain(twice, {})
    with pytest.raises(Ambiguous):
        explain(twice, {"x": 3})


def test_a_loop_behind_a_failing_cell_hurts_no_more_than_in_the_decision() -> None:
    endless = "sum(for i in 1..10000, j in 1..10 return i) > ?"
    guarded = table(["x", "y"], [["1", endless, "1"], ["-", "-", "2"]], hit="FIRST")

    found = explain(guarded, {"x": 2, "y": 3})

    assert found.result == reference.decide(guarded, {"x": 2, "y": 3}).outputs
    assert [cell.verdict for cell in found.rows[0].cells] == [False, None]


def test_chained_decisions_are_a_tree() -> None:
    lane = chained()

    found = explain(lane, {"days": 20, "budget": 300})

    assert (found.key, found.result) == ("lane", {"lane": "desk"})
    grade, worth = found.requires
    assert (grade.key, grade.result, grade.matched) == ("grade", {"grade": "B"}, ("g2",))
    assert grade.rows[0].failed_at == grade.rows[0].cells[0] and grade.rows[0].cells[0].value == 20
    assert (worth.key, worth.result, worth.rows, worth.policy) == ("worth", {"worth": 600}, (), None)
    assert [(cell.input, cell.value) for cell in found.rows[0].cells] == [("grade", "B"), ("worth", 600)]


def test_a_required_table_without_a_row_is_null_for_the_one_that_asks() -> None:
    found = explain(chained(), {"days": None, "budget": 300})

    assert (found.requires[0].result, found.rows[0].cells[0].value) == (None, None)


def chained() -> Decision:
    return next(one for one in read_table(CHAINED) if one.key == "lane")


CHAINED = f"""
    <definitions xmlns="{MODEL}" id="d" name="d" namespace="urn:test">
      <decision id="lane" name="lane">
        <informationRequirement><requiredDecision href="#grade"/></informationRequirement>
        <informationRequirement><requiredDecision href="#worth"/></informationRequirement>
        <decisionTable hitPolicy="FIRST">
          <input><inputExpression><text>grade</text></inputExpression></input>
          <input><inputExpression><text>worth</text></inputExpression></input>
          <output name="lane"/>
          <rule id="l1"><inputEntry><text>"H"</text></inputEntry><inputEntry><text>&gt; 500</text></inputEntry>
            <outputEntry><text>"dealer"</text></outputEntry></rule>
          <rule id="l2"><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>
            <outputEntry><text>"desk"</text></outputEntry></rule>
        </decisionTable>
      </decision>
      <decision id="grade" name="grade">
        <decisionTable>
          <input><inputExpression><text>days</text></inputExpression></input>
          <output name="grade"/>
          <rule id="g1"><inputEntry><text>&lt;= 7</text></inputEntry><outputEntry><text>"H"</text></outputEntry></rule>
          <rule id="g2"><inputEntry><text>&gt; 7</text></inputEntry><outputEntry><text>"B"</text></outputEntry></rule>
        </decisionTable>
      </decision>
      <decision id="worth" name="worth">
        <literalExpression><text>budget * 2</text></literalExpression>
      </decision>
    </definitions>""".encode()
"""A lane that depends on a grade (a table) and a worth (a formula)."""
