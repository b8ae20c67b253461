"""Item definitions: inputs take their shape or are refused, results take it or are null, outputs
have its order."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

import pytest

import rules
from rules import Decided, InputRefused, read_table, reference
from tests.rules.drawing import drawn
from tests.rules.graphs import data, decision, model

both = pytest.mark.parametrize("decide", [rules.decide, reference.decide], ids=["durable-rules", "reference"])
Decide = Callable[..., Decided]


def item(name: str, inner: str = "", *, many: bool = False) -> str:
    return f'<itemDefinition name="{name}" isCollection="{str(many).lower()}">{inner}</itemDefinition>'


def kind(name: str) -> str:
    return f"<typeRef>{name}</typeRef>"


def allowed(text: str, tag: str = "allowedValues") -> str:
    return f"<{tag}><text>{escape(text)}</text></{tag}>"


def component(name: str, inner: str) -> str:
    return f'<itemComponent name="{name}">{inner}</itemComponent>'


JOB = item("tJob", kind("string") + allowed('"EMPLOYED", "STUDENT"'))
LOAN = item("tLoan", component("sum", kind("number") + allowed("> 0")) + component("job", kind("tJob")))
LOANS = item("tLoans", kind("tLoan"), many=True)


@both
@pytest.mark.parametrize(
    ("type_ref", "given", "seen"),
    [
        ("tJob", "STUDENT", "STUDENT"),
        ("tJob", ["STUDENT"], "STUDENT"),
        ("tJob", [["STUDENT"]], "STUDENT"),
        ("tJob", None, None),
        ("tLoan", {"sum": 5, "job": "EMPLOYED", "more": 1}, {"sum": 5, "job": "EMPLOYED", "more": 1}),
        ("tLoan", {"sum": 5}, {"sum": 5, "job": None}),
        ("tLoans", [{"sum": 5}, None], [{"sum": 5, "job": None}, None]),
        ("tLoans", {"sum": 5}, [{"sum": 5, "job": None}]),
        ("tNode", {"next": {"next": {"next": 1}}}, {"next": {"next": {"next": 1}}}),
        ("date", "2026-11-21", "2026-11-21"),
        ("unknown", {"a": [1]}, {"a": [1]}),
    ],
)
def test_an_input_takes_the_shape_that_is_declared(decide: Decide, type_ref: str, given: object, seen: object) -> None:
    node = item("tNode", component("next", kind("tNode")))
    (read,) = read_table(model(JOB, LOAN, LOANS, node, data("it", type_ref), decision("read", "it", "it")))
    assert decide(read, {"it": given}).outputs == {"read": seen}


@both
@pytest.mark.parametrize(
    ("type_ref", "given", "why"),
    [
        ("number", "9", "a number is needed"),
        ("tJob", "13800138000", "is not among the allowed values"),
        ("tJob", ["STUDENT", "STUDENT"], "a string is needed"),
        ("tLoan", 5, "a context is needed"),
        ("tLoan", {"sum": 0}, "component sum: is not among the allowed values"),
        ("tLoan", {"sum": 1, "job": "KING"}, "component job: is not among the allowed values"),
        ("tLoans", [{"sum": 1}, {"sum": "1"}], "component sum: a number is needed"),
        ("tFew", [1, 2, 3], "is not among the allowed values"),
    ],
)
def test_an_input_of_another_shape_is_refused_and_not_shown(
    decide: Decide, type_ref: str, given: object, why: str
) -> None:
    few = item("tFew", kind("number") + allowed("count(?) < 3", "typeConstraint"), many=True)
    parts = (JOB, LOAN, LOANS, few, data("it", type_ref), decision("read", "it", "it"))
    with pytest.raises(InputRefused) as raised:
        decide(read_table(model(*parts))[0], {"it": given})
    assert (raised.value.field, raised.value.why) == ("it", why)


def test_what_a_column_checks_is_not_checked_twice() -> None:
    column = "<input><inputExpression typeRef='number'><text>n</text></inputExpression></input><output name='out'/>"
    row = "<rule id='r'><inputEntry><text>-</text></inputEntry><outputEntry><text>{}</text></outputEntry></rule>"
    xml = "<decision id='a' name='a'><decisionTable>" + column + row + "</decisionTable></decision>"
    plain, reading = (read_table(model(data("n", "number"), xml.format(out)))[0] for out in ("1", "n + 1"))
    assert plain.shapes == ()
    assert [name for name, _ in reading.shapes] == ["n"]


TIERS = item("tTier", kind("string") + allowed('"gold", "silver", "bronze"'))
OFFER = item("tOffer", component("tier", kind("tTier")) + component("rate", kind("number") + allowed("3, 2, 1")))


@both
@pytest.mark.parametrize(
    ("hit", "outputs", "type_ref", "value"),
    [
        ("PRIORITY", "tier", "tTier", "gold"),
        ("OUTPUT ORDER", "tier", "tTiers", ["gold", "silver"]),
        ("PRIORITY", "tier rate", "tOffer", {"tier": "gold", "rate": 2}),
        ("OUTPUT ORDER", "rate tier", "tOffers", [{"rate": 2, "tier": "gold"}, {"rate": 1, "tier": "silver"}]),
    ],
)
def test_the_order_of_outputs_may_be_that_of_the_declared_type(
    decide: Decide, hit: str, outputs: str, type_ref: str, value: object
) -> None:
    rows = [["> 1", '"silver"', "1"], ["> 2", '"gold"', "2"]]
    names = tuple(outputs.split())
    body = drawn(["n"], [row[: len(names) + 1] if names[0] == "tier" else [row[0], row[2], row[1]] for row in rows],
                 hit=hit, outputs=names).decode()  # fmt: skip
    typed = body.replace("<decisionTable", f'<variable name="drawn" typeRef="{type_ref}"/><decisionTable')
    many = item("tTiers", kind("tTier"), many=True) + item("tOffers", kind("tOffer"), many=True)
    (tiers,) = read_table(typed.replace("<decision ", f"{TIERS}{OFFER}{many}<decision ", 1).encode())
    assert decide(tiers, {"n": 3}).value == value


@both
@pytest.mark.parametrize(
    ("type_ref", "text", "value"),
    [
        ("number", "[5]", 5),
        ("number", "[5, 6]", None),
        ("number", '"5"', None),
        ("tJob", '"STUDENT"', "STUDENT"),
        ("tJob", '"KING"', None),
        ("date", '"2026-11-21"', None),
        ("date and time", 'date("2026-11-21")', "2026-11-21T00:00:00Z"),
        ("tLoan", "{sum: 0}", None),
        ("tLoans", '{sum: 1, job: "STUDENT"}', [{"sum": 1, "job": "STUDENT"}]),
        ("tLoans", "{sum: 1, job: null}", [{"sum": 1, "job": None}]),
        ("tLoans", "{sum: 1}", None),
        ("unknown", "[5]", [5]),
    ],
)
def test_a_result_is_of_its_declared_type_or_null(decide: Decide, type_ref: str, text: str, value: object) -> None:
    head = f'<variable name="first" typeRef="{type_ref}"/>'
    link = '<informationRequirement><requiredDecision href="#first"/></informationRequirement>'
    parts = (JOB, LOAN, LOANS, decision("first", text, head=head), decision("second", "first", head=link))
    first, second = read_table(model(*parts))
    assert decide(first, {}).outputs == {"first": value}
    assert decide(second, {}).outputs == {"second": value}
