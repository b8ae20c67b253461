"""Examples in the file: run through both evaluators, differences told."""

from __future__ import annotations

from rules.examples import check
from tests.rules.drawing import table


def example(given: str, expect: str) -> str:
    return (
        f'<baton:example name="shown"><baton:given name="n">{given}</baton:given>'
        f'<baton:expect name="out">{expect}</baton:expect></baton:example>'
    )


def test_a_right_example() -> None:
    assert check(table(["n"], [["[1..7]", '"H"']], examples=example("7", '"H"'))) == ()


def test_a_wrong_example_is_told_for_both_evaluators() -> None:
    found = check(table(["n"], [["[1..7]", '"H"']], examples=example("7", '"A"')))
    assert [str(difference) for difference in found] == [
        'shown, durable-rules: out is "H" instead of "A"',
        'shown, reference: out is "H" instead of "A"',
    ]


def test_no_row_and_several_rows() -> None:
    assert check(table(["n"], [["[1..7]", '"H"']], examples=example("8", "null"))) == ()
    rows = [["< 9", "1"], ["> 1", "2"]]
    assert check(table(["n"], rows, hit="RULE ORDER", examples=example("8", "[1, 2]"))) == ()


def test_a_refused_input_and_an_unknown_name_are_differences() -> None:
    refused = check(table([("n", "number")], [["1", "2"]], examples=example('"x"', "2")))
    assert "InputRefused" in refused[0].got
    unknown = check(table(["m"], [["-", "2"]], examples=example("1", "2")))
    assert unknown[0].output == "n"
