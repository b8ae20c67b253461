"""销售线索: the whole life of a lead, all called processes included (A4–A17)."""

from __future__ import annotations

from typing import Any

from tests.workflows.processes.office import play
from tests.workflows.processes.play import START, Play, days, hours, iso

CALL = {"find_duplicates": {"suspects": 1, "needs_call": True}}
NURTURE = {"grade": {"grade": "C", "lane": "nurture"}}
THEN_SALE: list[Any] = [{"grade": "C", "lane": "nurture"}, {"grade": "A", "lane": "dispatch"}]


def recall_after(time: Any) -> dict[str, Any]:
    return {"plan_recall": lambda at, _: {"recall_at": iso(at + time)}}


def lost(**answers: Any) -> Play:
    """A lead that was lost after five hours, confirmed an hour later."""
    lead = play("lead", **answers)
    lead.complete("lost", after=hours(5))
    lead.complete("confirmed", after=hours(1))
    return lead


# -- cleaning and the outbound call --------------------------------------------------------------


def test_a_complete_lead_is_graded_and_dispatched_without_a_call():
    lead = play("lead")
    assert lead.activities == ["clean", "find_duplicates", "grade", "dispatch", "assign", "plan_task"]
    assert lead.data_of("dispatch") == {"lane": "dispatch", "waited": None}

    lead.complete("won", after=hours(5))

    assert lead.outcome == "won" and not lead.timers


def test_what_the_rules_cannot_settle_goes_to_the_call_centre():
    for answers in (CALL, {"clean": {"needs_call": True}}):
        lead = play("lead", **answers)
        assert (lead.task.kind, lead.task.role) == ("outbound_call", "call_centre")
        assert lead.task.due == iso(START + hours(2))

        lead.complete("qualified", after=hours(1))

        assert lead.activities[-4:] == ["grade", "dispatch", "assign", "plan_task"]


def test_the_call_finds_a_duplicate():
    lead = play("lead", **CALL)

    lead.complete("duplicate")

    assert lead.activities[-1] == "attach_duplicate" and lead.outcome == "attached"


def test_the_call_finds_an_invalid_lead():
    lead = play("lead", **CALL)

    lead.complete("invalid")

    assert lead.data_of("close") == {"outcome": "invalid"} and lead.outcome == "invalid_by_call"


def test_nobody_answers_three_times_a_day_apart_and_the_lead_is_nurtured():
    lead = play("lead", **CALL)

    lead.complete("unreachable", after=hours(1))
    assert lead.deadline("try_again_at") == START + hours(25)
    lead.next_deadline()
    lead.complete("unreachable", after=hours(1))
    lead.next_deadline()
    assert lead.at == START + hours(50)
    lead.complete("unreachable")

    assert lead.data_of("plan_nurture") == {"side": "hq"}


def test_the_second_try_reaches_the_customer():
    lead = play("lead", **CALL)
    lead.complete("unreachable")
    lead.next_deadline()

    lead.complete("qualified")

    assert lead.task.kind == "first_follow_up"


def test_a_call_that_nobody_makes_ends_with_head_office_and_it_can_ask_for_one_more():
    ladder = [(hours(2), "remind"), (hours(26), "ask_hq")]
    lead = play("lead", ladders={"outbound_call": ladder}, **CALL)

    lead.pass_time(hours(27))

    assert (lead.task.kind, lead.task.role, lead.task.why) == ("hq_decision", "hq", "call_missed")
    assert "grade" in lead.activities and "dispatch" not in lead.activities
    lead.complete("call_again")
    assert (lead.task.kind, lead.task.role) == ("outbound_call", "call_centre")
    lead.complete("qualified")
    assert lead.task.kind == "first_follow_up"


# -- nurture -------------------------------------------------------------------------------------


def test_a_low_grade_is_nurtured_and_dispatched_when_it_rises():
    lead = play("lead", grade=THEN_SALE)
    assert lead.data_of("plan_nurture") == {"side": "hq"}
    assert lead.instants_of("send_material") == [days(0)]

    lead.hear("regraded", after=days(20), grade="A")

    assert lead.task.kind == "first_follow_up"
    assert lead.instants_of("send_material") == [days(0), days(14)]


def test_a_nurture_that_fails_is_archived_when_its_time_is_up():
    lead = play("lead", hq_first={"first": "let_go", "why": "nurture_over"}, **NURTURE)
    while not lead.ended:
        lead.next_deadline()

    assert lead.outcome == "archived_cold" and lead.activities[-1] == "archive"
    assert lead.at == START + days(365)


def test_a_nurture_that_is_over_waits_for_head_office_if_a_person_has_to_look_first():
    lead = play("lead", **NURTURE)
    while not lead.tasks or lead.task.role != "hq":
        lead.next_deadline()

    assert (lead.task.why, lead.at) == ("nurture_over", START + days(365))
    lead.complete("nurture")
    assert lead.activities[-2:] == ["plan_nurture", "send_material"] and not lead.ended


def test_a_supervisor_sends_a_nurtured_lead_to_a_dealer_whatever_its_grade():
    lead = play("lead", **NURTURE)

    lead.hear("reassigned", after=days(3))

    assert lead.activities[-4:] == ["keep_choice", "dispatch", "assign", "plan_task"]
    assert lead.activities.count("grade") == 1


def test_a_customer_who_cools_at_the_dealer_is_nurtured_by_the_dealer():
    lead = play("lead")

    lead.complete("cooled", after=hours(5))

    assert lead.data_of("plan_nurture") == {"side": "dealer"}


def test_a_lead_that_nobody_claims_is_nurtured_by_hq():
    lead = play("lead", dispatch={"dealer": None}, hq_first={"first": "let_go", "why": "nobody_claimed"})

    lead.next_deadline()

    assert lead.data_of("plan_nurture") == {"side": "hq"}


def test_nurture_and_sale_can_alternate_many_times():
    again: list[Any] = [{"grade": "C", "lane": "nurture"}, {"grade": "A", "lane": "dispatch"}] * 3
    lead = play("lead", grade=again)
    for _ in range(2):
        lead.hear("interest_repeated", after=days(3))
        lead.complete("cooled", after=hours(3))
        lead.hear("interest_repeated", after=days(3))
    assert lead.activities.count("plan_nurture") >= 4 and not lead.ended


# -- ends and returns ----------------------------------------------------------------------------


def test_an_invalid_lead_ends_when_the_manager_agrees():
    lead = play("lead")
    lead.complete("invalid", after=hours(5))
    lead.complete("confirmed")

    assert lead.outcome == "invalid"


def test_a_lost_lead_ends_when_the_table_wants_no_recall():
    lead = lost()

    assert lead.outcome == "lost" and lead.activities[-1] == "plan_recall"


def test_hq_calls_a_lost_customer_back_at_the_planned_instant_and_the_lead_lives_again():
    lead = lost(**recall_after(days(30)))
    assert lead.deadline("recall_due") == START + hours(6) + days(30)
    lead.next_deadline()
    assert (lead.task.kind, lead.task.role) == ("recall", "call_centre")

    lead.complete("raised", after=hours(1), grade="A")

    assert lead.activities[-5:] == ["reactivate", "grade", "dispatch", "assign", "plan_task"]


def test_a_recall_without_interest_archives_the_lead():
    lead = lost(**recall_after(days(30)))
    lead.next_deadline()

    lead.complete("not_interested")

    assert lead.outcome == "archived_lost" and lead.activities[-1] == "archive"


def test_a_lost_customer_who_returns_before_the_recall_is_called_at_once():
    lead = lost(**recall_after(days(30)))

    lead.hear("reactivated", after=days(3), life=2)

    assert lead.activities[-2:] == ["reactivate", "plan_task"]
    assert lead.task.kind == "outbound_call" and not lead.timers


def test_a_lost_customer_who_returns_while_the_recall_is_open_is_not_called_twice():
    lead = lost(**recall_after(days(30)))
    lead.next_deadline()

    lead.hear("reactivated", life=2)

    assert lead.task.kind == "outbound_call"


def test_a_customer_who_returns_after_the_end_begins_a_new_life_with_a_call():
    lead = play("lead", message="reactivated")
    assert lead.activities == ["reactivate", "plan_task"] and lead.task.kind == "outbound_call"

    lead.complete("qualified")

    assert lead.task.kind == "first_follow_up"


def test_a_win_that_is_questioned_waits_for_somebody_s_word_and_is_sold_again():
    lead = play("lead", message="win_questioned")
    assert (lead.task.kind, lead.task.role) == ("confirm_undo", "dealer_manager")

    lead.complete("confirmed")

    assert lead.activities[-4:] == ["undo_win", "dispatch", "assign", "plan_task"]
    assert lead.task.kind == "first_follow_up"


def test_a_win_that_is_not_undone_ends_won():
    lead = play("lead", message="win_questioned")

    lead.complete("refused")

    assert (lead.activities[-2:], lead.outcome) == (["keep_win", "plan_firm_up"], "won")


def later_purchase(**changes: Any) -> Play:
    """A win whose purchase is ten days ahead; asked about seven days before, and once more if it is
    not undone."""
    lead = play("lead", plan_firm_up=lambda at, _: {"firm_up_at": iso(max(at, START + days(3)))}, **changes)
    lead.complete("won")
    return lead


def test_a_purchase_agreed_for_later_is_confirmed_before_it():
    lead = later_purchase()
    assert lead.waits_at == {"firm_up_due"} and not lead.tasks

    lead.next_deadline()
    assert (lead.at, lead.task.kind, lead.task.role) == (START + days(3), "firm_up", "consultant")
    lead.complete("confirmed")

    assert lead.outcome == "won"


def test_a_purchase_that_falls_through_is_undone_by_somebody_s_word():
    lead = later_purchase()
    lead.next_deadline()
    lead.complete("fallen_through")
    assert lead.activities[-2:] == ["ask_undo", "plan_task"] and lead.task.kind == "confirm_undo"

    lead.complete("confirmed")

    assert lead.activities[-4:] == ["undo_win", "dispatch", "assign", "plan_task"]


def test_a_purchase_that_is_not_let_go_is_asked_about_again():
    lead = later_purchase()
    lead.next_deadline()
    lead.complete("fallen_through")
    lead.complete("refused")

    lead.next_deadline()

    assert lead.task.kind == "firm_up"


def test_a_win_can_be_questioned_while_its_purchase_is_awaited_or_asked_about():
    for open_task in (False, True):
        lead = later_purchase()
        if open_task:
            lead.next_deadline()

        lead.hear("win_questioned", statement="cancel_order")

        assert lead.task.kind == "confirm_undo" and "firm_up" not in {task.kind for task in lead.tasks.values()}


def test_the_tries_of_an_earlier_life_do_not_count():
    lead = play("lead", **CALL, **recall_after(days(30)))
    lead.complete("unreachable")
    lead.next_deadline()
    lead.complete("unreachable")
    lead.next_deadline()
    lead.complete("qualified")
    lead.complete("lost")
    lead.complete("confirmed")
    lead.hear("reactivated")

    lead.complete("unreachable")

    assert lead.waits_at == {"try_again_at"}


# -- at any moment -------------------------------------------------------------------------------


def test_a_reassignment_before_dispatch_is_kept_and_overrules_the_nurture_lane():
    lead = play("lead", **CALL, **NURTURE)

    lead.hear("reassigned", after=hours(1))
    assert lead.activities[-1] == "keep_choice" and lead.task.kind == "outbound_call"
    lead.complete("qualified")

    assert lead.task.kind == "first_follow_up" and "plan_nurture" not in lead.activities


def test_a_choice_counts_for_one_dispatch_only():
    lead = play("lead", **CALL, **NURTURE)
    lead.hear("reassigned", after=hours(1))
    lead.complete("qualified")
    lead.complete("cooled")
    lead.hear("interest_repeated", after=days(3))

    assert lead.activities.count("plan_nurture") == 2, "graded C again, and nobody chose"


def test_a_reassignment_while_the_manager_decides_leaves_the_decision_open():
    lead = play("lead")
    lead.complete("lost")

    lead.hear("reassigned", after=hours(1))

    assert lead.task.kind == "confirm_closing" and lead.activities[-1] == "keep_choice"


def test_new_facts_and_repeated_interest_are_noted_without_disturbing_the_work():
    lead = play("lead")
    before = lead.task

    lead.hear("customer_updated", after=hours(1))
    lead.hear("interest_repeated", after=hours(1))
    lead.hear("customer_updated", after=hours(1))

    assert lead.activities[-3:] == ["refresh_customer", "announce_interest", "refresh_customer"]
    assert lead.task == before


def test_news_that_comes_a_moment_too_late_does_not_wait_for_a_later_nurture():
    lead = play("lead")
    lead.hear("regraded", grade="A")
    lead.hear("reactivated", life=2)

    lead.complete("cooled")

    assert lead.activities[-2:] == ["plan_nurture", "send_material"] and not lead.ended


def test_erasure_stops_everything_at_any_moment():
    moments = {
        "calling": lambda: play("lead", **CALL),
        "selling": lambda: play("lead", ladders={"first_follow_up": [(hours(20), "remind")]}),
        "nurturing": lambda: play("lead", **NURTURE),
        "in the pool": lambda: play("lead", dispatch={"dealer": None}),
        "waiting for the recall": lambda: lost(**recall_after(days(30))),
        "waiting for the day of the purchase": later_purchase,
    }
    for moment, begin in moments.items():
        lead = begin()

        lead.hear("erased", after=hours(1))

        assert lead.outcome == "erased" and lead.activities[-1] == "erase", moment
        assert not lead.tasks and not lead.timers, moment
