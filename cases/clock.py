"""The one application clock: deadlines, timelines and rules live on it; only in production is it
the wall.

``ClockSpec`` is a value: it travels in a workflow's input, so that replay computes the same
instants, and in the database, so that API, relay and workers agree. In demo mode the clock runs
``speed`` times faster than the wall; tests shift it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """A straight line through (``wall``, ``app``) with slope ``speed``; the default is the wall
    itself."""

    wall: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    app: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    speed: float = 1.0

    def at(self, wall: datetime) -> datetime:
        """The application instant at a wall instant, UTC."""
        if self.speed == 1.0:
            return wall + (self.app - self.wall)
        return self.app + (wall - self.wall) * self.speed

    def wall_until(self, due: datetime, now: datetime) -> timedelta:
        """How long the wall has to wait from application instant ``now`` until ``due``; never
        negative."""
        return max((due - now) / self.speed, timedelta(0))


WALL = ClockSpec()


class Clock(Protocol):
    """Gives the application's now. API and relay get one; activities never do: their instant is an
    input."""

    def now(self) -> datetime: ...

    @property
    def spec(self) -> ClockSpec: ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The wall clock of this machine seen through a spec."""

    spec: ClockSpec = WALL

    def now(self) -> datetime:
        return self.spec.at(datetime.now(UTC))
