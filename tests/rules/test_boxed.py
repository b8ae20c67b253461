"""Boxed expressions beside tables (DMN 1.5, 10.2.2): both evaluators give the same, tables inside
them included."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import rules
from rules import Decided, TableRefused, read_table, reference
from rules.feel import literal
from tests.rules.drawing import drawn
from tests.rules.graphs import data, model

both = pytest.mark.parametrize("decide", [rules.decide, reference.decide], ids=["durable-rules", "reference"])
Decide = Callable[..., Decided]


def said(text: str, type_ref: str = "") -> str:
    declared = f' typeRef="{type_ref}"' if type_ref else ""
    return f"<literalExpression{declared}><text>{text.replace('<', '&lt;')}</text></literalExpression>"


def boxed(logic: str, *needs: str, types: str = "") -> bytes:
    links = "".join(f'<informationRequirement><requiredInput href="#{n}"/></informationRequirement>' for n in needs)
    return model(types, *map(data, needs), f'<decision id="out" name="out">{links}{logic}</decision>')


STEPS = drawn(["n"], [["< 10", '"few"'], [">= 10", '"many"']]).decode()
TABLE = STEPS[STEPS.index("<decisionTable") : STEPS.index("</decision>")]


def entry(name: str, logic: str, type_ref: str = "") -> str:
    declared = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<contextEntry><variable name="{name}"{declared}/>{logic}</contextEntry>'


def of(tag: str, **parts: str) -> str:
    """A box and its parts; those that are no XML are expressions."""
    inner = (f"<{name}>{part if part.startswith('<') else said(part)}</{name}>" for name, part in parts.items())
    return f"<{tag}>{''.join(inner)}</{tag.split()[0]}>"


X, Y = said('"X"'), said('"Y"')
ROWS = f"<row>{X}{said('n')}</row><row>{Y}{said('n * 2')}</row>"
RELATION = f'<relation><column name="model"/><column name="price of it"/>{ROWS}</relation>'
LOOP = 'for iteratorVariable="i"'
SOME, EVERY = 'some iteratorVariable="i"', 'every iteratorVariable="i"'
WRONG = entry("a", said('"x"'), "number")
BOXES = [
    (f"<list>{said('n')}{said('n + 1')}{TABLE}</list>", 9, '[9, 10, "few"]'),
    ("<list/>", 0, "[]"),
    (RELATION, 5, '[{"model": "X", "price of it": 5}, {"model": "Y", "price of it": 10}]'),
    (of("filter", **{"in": RELATION, "match": "price of it > 7"}), 5, '[{"model": "Y", "price of it": 10}]'),
    (of("filter", **{"in": RELATION, "match": "1"}), 5, '{"model": "X", "price of it": 5}'),
    (of("filter", **{"in": "[1, n]", "match": "item > 2"}), 5, "[5]"),
    (of("conditional", **{"if": "n > 3", "then": TABLE, "else": "0"}), 12, '"many"'),
    (of("conditional", **{"if": "null", "then": TABLE, "else": "0"}), 12, "0"),
    (of('for iteratorVariable="n"', **{"in": "[n, n + 10]", "return": TABLE}), 1, '["few", "many"]'),
    (of(LOOP, **{"in": "[1..3]", "return": "count(partial) + i"}), 1, "[1, 3, 5]"),
    (of(SOME, **{"in": "[1, n]", "satisfies": "i > 3"}), 5, "true"),
    (of(EVERY, **{"in": "[1, n]", "satisfies": "i > 3"}), 5, "false"),
    (of(EVERY, **{"in": "[]", "satisfies": "i"}), 5, "true"),
    (of(SOME, **{"in": "[1, n]", "satisfies": 'if i = n then true else "no truth"'}), 5, "null"),
    (of(EVERY, **{"in": "[1, n]", "satisfies": 'if i = n then false else "no truth"'}), 5, "null"),
    (of(LOOP, **{"in": "(> n)", "return": "i"}), 5, "null"),
    (of("filter", **{"in": "[1, n]", "match": '"no truth"'}), 5, "null"),
    (of("filter", **{"in": "[1, n]", "match": 'if item = n then true else "no truth"'}), 5, "null"),
    (f"<context>{entry('a', said('n + 1'))}{entry('b', said('a * 2'))}</context>", 1, '{"a": 2, "b": 4}'),
    (f"<context>{WRONG}<contextEntry>{said('a')}</contextEntry></context>", 1, "null"),
    (said("[n]", "number"), 5, "5"),
    (said("n", "string"), 5, "null"),
]


@both
@pytest.mark.parametrize(("logic", "n", "value"), BOXES)
def test_boxed_expressions(decide: Decide, logic: str, n: int, value: str) -> None:
    (decision,) = read_table(boxed(logic, "n"))
    assert literal(decide(decision, dict.fromkeys(decision.inputs, n)).value) == value


FUNCTION = (
    '<functionDefinition><formalParameter name="a" typeRef="number"/><formalParameter name="b b"/>'
    f"{said('a * n + b b')}</functionDefinition>"
)


@both
@pytest.mark.parametrize(
    ("call", "value"),
    [("f(2, 1)", "11"), ("f(b b: 1, a: 2)", "11"), ('f("x", 1)', "null"), ("f(2)", "null"), ("f(c: 2, a: 1)", "null")],
)
def test_a_function_sees_what_is_around_it_and_its_parameters_types(decide: Decide, call: str, value: str) -> None:
    logic = f"<context>{entry('f', FUNCTION)}<contextEntry>{said(call)}</contextEntry></context>"
    (decision,) = read_table(boxed(logic, "n"))
    assert (decision.inputs, literal(decide(decision, {"n": 5}).value)) == (("n",), value)


@both
def test_an_invocation_may_call_a_function_of_its_context(decide: Decide) -> None:
    binding = "".join(
        f'<binding><parameter name="{name}"/>{said(text)}</binding>' for name, text in (("b b", "1"), ("a", "2"))
    )
    call = f"<invocation>{said('f')}{binding}</invocation>"
    logic = f"<context>{entry('f', FUNCTION)}<contextEntry>{call}</contextEntry></context>"
    (decision,) = read_table(boxed(logic, "n"))
    assert literal(decide(decision, {"n": 5}).value) == "11"


TYPES = (
    '<itemDefinition name="tName"><typeRef>string</typeRef></itemDefinition>'
    '<itemDefinition name="tCar"><itemComponent name="name"><typeRef>tName</typeRef></itemComponent>'
    '<itemComponent name="years"><typeRef>number</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="tCars" isCollection="true"><typeRef>tCar</typeRef></itemDefinition>'
    '<itemDefinition name="tSelf"><typeRef>tSelf</typeRef></itemDefinition>'
)


@both
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{name: "X", years: 3} instance of tCar', "true"),
        ('{name: "X"} instance of tCar', "false"),
        ('[{name: "X", years: 3}] instance of tCars', "true"),
        ('[{name: "X", years: "3"}] instance of tCars', "false"),
        ('"X" instance of tName', "true"),
        ('"X" instance of tUnknown', "null"),
        ("1 instance of tSelf", "true"),
        ('(function(c: tCar) c.years)({name: "X", years: 3})', "3"),
        ('(function(c: tCar) c.years)([{name: "X", years: 3}])', "3"),
        ('(function(c: tCar) c)({name: "X"})', "null"),
    ],
)
def test_expressions_know_the_types_of_their_file(decide: Decide, text: str, value: str) -> None:
    (decision,) = read_table(boxed(said(text), types=TYPES))
    assert literal(decide(decision, {}).value) == value


@pytest.mark.parametrize(
    ("logic", "message"),
    [
        (f"<conditional><if>{said('1')}</if><then>{said('1')}</then></conditional>", "<conditional> has no <else>"),
        (f'<relation><column name="a"/><row>{said("1")}{said("2")}</row></relation>', "not as many cells"),
        ('<functionDefinition kind="Java"><context/></functionDefinition>', "its body is Java"),
        (f'<for iteratorVariable="i"><in>{said("[1]")}</in></for>', "<for> has no <return>"),
        (said(""), "its expression is empty"),
        ("<literalExpression><importedValues/></literalExpression>", "come from elsewhere"),
        ("", "no table and no expression"),
        (said("nobody(1)"), "there is no function “nobody”"),
        ("<list><literalExpression/><unknownThing/></list>", "its expression is empty"),
    ],
)
def test_what_is_wrong_with_a_box_is_said(logic: str, message: str) -> None:
    with pytest.raises(TableRefused, match=message):
        read_table(boxed(logic))
