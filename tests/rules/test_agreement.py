"""Random tables and inputs: durable-rules and the plain evaluator say the same, always."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules import Decided, Decision, RulesError, reference
from rules.feel import literal
from tests.rules.drawing import table

NUMBERS = [Decimal(text) for text in ("-1000000", "-1", "0", "0.1", "1", "1.5", "7", "9", "10", "199800", "1E+20")]
MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
VALUES: dict[str, list[object]] = {
    "number": [*NUMBERS, Decimal("0.05"), Decimal("1.4999999999999999999"), Decimal("1E+30"), Decimal("1E-30")],
    "string": ["", "0", "9", "10", "A", "B", "线索", "A\x00", "zzz"],
    "boolean": [True, False],
    "date": [date(2026, 1, 1), date(2026, 1, 2), date(2026, 2, 1), date(1, 1, 1)],
    "date and time": [MIDNIGHT, MIDNIGHT + timedelta(hours=12), MIDNIGHT.replace(tzinfo=None)],
    "days and time duration": [timedelta(0), timedelta(hours=24), timedelta(days=7), timedelta(microseconds=1)],
}
ANYTHING = [None, [], [Decimal(1)], *(value for values in VALUES.values() for value in values)]


def texts(kind: str) -> st.SearchStrategy[str]:
    return st.sampled_from(VALUES[kind]).map(literal)  # type: ignore[arg-type]


@st.composite
def cells(draw: st.DrawFn, kind: str) -> str:
    value = texts(kind)
    test = st.one_of(
        value,
        value,
        st.just("null"),
        st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), value),
        st.builds("{}{}..{}{}".format, st.sampled_from("[("), value, value, st.sampled_from("])")),
    )
    tests = ", ".join(draw(st.lists(test, min_size=1, max_size=3)))
    return draw(st.sampled_from(["-", tests, tests, tests, f"not({tests})"]))


@st.composite
def drawn_tables(draw: st.DrawFn) -> tuple[Decision, list[str]]:
    kinds = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=4))
    rows = draw(st.lists(st.tuples(*map(cells, kinds)), min_size=1, max_size=8))
    typed = draw(st.booleans())
    return (
        table(
            [(f"v{place}", kind if typed else "Any") for place, kind in enumerate(kinds)],
            [[*row, str(number % 3)] for number, row in enumerate(rows)],
            hit=draw(st.sampled_from(["RULE ORDER", "RULE ORDER", "FIRST", "UNIQUE", "ANY", "PRIORITY"])),
            output_values="2, 0, 1",
        ),
        kinds if typed else [],
    )


def outcome(decide: Callable[..., Decided], decision: Decision, inputs: dict[str, object]) -> object:
    try:
        decided = decide(decision, inputs)
    except RulesError as refused:
        return type(refused), str(refused)
    return decided.outputs, decided.matched


@settings(max_examples=80)
@given(drawn_tables(), st.data())
def test_both_evaluators_agree(drawn: tuple[Decision, list[str]], data: st.DataObject) -> None:
    decision, kinds = drawn
    for _ in range(5):
        inputs = {
            name: data.draw(st.sampled_from([None, *VALUES[kinds[place]]] if kinds else ANYTHING))
            for place, name in enumerate(f"v{number}" for number in range(len(decision.inputs)))
        }
        assert outcome(rules.decide, decision, inputs) == outcome(reference.decide, decision, inputs)
