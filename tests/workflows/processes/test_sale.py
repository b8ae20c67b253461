"""在经销商: dispatch, assignment, pool, follow-up, closing (A6–A14, A17)."""

from __future__ import annotations

from typing import Any

from tests.workflows.processes.office import play
from tests.workflows.processes.play import START, Play, hours, iso

NO_CONSULTANT: list[Any] = [{"consultant": None}, {"consultant": "c2"}]
NO_DEALER: list[Any] = [{"dealer": None}, {"dealer": "d2"}]


AT_ONCE: dict[str, Any] = {"first": "dispatch", "why": None}
LET_GO: dict[str, Any] = {"first": "let_go", "why": "nobody_claimed"}


def in_pool(**changes: Any) -> Play:
    sale = play("sale", dispatch={"dealer": None}, expire_pool=[{"taken": False}], **changes)
    assert sale.waits_at == {"pool_wait"}
    return sale


# -- the straight way ----------------------------------------------------------------------------


def test_a_lead_is_dispatched_assigned_followed_up_within_a_day_and_won():
    sale = play("sale")
    assert sale.activities == ["dispatch", "assign", "plan_task"]
    assert sale.data_of("dispatch") == {"lane": "dispatch", "waited": None}
    assert sale.data_of("assign") == {"lane": "dispatch"}
    assert (sale.task.kind, sale.task.role, sale.task.due) == (
        "first_follow_up",
        "consultant",
        iso(START + hours(24)),
    )

    sale.complete("won", after=hours(5))

    assert sale.data_of("close") == {"outcome": "won"}
    assert sale.outcome == "won" and sale.variables["outcome"] == "won"


def test_follow_ups_repeat_by_cadence_until_the_customer_cools():
    sale = play("sale")

    sale.complete("continue", after=hours(5))
    assert sale.task.kind == "next_follow_up" and sale.task.due == iso(START + hours(5 + 168))
    sale.complete("continue", after=hours(100))
    sale.complete("cooled", after=hours(100))

    assert sale.outcome == "cooled" and sale.variables["outcome"] == "cooled"


# -- closing -------------------------------------------------------------------------------------


def test_a_lost_lead_is_closed_once_the_manager_agrees():
    sale = play("sale")
    sale.complete("lost", after=hours(5))
    assert sale.data_of("ask_confirmation") == {"outcome": "lost"}
    assert (sale.task.kind, sale.task.role) == ("confirm_closing", "dealer_manager")
    assert sale.task.due == iso(START + hours(5 + 48))

    sale.complete("confirmed", after=hours(1))

    assert sale.data_of("close") == {"outcome": "lost"}
    assert sale.outcome == "closed" and sale.variables["outcome"] == "lost"


def test_an_invalid_lead_that_the_manager_sends_back_is_followed_up_again():
    sale = play("sale")
    sale.complete("invalid", after=hours(5))

    sale.complete("refused", after=hours(1))

    assert "close" not in sale.activities
    assert sale.activities[-3:] == ["reopen", "assign", "plan_task"]
    assert sale.task.role == "consultant"
    sale.complete("invalid")
    sale.complete("confirmed")
    assert sale.outcome == "closed" and sale.variables["outcome"] == "invalid"


# -- the ladder ----------------------------------------------------------------------------------


def test_a_missed_deadline_hands_the_lead_to_the_next_consultant_who_gets_a_day_of_their_own():
    ladder = [(hours(24), "tell_manager"), (hours(48), "hand_over")]
    sale = play("sale", ladders={"first_follow_up": ladder})

    sale.pass_time(hours(48) + hours(1))

    assert sale.instants_of("climb") == [hours(24), hours(48)]
    assert sale.activities.count("dispatch") == 1 and sale.activities.count("assign") == 1
    assert sale.task.kind == "first_follow_up" and sale.task.due == iso(START + hours(48 + 24))
    sale.complete("won")
    assert sale.outcome == "won"


def test_the_end_of_the_ladder_brings_the_lead_back_to_hq_to_be_dispatched_anew():
    sale = play("sale", ladders={"first_follow_up": [(hours(96), "back_to_hq")]}, hq_first=AT_ONCE)

    sale.pass_time(hours(96) + hours(1))

    assert sale.data_of("hq_first") == {"why": "returned"}
    assert sale.activities.count("dispatch") == 2 and sale.activities.count("assign") == 2
    assert sale.task.due == iso(START + hours(96 + 24))


# -- head office ---------------------------------------------------------------------------------


def returned(**changes: Any) -> Play:
    """A dealer has lost the lead, and a person of head office looks first."""
    sale = play("sale", ladders={"first_follow_up": [(hours(96), "back_to_hq")]}, **changes)
    sale.next_deadline()
    return sale


def test_a_lead_that_a_person_looks_at_first_waits_for_head_office_with_the_reason():
    sale = returned()

    assert (sale.task.kind, sale.task.role, sale.task.why) == ("hq_decision", "hq", "returned")
    assert sale.activities.count("dispatch") == 1
    sale.complete("dispatch", after=hours(3))
    assert sale.activities.count("dispatch") == 2 and sale.task.kind == "first_follow_up"


def test_whoever_is_named_by_head_office_gets_the_lead():
    sale = returned()

    sale.complete("assigned", after=hours(3))

    assert sale.activities[-3:] == ["dispatch", "assign", "plan_task"]


def test_head_office_closes_a_lead_without_anybody_to_confirm_it():
    for outcome in ("lost", "invalid"):
        sale = returned()

        sale.complete(outcome)

        assert sale.data_of("close") == {"outcome": outcome}
        assert (sale.outcome, sale.variables["outcome"]) == ("closed_by_hq", outcome)


def test_what_head_office_hands_on_leaves_the_sale():
    for outcome in ("nurture", "call_again"):
        sale = returned()

        sale.complete(outcome)

        assert (sale.outcome, sale.variables["outcome"]) == ("handed_on", outcome)


def test_a_confirmation_that_no_manager_gives_ends_with_head_office():
    sale = play("sale", ladders={"confirm_closing": [(hours(24), "tell_manager"), (hours(120), "ask_hq")]})
    sale.complete("lost")

    sale.pass_time(hours(121))

    assert (sale.task.kind, sale.task.why) == ("hq_decision", "confirmation_missed")
    sale.complete("lost")
    assert sale.outcome == "closed_by_hq"


def test_a_lead_that_was_missed_elsewhere_begins_with_head_office():
    sale = play("sale", given={"why": "intent_missed"})

    assert (sale.task.kind, sale.task.why) == ("hq_decision", "intent_missed")
    sale.complete("dispatch")
    assert sale.activities[-3:] == ["dispatch", "assign", "plan_task"]


# -- reassignment --------------------------------------------------------------------------------


def test_a_supervisor_moves_the_lead_in_the_middle_of_a_follow_up():
    sale = play("sale", ladders={"first_follow_up": [(hours(24), "tell_manager")]})

    sale.hear("reassigned", after=hours(10))

    assert sale.activities[-3:] == ["take_over", "assign", "plan_task"]
    assert len(sale.tasks) == 1 and len(sale.timers) == 1, "the former task and its clock are gone"


def test_a_dealer_without_a_free_consultant_puts_the_moved_lead_into_the_pool():
    sale = play("sale", assign=[{"consultant": "c1"}, {"consultant": None}])

    sale.hear("reassigned", after=hours(10))

    assert sale.waits_at == {"pool_wait"}


# -- the pool ------------------------------------------------------------------------------------


def test_a_lead_without_a_dealer_waits_in_the_pool_until_somebody_claims_it():
    sale = in_pool()
    assert "assign" not in sale.activities
    assert sale.deadline("pool_over") == START + hours(48)

    sale.hear("claimed", after=hours(3))

    assert sale.activities[-2:] == ["leave_pool", "plan_task"]
    assert sale.task.due == iso(START + hours(3 + 24)) and not sale.timers


def test_a_lead_without_a_consultant_goes_to_the_pool_and_a_supervisor_takes_it_out():
    sale = play("sale", assign=NO_CONSULTANT)
    assert sale.waits_at == {"pool_wait"}

    sale.hear("reassigned", after=hours(3))

    assert sale.activities[-3:] == ["take_over", "assign", "plan_task"]
    assert sale.task.role == "consultant"


def test_a_lead_that_nobody_claims_leaves_the_pool_at_its_exact_instant():
    sale = in_pool(hq_first=LET_GO)

    sale.next_deadline()

    assert sale.instants_of("expire_pool") == [hours(48)]
    assert sale.data_of("hq_first") == {"why": "nobody_claimed"}
    assert sale.outcome == "unclaimed"


def test_a_lead_that_nobody_claims_and_that_matters_waits_for_head_office():
    sale = in_pool()

    sale.next_deadline()

    assert (sale.task.kind, sale.task.why) == ("hq_decision", "nobody_claimed")


def test_a_closing_that_the_manager_refused_is_forgotten_when_nobody_claims_the_lead_later():
    sale = play(
        "sale",
        ladders={"next_follow_up": [(hours(96), "back_to_hq")]},
        dispatch=[{"dealer": "d1"}, {"dealer": None}],
        hq_first=[AT_ONCE, LET_GO],
    )
    sale.complete("invalid")
    sale.complete("refused")

    sale.next_deadline()
    assert sale.waits_at == {"pool_wait"}
    sale.next_deadline()

    assert (sale.outcome, sale.variables["outcome"]) == ("unclaimed", "unclaimed")


def test_a_claim_in_the_moment_of_expiry_wins():
    sale = play("sale", dispatch=NO_DEALER, expire_pool={"taken": True})
    sale.next_deadline()
    assert sale.waits_at == {"pool_wait"} and not sale.ended
    assert sale.deadline("pool_over") == START + hours(48 + 1), "it waits for the news without spinning"

    sale.hear("claimed")

    assert sale.task.role == "consultant"
    assert sale.activities.count("enter_pool") == 1


# -- nobody near, or all near full for the day ---------------------------------------------------


def test_where_nobody_near_can_take_it_head_office_decides():
    for why in ("no_dealer_near", "all_full", "place_unknown"):
        sale = play("sale", dispatch=[{"dealer": None, "why": why}, {"dealer": "d1"}])

        assert (sale.task.kind, sale.task.role) == ("hq_decision", "hq")
        assert sale.data_of("plan_task")["why"] == why
        sale.complete("dispatch", after=hours(1))
        assert sale.task.kind == "first_follow_up"


def test_it_waits_for_an_opening_and_is_dispatched_again():
    opens = iso(START + hours(23))
    sale = play("sale", dispatch=[{"dealer": None, "until": opens, "waited": 1}, {"dealer": "d1"}])
    assert sale.waits_at == {"wait"}
    assert (sale.variables["waited"], sale.deadline("opens")) == (1, START + hours(23))

    sale.pass_time(hours(24))

    assert sale.activities[:2] == ["dispatch", "dispatch"]
    assert sale.task.kind == "first_follow_up"


def test_a_supervisor_need_not_wait():
    opens = iso(START + hours(23))
    sale = play("sale", dispatch=[{"dealer": None, "until": opens, "waited": 1}, {"dealer": "d1"}])

    sale.hear("reassigned", after=hours(2))

    assert sale.task.kind == "first_follow_up"
