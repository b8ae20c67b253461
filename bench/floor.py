"""The floor: workflows that do nothing, with as many local activities, timers and signals as a lead
has.

Run as ``python -m bench.floor ADDRESS`` it is the floor's worker, a process of its own like
Baton's. It prints how many workflows have come to rest: asking each of them would cost more than it
does.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta

import uvloop
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

QUEUE = "floor"
_LOOK = 0.005  # seconds between two looks at who rests

_resting: set[str] = set()  # a set, because a replay comes by a second time


@activity.defn
async def nothing() -> None:
    """A local activity without work."""


@workflow.defn
class Bare:
    """``steps`` local activities, ``timers`` armed, then it waits for ``signals`` signals, of which
    none need come."""

    def __init__(self) -> None:
        self._told = 0

    @workflow.run
    async def run(self, steps: int, timers: int, signals: int) -> None:
        for _ in range(steps):
            await workflow.execute_local_activity(nothing, start_to_close_timeout=timedelta(seconds=20))
        waiting = [asyncio.create_task(workflow.sleep(timedelta(hours=20))) for _ in range(timers)]
        _resting.add(workflow.info().workflow_id)
        await workflow.wait_condition(lambda: self._told >= max(signals, 1))
        for wait in waiting:
            wait.cancel()

    @workflow.signal
    def tell(self) -> None:
        self._told += 1


@workflow.defn
class Sleeper:
    """Sleeps until an instant, does one local activity and ends. It comes to rest twice: asleep,
    and done."""

    @workflow.run
    async def run(self, due: datetime) -> None:
        name = workflow.info().workflow_id
        _resting.add(f"{name} asleep")
        await workflow.sleep(max(due - workflow.now(), timedelta()))
        await workflow.execute_local_activity(nothing, start_to_close_timeout=timedelta(seconds=20))
        _resting.add(name)


async def serve(address: str) -> None:
    """The floor's worker, until it is ended."""
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    worker = Worker(
        client,
        task_queue=QUEUE,
        workflows=[Bare, Sleeper],
        activities=[nothing],
        max_concurrent_workflow_tasks=100,
        # as Baton's
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_workflow_task_external_storage_concurrency=1,
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        group.create_task(_tell())


async def _tell() -> None:
    said = -1
    while True:
        if len(_resting) != said:
            said = len(_resting)
            sys.stdout.write(f"{said}\n")
            sys.stdout.flush()
        await asyncio.sleep(_LOOK)


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1]))
