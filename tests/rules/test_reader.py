"""Reading DMN files: what is understood, and how an author is told what is not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

import rules
from rules import Decided, Problem, TableRefused, read_table, reference
from tests.rules.drawing import MODEL, drawn, table

GRAPH = f"""<definitions xmlns="{MODEL}" id="d" name="d" namespace="urn:test">
  <inputData id="i1" name="Full Name"><variable name="Full Name" typeRef="string"/></inputData>
  <inputData id="i2" name="loan"><variable name="loan"/></inputData>
  <decision id="greeting" name="Greeting Message">
    <variable name="Greeting Message" typeRef="string"/>
    <informationRequirement><requiredInput href="#i1"/></informationRequirement>
    <literalExpression><text>"Hello " + Full Name</text></literalExpression>
  </decision>
  <decision id="payment" name="payment">
    <variable name="payment"/>
    <informationRequirement><requiredInput href="#i2"/></informationRequirement>
    <knowledgeRequirement><requiredKnowledge href="#b1"/></knowledgeRequirement>
    <invocation>
      <literalExpression><text>Monthly Rate</text></literalExpression>
      <binding><parameter name="sum"/><literalExpression><text>loan.principal</text></literalExpression></binding>
      <binding><parameter name="months"/><literalExpression><text>loan.term</text></literalExpression></binding>
    </invocation>
  </decision>
  <businessKnowledgeModel id="b1" name="Monthly Rate">
    <variable name="Monthly Rate"/>
    <encapsulatedLogic>
      <formalParameter name="sum"/><formalParameter name="months"/>
      <literalExpression><text>sum / months</text></literalExpression>
    </encapsulatedLogic>
  </businessKnowledgeModel>
  <decision id="letter" name="letter">
    <variable name="letter"/>
    <informationRequirement><requiredDecision href="#greeting"/></informationRequirement>
    <informationRequirement><requiredDecision href="#payment"/></informationRequirement>
    <knowledgeRequirement><requiredKnowledge href="#b1"/></knowledgeRequirement>
    <context>
      <contextEntry><variable name="head"/>
        <literalExpression><text>Greeting Message</text></literalExpression></contextEntry>
      <contextEntry><variable name="twice"/>
        <literalExpression><text>Monthly Rate(payment, 0.5)</text></literalExpression></contextEntry>
      <contextEntry><variable name="size"/><decisionTable hitPolicy="FIRST">
        <input><inputExpression><text>twice</text></inputExpression></input><output/>
        <rule id="a">
          <inputEntry><text>&gt; 100</text></inputEntry><outputEntry><text>"large"</text></outputEntry></rule>
        <rule id="b">
          <inputEntry><text>-</text></inputEntry><outputEntry><text>"small"</text></outputEntry></rule>
      </decisionTable></contextEntry>
    </context>
  </decision>
</definitions>""".encode()


@pytest.mark.parametrize("decide", [rules.decide, reference.decide])
def test_decision_requirements(decide: Callable[..., Decided]) -> None:
    greeting, payment, letter = read_table(GRAPH)
    given = {"Full Name": "王", "loan": {"principal": 1200, "term": 12}}

    assert greeting.inputs == ("Full Name",)
    assert set(letter.inputs) == {"Full Name", "loan"}
    assert decide(greeting, given).value == "Hello 王"
    assert decide(payment, given).value == Decimal(100)
    assert decide(letter, given).outputs == {"letter": {"head": "Hello 王", "twice": 200, "size": "large"}}


@pytest.mark.parametrize("year", ["20191111", "20211108", "20230324"])
def test_three_editions_of_dmn(year: str) -> None:
    xml = drawn(["n"], [["1", "2"]], namespace=f"https://www.omg.org/spec/DMN/{year}/MODEL/")
    assert read_table(xml)[0].key == "drawn"


def test_a_file_is_read_once() -> None:
    xml = drawn(["n"], [["1", "2"]])
    assert read_table(xml, version=3) is read_table(xml, version=3)
    assert read_table(xml, version=3)[0].version == 3
    assert len(read_table(xml)[0].sha256) == 64


def problems(xml: bytes) -> tuple[Problem, ...]:
    with pytest.raises(TableRefused) as raised:
        read_table(xml)
    return raised.value.problems


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        (b"<definitions", "no well-formed XML"),
        (b"", "no well-formed XML"),
        (b"<bpmn/>", "no DMN 1.3, 1.4 or 1.5 file"),
        (b'<!DOCTYPE d [<!ENTITY x "y">]><definitions/>', "document type"),
        (f'<definitions xmlns="{MODEL}"/>'.encode(), "holds no decision"),
        (f'<definitions xmlns="{MODEL}"><decision id="a" name="a"/></definitions>'.encode(), "no table"),
        (drawn(["n"], [["1", "2"]], hit="RANDOM"), "hit policy is unknown"),
        (drawn(["n"], [["1", "2"]], aggregation="SUM"), "does not fit"),
        (drawn(["n"], [["1", "2"]], hit="PRIORITY"), "order of outputs"),
        (drawn(["n"], []), "no row"),
        (drawn(["n"], [["1"]]), "1 input and 0 output cells"),
        (drawn([("n", "number")], [['"H"', "2"]]), "can never match a number"),
        (drawn(["n"], [["H", "2"]]), "reads “H”, which is no input"),
        (drawn(["n"], [["1", '"D"']], output_values='"A", "B"'), "not among the output values"),
        (drawn(["n"], [['date("2026-02-30")', "2"]]), "holds no date"),
        (drawn(["n"], [["1", "2"]]).replace(b"<decisionTable", b"<relation").replace(b"</decisionTable", b"</relation"),
         "the relation has no column"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(xml: bytes, message: str) -> None:
    found = problems(xml)
    assert any(message in problem.message for problem in found), found
    assert all(problem.cure for problem in found)


def test_a_problem_names_its_place() -> None:
    (problem,) = problems(drawn(["n", "grade"], [["1", '"H"', "1"], ["2", '"H', "2"]]))
    assert (problem.decision, problem.row, problem.column, problem.line) == ("drawn", 2, "grade", 1)


def test_all_problems_come_at_once() -> None:
    assert len(problems(drawn(["n"], [["[1..", "2"], ["1", "2 +"], ["H", "3"]]))) == 3


def test_a_circle_of_requirements_is_refused() -> None:
    circle = GRAPH.replace(b'requiredInput href="#i1"', b'requiredDecision href="#letter"')
    assert any("requires" in problem.message for problem in problems(circle))


def test_deep_nesting_is_refused() -> None:
    problems(b"<a>" * 100_000)


def test_author_s_notes_stay_with_their_rows() -> None:
    xml = drawn(["n"], [["1", "2"]]).replace(b'<rule id="r1">', b'<rule id="r1"><description>why</description>')
    assert read_table(xml)[0].logic.rules[0].note == "why"  # type: ignore[union-attr]


def test_columns_keep_their_order() -> None:
    assert table(["b", "a"], [["-", "-", "1"]]).inputs == ("b", "a")
