"""Hit policies, defaults and outputs, through both evaluators (DMN 1.5, 8.2.10)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import rules
from rules import Ambiguous, Decided, NoRuleMatched, outcome, reference
from tests.rules.drawing import table

both = pytest.mark.parametrize("decide", [rules.decide, reference.decide], ids=["durable-rules", "reference"])
Decide = Callable[..., Decided]
STEPS = [["> 1", "10"], ["> 2", "30"], ["> 3", "20"]]


@both
@pytest.mark.parametrize(
    ("hit", "aggregation", "outputs", "matched"),
    [
        ("FIRST", "", {"out": 10}, ("r1",)),
        ("PRIORITY", "", {"out": 30}, ("r1", "r2", "r3")),
        ("RULE ORDER", "", [{"out": 10}, {"out": 30}, {"out": 20}], ("r1", "r2", "r3")),
        ("OUTPUT ORDER", "", [{"out": 30}, {"out": 20}, {"out": 10}], ("r1", "r2", "r3")),
        ("COLLECT", "", [{"out": 10}, {"out": 30}, {"out": 20}], ("r1", "r2", "r3")),
        ("COLLECT", "SUM", {"out": 60}, ("r1", "r2", "r3")),
        ("COLLECT", "MIN", {"out": 10}, ("r1", "r2", "r3")),
        ("COLLECT", "MAX", {"out": 30}, ("r1", "r2", "r3")),
        ("COLLECT", "COUNT", {"out": 3}, ("r1", "r2", "r3")),
    ],
)
def test_three_rows_apply(
    decide: Decide, hit: str, aggregation: str, outputs: object, matched: tuple[str, ...]
) -> None:
    steps = table(["n"], STEPS, hit=hit, aggregation=aggregation, output_values="30, 20, 10")
    decided = decide(steps, {"n": 4})
    assert (decided.outputs, decided.matched) == (outputs, matched)


@both
def test_unique_refuses_two_rows(decide: Decide) -> None:
    with pytest.raises(Ambiguous) as raised:
        decide(table(["n"], STEPS), {"n": 3})
    assert raised.value.rules == ("r1", "r2")


@both
def test_any_wants_the_same_outputs(decide: Decide) -> None:
    agreed = table(["n"], [["> 1", "1"], ["> 2", "1.0"]], hit="ANY")
    assert decide(agreed, {"n": 3}).matched == ("r1", "r2")
    with pytest.raises(Ambiguous):
        decide(table(["n"], STEPS, hit="ANY"), {"n": 3})


@both
def test_no_row(decide: Decide) -> None:
    with pytest.raises(NoRuleMatched):
        decide(table(["n"], STEPS, hit="FIRST"), {"n": 0})
    assert decide(table(["n"], STEPS, hit="FIRST", default="5"), {"n": 0}).outputs == {"out": 5}
    assert decide(table(["n"], STEPS, hit="RULE ORDER"), {"n": 0}).outputs == []
    assert decide(table(["n"], STEPS, hit="COLLECT", aggregation="SUM"), {"n": 0}).outputs == {"out": None}
    assert decide(table(["n"], STEPS, hit="COLLECT", aggregation="COUNT"), {"n": 0}).outputs == {"out": 0}


@both
def test_several_outputs_and_an_output_that_computes(decide: Decide) -> None:
    drawn = table(["n"], [["-", "n * 2", 'duration("P7D")']], outputs=("double", "keep"))
    decided = decide(drawn, {"n": 1.25})
    assert decided.outputs == {"double": 2.5, "keep": "P7D"}


def test_the_engine_is_named() -> None:
    plain = table(["n"], [["not(1, 2)", "1"]])
    computed = table(["n", "m"], [["< m", "-", "1"]])
    assert rules.decide(plain, {"n": 5}).engine == "durable-rules"
    assert rules.decide(computed, {"n": 5, "m": 6}).engine == "reference"
    assert reference.decide(plain, {"n": 5}).engine == "reference"


@pytest.mark.parametrize("hit", ["FIRST", "RULE ORDER"])
def test_who_is_given_a_result_may_change_it(hit: str) -> None:
    drawn = table(["n"], [["> 1", '"a"', "1"]], hit=hit, outputs=("x", "y"))
    first = rules.decide(drawn, {"n": 2})
    untouched = repr(first)
    rows = first.outputs if isinstance(first.outputs, list) else [first.outputs]

    rows[0]["x"] = "changed"
    if isinstance(first.outputs, list):
        first.outputs.append({})

    assert repr(rules.decide(drawn, {"n": 3})) == untouched


def test_what_reads_an_input_is_worked_out_each_time() -> None:
    drawn = table(["n"], [["-", "n + 1"]], hit="FIRST")
    assert [rules.decide(drawn, {"n": n}).outputs for n in (1, 2)] == [{"out": 2}, {"out": 3}]


def test_so_many_answers_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome, "MOST_ANSWERS", 2)
    drawn = table(["n"], [[f"> {low}", str(low)] for low in range(4)], hit="COLLECT", aggregation="SUM")

    sums = [rules.decide(drawn, {"n": n}).outputs for n in (1, 2, 3, 4, 1, 2, 3, 4)]

    assert sums == [{"out": total} for total in (0, 1, 3, 6)] * 2
    assert isinstance(drawn.logic, rules.Table)
    assert len(drawn.logic.answers or {}) == 2
