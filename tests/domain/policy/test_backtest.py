"""A draft on a past that can be counted by hand: every kind of change, what follows from it, what
cannot be known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.policy.totals import added
from tests.domain.policy.pasts import AT, DAY, HOUR, NORTH, SOUTH, Lead, backtest, candidate, person

SHORTER_A = ("<text>[0..15]</text>", "<text>[0..10]</text>")
"""Grade A is for ten days only."""
NO_CITY = ("<text>100</text>", "<text>0</text>")
"""Dispatch gives no points for the same city."""
LATER_CALL = (
    """<inputEntry><text>"outbound_call"</text></inputEntry>
        <inputEntry><text>-</text></inputEntry>
        <inputEntry><text>1</text></inputEntry>
        <outputEntry><text>"remind"</text></outputEntry>
        <outputEntry><text>0</text>""",
    """<inputEntry><text>"outbound_call"</text></inputEntry>
        <inputEntry><text>-</text></inputEntry>
        <inputEntry><text>1</text></inputEntry>
        <outputEntry><text>"remind"</text></outputEntry>
        <outputEntry><text>2</text>""",
)
"""The ladder reminds of a call two hours after it was due."""
ANN, BEN = UUID(int=11), UUID(int=12)


def told(run: Any) -> list[tuple[str, Any, Any]]:
    """The lines: kind, and what of old and new says most."""
    says = {"grade": "grade", "dealer": "code", "consultant": "code", "deadline": "kept"}
    return [
        (line.kind.value, *(one.get(says.get(line.kind.value, ""), one) for one in (line.old, line.new)))
        for line in run.found.lines
    ]


def two_dealers(grade: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """N1 is in the customer's city, S1 has the better appraisal: H and A go to S1, the others to
    N1."""
    return (
        candidate(NORTH, "N1", grade, same_city=True, performance=60),
        candidate(SOUTH, "S1", grade, same_city=False, performance=90, load_percent=10),
    )


def test_the_unchanged_table_changes_nothing() -> None:
    lead = Lead()
    lead.graded(12, "A")
    run = backtest("grade")

    run.lead(lead.past)

    assert run.found.lines == []
    assert run.found.totals.tree()["matrix"] == {"grade": {"A": {"A": 1}}}


def test_another_grade_is_a_line_and_a_cell_of_the_matrix() -> None:
    run = backtest("grade", SHORTER_A)
    for days, grade in ((12, "A"), (9, "A"), (20, "B")):
        lead = Lead()
        lead.graded(days, grade)
        run.lead(lead.past)

    totals = run.found.totals.tree()

    assert told(run) == [("grade", "A", "B")]
    assert totals["matrix"]["grade"] == {"A": {"A": 1, "B": 1}, "B": {"B": 1}}
    assert (totals["leads"], totals["decisions"], totals["changed"]["grade"]) == (3, 3, 1)


def test_the_other_grade_goes_on_to_dealer_consultant_and_deadline_until_the_next_grading() -> None:
    lead = Lead()
    lead.graded(12, "A")
    lead.dispatched("A", NORTH, candidate(NORTH, "N1", "A", performance=90), candidate(SOUTH, "S1", "A"))
    lead.assigned("A", ANN, person(ANN, "C1", "A", ability=90), person(BEN, "C2", "A", has_skill=True))
    lead.due("next_follow_up", "A", 168, 8 * DAY)
    lead.graded(40, "C")
    lead.due("next_follow_up", "C", 336, 8 * DAY)
    run = backtest("grade", SHORTER_A)

    run.lead(lead.past)

    # C1 had 15 points more for a lead of grade A; a lead of grade B has two weeks.
    assert told(run) == [
        ("grade", "A", "B"),
        ("consultant", "C1", "C2"),
        ("deadline", "missed", "met"),
    ]
    totals = run.found.totals.tree()
    assert totals["followed"] == 3
    assert totals["consultants"] == {str(ANN): {"was": 1}, str(BEN): {"would": 1}}
    assert totals["dealers"] == {str(NORTH): {"was": 1, "would": 1}}
    assert totals["deadlines"] == {
        "next_follow_up": {"was": {"missed": 1, "met": 1}, "would": {"met": 2}, "newly_met": 1}
    }


def test_a_lead_that_would_have_been_nurtured_has_no_dealer_and_no_follow_up() -> None:
    lead = Lead()
    lead.graded(25, "B")
    lead.laned("B", "dispatch", 30)
    lead.dispatched("B", NORTH, *two_dealers("B"))
    lead.assigned("B", ANN, person(ANN, "C1", "B"))
    lead.due("first_follow_up", "B", 24, 1 * HOUR)
    run = backtest(
        "grade", ("<text>[0..30]</text>", "<text>[0..20]</text>"), ("<text>(30..90]</text>", "<text>(20..90]</text>")
    )

    run.lead(lead.past)

    assert [kind for kind, _, _ in told(run)] == ["grade", "result", "dealer", "consultant", "deadline"]
    assert [line.new.get("because") for line in run.found.lines[2:4]] == ["lane", "lane"]
    assert run.found.lines[4].new == {"clock": "first_follow_up", "due": None, "kept": "none", "at": str(NORTH)}
    totals = run.found.totals.tree()
    assert totals["dealers"] == {str(NORTH): {"was": 1}, "none": {"would": 1}}
    assert totals["deadlines"]["first_follow_up"] == {"was": {"met": 1}, "would": {"none": 1}}


def test_a_lead_that_would_have_been_dispatched_is_counted_and_given_to_nobody() -> None:
    lead = Lead()
    lead.graded(40, "C")
    lead.laned("C", "nurture", 90)
    run = backtest("grade-scale", ('<text>"nurture"</text>', '<text>"dispatch"</text>'))

    run.lead([one for one in lead.past if one.key != "grade"])

    assert run.found.totals.tree()["unknown"] == {"would_be_dispatched": 1}
    assert run.found.lines[0].new["lane"] == "dispatch"


def test_a_lead_that_would_have_been_urgent_is_said_where_a_quota_ruled_somebody_out() -> None:
    lead = Lead()
    lead.graded(12, "A")
    lead.laned("A", "dispatch", 15)
    full = {"id": str(SOUTH), "code": "S1", "reason": "at_capacity"}
    lead.dispatched("A", NORTH, candidate(NORTH, "N1", "A"), full)
    lead.assigned("A", ANN, person(ANN, "C1", "A"))
    run = backtest("grade-scale", ('<text>"dispatch"</text>', '<text>"urgent"</text>'))

    run.lead([one for one in lead.past if one.key != "grade"])

    assert run.found.totals.tree()["unknown"] == {"quota": 1}


def test_a_result_that_the_store_does_not_take_is_said_and_stops_nothing() -> None:
    lead = Lead()
    lead.graded(12, "A")
    run = backtest("grade", ('<text>"within_15_days"</text>', r'<text>"\u0000"</text>'))

    run.lead(lead.past)

    assert run.found.totals.tree()["problems"] == {"failed": {"count": 1, "example": str(lead.id)}}
    assert run.found.lines == []


def test_a_draft_that_asks_for_too_much_is_said_and_stops_nothing() -> None:
    lead = Lead()
    lead.graded(12, "A")
    endless = "string(some i in 1..10000, j in 1..10000 satisfies string(i + j) = stated_grade)"
    run = backtest("grade", ('<text>"within_15_days"</text>', f"<text>{endless}</text>"))

    run.lead(lead.past)

    assert run.found.totals.tree()["problems"] == {"too_much": {"count": 1, "example": str(lead.id)}}
    assert run.found.lines == []


def test_another_dealer_leaves_the_consultant_open() -> None:
    lead = Lead()
    lead.dispatched("B", NORTH, *two_dealers("B"))
    lead.assigned("B", ANN, person(ANN, "C1", "B"), person(BEN, "C2", "B"))
    stays = Lead()
    stays.dispatched("B", NORTH, candidate(NORTH, "N1", "B", performance=90), candidate(SOUTH, "S1", "B"))
    stays.assigned("B", ANN, person(ANN, "C1", "B"))
    run = backtest("dispatch", NO_CITY)

    run.lead(lead.past)
    run.lead(stays.past)

    assert told(run) == [("dealer", "N1", "S1")]
    assert run.found.lines[0].new == {"dealer": str(SOUTH), "code": "S1", "capacity": 1}
    totals = run.found.totals.tree()
    assert totals["dealers"] == {str(NORTH): {"was": 2, "would": 1}, str(SOUTH): {"would": 1}}
    assert totals["consultants"] == {str(ANN): {"was": 2, "would": 1}}
    assert (totals["unknown"], totals["leads_changed"]) == ({"other_dealer": 1}, 1)


def test_another_consultant() -> None:
    lead = Lead()
    lead.assigned("B", ANN, person(ANN, "C1", "B", has_skill=True), person(BEN, "C2", "B", ability=80))
    run = backtest("assignment", ("<text>30</text>", "<text>5</text>"))

    run.lead(lead.past)

    assert told(run) == [("consultant", "C1", "C2")]


@pytest.mark.parametrize(
    ("stopped", "was", "would"),
    [
        (100 * HOUR, "met", "missed"),
        (48 * HOUR, "met", "met"),
        (169 * HOUR, "missed", "missed"),
        (None, "missed", "missed"),
    ],
)
def test_a_shorter_cadence_is_met_or_missed_by_what_was_done_then(
    stopped: timedelta | None, was: str, would: str
) -> None:
    lead = Lead()
    lead.due("next_follow_up", "A", 168, stopped)
    run = backtest("cadence", ("<text>168</text>", "<text>48</text>"))

    run.lead(lead.past)

    assert told(run) == [("deadline", was, would)]
    newly = run.found.totals.tree()["deadlines"]["next_follow_up"].get("newly_missed", 0)
    assert newly == int(was != would)


def test_what_is_still_open_is_judged_by_the_instant_of_the_back_test() -> None:
    lead = Lead()
    lead.due("next_follow_up", "A", 168, None)
    run = backtest("cadence", ("<text>168</text>", "<text>24</text>"), now=AT + 2 * DAY)

    run.lead(lead.past)

    assert told(run) == [("deadline", "open", "missed")]


def test_working_hours_go_by_the_calendar_of_then() -> None:
    lead = Lead()
    # Monday 10:00 and 16 working hours: 8 h on Monday, Tuesday was a holiday, 8 h on Wednesday
    # until 17:00.
    lead.due("first_follow_up", "A", 24, None, calendar=1)
    run = backtest(
        "cadence",
        (
            '<text>24</text></outputEntry>\n        <outputEntry><text>"elapsed"</text>',
            '<text>16</text></outputEntry>\n        <outputEntry><text>"working"</text>',
        ),
    )

    run.lead(lead.past)

    assert run.found.lines[0].new["due"] == "2026-10-14T09:00:00+00:00"


def test_a_calendar_that_was_not_stored_is_said_and_the_deadline_stays() -> None:
    lead = Lead()
    lead.due("first_follow_up", "A", 24, 1 * HOUR, calendar=None)
    run = backtest(
        "cadence",
        (
            '<text>24</text></outputEntry>\n        <outputEntry><text>"elapsed"</text>',
            '<text>16</text></outputEntry>\n        <outputEntry><text>"working"</text>',
        ),
    )

    run.lead(lead.past)

    assert run.found.totals.tree()["problems"] == {"no_calendar": {"count": 1, "example": str(lead.id)}}
    assert run.found.lines == []


def test_a_promise_binds_and_never_stretches() -> None:
    early, late = Lead(), Lead()
    promise = AT + 30 * HOUR
    early.due("next_follow_up", "A", 168, 29 * HOUR, promised_at=promise, due_at=promise)
    late.due("next_follow_up", "A", 168, 29 * HOUR, promised_at=promise, due_at=promise)
    longer = backtest("cadence", ("<text>168</text>", "<text>300</text>"))
    shorter = backtest("cadence", ("<text>168</text>", "<text>20</text>"))

    longer.lead(early.past)
    shorter.lead(late.past)

    assert told(longer) == []  # the promise is earlier than either
    assert told(shorter) == [("deadline", "met", "missed")]


def test_a_grades_validity_is_a_deadline_too() -> None:
    lead = Lead()
    made = lead.due("grade_validity", "A", 15 * 24, 10 * DAY)
    validity = lead.add(
        "grade-scale", {"scale": "distribution", "grade": "A"}, {"lane": "dispatch", "validity_days": 15},
        clock=made.clock, dealer=NORTH,
    )  # fmt: skip
    run = backtest("grade-scale", ("<text>15</text>", "<text>7</text>"))

    run.lead([validity])

    assert told(run) == [("deadline", "met", "missed")]
    assert run.found.totals.tree()["dealer_deadlines"][str(NORTH)]["newly_missed"] == 1


def test_a_grade_that_would_have_run_out_before_somebody_got_the_lead_holds_from_then_on() -> None:
    lead = Lead()
    made = lead.due("grade_validity", "A", 15 * 24, 12 * DAY)
    claimed = replace(
        lead.add("grade-scale", {"scale": "distribution", "grade": "A"}, {"lane": "dispatch", "validity_days": 15}),
        clock=made.clock, at=AT + 10 * DAY, got_at=AT + 10 * DAY, dealer=NORTH,
    )  # fmt: skip
    run = backtest("grade-scale", ("<text>15</text>", "<text>7</text>"))

    run.lead([claimed])

    # Seven days were over when it was claimed: they count from the claim.
    assert told(run) == [("deadline", "met", "met")]
    assert run.found.lines[0].new["due"] == (AT + 17 * DAY).isoformat()


def test_any_other_table_is_compared_by_its_results() -> None:
    lead = Lead()
    result = {"action": "remind", "offset_hours": 0, "lamp": "amber", "hours": "before_close", "open_hours": None}
    lead.add("escalation-ladder", {"kind": "outbound_call", "grade": "", "rung": 1}, result)
    same, later = backtest("escalation-ladder"), backtest("escalation-ladder", LATER_CALL)

    same.lead(lead.past)
    later.lead(lead.past)

    assert same.found.lines == []
    # An output that the table did not have then is no change as long as it is null.
    assert told(later) == [("result", result, result | {"offset_hours": 2, "repeat_hours": None})]
    matrix = later.found.totals.tree()["matrix"]
    assert (matrix["action"], matrix["offset_hours"]) == ({"remind": {"remind": 1}}, {"0": {"2": 1}})


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"horizon_days": "soon"}, "input_refused"),
        ({"stated_grade": "Z"}, "input_refused"),
    ],
)
def test_what_cannot_be_made_again_is_counted_with_a_lead_to_look_at(inputs: dict[str, Any], code: str) -> None:
    lead = Lead()
    lead.graded(12, "A", **inputs)
    run = backtest("grade", SHORTER_A)

    run.lead(lead.past)

    assert run.found.totals.tree()["problems"] == {code: {"count": 1, "example": str(lead.id)}}
    assert run.found.lines == []


def test_choices_from_before_inputs_were_stored_are_said_and_count_as_they_were() -> None:
    lead = Lead()
    old = {"id": str(NORTH), "code": "N1", "points": 70}
    lead.dispatched("B", NORTH, old)
    run = backtest("dispatch", NO_CITY)

    run.lead(lead.past)

    totals = run.found.totals.tree()
    assert totals["problems"]["not_stored"]["count"] == 1
    assert totals["dealers"] == {str(NORTH): {"was": 1, "would": 1}}


def test_a_version_that_cannot_be_read_any_more_is_said() -> None:
    lead = Lead()
    lead.graded(12, "A")
    past = lead.due("next_follow_up", "A", 168, 8 * DAY)
    lead.past[-1] = type(past)(*(getattr(past, name) if name != "version" else 9 for name in type(past).__slots__))
    run = backtest("grade", SHORTER_A)

    run.lead(lead.past)

    assert run.found.totals.tree()["problems"]["version_unreadable"]["count"] == 1


def test_the_totals_of_parts_add_up_to_those_of_the_whole() -> None:
    leads = [Lead() for _ in range(6)]
    for number, lead in enumerate(leads):
        lead.graded(8 + number, "A")
        lead.due("next_follow_up", "A", 168, number * 2 * DAY)
    whole = backtest("grade", SHORTER_A)
    parts = [backtest("grade", SHORTER_A) for _ in range(3)]

    for number, lead in enumerate(leads):
        whole.lead(lead.past)
        parts[number % 3].lead(lead.past)

    assert added(part.found.totals.tree() for part in parts) == whole.found.totals.tree()
    assert sorted(str(line.decision_id) for part in parts for line in part.found.lines) == sorted(
        str(line.decision_id) for line in whole.found.lines
    )


def test_a_matrix_of_endlessly_many_values_stays_small() -> None:
    run = backtest("price-tier")
    lead = Lead()
    for number in range(200):
        lead.add("price-tier", {"price": number}, {"incentive": number, "price_tier": "low"})

    run.lead(lead.past)

    matrix = run.found.totals.tree()["matrix"]["incentive"]
    assert len(matrix) <= 62
    assert sum(count for row in matrix.values() for count in row.values()) == 200
