"""What a trial remembers by the bands of a table is what the table says of each single input."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest

import rules
from domain.policy.again import Case, Trial
from domain.policy.bands import Banded
from rules import NoRuleMatched, reference
from rules.errors import InputRefused
from rules.feel import to_json
from tests.domain.policy.pasts import FILES, shipped

STRANGE: tuple[Any, ...] = (None, True, False, 1, 1.0, 0, "1", "", "H", "zz", float("inf"), 10**30, 0.5, [1], {"a": 1})
NUMBERS: tuple[Any, ...] = (*range(-3, 12), 15, 29.5, 30, 30.0, 31, 59, 60, 79, 80, 99, 100, 101, 120, 9_999)
COMPUTED = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" namespace="test">
  <decision id="sum" name="sum"><decisionTable hitPolicy="FIRST">
    <input><inputExpression typeRef="number"><text>n</text></inputExpression></input><output name="twice"/>
    <rule id="r"><inputEntry><text>&gt; 0</text></inputEntry><outputEntry><text>n * 2</text></outputEntry></rule>
  </decisionTable></decision>
</definitions>"""


def expected(decision: rules.Decision, inputs: dict[str, Any]) -> Any:
    try:
        outputs = reference.decide(decision, inputs).outputs
    except NoRuleMatched:
        return {}
    except InputRefused:
        return "input_refused"
    except Exception:
        return "failed"
    return outputs if isinstance(outputs, dict) else {"list": outputs}


def _drawn(dice: Random, known: list[Any]) -> Any:
    """Mostly what the table's examples have, often a number, at times what it does not expect."""
    chance = dice.random()
    return dice.choice(STRANGE if chance < 0.05 else NUMBERS if chance < 0.4 else known)


@pytest.mark.parametrize("key", sorted(FILES))
def test_a_shipped_table_is_remembered_as_it_decides(key: str) -> None:
    trial, dice = shipped(key), Random(key)
    decision = trial.decision
    stated = [{name: to_json(value.run({})) for name, value in one.given} for one in decision.examples]
    known = {name: [one[name] for one in stated if name in one] or [0] for name in decision.inputs}
    for _ in range(1_500):
        inputs = {name: _drawn(dice, values) for name, values in known.items()}
        again = trial.again(Case(f"{key}-x", inputs, {}))

        assert (again.problem or again.result) == expected(decision, inputs), inputs


def test_a_table_of_bands_is_asked_once_for_each() -> None:
    trial = Trial(shipped("dispatch").decision)
    banded = Banded.of(trial.decision)
    assert banded is not None
    asked = {"distance_km": 12, "same_city": True, "same_region": True, "sells_model": True, "grade": "H"}
    placed = {
        banded.bands(asked | {"load_percent": load, "performance": points})
        for load, points in product(range(100), range(100))
    }

    assert len(placed) < 100


def test_a_table_that_computes_is_asked_about_each_value() -> None:
    (decision,) = rules.read_table(COMPUTED.encode())

    assert Banded.of(decision) is None
    assert [Trial(decision).again(Case("sum", {"n": n}, {})).result for n in (1, 2)] == [{"twice": 2}, {"twice": 4}]
