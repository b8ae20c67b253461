"""一件事及其期限: one task, its deadline and its ladder (A7, A9, A10)."""

from __future__ import annotations

from tests.workflows.processes.office import play
from tests.workflows.processes.play import START, hours, iso

LADDER = [(hours(20), "remind"), (hours(24), "tell_manager"), (hours(48), "hand_over")]


def test_a_task_is_opened_with_its_deadline_and_nothing_is_left_once_it_is_done():
    chase = play("chase", ladders={"first_follow_up": LADDER})
    assert (chase.task.kind, chase.task.role, chase.task.due) == (
        "first_follow_up",
        "consultant",
        iso(START + hours(24)),
    )
    assert chase.deadline("rung_due") == START + hours(20)

    chase.complete("continue", after=hours(3), grade="A")

    assert chase.outcome == "done"
    assert not chase.timers and not chase.tasks and "climb" not in chase.activities
    assert chase.variables["outcome"] == "continue" and chase.variables["grade"] == "A"


def test_without_a_ladder_the_task_simply_waits():
    chase = play("chase")
    assert chase.waits_at == {"work", "ladder_done"} and not chase.timers

    chase.complete("continue", after=hours(1000))

    assert chase.outcome == "done"


def test_where_the_customer_must_not_be_called_no_task_is_opened_and_the_outcome_is_the_tables():
    spared = {"kind": "outbound_call", "due": iso(START), "rung_at": None, "outcome": "qualified"}

    chase = play("chase", plan_task=spared)

    assert chase.outcome == "spared"
    assert not chase.tasks and not chase.timers
    assert chase.variables["outcome"] == "qualified"


def test_each_rung_is_climbed_at_its_exact_instant_while_the_task_stays_open():
    chase = play("chase", ladders={"first_follow_up": LADDER[:2]})

    chase.pass_time(hours(100))

    assert chase.instants_of("climb") == [hours(20), hours(24)]
    assert chase.waits_at == {"work", "ladder_done"}, "after the last rung the task goes on waiting"
    chase.complete("continue")
    assert chase.outcome == "done"


def test_a_completion_one_minute_before_the_rung_leaves_it_unclimbed():
    chase = play("chase", ladders={"first_follow_up": LADDER})

    chase.complete("continue", after=hours(20) - hours(1) / 60)

    assert "climb" not in chase.activities


def test_the_ladder_climbs_for_the_kind_that_was_planned():
    chase = play("chase", ladders={"first_follow_up": LADDER})

    chase.next_deadline()

    asked = {"kind": "first_follow_up", "role": "consultant", "about": "", "asks_hq": None}
    assert chase.data_of("climb") == asked


def test_a_rung_that_comes_too_late_changes_nothing():
    chase = play("chase", ladders={"first_follow_up": [(hours(20), "superseded")]})

    chase.next_deadline()

    assert chase.waits_at == {"work", "ladder_done"}
    chase.complete("won")
    assert chase.outcome == "done"


def test_a_deadline_that_moves_is_looked_at_at_once_whether_or_not_a_rung_is_left():
    chase = play(
        "chase", ladders={"first_follow_up": [(hours(20), "none"), (hours(40), "none"), (hours(60), "remind")]}
    )

    chase.moves_clocks(after=hours(5))
    assert (chase.instants_of("climb"), chase.deadline("rung_due")) == ([hours(5)], START + hours(40))

    chase.next_deadline()
    chase.next_deadline()
    assert chase.waits_at == {"work", "ladder_done"}
    chase.moves_clocks(after=hours(1))
    assert len(chase.instants_of("climb")) == 4
