"""Decision services, knowledge models as values, scopes of requirement graphs; files that can be
read in part."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import rules
from rules import Decided, TableRefused, read_table, reference
from rules.feel import literal
from rules.reading import read_what_can_be
from tests.rules.graphs import data, decision, model

both = pytest.mark.parametrize("decide", [rules.decide, reference.decide], ids=["durable-rules", "reference"])
Decide = Callable[..., Decided]


def needs(kind: str, *ids: str) -> str:
    requirement = "knowledgeRequirement" if kind == "requiredKnowledge" else "informationRequirement"
    return "".join(f'<{requirement}><{kind} href="#{key}"/></{requirement}>' for key in ids)


def service(name: str, *outputs: str, given: str = "", decided: str = "", type_ref: str = "") -> str:
    parts = [f'<outputDecision href="#{key}"/>' for key in outputs]
    parts += [f'<inputDecision href="#{key}"/>' for key in decided.split()]
    parts += [f'<inputData href="#{key}"/>' for key in given.split()]
    declared = f' typeRef="{type_ref}"' if type_ref else ""
    variable = f'<variable name="{name}"{declared}/>'
    return f'<decisionService id="{name}" name="{name}">{variable}{"".join(parts)}</decisionService>'


def knows(name: str, text: str, *parameters: str, head: str = "") -> str:
    formal = "".join(f'<formalParameter name="{parameter}"/>' for parameter in parameters)
    logic = f"<encapsulatedLogic>{formal}<literalExpression><text>{text}</text></literalExpression></encapsulatedLogic>"
    return f'<businessKnowledgeModel id="{name}" name="{name}">{head}{logic}</businessKnowledgeModel>'


BASE = decision("base", '"never decided inside the service"')
FULL = decision("full", "base + n + m", "n", "m", head=needs("requiredDecision", "base"))
GRAPH = (data("n", "number"), data("m"), BASE, FULL)
SERVICE = service("total", "full", given="n m", decided="base")


def calls(text: str, *graph: str, called: str = "total") -> bytes:
    return model(*graph, decision("calls", text, head=needs("requiredKnowledge", called)))


@both
@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("total(1, 2, 3)", "6"),
        ("total(base: 1, m: 20, n: 300)", "321"),
        ("total(1, 2)", "null"),
        ("total(wrong: 1, m: 20, n: 300)", "null"),
        ('total("not a number", 2, 3)', "null"),
        ("for x in [1, 2] return total(x, x, x)", "[3, 6]"),
    ],
)
def test_a_service_takes_its_inputs_first_and_decides_nothing_that_it_is_given(
    decide: Decide, call: str, value: str
) -> None:
    *_, last = read_table(calls(call, *GRAPH, SERVICE))
    assert (last.name, last.inputs) == ("calls", ())
    assert literal(decide(last, {}).value) == value


@both
def test_several_outputs_make_a_context_and_a_service_may_be_handed_over(decide: Decide) -> None:
    one, two = decision("one", "n + 1", "n"), decision("two", "n * 2", "n")
    apply = knows("apply", "f(5)", "f")
    text, link = "apply(pair)", needs("requiredKnowledge", "apply", "pair")
    xml = model(
        data("n"), one, two, service("pair", "one", "two", given="n"), apply, decision("calls", text, head=link)
    )
    *_, last = read_table(xml)
    assert literal(decide(last, {}).value) == '{"one": 6, "two": 10}'


@both
@pytest.mark.parametrize(("type_ref", "value"), [("tText", "null"), ("tNumber", "6"), ("number", "6")])
def test_a_service_gives_what_its_type_returns(decide: Decide, type_ref: str, value: str) -> None:
    types = "".join(
        f'<itemDefinition name="{name}"><functionItem outputTypeRef="{gives}"/></itemDefinition>'
        for name, gives in (("tText", "string"), ("tNumber", "number"))
    )
    typed = service("total", "full", given="n m", decided="base", type_ref=type_ref)
    *_, last = read_table(calls("total(1, 2, 3)", types, *GRAPH, typed))
    assert literal(decide(last, {}).value) == value


@both
def test_a_required_decision_sees_its_own_inputs_only(decide: Decide) -> None:
    first = decision("first", "{seen: second, n: n}", "n")
    second = decision("second", "n + 1", "n")
    last = decision("last", "[first.n, first.seen, second]", head=needs("requiredDecision", "second", "first"))
    read = read_what_can_be(model(data("n"), first, second, last))
    assert literal(decide(read.decisions[-1], {"n": 1}).value) == "[1, null, 2]"


@both
@pytest.mark.parametrize("kind", ["requiredDecision", "requiredInput"])
def test_an_arrow_to_a_decision_is_one_whatever_it_is_called(decide: Decide, kind: str) -> None:
    last = decision("last", "first + 1", head=needs(kind, "first"))
    _, found = read_table(model(decision("first", "41"), last))
    assert (found.inputs, literal(decide(found, {}).value)) == ((), "42")


@both
def test_a_decision_may_give_a_function(decide: Decide) -> None:
    makes = decision("makes", "function(a) a * n", "n")
    uses = decision("uses", "makes(21)", head=needs("requiredDecision", "makes"))
    _, last = read_table(model(data("n"), makes, uses))
    assert literal(decide(last, {"n": 2}).value) == "42"


@both
def test_a_decision_may_have_the_name_of_a_built_in_function(decide: Decide) -> None:
    before = decision("overlaps before", "[overlaps before([1..5], [3..8]), abs(n: -1)]")
    (found,) = read_table(model(before))
    assert (found.inputs, literal(decide(found, {}).value)) == ((), "[true, 1]")


# -- what can be read ----------------------------------------------------------------------------

GOOD, BAD = decision("good", "1 + 1"), decision("bad", "1 +")
ON_BAD = decision("depends", "bad + 1", head=needs("requiredDecision", "bad"))
JAVA = (
    '<businessKnowledgeModel id="java" name="java">'
    '<encapsulatedLogic kind="Java"><context/></encapsulatedLogic></businessKnowledgeModel>'
)


def test_what_depends_on_something_unreadable_is_left_out_and_the_rest_runs() -> None:
    on_java = decision("onJava", "java()", head=needs("requiredKnowledge", "java"))
    xml = model(BAD, GOOD, ON_BAD, JAVA, on_java, service("serves", "depends"), knows("knows", "n * 2", "n"))

    read = read_what_can_be(xml)

    assert [one.key for one in read.decisions] == ["good"]
    assert [one.key for one in read.callables] == ["knows"]
    assert {problem.decision for problem in read.problems} == {"bad", "java"}
    assert literal(rules.decide(read.callables[0], {"n": 4}).value) == "8"


def test_a_file_with_any_problem_is_refused_for_publication() -> None:
    with pytest.raises(TableRefused, match="something is missing"):
        read_table(model(GOOD, BAD))


def test_a_circle_leaves_out_those_who_stand_in_it() -> None:
    one = decision("one", "two", head=needs("requiredDecision", "two"))
    two = decision("two", "one", head=needs("requiredDecision", "one"))
    assert [found.key for found in read_what_can_be(model(one, two, GOOD)).decisions] == ["good"]


def test_what_can_only_give_null_is_null_there() -> None:
    texts = {"unknown": "nobody(1)", "short": "substring(1)", "empty": "", "text": '"\\d"'}
    read = read_what_can_be(model(*(decision(name, text) for name, text in texts.items())))
    assert [literal(rules.decide(one, dict.fromkeys(one.inputs)).value) for one in read.decisions] == [
        "null",
        "null",
        "null",
        '"\\\\d"',
    ]


def test_decisions_without_an_id_go_by_their_names_and_those_that_share_one_are_left_out() -> None:
    nameless = [decision(name, f'"{name}"').replace(f'id="{name}" ', "") for name in ("one", "two")]
    read = read_what_can_be(model(*nameless, GOOD, GOOD))
    assert [literal(rules.decide(one, {}).value) for one in read.decisions] == ['"one"', '"two"']
    with pytest.raises(TableRefused, match=r"has no id(.|\n)*used twice"):
        read_table(model(*nameless, GOOD, GOOD))
