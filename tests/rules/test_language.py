"""What DMN's conformance level 2 asks for beyond one table, through both evaluators; and what is
refused by name."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest

import rules
from rules import Decided, TableRefused, read_table, reference
from tests.rules.drawing import drawn, table
from tests.rules.graphs import data, decision, model

both = pytest.mark.parametrize("decide", [rules.decide, reference.decide], ids=["durable-rules", "reference"])
Decide = Callable[..., Decided]
STEPS = [["> 1", "10"], ["> 2", "30"], ["> 3", "20"]]


def refusals(xml: bytes) -> str:
    with pytest.raises(TableRefused) as raised:
        read_table(xml)
    return str(raised.value)


@both
def test_dmn_1_2_is_read_too(decide: Decide) -> None:
    xml = drawn(["n"], [["1", "2"]], namespace="http://www.omg.org/spec/DMN/20180521/MODEL/")
    assert decide(read_table(xml)[0], {"n": 1}).value == Decimal(2)


@both
@pytest.mark.parametrize(
    ("hit", "aggregation", "outputs"),
    [
        ("PRIORITY", "", {"out": 5}),
        ("COLLECT", "", [{"out": 5}]),
        ("RULE ORDER", "", [{"out": 5}]),
        ("OUTPUT ORDER", "", [{"out": 5}]),
        ("COLLECT", "SUM", {"out": 5}),
        ("COLLECT", "COUNT", {"out": 5}),
    ],
)
def test_default_outputs_speak_where_no_row_does(decide: Decide, hit: str, aggregation: str, outputs: object) -> None:
    steps = table(["n"], STEPS, hit=hit, aggregation=aggregation, output_values="30, 20, 10, 5", default="5")
    decided = decide(steps, {"n": 0})
    assert (decided.outputs, decided.matched) == (outputs, ())


@both
def test_components_and_outputs_may_have_spaces_in_their_names(decide: Decide) -> None:
    item = '<itemDefinition name="tLoan"><itemComponent name="interest rate"><typeRef>number</typeRef></itemComponent>'
    (rate,) = read_table(
        model(f"{item}</itemDefinition>", data("loan"), decision("rate", "loan.interest rate * 2", "loan"))
    )
    assert decide(rate, {"loan": {"interest rate": 3}}).value == Decimal(6)


def test_a_model_in_another_language_is_refused() -> None:
    assert "not FEEL" in refusals(model(decision("a", "1"), more=' expressionLanguage="http://www.w3.org/XPath"'))
    assert read_table(model(decision("a", "1"), more=' expressionLanguage="http://www.omg.org/spec/FEEL/20140401"'))


def test_a_knowledge_model_in_java_is_refused() -> None:
    body = '<encapsulatedLogic kind="Java"><context/></encapsulatedLogic>'
    link = '<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>'
    knowledge = f'<businessKnowledgeModel id="f" name="f">{body}</businessKnowledgeModel>'
    assert "its body is Java" in refusals(model(decision("a", "f()", head=link), knowledge))


def test_a_requirement_of_another_file_is_refused_even_if_its_id_is_known_here() -> None:
    here = model(data("n"), decision("a", "n", "n"))
    assert read_table(here.replace(b'"#n"', b'"urn:test#n"'))
    assert "another file" in refusals(here.replace(b'"#n"', b'"other.dmn#n"'))


KNOWLEDGE = '<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>'


def knowledge(logic: str, type_ref: str = "") -> str:
    """The knowledge model ``f`` of the parameter ``n``, a number."""
    body = f'<encapsulatedLogic><formalParameter name="n" typeRef="number"/>{logic}</encapsulatedLogic>'
    variable = f'<variable name="f" typeRef="{type_ref}"/>'
    return f'<businessKnowledgeModel id="f" name="f">{variable}{body}</businessKnowledgeModel>'


@both
@pytest.mark.parametrize(
    ("body", "type_ref", "call", "value"),
    [
        ("n * 2", "number", "f(4)", Decimal(8)),
        ("n * 2", "number", "f([4])", Decimal(8)),
        ("if n = null then 0 else n", "number", 'f("4")', Decimal(0)),
        ("n * 2", "string", "f(4)", None),
        ("n", "", "f(4) + f(5)", Decimal(9)),
    ],
)
def test_a_knowledge_model_takes_and_gives_what_it_declares(
    decide: Decide, body: str, type_ref: str, call: str, value: object
) -> None:
    logic = f"<literalExpression><text>{escape(body)}</text></literalExpression>"
    (calls,) = read_table(model(decision("calls", call, head=KNOWLEDGE), knowledge(logic, type_ref)))
    assert decide(calls, {}).value == value


@both
def test_a_knowledge_model_may_be_a_table(decide: Decide) -> None:
    body = drawn(["n"], [["> 1", '"a"'], ["> 2", '"b"']], hit="PRIORITY", output_values='"b", "a"').decode()
    logic = body[body.index("<decisionTable") : body.index("</decision>")]
    (calls,) = read_table(model(decision("calls", "[f(0), f(2), f(3)]", head=KNOWLEDGE), knowledge(logic, "string")))
    assert decide(calls, {}).value == [None, "a", "b"]


def test_a_table_inside_other_logic_is_checked_too() -> None:
    body = drawn(["n"], STEPS, hit="PRIORITY").decode()
    logic = body[body.index("<decisionTable") : body.index("</decision>")]
    assert "order of outputs" in refusals(model(decision("calls", "f(1)", head=KNOWLEDGE), knowledge(logic)))


@both
@pytest.mark.parametrize(("n", "value"), [(4, "many"), (2, "few"), (0, "none")])
def test_a_table_reads_what_another_table_decided_and_null_where_no_row_applied(
    decide: Decide, n: int, value: str
) -> None:
    first = drawn(["n"], STEPS, hit="FIRST").decode().replace('"drawn"', '"points"')
    second = drawn(["points", "n"], [["null", "-", '"none"'], ["> 0", "< 3", '"few"'], ["10", "[3..9]", '"many"']])
    link = '<informationRequirement><requiredDecision href="#points"/></informationRequirement><decisionTable'
    chained = second.decode().replace("<decisionTable", link)
    both_of_them = first.replace("</definitions>", chained[chained.index("<decision ") :])
    points, last = read_table(both_of_them.encode())
    decided = decide(last, {"n": n})
    assert (points.inputs, last.inputs) == (("n",), ("n",))
    assert decided.value == value
    assert decided.engine == ("durable-rules" if decide is rules.decide else "reference")
