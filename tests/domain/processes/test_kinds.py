"""A diagram may name what works on the kinds of case that run through it; a slip is told the
nearest right name."""

from __future__ import annotations

import pytest

import rules
from domain.processes.checking import Catalogue, judged
from domain.processes.contracts import of_decisions
from workflows import bpmn
from workflows.processes import shipped

DECISIONS = of_decisions(one for path in rules.shipped() for one in rules.read_table(path.read_bytes()))
PROCESSES = {key: process for xml in shipped().values() for key, process in bpmn.read(xml).processes.items()}


def said(key: str, old: str, new: str) -> list[tuple[str, str, str]]:
    """What is found in a shipped diagram in which one thing is written otherwise."""
    text = shipped()[key].decode()
    assert old in text
    found = judged(bpmn.read(text.replace(old, new, 1).encode()), Catalogue(DECISIONS, PROCESSES))
    return [(one.element, one.code, one.proposal) for one in found if one.severity == "error"]


@pytest.mark.parametrize("key", shipped())
def test_what_is_shipped_keeps_to_its_kinds(key: str) -> None:
    assert said(key, "<bpmn:process", "<bpmn:process") == []


@pytest.mark.parametrize(
    ("key", "old", "new", "found"),
    [
        ("ticket", "classify_ticket", "classify_tickt", ("classify", "unknown_activity", "classify_ticket")),
        ("ticket", "classify_ticket", "grade", ("classify", "unknown_activity", "")),
        ("lead", '"archive"', '"close_ticket"', ("archive_cold", "unknown_activity", "")),
        ("chase", 'activity="climb"', 'activity="grade"', ("climb", "unknown_activity", "")),
        ("ticket", 'name="signal_repeated"', 'name="regraded"', ("worse", "unknown_message", "")),
        ("ticket", 'name="signal_repeated"', 'name="signal_repeatd"', ("worse", "unknown_message", "signal_repeated")),
        ("ticket", ">ticket_confirm<", ">recall<", ("confirm", "input_value", "")),
        ("ticket", ">ticket_confirm<", ">ticket_confrm<", ("confirm", "input_value", "ticket_confirm")),
        ("ticket", ">moot<", ">mooot<", ("close_moot", "input_value", "moot")),
        ("ticket", ">call_centre<", ">call_center<", ("confirm", "input_value", "call_centre")),
    ],
)
def test_what_another_kind_has_and_what_is_misspelt_is_refused(
    key: str, old: str, new: str, found: tuple[str, str, str]
) -> None:
    assert found in said(key, old, new)


def test_a_process_that_no_kind_runs_through_yet_may_name_anything() -> None:
    text = shipped()["ticket"].decode().replace('<bpmn:process id="ticket"', '<bpmn:process id="draft"', 1)
    text = text.replace('"classify_ticket"', '"clean"', 1)
    found = judged(bpmn.read(text.encode()), Catalogue(DECISIONS, PROCESSES))
    assert "unknown_activity" not in {one.code for one in found}
