"""培育: materials by plan, intent checked every two months, until interest rises or time is up
(A15)."""

from __future__ import annotations

from typing import Any

from tests.workflows.processes.office import play
from tests.workflows.processes.play import START, Play, days, iso

LET_GO: dict[str, Any] = {"first": "let_go", "why": "nurture_over"}


def nurtured_for(time: int, **changes: Any) -> Play:
    """A lead that is kept for so many days."""
    return play(
        "nurture",
        plan_nurture=lambda at, _: {
            "material_at": iso(at),
            "check_at": iso(at + days(60)),
            "keep_until": iso(at + days(time)),
        },
        **changes,
    )


def test_material_goes_out_on_the_first_day_and_then_every_fortnight():
    nurture = nurtured_for(365)

    nurture.pass_time(days(45))

    assert nurture.instants_of("send_material") == [days(0), days(14), days(28), days(42)]
    assert nurture.data_of("plan_nurture") == {"side": "hq"}


def test_intent_is_checked_every_two_months_by_the_call_centre():
    nurture = nurtured_for(365)

    nurture.pass_time(days(61))
    assert (nurture.task.kind, nurture.task.role) == ("intent_check", "call_centre")
    assert nurture.task.due == iso(START + days(61))

    nurture.complete("unchanged")
    assert nurture.data_of("note_intent") == {"outcome": "unchanged"}
    assert nurture.deadline("check_due") == START + days(61) + days(60)


def test_material_goes_on_while_a_check_is_open():
    nurture = nurtured_for(365)

    nurture.pass_time(days(71))

    assert nurture.waits_at == {"material_due", "work", "ladder_done"}
    assert nurture.instants_of("send_material")[-1] == days(70)


def test_a_check_that_finds_interest_ends_the_nurture_as_raised():
    nurture = nurtured_for(365)
    nurture.pass_time(days(61))

    nurture.complete("raised", grade="A")

    assert nurture.outcome == "raised" and nurture.variables["outcome"] == "raised"
    assert not nurture.timers and not nurture.tasks


def test_a_check_that_finds_no_interest_ends_the_nurture_as_failed():
    nurture = nurtured_for(365)
    nurture.pass_time(days(61))

    nurture.complete("not_interested")

    assert nurture.outcome == "failed" and nurture.variables["outcome"] != "raised"
    assert not nurture.timers


def test_time_runs_out_at_its_exact_instant_even_while_a_check_is_open():
    nurture = nurtured_for(90, hq_first=LET_GO)
    nurture.pass_time(days(90))
    assert nurture.tasks and not nurture.ended

    assert nurture.next_deadline() == "keep_over"

    assert nurture.at == START + days(90)
    assert nurture.outcome == "failed" and not nurture.tasks
    assert nurture.variables["outcome"] == "failed"  # said, since the caller may remember an older outcome


def test_a_raised_grade_ends_the_nurture_at_once():
    nurture = nurtured_for(365)

    nurture.hear("regraded", after=days(5), grade="A")

    assert nurture.outcome == "raised" and nurture.variables["outcome"] == "raised"


def test_a_customer_who_asks_again_ends_the_nurture_at_once_and_the_open_check_with_it():
    nurture = nurtured_for(365)
    nurture.pass_time(days(61))
    assert nurture.tasks

    nurture.hear("interest_repeated", channel="maker.site.web")

    assert nurture.outcome == "raised" and nurture.variables["outcome"] == "raised"
    assert not nurture.tasks and not nurture.timers


def test_a_supervisor_takes_the_lead_out_of_nurture():
    nurture = nurtured_for(365)

    nurture.hear("reassigned", after=days(3))

    assert nurture.outcome == "assigned" and nurture.variables["outcome"] == "assigned"
    assert nurture.activities[-1] == "keep_choice"


def test_time_that_runs_out_is_no_end_if_a_person_has_to_look_first():
    nurture = nurtured_for(90)

    nurture.pass_time(days(91))

    assert nurture.data_of("hq_first") == {"why": "nurture_over"}
    assert nurture.outcome == "over_to_hq"
    assert (nurture.variables["outcome"], nurture.variables["why"]) == ("to_hq", "nurture_over")


def test_a_check_that_nobody_makes_is_not_taken_for_a_customer_without_interest():
    nurture = nurtured_for(365, ladders={"intent_check": [(days(5), "ask_hq")]})

    nurture.pass_time(days(66))

    assert nurture.outcome == "missed_to_hq" and not nurture.timers
    assert (nurture.variables["outcome"], nurture.variables["why"]) == ("to_hq", "intent_missed")
