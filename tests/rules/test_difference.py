"""Two versions of a decision are compared: what changed is said cell by cell, and what did not is
not."""

from __future__ import annotations

import re

import pytest

from rules import read_table
from rules.difference import difference
from rules.difference.changes import Cell, CellChange, Difference, RowChange, TableChangeKind
from rules.difference.properties import Property
from rules.feel import parse
from rules.sameness import same
from tests.rules.drawing import MODEL, drawn

ROWS = [["< 7", "-", '"H"'], ["[7..15)", "true", '"A"'], [">= 15", "-", '"N"']]
BASE = drawn(["days", "clear"], ROWS)


def between(old: bytes, new: bytes) -> Difference:
    (before,), (after,) = read_table(old), read_table(new)
    return difference(before, after)


def without_ids(xml: bytes) -> bytes:
    return re.sub(rb'<rule id="r\d+"', b"<rule", xml)


def moves(found: Difference) -> list[tuple[TableChangeKind, int | None, int | None]]:
    return [(row.kind, row.old, row.new) for row in found.rows]


# -- rows and cells ------------------------------------------------------------------------------


def test_a_changed_cell_names_row_column_and_both_texts() -> None:
    found = between(BASE, drawn(["days", "clear"], [ROWS[0], ["[7..30)", "true", '"A"'], ROWS[2]]))

    assert found.cells == (CellChange("r2", 2, 2, "input", "days", "[7..15)", "[7..30)"),)
    assert not (found.rows or found.columns or found.properties or found.examples)


@pytest.mark.parametrize(
    "row", [["[ 7 .. 15 )", "true", '"A"'], ["[7.0..15)", "true", '"A"'], ["[7..15)", " true ", ' "A" ']]
)
def test_texts_that_mean_the_same_are_no_difference(row: list[str]) -> None:
    assert between(BASE, drawn(["days", "clear"], [ROWS[0], row, ROWS[2]])).nothing


def test_true_is_not_one() -> None:
    assert not same(parse("true"), parse("1"))
    assert same(parse("1.0"), parse("1"))


def test_an_added_row_says_its_cells_and_moves_nobody() -> None:
    extra = drawn(["days", "clear"], [["null", "-", '"?"'], *ROWS]).replace(b'"r1"', b'"new"')
    for old, new in ((2, 1), (3, 2), (4, 3)):
        extra = extra.replace(f'"r{old}"'.encode(), f'"r{new}"'.encode())

    found = between(BASE, extra)

    cells = (Cell("days", "null"), Cell("clear", "-"), Cell("out", '"?"'))
    assert found.rows == (RowChange(TableChangeKind.ADDED, "new", "new", None, 1, cells),)
    assert not found.cells


def test_of_rows_in_another_order_as_few_as_can_be_were_moved() -> None:
    swapped = BASE.replace(b'"r1"', b'"x"').replace(b'"r2"', b'"r1"').replace(b'"x"', b'"r2"')
    found = between(drawn(["n"], [[str(n), str(n)] for n in range(6)]), _reordered([1, 2, 3, 4, 5, 0]))

    assert moves(found) == [(TableChangeKind.MOVED, 1, 6)]
    assert {row.kind for row in between(BASE, swapped).rows} == {TableChangeKind.MOVED}


def _reordered(order: list[int]) -> bytes:
    xml = drawn(["n"], [[str(n), str(n)] for n in order])
    for place, n in enumerate(order, 1):
        xml = xml.replace(f'"r{place}"'.encode(), f'"@{n + 1}"'.encode())
    return xml.replace(b'"@', b'"r')


def test_where_ids_were_lost_rows_are_known_by_what_they_say() -> None:
    lost = without_ids(drawn(["days", "clear"], [["null", "-", '"?"'], ROWS[0], ROWS[2]]))

    found = between(without_ids(BASE), lost)

    assert moves(found) == [(TableChangeKind.ADDED, None, 1), (TableChangeKind.REMOVED, 2, None)]
    assert not found.cells


def test_where_ids_were_lost_a_row_with_half_its_cells_is_the_same_row() -> None:
    found = between(
        without_ids(BASE), without_ids(drawn(["days", "clear"], [ROWS[0], ["[7..9)", "true", '"A"'], ROWS[2]]))
    )

    assert [(one.old_row, one.old, one.new) for one in found.cells] == [(2, "[7..15)", "[7..9)")]
    assert not found.rows


def test_a_row_with_another_id_that_says_the_same_was_renamed() -> None:
    found = between(BASE, BASE.replace(b'"r2"', b'"middle"'))

    assert found.rows == (RowChange(TableChangeKind.RENAMED, "middle", "r2", 2, 2),)


def test_a_row_under_another_id_with_other_words_is_another_row() -> None:
    changed = drawn(["days", "clear"], [ROWS[0], ["[7..15)", "true", '"B"'], ROWS[2]]).replace(b'"r2"', b'"middle"')

    assert moves(between(BASE, changed)) == [(TableChangeKind.ADDED, None, 2), (TableChangeKind.REMOVED, 2, None)]


def test_a_note_that_changed_is_a_cell() -> None:
    noted = BASE.replace(b'<rule id="r1">', b'<rule id="r1"><description>hot</description>')

    assert between(BASE, noted).cells == (CellChange("r1", 1, 1, "note", "", "", "hot"),)


# -- columns, hit policy, examples ---------------------------------------------------------------


def test_a_new_column_and_what_rows_say_in_it() -> None:
    found = between(BASE, drawn(["days", "clear", "side"], [["< 7", "-", '"hq"', '"H"'], *_dashed(ROWS[1:])]))

    (column,) = found.columns
    assert (column.kind, column.side, column.name) == (TableChangeKind.ADDED, "input", "side")
    assert found.cells == (CellChange("r1", 1, 1, "input", "side", "", '"hq"'),)
    assert Property("requiredInput", "days, clear", "days, clear, side") in found.properties


def _dashed(rows: list[list[str]]) -> list[list[str]]:
    return [[*row[:-1], "-", row[-1]] for row in rows]


def test_a_column_that_went_takes_its_cells_along() -> None:
    found = between(BASE, drawn(["days"], [[row[0], row[2]] for row in ROWS]))

    assert [(one.kind, one.name) for one in found.columns] == [(TableChangeKind.REMOVED, "clear")]
    assert [(one.column, one.old, one.new) for one in found.cells] == [("clear", "true", "")]


def test_types_allowed_values_defaults_and_policy_are_said_in_the_words_of_dmn() -> None:
    old = drawn([("n", "number")], [["-", "1"]])
    new = drawn([("n", "string")], [["-", "1"]], hit="FIRST", allowed='"a"', output_values="1, 2", default="2")

    found = between(old, new)

    assert found.properties == (Property("hitPolicy", "UNIQUE", "FIRST"),)
    assert [(one.name, one.properties) for one in found.columns] == [
        ("n", (Property("typeRef", "number", "string"), Property("inputValues", "", '"a"'))),
        ("out", (Property("outputValues", "", "1, 2"), Property("defaultOutputEntry", "", "2"))),
    ]


def test_an_aggregation_that_changed() -> None:
    old, new = (drawn(["n"], [["-", "1"]], hit="COLLECT", aggregation=how) for how in ("SUM", "MAX"))

    assert between(old, new).properties == (Property("aggregation", "SUM", "MAX"),)


def test_examples_are_told_by_name() -> None:
    def with_examples(**expected: str) -> bytes:
        return drawn(
            ["n"],
            [["-", "1"]],
            examples="".join(
                f'<baton:example name="{name}"><baton:given name="n">1</baton:given>'
                f'<baton:expect name="out">{value}</baton:expect></baton:example>'
                for name, value in expected.items()
            ),
        )

    found = between(with_examples(kept="1", turned="1", gone="1"), with_examples(kept="1", turned="2", come="1"))

    assert [(one.kind, one.name) for one in found.examples] == [
        (TableChangeKind.CHANGED, "turned"),
        (TableChangeKind.ADDED, "come"),
        (TableChangeKind.REMOVED, "gone"),
    ]
    assert found.examples[0].properties == (Property("expect out", "1", "2"),)


# -- decisions with more than a table ------------------------------------------------------------


def chained(base: str, *, formula: str = "n + tax", called: str = "fee") -> bytes:
    """A literal expression over a required decision and a knowledge model."""
    return (
        f'<definitions xmlns="{MODEL}" id="d" name="d" namespace="urn:test"><decision id="total" name="total">'
        '<informationRequirement><requiredDecision href="#tax"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="#fee"/></knowledgeRequirement>'
        f"<literalExpression><text>{formula} + {called}(n)</text></literalExpression></decision>"
        f'<decision id="tax" name="tax"><literalExpression><text>{base}</text></literalExpression></decision>'
        f'<businessKnowledgeModel id="fee" name="{called}"><encapsulatedLogic><formalParameter name="x"/>'
        "<literalExpression><text>x * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
        "</definitions>"
    ).encode()


def of_total(old: bytes, new: bytes) -> Difference:
    before, after = (next(one for one in read_table(xml) if one.key == "total") for xml in (old, new))
    return difference(before, after)


def test_a_formula_that_changed() -> None:
    found = of_total(chained("1"), chained("1", formula="n - tax"))

    assert found.properties == (Property("literalExpression", "n + tax + fee(n)", "n - tax + fee(n)"),)


def test_what_changed_in_a_required_decision_is_said_within() -> None:
    (within,) = of_total(chained("1"), chained("2")).within

    assert (within.element, within.name) == ("decision", "tax")
    assert within.properties == (Property("literalExpression", "1", "2"),)


def test_knowledge_models_come_and_go_by_name() -> None:
    found = of_total(chained("1"), chained("1", called="charge"))

    assert [(one.kind, one.element, one.name) for one in found.within] == [
        (TableChangeKind.ADDED, "businessKnowledgeModel", "charge"),
        (TableChangeKind.REMOVED, "businessKnowledgeModel", "fee"),
    ]
