"""A ticket: step after step, asked about afterwards, raised by a signal, over when there is nothing
left to do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.workflows.processes.office import play
from tests.workflows.processes.play import START, Play, days, hours

STEPS = [
    {"kind": "ticket_verify", "role": "consultant", "hours": 4, "calendar": "elapsed"},
    {"kind": "ticket_act", "role": "consultant", "hours": 72, "calendar": "elapsed"},
]


def opened(
    *,
    confirm_days: int | None = 7,
    moot: bool = False,
    steps: list[dict[str, Any]] = STEPS,
    report_days: int | None = None,
) -> Play:
    """A ticket that has been classified."""

    def classify(at: datetime, data: dict[str, Any]) -> dict[str, Any]:
        reports = {"report_days": report_days, "report_role": "dealer_manager"}
        return {"severity": "amber", "steps": steps, "confirm_days": confirm_days} | reports

    return play("ticket", classify_ticket=classify, reopen_ticket=classify, note_about_ended={"moot": moot})


def test_steps_come_one_after_the_other_each_with_its_own_time():
    ticket = opened(confirm_days=None)
    assert (ticket.task.kind, ticket.task.role) == ("ticket_verify", "consultant")
    assert ticket.data_of("plan_task")["hours"] == 4
    ticket.complete("real")
    assert ticket.task.kind == "ticket_act" and ticket.data_of("plan_task")["hours"] == 72

    ticket.complete("done")

    assert ticket.outcome == "closed" and ticket.data_of("close_ticket") == {"outcome": "solved"}


def test_a_false_alarm_needs_no_further_step():
    ticket = opened()
    ticket.complete("false_alarm")
    assert ticket.outcome == "closed" and ticket.data_of("close_ticket") == {"outcome": "false_alarm"}


def test_the_customer_is_asked_so_many_days_after_it_was_done():
    ticket = opened()
    ticket.complete("solved")
    assert not ticket.tasks and ticket.waits_at == {"confirm_due"}

    ticket.next_deadline()

    assert (ticket.at, ticket.task.kind, ticket.task.role) == (START + days(7), "ticket_confirm", "call_centre")
    ticket.complete("satisfied")
    assert ticket.outcome == "closed"


def test_a_dissatisfied_customer_opens_it_again_and_what_they_said_then_does_not_count_twice():
    ticket = opened()
    ticket.complete("solved")
    ticket.next_deadline()
    ticket.complete("dissatisfied")
    assert ticket.activities[-2:] == ["reopen_ticket", "plan_task"] and ticket.task.kind == "ticket_verify"

    ticket.complete("false_alarm")

    assert ticket.outcome == "closed"


def test_a_further_signal_begins_the_steps_anew_whatever_it_waits_for():
    ticket = opened()
    ticket.complete("real")
    ticket.hear("signal_repeated", signals=2)
    assert ticket.task.kind == "ticket_verify" and ticket.activities.count("classify_ticket") == 2

    ticket.complete("solved")
    ticket.hear("signal_repeated", signals=3)

    assert ticket.task.kind == "ticket_verify"


def test_it_goes_on_when_the_case_that_it_came_from_ends_unless_it_is_moot():
    ticket = opened()
    ticket.hear("about_ended", about="c", life=1, ended_as="won")
    assert ticket.task.kind == "ticket_verify"

    moot = opened(moot=True)
    moot.hear("about_ended", about="c", life=1, ended_as="won")

    assert moot.outcome == "closed_moot" and moot.data_of("close_ticket") == {"outcome": "moot"}
    assert not moot.tasks


def test_an_erased_customer_ends_it():
    ticket = opened()
    ticket.hear("erased")
    assert ticket.data_of("close_ticket") == {"outcome": "erased"} and not ticket.tasks


def kinds_of(ticket: Play) -> list[str]:
    return sorted(task.kind for task in ticket.tasks.values())


def test_while_it_is_open_somebody_reports_every_so_many_days():
    ticket = opened(report_days=3, confirm_days=None)
    ticket.pass_time(days(3) + hours(1))
    assert kinds_of(ticket) == ["ticket_report", "ticket_verify"]
    planned = ticket.data_of("plan_task")
    assert (planned["kind"], planned["role"]) == ("ticket_report", "dealer_manager")

    # a report does not count as an answer, and the next one is counted from it
    ticket.complete("reported", kind="ticket_report")
    assert kinds_of(ticket) == ["ticket_verify"]
    ticket.pass_time(days(3) - hours(1))
    assert kinds_of(ticket) == ["ticket_verify"]
    ticket.pass_time(hours(2))
    assert kinds_of(ticket) == ["ticket_report", "ticket_verify"]

    # once it is over nobody has to report any more
    ticket.complete("solved", kind="ticket_verify")
    assert ticket.outcome == "closed" and ticket.data_of("close_ticket") == {"outcome": "solved"}
    assert not ticket.tasks and not ticket.timers


def test_a_signal_and_a_dissatisfied_customer_begin_the_reports_anew():
    ticket = opened(report_days=3)
    ticket.pass_time(days(2))
    ticket.hear("signal_repeated", signals=2)
    ticket.pass_time(days(2))
    assert kinds_of(ticket) == ["ticket_verify"]
    ticket.pass_time(days(1) + hours(1))
    assert kinds_of(ticket) == ["ticket_report", "ticket_verify"]

    ticket.complete("solved", kind="ticket_verify")
    ticket.pass_time(days(8))
    ticket.complete("dissatisfied", kind="ticket_confirm")
    assert kinds_of(ticket) == ["ticket_verify"]
    ticket.pass_time(days(3) + hours(1))
    assert kinds_of(ticket) == ["ticket_report", "ticket_verify"]
