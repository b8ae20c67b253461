"""Replays: what was recorded is run through the workflow again; a run that goes another way is
refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from typing import Any

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import worker

ALIKE = 3
"""So many of the histories with the same events in the same order are replayed: hundreds of them
tell nothing more."""


def replayer() -> Replayer:
    """Replays histories as a worker would."""
    return Replayer(
        workflows=list(worker.WORKFLOWS),
        workflow_runner=SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules(*worker.PASSED_THROUGH)
        ),
        data_converter=pydantic_data_converter,
    )


async def replay(handles: Iterable[WorkflowHandle[Any, Any]]) -> None:
    """Replays runs as a worker would; ``ALIKE`` of those with the same events in the same order."""
    seen = Counter[tuple[str, ...]]()

    async def histories() -> AsyncIterator[WorkflowHistory]:
        for handle in handles:
            history = await handle.fetch_history()
            shape = tuple(map(_kind, history.events))
            seen[shape] += 1
            if seen[shape] <= ALIKE:
                yield history

    await replayer().replay_workflows(histories())  # together: each call is a worker that comes and goes


def _kind(event: HistoryEvent) -> str:
    """The event's type, and of a local activity what it did."""
    if not event.HasField("marker_recorded_event_attributes"):  # only asking a message for a part would make one of it
        return str(event.event_type)
    (data,) = event.marker_recorded_event_attributes.details["data"].payloads
    return f"{event.event_type} {json.loads(data.data)['activity_type']}"
