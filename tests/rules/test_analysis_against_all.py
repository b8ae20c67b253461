"""Random small tables: the analysis finds what trying every input finds, no more and no less."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import Ambiguous, Decision, NoRuleMatched, reference
from rules.analysis import analyse
from rules.feel import Value
from rules.model import Table
from tests.rules.drawing import table

NUMBERS: list[Value] = [Decimal(text) for text in ("-1", "0", "0.5", "1", "1.5", "2", "3")]
TEXTS: list[Value] = ["", "0", "A", "AA", "B", "BB", "C", "CC"]
EVERY: dict[str, list[Value]] = {
    "number": [None, *NUMBERS],
    "integer": [None, *(number for number in NUMBERS if number == int(number))],
    "string": [None, *TEXTS],
    "boolean": [None, False, True],
    "Any": [None, [], True, *NUMBERS, *TEXTS],
}
"""Cells name 0, 1 and 2, "A", "B" and "C"; these are all of them, what lies between and beyond, and
what is neither."""

NUMBER_CELLS = ["0", "1, 2", "< 1", "<= 1", "> 1", ">= 2", "[0..1]", "(0..2)", "[2..0]", "not(1)", "not([0..1], 2)"]
TEXT_CELLS = ['"A"', '"B", "C"', 'not("A")', '!= "B"', '> "A"', '["A".."B")', "null", 'not("A", null)']
CELLS = {
    "number": [*NUMBER_CELLS, "null"],
    "integer": [*NUMBER_CELLS, "null", "0.5", "(0..1)", "> 1.5"],
    "string": TEXT_CELLS,
    "boolean": ["true", "false", "not(true)", "true, false"],
    "Any": [*NUMBER_CELLS, *TEXT_CELLS, "true"],
}
Inputs = dict[str, Value]


@st.composite
def drawn_tables(draw: st.DrawFn, hit: str) -> tuple[Decision, list[list[Value]]]:
    """A table, and for each of its inputs every value that it may have."""
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=3))
    columns = [st.sampled_from(["-", *CELLS[kind]]) for kind in kinds]
    rows = draw(st.lists(st.tuples(*columns, st.sampled_from("12")), min_size=1, max_size=6))
    names: list[str | tuple[str, str]] = [(f"v{place}", kind) for place, kind in enumerate(kinds)]
    allowed = draw(st.sampled_from(["", '"A", "B"', '["A".."C"]'])) if set(kinds) == {"string"} else ""
    decision = table(names, [list(row) for row in rows], hit=hit, allowed=allowed, output_values="2, 1")
    return decision, [_accepted(decision, place, EVERY[kind]) for place, kind in enumerate(kinds)]


def _accepted(decision: Decision, place: int, values: list[Value]) -> list[Value]:
    assert isinstance(decision.logic, Table)
    allowed = decision.logic.columns[place].allowed
    return [value for value in values if value is None or allowed is None or allowed.run(value, {}) is True]


def matches(decision: Decision, inputs: Inputs) -> tuple[int, ...]:
    assert isinstance(decision.logic, Table)
    return reference.matching(decision.logic, tuple(inputs.values()), {}).rows


def every(values: list[list[Value]]) -> list[Inputs]:
    return [{f"v{place}": value for place, value in enumerate(point)} for point in product(*values)]


def found(decision: Decision, *codes: str) -> set[tuple[int, ...]]:
    return {tuple(row - 1 for row in one.rows) for one in analyse(decision) if one.code in codes}


@settings(max_examples=60)
@given(drawn_tables("UNIQUE"))
def test_pairs_of_a_unique_table_are_those_that_meet(drawn: tuple[Decision, list[list[Value]]]) -> None:
    decision, values = drawn
    meeting = {pair for inputs in every(values) for pair in combinations(matches(decision, inputs), 2)}

    said = found(decision, "overlap", "contradiction", "duplicate")

    assert said == meeting


@settings(max_examples=60)
@given(drawn_tables("ANY"))
def test_pairs_of_an_any_table_are_those_that_contradict(drawn: tuple[Decision, list[list[Value]]]) -> None:
    decision, values = drawn
    contradicted = False
    for inputs in every(values):
        try:
            reference.decide(decision, inputs)
        except Ambiguous:
            contradicted = True
        except NoRuleMatched:
            continue

    said = [one for one in analyse(decision) if one.code in ("overlap", "contradiction")]

    assert bool(said) == contradicted
    for one in said:
        try:
            reference.decide(decision, one.example or {})
        except Ambiguous as refused:
            assert {f"r{row}" for row in one.rows} <= set(refused.rules)
        else:
            raise AssertionError(f"{one} is no contradiction")


@settings(max_examples=60)
@given(drawn_tables("FIRST"))
def test_dead_rows_are_those_that_no_input_fires(drawn: tuple[Decision, list[list[Value]]]) -> None:
    decision, values = drawn
    assert isinstance(decision.logic, Table)
    points = [matches(decision, inputs) for inputs in every(values)]
    firing = {rows[0] for rows in points if rows}
    matching = {row for rows in points for row in rows}
    everything = set(range(len(decision.logic.rules)))

    impossible = {rows[0] for rows in found(decision, "impossible")}
    shadowed = {rows[0] for rows in found(decision, "shadowed")} | {rows[1] for rows in found(decision, "duplicate")}

    assert impossible == everything - matching
    assert shadowed == matching - firing


@settings(max_examples=60)
@given(st.sampled_from(["UNIQUE", "FIRST", "COLLECT"]).flatmap(drawn_tables))
def test_gaps_are_declared_inputs_that_no_row_matches(drawn: tuple[Decision, list[list[Value]]]) -> None:
    decision, values = drawn
    assert isinstance(decision.logic, Table)
    examples = [one.example for one in analyse(decision) if one.code in ("gap", "nothing_collected")]
    open_inputs = [inputs for inputs in every(values) if not matches(decision, inputs)]
    plain = [
        inputs
        for inputs in open_inputs
        if all(_is_typed(decision, place) and value is not None for place, value in enumerate(inputs.values()))
    ]

    assert all(example is not None and matches(decision, example) == () for example in examples)
    assert bool(examples) >= bool(plain)
    assert not examples or open_inputs


def _is_typed(decision: Decision, place: int) -> bool:
    assert isinstance(decision.logic, Table)
    return decision.logic.columns[place].kind is not None


@settings(max_examples=60)
@given(st.sampled_from(["UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT"]).flatmap(drawn_tables))
def test_every_example_can_be_decided_and_shows_its_finding(drawn: tuple[Decision, list[list[Value]]]) -> None:
    decision, _ = drawn
    for one in analyse(decision):
        rows = set(row - 1 for row in one.rows)
        if one.example is None or one.code == "input_not_allowed":
            continue
        matched = matches(decision, one.example)
        match one.code:
            case "gap" | "nothing_collected":
                assert matched == ()
            case "impossible":
                assert not rows & set(matched)
            case "shadowed":
                assert one.rows[0] - 1 in matched and set(matched) & (rows - {one.rows[0] - 1})
            case _:
                assert rows <= set(matched)
