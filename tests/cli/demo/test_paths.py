"""A lead's history is recognised as the paths it went, and every path can be recognised."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from rich.console import Console

import rules
from cases.messages import TIMELINE
from cases.states import Outcome
from cli.demo.paths import PATHS, Path, marks_of, taken
from cli.demo.screen import Screen
from cli.demo.tables import TABLES, demo_version
from workflows.bpmn import closure, read
from workflows.processes import shipped

WALKED = set(closure({key: read(xml).processes[key] for key, xml in shipped().items()}, "lead"))
"""The processes that the demo's leads run through."""


def history(*marks: str) -> list[list[str]]:
    return [[mark] for mark in marks]


def test_marks_tell_code_element_outcome_and_whether_it_was_late():
    entry = {"code": "called", "element": "work", "data": {"outcome": "qualified", "late": False}}

    assert marks_of(entry) == ["called", "@work", "called:qualified", "in_time"]
    assert marks_of({"code": "graded", "element": None, "data": {}}) == ["graded"]


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        (("a", "b"), True),
        (("a", "x", "b"), True),
        (("a", "c", "b"), False),
        (("a", "c", "a", "b"), True),
        (("b", "a"), False),
        ((), False),
    ],
)
def test_a_path_is_marks_in_order_without_what_must_not_come_between(marks: tuple[str, ...], found: bool):
    assert taken(Path("lead", "", ("a", "!c", "b")), history(*marks)) is found


def test_one_entry_counts_for_one_mark():
    again = Path("lead", "", ("a", "a"))

    assert not taken(again, history("a"))
    assert taken(again, history("a", "a"))


def test_paths_name_only_elements_codes_and_outcomes_that_exist():
    elements = {e for xml in shipped().values() for p in read(xml).processes.values() for e in p.elements}
    for path in PATHS:
        for mark in (mark.removeprefix("!") for mark in path.marks):
            if mark.startswith("@"):
                assert mark[1:] in elements, path
            elif mark not in ("late", "in_time"):
                code, _, outcome = mark.partition(":")
                assert code in TIMELINE and (not outcome or outcome in set(Outcome)), path


def test_the_paths_cover_all_diagrams_and_each_is_said_once():
    assert {path.process for path in PATHS} == WALKED
    assert len({path.title for path in PATHS}) == len(PATHS)


def test_demo_versions_change_the_rows_they_name_and_stay_readable():
    files = {table.key: path.read_bytes() for path in rules.shipped() for table in rules.read_table(path.read_bytes())}
    for table in TABLES:
        xml = demo_version(files[table.key], table)
        assert xml != files[table.key]
        (read_back,) = rules.read_table(xml)
        assert read_back.key == table.key
        for start, _ in table.changes:
            assert re.search(rf'id="{start}', xml.decode()), start


def test_a_demo_nurture_plan_fits_into_two_minutes():
    files = {table.key: path.read_bytes() for path in rules.shipped() for table in rules.read_table(path.read_bytes())}
    plan = next(table for table in TABLES if table.key == "nurture-plan")
    (table,) = rules.read_table(demo_version(files["nurture-plan"], plan))

    made = rules.decide(table, {"grade": "C", "horizon_days": 60, "side": "hq"}).outputs

    assert (made["material_every_days"], made["check_every_days"], made["keep_days"]) == (1, 2, 5)


def test_every_path_is_shown_under_the_name_of_its_process() -> None:
    printed = Console(record=True, width=200, file=StringIO())

    missing = Screen(printed).paths([], [])

    said = printed.export_text()
    assert missing == len(PATHS)
    assert {path.process for path in PATHS} == WALKED
    assert all(path.title in said for path in PATHS)


def test_leads_are_counted_by_what_their_status_is_called() -> None:
    printed = Console(record=True, width=200, file=StringIO())

    Screen(printed).paths([], [{"status": "won"}, {"status": "nurture"}, {"status": "won"}])

    assert "已成交 2，培育中 1" in printed.export_text()
