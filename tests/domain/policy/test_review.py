"""A review says everything that is wrong with a file, and whether it may be published."""

from __future__ import annotations

from dataclasses import replace

import pytest

import rules
from domain.policy import review as reviewing
from domain.policy.review import MOST_ROWS, Review, review
from rules import engine, reference
from rules.feel import Value
from rules.model import Matched, Table
from tests.rules.drawing import drawn

EXAMPLE = (
    '<baton:example name="five"><baton:given name="n">5</baton:given>'
    '<baton:expect name="out">{}</baton:expect></baton:example>'
)


def drawing(*rows: list[str], expect: str = "1", hit: str = "UNIQUE") -> bytes:
    return drawn([("n", "number")], list(rows), hit=hit, examples=EXAMPLE.format(expect))


def empty_but(found: Review, *names: str) -> bool:
    told = {"problems", "findings", "differences", "disagreements", "contract"}
    return {name for name in told if getattr(found, name)} == set(names)


def test_a_good_file_has_nothing_against_it() -> None:
    found = review(drawing(["-", "1"]))

    assert empty_but(found)
    assert not found.errors
    assert [one.key for one in found.decisions] == ["drawn"]


def test_a_file_that_cannot_be_read_has_every_problem_and_nothing_else() -> None:
    found = review(drawing(["< ", "1"], ["nonsense +", "2"]))

    assert empty_but(found, "problems")
    assert [one.row for one in found.problems] == [1, 2]
    assert found.errors and not found.decisions


@pytest.mark.parametrize("xml", [b"", b"<html/>", b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'])
def test_a_hostile_file_is_a_problem_and_no_exception(xml: bytes) -> None:
    assert empty_but(review(xml), "problems")


def test_an_output_that_cannot_be_computed_is_a_problem_and_no_exception() -> None:
    found = review(drawing(["-", "count(for i in 1..100000000 return i)"]))

    assert empty_but(found, "problems")
    assert "10,000 items" in found.problems[0].message


def test_a_warning_does_not_stop_a_publication() -> None:
    found = review(drawing(["> 2", "1"]))

    assert empty_but(found, "findings")
    assert [(one.decision, one.finding.code) for one in found.findings] == [("drawn", "gap")]
    assert not found.errors


def test_rows_that_contradict_each_other_do_and_the_line_is_named() -> None:
    found = review(drawing(["-", "1"], ["> 9", "2"]))

    assert empty_but(found, "findings")
    assert found.errors and found.findings[0].line == 1


def test_an_example_that_comes_out_otherwise_does_and_is_said_once() -> None:
    found = review(drawing(["-", "1"], expect="2"))

    assert empty_but(found, "differences")
    assert [str(one.difference) for one in found.differences] == ["five, durable-rules: out is 1 instead of 2"]
    assert found.errors and found.differences[0].line == 1


def test_evaluators_that_differ_on_inputs_that_nobody_thought_of_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def astray(table: Table, values: tuple[Value, ...], scope: dict[str, object]) -> Matched:
        rows = reference.matching(table, values, scope)
        return rows if values == (5,) else replace(rows, rows=())

    monkeypatch.setattr(engine, "matching", astray)

    found, unsampled = review(drawing(["-", "1"])), review(drawing(["-", "1"]), sampled=False)

    assert empty_but(found, "disagreements") and found.errors
    assert empty_but(unsampled)


def test_a_broken_contract_does() -> None:
    pool = next(path for path in rules.shipped() if path.stem == "pool").read_bytes()

    found = review(pool.replace(b'name="keep_hours"', b'name="stay"'), "pool")

    assert [(one.code, one.field) for one in found.contract] == [("output_missing", "keep_hours")]
    assert found.errors


def test_a_file_without_the_table_that_it_is_a_draft_of_is_refused() -> None:
    found = review(drawing(["-", "1"]), "pool")

    assert empty_but(found, "problems")
    assert str(found.problems[0]) == "file: the file holds drawn, not “pool”. Give the decision the id “pool”."


def test_a_table_without_measure_is_refused_before_it_is_analysed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviewing, "MOST_ROWS", 2)

    assert empty_but(review(drawing(["1", "1"], ["5", "1"])), "findings")
    assert empty_but(review(drawing(["1", "1"], ["2", "1"], ["3", "1"])), "problems")
    assert MOST_ROWS >= 1_000


def test_every_shipped_table_may_be_published() -> None:
    for path in rules.shipped():
        assert not review(path.read_bytes(), sampled=False).errors, path.name


ENDLESS = "if some i in 1..10000, j in 1..10000 satisfies i + j = n - 0.5 then 1 else 2"


def test_an_output_that_asks_for_too_much_at_some_inputs_is_found_with_an_example() -> None:
    found = review(drawing(["5", "1"], ["-", ENDLESS], hit="FIRST"))

    assert found.errors
    (breach,) = found.contract
    assert breach.code == "too_much" and breach.example is not None
    assert "more than 100,000 steps" in breach.message
