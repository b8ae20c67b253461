"""Clocks of tests: Temporal's per-workflow time skipping, and an application clock that a test
sets.

Two ways to start a workflow on the time-skipping server:

- ``env.client`` stamps "skip whenever idle" on every workflow it starts (``start_workflow`` only: a
  signal-with-start is not stamped): timers fire as fast as the server can skip. At most 200 skips a
  session.
- ``by_hand(env)`` is the same connection without the stamp: the workflow's clock is the wall until
  the test calls ``travel(env, workflow_id, duration)``. Timers that fall due on the way fire in
  their order, each at its own instant; after the journey the clock runs on with the wall.

``with env.with_time_skipping_disabled():`` does the same as ``by_hand``, but for everything that
starts on ``env.client`` meanwhile, other tests' workflows included.

Only the workflow travels. The database, the API and the relay do not: give them a ``TestClock`` and
move it by the same duration, or write the instants into what you state.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from cases.clock import WALL, ClockSpec

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai: when scenarios begin."""

A_MOMENT = timedelta(seconds=20)
"""A journey ends this much after the instant that a test names, so that what is due then has
happened.

It is longer than any work that a timer on the way may start takes by the wall. A server up to 1.32
that sees the end of a journey passed while the workflow worked goes on to the next timer, hours
further.
"""


def by_hand(env: WorkflowEnvironment) -> Client:
    """A client whose workflows' clocks move only by ``travel``."""
    config = env.client.config()
    config["interceptors"] = [one for one in config["interceptors"] if "TimeSkipping" not in type(one).__name__]
    return Client(**config)


async def travel(env: WorkflowEnvironment, workflow_id: str, duration: timedelta) -> bool:
    """Moves one workflow's clock and waits until it is there; False if the workflow ended on the
    way."""
    return await env.fast_forward(env.client.get_workflow_handle(workflow_id), duration)


async def now_of(env: WorkflowEnvironment, workflow_id: str) -> datetime:
    """A workflow's present, as it would read it."""
    return await env.get_current_time(env.client.get_workflow_handle(workflow_id))


class TestClock:
    """An application clock that stands still at the instant a test gave it, until the test moves
    it."""

    __test__ = False

    def __init__(self, at: datetime | None = None) -> None:
        self._now = at or datetime.now(UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, at: datetime) -> None:
        self._now = at

    def move(self, by: timedelta) -> None:
        self._now += by

    @property
    def spec(self) -> ClockSpec:
        """What a part that gets the line instead of the clock goes by: the wall, shifted to this
        clock's now."""
        wall = datetime.now(UTC)
        return replace(WALL, wall=wall, app=self._now)
