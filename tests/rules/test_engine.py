"""The door to durable-rules: types, threads, memory, and what happens when it goes astray."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

import rules
from rules import InputRefused, engine, reference
from rules.compiler import compile_table
from rules.model import Table
from rules.positions import Inexpressible
from tests.rules.drawing import table

GRADES = table(
    [("days", "number"), ("grade", "string")],
    [["[0..7]", '"", "H"', '"H"'], ["(7..15]", "-", '"A"'], ["> 15", "not(null)", '"N"'], ["null", "-", '"?"']],
    hit="RULE ORDER",
)
DAYS = [0, 7, 7.5, 15, 16, 1e300, 1e-300, Decimal("7.0000000000000000001"), None]


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("9", "a number is needed"),
        (True, "a number is needed"),
        ("", "a number is needed"),
        ([1], "a number is needed"),
    ],
)
def test_a_wrong_type_is_refused(value: object, why: str) -> None:
    with pytest.raises(InputRefused) as raised:
        rules.decide(GRADES, {"days": value, "grade": ""})
    assert (raised.value.field, raised.value.why) == ("days", "a number is needed")


def test_a_missing_input_and_nan_are_refused() -> None:
    with pytest.raises(InputRefused, match="days: is not given"):
        rules.decide(GRADES, {"grade": ""})
    with pytest.raises(InputRefused, match="no finite number"):
        rules.decide(GRADES, {"days": float("nan"), "grade": ""})


def test_values_outside_the_allowed_are_refused_without_being_shown() -> None:
    allowed = table([("grade", "string")], [["-", "1"]], allowed='"H", "A"')
    assert rules.decide(allowed, {"grade": None}).outputs == {"out": 1}
    with pytest.raises(InputRefused) as raised:
        rules.decide(allowed, {"grade": "13800138000"})
    assert "138" not in str(raised.value)


@pytest.mark.parametrize(
    ("cell", "value", "applies"),
    [
        ("> 10", "9", False),
        ('"9"', 9, False),
        ("0", "", False),
        ('""', 0, False),
        ('""', "", True),
        ('""', None, False),
        ("< 5", None, False),
        ("null", None, True),
        ("> 1e20", 1e21, True),
        ("1e-7", 0.0000001, True),
        ("0.1", 0.1, True),
        ("0.3", 0.1 + 0.2, False),
        ("> 9007199254740992", 9007199254740993, True),
        ("true", 1, False),
        ("1", True, False),
        ('"a\\"b\\\\"', 'a"b\\', True),
    ],
)
def test_type_hazards(cell: str, value: object, applies: bool) -> None:
    drawn = table(["v"], [[cell, "1"]], hit="RULE ORDER")
    decided = rules.decide(drawn, {"v": value})
    assert (bool(decided.matched), decided.engine) == (applies, "durable-rules")


def test_dates_come_as_text() -> None:
    drawn = table([("on", "date")], [['>= date("2026-11-21")', "1"]], hit="RULE ORDER")
    assert rules.decide(drawn, {"on": "2026-11-22"}).matched == ("r1",)
    with pytest.raises(InputRefused, match="a date is needed"):
        rules.decide(drawn, {"on": "tomorrow"})


def test_eight_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_REMEMBERED", 0)
    others = [table([("n", "number")], [[f"> {limit}", "1"], ["-", "2"]], hit="RULE ORDER") for limit in range(5)]

    def work(seed: int) -> int:
        dice = random.Random(seed)
        for _ in range(400):
            inputs = {"days": dice.choice(DAYS), "grade": dice.choice(["", "H", "A", None])}
            assert rules.decide(GRADES, inputs).matched == reference.decide(GRADES, inputs).matched
            number = {"n": dice.randrange(6)}
            other = dice.choice(others)
            assert rules.decide(other, number).matched == reference.decide(other, number).matched
        return seed

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == list(range(8))


def test_memory_stays_flat_over_fifty_thousand_decisions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_REMEMBERED", 0)
    inputs = [{"days": days, "grade": "H"} for days in DAYS]
    for number in range(2_000):
        rules.decide(GRADES, inputs[number % len(inputs)])
    before = resident()
    for number in range(50_000):
        rules.decide(GRADES, inputs[number % len(inputs)])
    assert resident() - before < 4_000_000


def test_answers_are_kept_by_position_and_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    # given a table that has answered for a position
    drawn = table([("n", "number")], [["> 1", "1"], ["> 5", "2"]], hit="RULE ORDER")
    rules.decide(drawn, {"n": 2})
    door = engine._door  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(door, "_rows", lambda *_: (1,))

    # then another value there gets the same answer, and another position is asked for
    assert rules.decide(drawn, {"n": 3}).matched == ("r1",)
    assert rules.decide(drawn, {"n": 6}).matched == ("r2",)

    # and what is too much is forgotten
    monkeypatch.setattr(engine, "MOST_REMEMBERED", 2)
    rules.decide(drawn, {"n": 0})
    assert rules.decide(drawn, {"n": 3}).matched == ("r2",)

    # or never kept
    monkeypatch.setattr(engine, "MOST_REMEMBERED", 0)
    monkeypatch.setattr(door, "_rows", lambda *_: ())
    assert rules.decide(drawn, {"n": 3}).matched == ()


def test_memory_is_bounded_over_many_tables() -> None:
    def decide_new(number: int) -> None:
        drawn = table([("n", "number")], [[f"> {number}.{row}", "1"] for row in range(8)], hit="RULE ORDER")
        rules.decide(drawn, {"n": number + 1})

    for number in range(engine.MOST_RULESETS):
        decide_new(number)
    before = resident()
    for number in range(engine.MOST_RULESETS, 4 * engine.MOST_RULESETS):
        decide_new(number)
    assert engine.held() <= engine.MOST_RULESETS
    assert resident() - before < 25_000_000


def test_an_exception_in_the_middle_drops_the_ruleset(monkeypatch: pytest.MonkeyPatch) -> None:
    # given a thread that is struck between the fact and its retraction
    drawn = table([("n", "number")], [["> 1", "1"]], hit="RULE ORDER")
    rules.decide(drawn, {"n": 0})
    door = engine._door  # pyright: ignore[reportPrivateUsage]
    native = door._module()  # pyright: ignore[reportPrivateUsage]

    class Struck:
        def __getattr__(self, name: str) -> object:
            if name == "start_action_for_state":
                raise KeyboardInterrupt
            return getattr(native, name)

    monkeypatch.setattr(door, "_native", Struck())
    with pytest.raises(KeyboardInterrupt):
        rules.decide(drawn, {"n": 2})
    monkeypatch.undo()

    # then the next decision starts afresh
    decided = rules.decide(drawn, {"n": 0})
    assert (decided.matched, decided.engine) == ((), "durable-rules")


def test_an_error_of_the_engine_sends_the_decision_to_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = table([("n", "number")], [["> 1.5", "1"]], hit="RULE ORDER")
    rules.decide(drawn, {"n": 0})
    door = engine._door  # pyright: ignore[reportPrivateUsage]
    native = door._module()  # pyright: ignore[reportPrivateUsage]

    class Failing:
        def __getattr__(self, name: str) -> object:
            if name == "retract_fact":
                raise native.error("no more")
            return getattr(native, name)

    monkeypatch.setattr(door, "_native", Failing())
    assert rules.decide(drawn, {"n": 2}).engine == "reference"
    monkeypatch.undo()
    assert rules.decide(drawn, {"n": 2}).engine == "durable-rules"


def test_a_strange_answer_sends_the_decision_to_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = table([("n", "number")], [["> 1.25", "1"]], hit="RULE ORDER")
    rules.decide(drawn, {"n": 0})
    door = engine._door  # pyright: ignore[reportPrivateUsage]
    native = door._module()  # pyright: ignore[reportPrivateUsage]

    class Astray:
        def __getattr__(self, name: str) -> object:
            return (lambda handle, message: (2, 0)) if name == "assert_fact" else getattr(native, name)

    monkeypatch.setattr(door, "_native", Astray())
    decided = rules.decide(drawn, {"n": 2})
    assert (decided.matched, decided.engine) == (("r1",), "reference")


@pytest.mark.parametrize(
    ("inputs", "rows", "why"),
    [
        (["n"], [["? > 1", "1"]], "compares with more than constants"),
        (["n", "m"], [["< m", "-", "1"]], "compares with more than constants"),
        (["n"], [['time("08:00:00+08:00")', "1"]], "offset"),
        ([], [["1"]], "no input column"),
        (["n"], [["< null", "1"]], "can ever apply"),
        (["a", "b", "c"], [['not("1","2","3","4","5","6","7","8","9","10")'] * 3 + ["1"]], "more than 1000 rules"),
    ],
)
def test_tables_for_the_reference(inputs: list[str | tuple[str, str]], rows: list[list[str]], why: str) -> None:
    drawn = table(inputs, rows, hit="RULE ORDER")
    assert isinstance(drawn.logic, Table)
    with pytest.raises(Inexpressible, match=why):
        compile_table(drawn.logic)
    assert rules.decide(drawn, dict.fromkeys(drawn.inputs)).engine == "reference"


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(("rows", "carried"), [(500, True), (501, False), (900, False)])
def test_a_table_that_would_branch_too_widely_is_for_the_reference(place: int, rows: int, carried: bool) -> None:
    # durable-rules would seek a free place for ever, from 512 on
    def cells(number: int) -> list[str]:
        found = ['"same"', '"same"']
        found[place] = f'"s{number}"'
        return found

    drawn = table([("a", "string"), ("b", "string")], [[*cells(n), str(n)] for n in range(rows)])

    asked = dict.fromkeys("ab", "same") | {"ab"[place]: "s7"}
    assert rules.decide(drawn, asked).engine == ("durable-rules" if carried else "reference")
    assert rules.decide(drawn, asked).value == 7
