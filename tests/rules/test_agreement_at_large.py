"""Sampled inputs reach what matters in a table; both evaluators agree on them, alone and from 16
threads at once."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

import rules
from bench.agreement import Tally, agree, agree_in_threads
from bench.tables import random_table
from rules import Decided, Decision, engine, reference, tables
from rules.agreement import disagreements
from rules.constants import constants
from rules.model import Matched, Table
from rules.positions import Axis
from rules.sampling import samples
from tests.rules.drawing import table

DAYS = table(
    [("days", "number"), ("grade", "string")],
    [["< 7", '"H"', "1"], ["[7..15]", '"A","B"', "2"], ["> 15", "-", "3"]],
    hit="RULE ORDER",
)


def shipped() -> list[Decision]:
    return [one for file in rules.shipped() for one in rules.read_table(file.read_bytes())]


def test_the_same_seed_gives_the_same_inputs() -> None:
    assert list(samples(DAYS, 50, seed=7)) == list(samples(DAYS, 50, seed=7))
    assert list(samples(DAYS, 50, seed=7)) != list(samples(DAYS, 50, seed=8))


def test_samples_lie_at_between_and_beyond_the_constants() -> None:
    days = {inputs["days"] for inputs in samples(DAYS, 2_000) if isinstance(inputs["days"], Decimal)}

    assert {Decimal(7), Decimal(15)} <= days
    assert min(days) < 7 < max(days)
    assert any(7 < value < 15 for value in days)
    assert max(days) > 15


def test_samples_hold_null_empty_and_values_of_other_types() -> None:
    kinds = {type(inputs["days"]) for inputs in samples(DAYS, 2_000)}
    grades = [inputs["grade"] for inputs in samples(DAYS, 2_000)]

    assert {type(None), str, bool, list} <= kinds
    assert None in grades
    assert "" in grades


def test_values_that_are_not_allowed_are_tried_now_and_then() -> None:
    strict = table([("grade", "string")], [['"H"', "1"], ["-", "2"]], hit="FIRST", allowed='"H", "A"')

    grades = [inputs["grade"] for inputs in samples(strict, 1_000)]

    assert sum(grade in ("H", "A") for grade in grades) > 700
    assert any(isinstance(grade, str) and grade not in ("H", "A") for grade in grades)


@pytest.mark.parametrize("decision", shipped(), ids=lambda one: one.key)
def test_every_row_of_a_shipped_table_is_reached(decision: Decision) -> None:
    assert isinstance(decision.logic, Table)
    reached: set[str] = set()
    for inputs in samples(decision, 4_000):
        try:
            reached.update(reference.decide(decision, inputs).matched)
        except rules.RulesError:
            continue

    assert reached == {rule.id for rule in decision.logic.rules}


def test_inputs_inside_inputs_are_drawn_in_their_shape() -> None:
    paths = table([("customer.age", "number"), ("customer.city", "string")], [["> 18", '"北京"', "1"]], hit="FIRST")
    assert paths.inputs == ("customer",)

    found = sum(_applies(paths, inputs) for inputs in samples(paths, 200))

    assert found > 20


def _applies(decision: Decision, inputs: dict[str, object]) -> bool:
    try:
        return reference.decide(decision, inputs).matched == ("r1",)
    except rules.RulesError:
        return False


def test_a_difference_is_found_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # given an engine that overlooks the last row
    def short(whole: Table, values: tuple[object, ...], scope: dict[str, object]) -> Matched:
        found = reference.matching(whole, values, scope)  # type: ignore[arg-type]
        return Matched(tuple(row for row in found.rows if row < 2), "durable-rules")

    monkeypatch.setattr(engine, "matching", short)

    found = disagreements(DAYS, count=200)

    # then each difference tells the inputs and what both said
    assert found
    assert all("r3" in one.reference.rows and "r3" not in one.durable_rules.rows for one in found)
    assert "days: " in str(found[0])
    assert "reference [3] (rows r3)" in str(found[0])


def test_a_failure_that_no_decision_may_end_with_is_no_agreement(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(decision: Decision, inputs: object) -> Decided:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(tables, "decide", broken)
    monkeypatch.setattr(reference, "decide", broken)

    (one,) = disagreements(DAYS, count=1)

    assert one.durable_rules.failed
    assert str(one.reference) == "ZeroDivisionError: by zero"


def test_a_cell_holds_at_each_position_of_its_stretches_and_nowhere_else() -> None:
    dice, asked = Random(7), 0
    for _ in range(40):
        drawn = random_table(dice).logic
        assert isinstance(drawn, Table)
        for cells in zip(*(rule.cells for rule in drawn.rules), strict=True):
            named = [constants(cell) for cell in cells]
            if None in named:
                continue
            axis = Axis([value for part in named for value in part or ()])
            for cell, its in zip(cells, named, strict=True):
                holding = {at for at, value in enumerate(axis.samples) if cell.run(value, {}) is True}
                assert {at for first, last in axis.runs(cell, its or ()) for at in range(first, last + 1)} == holding
                asked += 1

    assert asked > 500


def test_both_evaluators_agree_on_random_tables() -> None:
    tally = agree(5_000, seed=5, watched=False)

    assert tally.differences == []
    assert tally.decisions == 5_000
    assert tally.engines["durable-rules"] > tally.engines["reference"] > 0


def test_memory_that_only_goes_up_and_down_is_no_growth() -> None:
    flat = Tally(decisions=100, held=[(10 * part, 50_000 + 400 * (part % 2)) for part in range(1, 11)])
    grown = Tally(decisions=100, held=[(10 * part, 50_000 + 80 * part) for part in range(1, 11)])

    assert flat.grown == 0
    assert grown.grown == pytest.approx(8)


def test_sixteen_threads_on_more_tables_than_are_kept() -> None:
    tally = agree_in_threads(6_400, seed=4)

    assert tally.differences == []
    assert tally.tables > engine.MOST_RULESETS >= engine.held()
