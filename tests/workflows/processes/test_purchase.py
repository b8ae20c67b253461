"""A purchase agreed for a later day: asked about before it, moved, or not awaited at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.workflows.processes.office import play
from tests.workflows.processes.play import START, Play, days, iso


def awaited(*firm_up_at: datetime | None) -> Play:
    """One that is asked about at these instants, one after the other."""
    instants = iter(firm_up_at)

    def plan(at: datetime, data: dict[str, Any]) -> dict[str, Any]:
        instant = next(instants)
        return {"firm_up_at": None if instant is None else iso(instant)}

    return play("purchase", plan_firm_up=plan)


def test_without_a_later_day_it_is_over_at_once():
    assert awaited(None).outcome == "nothing_open"


def test_the_consultant_is_asked_when_it_is_time():
    purchase = awaited(START + days(60))
    assert not purchase.tasks

    purchase.next_deadline()

    assert (purchase.at, purchase.task.kind, purchase.task.role) == (START + days(60), "firm_up", "consultant")
    assert purchase.activities == ["plan_firm_up", "relieve_owner", "plan_task"]
    purchase.complete("confirmed")
    assert purchase.outcome == "bought"


def test_what_is_moved_is_asked_about_anew_as_often_as_it_is_moved():
    purchase = awaited(START + days(10), START + days(40), START + days(90))
    for _ in range(2):
        purchase.next_deadline()
        purchase.complete("moved")
        assert not purchase.tasks and purchase.waits_at == {"firm_up_due"}

    purchase.next_deadline()
    purchase.complete("fallen_through")

    assert (purchase.at, purchase.outcome) == (START + days(90), "fell_through")
