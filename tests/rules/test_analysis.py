"""The analysis of a table: what it finds, and that every example shows its finding when it is
decided."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

import rules
from rules import Ambiguous, Decision, InputRefused, NoRuleMatched, read_table, reference
from rules.analysis import CODES, Finding, Severity, analyse
from rules.feel import Value
from rules.model import Table
from tests.rules.drawing import drawn, table

GRADES = '"H", "A", "B"'


def codes(decision: Decision) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.code, one.rows) for one in analyse(decision)]


def only(decision: Decision) -> tuple[Finding, dict[str, Value]]:
    (found,) = analyse(decision)
    assert found.example is not None
    return found, found.example


# -- gaps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cells", "allowed", "missing"),
    [
        (("n", "number"), ["< 10", "> 10"], "", 10),
        (("n", "number"), ["[0..10)", "[10..20]"], "[0..30]", 25),
        (("n", "string"), ['"H"', '"A"'], GRADES, "B"),
        (("n", "boolean"), ["true"], "", False),
        (("n", "boolean"), ["true", "false", "null"], "", "covered"),
        (("n", "number"), ["null", "<= 0", "> 0"], "", "covered"),
        (("n", "string"), ["null", '"H","A"', '"B"'], GRADES, "covered"),
        (("n", "number"), ["< 10", ">= 10"], "", "covered"),
    ],
)
def test_an_input_that_no_row_covers(column: tuple[str, str], cells: list[str], allowed: str, missing: object) -> None:
    decision = table([column], [[cell, "1"] for cell in cells], allowed=allowed)

    if missing == "covered":
        assert analyse(decision) == ()
    else:
        found, example = only(decision)
        assert (found.code, example) == ("gap", {"n": missing})
        with pytest.raises(NoRuleMatched):
            reference.decide(decision, example)


@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        (["<= 299999", ">= 300000"], "covered"),
        (["< 0", "(0..2.5]", "> 2.5"], 0),
        (["<= 1.5", ">= 7"], 4),
        (["<= 1", "(1.2..1.8)", ">= 2"], "impossible"),
    ],
)
def test_whole_numbers_have_nothing_between_them(cells: list[str], missing: object) -> None:
    decision = table([("n", "integer")], [[cell, "1"] for cell in cells])

    if missing in ("covered", "impossible"):
        assert [one.code for one in analyse(decision)] == [missing] * (missing != "covered")
    else:
        assert only(decision)[1] == {"n": missing}
    with pytest.raises(InputRefused, match="a whole number is needed"):
        rules.decide(decision, {"n": 1.25})


def test_the_declared_type_of_an_input_says_what_can_come() -> None:
    xml = drawn(["n"], [["1", '"one"'], ["2", '"two"']]).replace(
        b'<decision id="drawn"',
        b'<itemDefinition name="tStep"><typeRef>number</typeRef><allowedValues><text>1, 2</text></allowedValues>'
        b'</itemDefinition><inputData id="i" name="n"><variable name="n" typeRef="tStep"/></inputData>'
        b'<decision id="drawn"',
    )
    (declared,), (undeclared,) = read_table(xml), read_table(drawn(["n"], [["1", '"one"'], ["2", '"two"']]))

    assert declared.shapes
    assert [one.code for one in analyse(undeclared)] == ["gap"]
    assert analyse(declared) == ()


def test_true_and_one_are_no_duplicate() -> None:
    decision = table([("n", "number")], [["1", "true"], ["1", "1"]])

    assert codes(decision) == [("contradiction", (1, 2)), ("gap", ())]


def test_null_is_a_gap_only_where_the_table_speaks_of_it() -> None:
    silent = table([("a", "boolean"), ("b", "boolean")], [["true", "-", "1"], ["false", "-", "2"]])
    speaking = table([("a", "boolean"), ("b", "boolean")], [["true", "null", "1"], ["-", "true,false", "2"]])

    assert analyse(silent) == ()
    assert only(speaking)[1] == {"a": False, "b": None}


def test_a_default_output_closes_every_gap() -> None:
    assert analyse(table(["n"], [["> 1", "1"]], hit="FIRST", default="0")) == ()


def test_a_gap_of_a_table_with_several_results_is_only_worth_a_note() -> None:
    decision = table([("n", "number")], [["> 1", "1"]], hit="COLLECT")

    found, example = only(decision)

    assert (found.code, found.severity) == ("nothing_collected", Severity.NOTE)
    assert reference.decide(decision, example).outputs == []


def test_a_gap_names_only_the_inputs_that_matter() -> None:
    decision = table([("n", "number"), ("grade", "string")], [["> 5", "-", "1"], ["<= 5", '"H"', "2"]])

    found, _ = only(decision)

    assert "grade" in found.message and "row covers n = " in found.message
    assert analyse(table([("n", "number"), ("m", "number")], [["-", "> 0", "1"]]))[0].message == (
        "no row covers m = 0. Add a row for it, or a default output."
    )


# -- rows that apply at once ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hit", "outputs", "code", "severity"),
    [
        ("UNIQUE", ("1", "2"), "overlap", Severity.ERROR),
        ("UNIQUE", ("1", "1"), "overlap", Severity.ERROR),
        ("ANY", ("1", "2"), "overlap", Severity.ERROR),
        ("ANY", ("1", "1.0"), "", None),
        ("PRIORITY", ("1", "2"), "", None),
        ("FIRST", ("1", "2"), "", None),
        ("RULE ORDER", ("1", "2"), "", None),
    ],
)
def test_two_rows_that_share_inputs(hit: str, outputs: tuple[str, str], code: str, severity: Severity | None) -> None:
    rows = [["<= 5", outputs[0]], [">= 5", outputs[1]]]
    decision = table([("n", "number")], rows, hit=hit, output_values="1, 2")

    if not code:
        assert analyse(decision) == ()
        return
    found, example = only(decision)
    assert (found.code, found.severity, found.rows, example) == (code, severity, (1, 2), {"n": 5})
    assert "rows 1 (r1) and 2 (r2) both apply to n = 5" in found.message
    with pytest.raises(Ambiguous) as raised:
        reference.decide(decision, example)
    assert raised.value.rules == ("r1", "r2")


@pytest.mark.parametrize(
    ("hit", "code"),
    [("UNIQUE", "contradiction"), ("ANY", "contradiction"), ("FIRST", "shadowed"), ("COLLECT", ""), ("PRIORITY", "")],
)
def test_one_condition_and_two_outputs(hit: str, code: str) -> None:
    rows = [["< 5", "1"], ["not(>= 5)", "2"], [">= 5", "3"]]
    decision = table([("n", "number")], rows, hit=hit, output_values="1, 2, 3")

    found = codes(decision)

    assert found == ([(code, (2, 1) if code == "shadowed" else (1, 2))] if code else [])


@pytest.mark.parametrize(("first", "second", "found"), [("1", "1", [("tie", (1, 2))]), ("1", "2", [])])
def test_outputs_of_one_priority_are_told_apart_by_their_order_only(
    first: str, second: str, found: list[tuple[str, tuple[int, ...]]]
) -> None:
    rows = [["-", first, "1"], ["-", second, "2"]]
    decision = table(["n"], rows, hit="PRIORITY", outputs=("ranked", "other"), output_values="1, 2")
    assert isinstance(decision.logic, Table)
    ranked, other = decision.logic.outputs
    outputs = (ranked, replace(other, order=()))  # only one of the columns says what goes first

    assert codes(replace(decision, logic=replace(decision.logic, outputs=outputs))) == found


@pytest.mark.parametrize("hit", ["UNIQUE", "ANY", "FIRST", "COLLECT"])
def test_rows_that_say_the_same(hit: str) -> None:
    decision = table([("n", "number")], [["1,2", "n + 1"], ["-", "0"], ["2, 1", "n + 1"]], hit=hit)

    duplicates = [one for one in analyse(decision) if one.code == "duplicate"]

    (found,) = duplicates
    assert found.rows == (1, 3) and found.example == {"n": 1}
    assert found.severity is (Severity.ERROR if hit == "UNIQUE" else Severity.WARNING)
    assert not [one for one in analyse(decision) if one.code == "shadowed"]


def test_outputs_that_compute_are_compared_where_they_meet() -> None:
    differs = table([("n", "number")], [["<= 5", "n + 2"], [">= 5", "n * 2"]], hit="ANY")
    agrees = table([("n", "number")], [["<= 5", "n + 5"], [">= 5", "n * 2"]], hit="ANY")

    assert codes(differs) == [("overlap", (1, 2))]
    assert codes(agrees) == [("unknown", (1, 2))]


# -- rows that never speak -----------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["[5..3]", "(3..3)", '"X"', "not(-1000000)", "> 40"])
def test_a_row_that_nothing_matches(cell: str) -> None:
    text = cell.startswith('"')
    allowed = GRADES if text else "[0..30]" if cell == "> 40" else "-1000000" if "not" in cell else ""
    kind = "string" if text else "number"
    decision = table([("n", kind)], [[cell, "1"], ["-", "2"]], hit="FIRST", allowed=allowed)

    (found,) = [one for one in analyse(decision) if one.code == "impossible"] or [None]

    if "not" in cell:  # null is always an input, and it is not -1000000
        assert found is None and reference.decide(decision, {"n": None}).matched == ("r1",)
    else:
        assert found is not None and found.rows == (1,) and found.example is not None
        assert reference.decide(decision, found.example).matched == ("r2",)


def test_several_rows_together_forestall_another() -> None:
    rows = [["< 5", "1"], ["> 5", "2"], ["[0..9]", "3"], ["5", "4"], ["[1..8]", "5"], ["-", "6"]]
    decision = table([("n", "number")], rows, hit="FIRST")

    (fourth, fifth) = analyse(decision)

    assert (fourth.rows, fifth.rows) == ((4, 3), (5, 3))
    assert fifth.message.startswith("row 5 (r5) never speaks: row 3 (r3) comes first at n = 1.")
    assert [reference.decide(decision, one.example or {}).matched for one in (fourth, fifth)] == [("r3",), ("r1",)]


def test_the_last_row_speaks_for_null_and_is_not_dead() -> None:
    rows = [["< 5", "1"], [">= 5", "2"], ["-", "3"]]

    assert analyse(table([("n", "number")], rows, hit="FIRST")) == ()
    assert analyse(table(["n"], rows, hit="FIRST")) == ()
    assert codes(table([("n", "number")], [*rows, ["null", "4"]], hit="FIRST")) == [("shadowed", (4, 3))]


def test_times_with_an_offset_keep_a_row_alive() -> None:
    rows = [['< time("12:00:00")', "1"], ['>= time("12:00:00")', "2"], ["null", "3"], ["-", "4"]]
    decision = table([("n", "time")], rows, hit="FIRST")

    assert analyse(decision) == ()
    assert reference.decide(decision, {"n": "12:00:00+08:00"}).matched == ("r4",)


# -- values that are not allowed -----------------------------------------------------------------


def test_an_input_value_that_is_not_allowed() -> None:
    decision = table([("n", "string")], [['"H", "X"', "1"], ['"A", "B"', "2"]], allowed=GRADES)

    found, example = only(decision)

    assert (found.code, found.rows, example) == ("input_not_allowed", (1,), {"n": "X"})
    with pytest.raises(InputRefused, match="allowed"):
        reference.decide(decision, example)


@pytest.mark.parametrize(("output", "default", "rows", "given"), [("n + 1", "", (2,), 1), ("1", "9", (), 9)])
def test_an_output_value_that_is_not_listed(output: str, default: str, rows: tuple[int, ...], given: int) -> None:
    decision = table([("n", "number")], [["> 0", "2"], ["0", output]], default=default, output_values="2, 3, 1")
    if not default:
        decision = table([("n", "number")], [["> 0", "2"], ["0", output], ["< 0", "3"]], output_values="2, 3")

    found, example = only(decision)

    assert (found.code, found.rows) == ("output_not_allowed", rows)
    assert reference.decide(decision, example).outputs == {"out": given}


# -- what cannot be known ------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["< m", "? * 2 > 10", 'contains(string(?), "7")'])
def test_a_row_with_a_condition_is_not_judged(cell: str) -> None:
    decision = table([("n", "number"), ("m", "number")], [[cell, "-", "1"], ["< 9", "-", "2"], ["-", "> 5", "3"]])

    found = analyse(decision)

    assert [(one.code, one.rows) for one in found] == [("overlap", (2, 3)), ("unknown", (1,))]
    assert "row 1 (r1)" in found[1].message and found[1].example is None


def test_a_computed_column_is_not_judged() -> None:
    decision = table([("n + m", "number"), ("m", "number")], [["> 5", "> 0", "1"], ["> 5", "> 3", "2"]])

    assert [one for one in codes(decision) if one[0] != "gap"] == [("unknown", (1, 2))]
    (gap,) = [one for one in analyse(decision) if one.code == "gap"]
    with pytest.raises(NoRuleMatched):
        reference.decide(decision, gap.example or {})


def test_two_columns_of_one_input_are_taken_together() -> None:
    decision = table([("n", "number"), ("n", "number")], [["> 5", "< 3", "1"], ["<= 5", "-", "2"], ["> 5", "-", "3"]])

    assert codes(decision) == [("impossible", (1,))]


def test_a_required_decisions_result_is_no_input() -> None:
    xml = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" namespace="urn:test">'
        b'<decision id="inner" name="inner"><literalExpression><text>n + 1</text></literalExpression></decision>'
        b'<decision id="outer" name="outer"><informationRequirement><requiredDecision href="#inner"/>'
        b'</informationRequirement><decisionTable><input><inputExpression typeRef="number"><text>inner</text>'
        b'</inputExpression></input><output name="out"/><rule id="r1"><inputEntry><text>&gt; 1</text></inputEntry>'
        b"<outputEntry><text>1</text></outputEntry></rule></decisionTable></decision></definitions>"
    )
    inner, outer = read_table(xml)

    assert (analyse(inner), codes(outer)) == ((), [("unknown", (1,))])


# -- the whole -----------------------------------------------------------------------------------


def test_findings_come_by_gravity() -> None:
    decision = table([("n", "number")], [["> 5", "1"], ["> 9", "2"], ["[2..1]", "3"], ["? > 1 and ? < 0", "4"]])

    found = [one.severity for one in analyse(decision)]

    assert found == sorted(found, key=list(Severity).index) and set(found) == set(Severity)
    assert all(one.message.endswith(f"{CODES[one.code].cure}.") for one in analyse(decision))


@pytest.mark.parametrize("path", rules.shipped(), ids=lambda path: path.stem)
def test_the_shipped_tables_have_no_error_and_no_dead_row(path: object) -> None:
    for decision in (one for file in rules.shipped() if file == path for one in read_table(file.read_bytes())):
        assert isinstance(decision.logic, Table)
        found = analyse(decision)
        assert {one.code for one in found} <= ({"gap"} if decision.key == "escalation-ladder" else set())
        for one in found:
            with pytest.raises(NoRuleMatched):
                reference.decide(decision, one.example or {})


def test_work_is_bounded_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.analysis.gaps._COMPARISONS", 1)
    monkeypatch.setattr("rules.analysis.dead._COMPARISONS_A_ROW", 2)
    rows = [["< 5", "1"], ["> 7", "2"], ["6", "3"], ["-", "4"]]

    found = codes(table([("n", "number")], rows, hit="FIRST"))

    assert found == [("bounded", ()), ("bounded", (4,))]


@pytest.mark.parametrize("hit", ["UNIQUE", "FIRST"])
def test_a_thousand_rows_take_seconds(hit: str) -> None:
    rows = [
        [*(f"[{number * (7 + place) % 900}..{number * (7 + place) % 900 + 200}]" for place in range(6)), str(number)]
        for number in range(1_000)
    ]
    decision = table([(f"v{place}", "number") for place in range(6)], rows, hit=hit)

    began = time.perf_counter()
    found = analyse(decision)

    assert time.perf_counter() - began < 15  # a busy machine; alone it is about one
    assert {"gap", "bounded"} <= {one.code for one in found}
