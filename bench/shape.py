"""What a workflow costs on Temporal: the events of its history, counted against what could not be
fewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle


@dataclass(frozen=True)
class Shape:
    """One run's history in numbers."""

    events: int
    local_activities: int
    signals: int
    fired: int
    cancelled: int
    armed: int
    """Timers that still run."""

    ended: bool

    @property
    def timers(self) -> int:
        return self.fired + self.cancelled + self.armed

    @property
    def minimum(self) -> int:
        """As the aim states it: 5 for start and end, 5 a timer, 4 a signal, 1 a local activity."""
        return 5 + 5 * self.timers + 4 * self.signals + self.local_activities

    @property
    def least(self) -> int:
        """The same for what has really happened: an armed timer is 1 event, a cancelled one 2, an
        open end none."""
        timers = 5 * self.fired + 2 * self.cancelled + self.armed
        return 4 + self.ended + timers + 4 * self.signals + self.local_activities


async def shape_of(handle: WorkflowHandle[Any, Any]) -> Shape:
    """Counts the history of a workflow's present run."""
    history = await handle.fetch_history()
    kinds = [event.event_type for event in history.events]
    started = kinds.count(EventType.EVENT_TYPE_TIMER_STARTED)
    fired = kinds.count(EventType.EVENT_TYPE_TIMER_FIRED)
    cancelled = kinds.count(EventType.EVENT_TYPE_TIMER_CANCELED)
    return Shape(
        events=len(kinds),
        local_activities=kinds.count(EventType.EVENT_TYPE_MARKER_RECORDED),
        signals=kinds.count(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED),
        fired=fired,
        cancelled=cancelled,
        armed=started - fired - cancelled,
        ended=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED in kinds,
    )
