"""The floor: workflows that do nothing, with as many local activities, timers and signals as a lead has.

Run as ``python -m bench.floor ADDRESS`` it is the floor's worker, a process of its own like Baton's.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

QUEUE = "floor"


@activity.defn
async def nothing() -> None:
    """A local activity without work."""


@workflow.defn
class Bare:
    """``steps`` local activities, one armed timer, then it waits for a signal."""

    def __init__(self) -> None:
        self._told = False
        self._resting = False

    @workflow.run
    async def run(self, steps: int) -> None:
        for _ in range(steps):
            await workflow.execute_local_activity(nothing, start_to_close_timeout=timedelta(seconds=20))
        self._resting = True
        waiting = asyncio.create_task(workflow.sleep(timedelta(hours=20)))
        await workflow.wait_condition(lambda: self._told)
        waiting.cancel()

    @workflow.signal
    def tell(self) -> None:
        self._told = True

    @workflow.query
    def resting(self) -> bool:
        return self._resting


async def serve(address: str) -> None:
    """The floor's worker, until it is killed."""
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    worker = Worker(
        client,
        task_queue=QUEUE,
        workflows=[Bare],
        activities=[nothing],
        max_concurrent_workflow_tasks=100,
        workflow_runner=UnsandboxedWorkflowRunner(),  # as Baton's
    )
    await worker.run()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
