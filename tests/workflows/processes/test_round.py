"""Scheduled work: planned, waited for, done part by part, planned again; what is asked for is done
beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.workflows.processes.office import play
from tests.workflows.processes.play import START, Play, days, iso


def set_up(*, nights: int = 99, parts: int = 1) -> Play:
    """A nightly round that is in the table so many times; each period has so many parts."""
    planned, done = iter(range(1, nights + 1)), iter(range(1, 999))

    def plan(at: datetime, data: dict[str, Any]) -> dict[str, Any]:
        night = next(planned, None)
        return {"period": f"night {night}", "at": None if night is None else iso(START + days(night))}

    def run(at: datetime, data: dict[str, Any]) -> dict[str, Any]:
        return {"more": next(done) % parts > 0, "after": None, "done": 1}

    return play("round", plan_round=plan, run_round=run)


def test_a_period_is_waited_for_done_part_by_part_and_followed_by_the_next():
    nightly = set_up(parts=3)
    assert nightly.waits_at == {"due"} and nightly.activities == ["plan_round"]

    nightly.next_deadline()

    assert nightly.at == START + days(1) and nightly.waits_at == {"due"}
    assert nightly.activities == ["plan_round", *["run_round"] * 3, "plan_round"]
    assert nightly.data_of("run_round") == {"period": "night 1"}
    nightly.next_deadline()
    assert nightly.at == START + days(2) and nightly.data_of("run_round") == {"period": "night 2"}


def test_without_a_row_in_the_table_it_is_over():
    nightly = set_up(nights=1)
    nightly.next_deadline()
    assert nightly.outcome == "given_up"


def test_what_is_asked_for_is_done_at_once_and_moves_nothing():
    nightly = set_up(parts=2)

    nightly.hear("run_asked", period="night 0")

    assert nightly.activities == ["plan_round", "run_round", "run_round"] and nightly.data_of("run_round") == {}
    assert nightly.waits_at == {"due"}
    nightly.next_deadline()
    assert nightly.at == START + days(1) and nightly.activities.count("plan_round") == 2
    assert nightly.data_of("run_round") == {"period": "night 1"}
