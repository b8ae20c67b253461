"""Leads that began under an older Baton go on under this one: histories replay, and every deadline
stays where it was.

Replay alone does not notice a changed timer (FACTS), so what this Baton asks for is compared with
what is kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.golden import kept
from workflows import processes
from workflows.host import ProcessHost

GOLDEN = pytest.mark.parametrize("name", kept.names())
PERSONAL = re.compile(r"华|桂|1[3-9]\d{9}(?![\da-f])|介绍")
"""What the stories' customer is called, what their number looks like, what was said."""


@pytest.fixture(autouse=True)
def versions() -> None:
    """The versions that the histories name, as a worker would load them from the store."""
    kept.load()


@GOLDEN
async def test_every_history_replays_with_every_deadline(name: str) -> None:
    assert await kept.deadlines_of(kept.histories(name)) == kept.deadlines(name)


@GOLDEN
async def test_a_deadline_that_moved_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arm = ProcessHost._arm
    monkeypatch.setattr(
        ProcessHost, "_arm", lambda host, timer: arm(host, replace(timer, due=timer.due + timedelta(days=1)))
    )

    assert await kept.deadlines_of(kept.histories(name)) != kept.deadlines(name)


@GOLDEN
def test_no_history_names_a_customer(name: str) -> None:
    for history in kept.histories(name):
        for text in kept.payloads(history.to_json_dict()):
            assert not PERSONAL.search(text), text


def test_what_is_kept_does_all_that_shipped_diagrams_do() -> None:
    """A diagram that asks for something new wants a story of its own (README.md)."""
    asked = {
        activity.decode()
        for xml in processes.shipped().values()
        for activity in re.findall(rb'baton:activity="(\w+)"', xml)
    }
    done = {
        activity
        for name in kept.names()
        for history in kept.histories(name)
        for said in kept.payloads(history.to_json_dict())
        for activity in re.findall(r'"activity_type":"(\w+)"', said)
    }
    assert asked - done == set()


def test_what_is_kept_covers_what_leads_wait_for() -> None:
    steps = {one.step for name in kept.names() for one in kept.deadlines(name)}
    assert {"到下一级时间", "到回访时间", "培育期满", "停留期满", "该发物料了", "该核实意向了"} <= steps
    assert max(one.run for one in kept.deadlines("continued")) > 3
