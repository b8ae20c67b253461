"""The rival's workflow and its worker, a process of its own like Baton's.

Run as ``python -m bench.rival.worker TEMPORAL DATABASE``. It says ``ready`` once it works. Relay,
notices, connections, slots and timeouts are as Baton's worker has them.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import uvloop
from prometheus_client import CollectorRegistry
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from bench.rival.first_task import to_first_task
from bench.rival.network import Network
from bench.rival.policy import NotWritten
from cases.actors import EVERYTHING, SYSTEM
from cases.clock import SystemClock
from cases.contracts import CaseInput, Message
from server.notices import Notices
from server.relay import WORKFLOW, Relay
from server.temporal import TAKEN_OVER, data_converter
from store.engine import clock
from store.session import Database
from workflows.steps import PATIENCE, START_TO_CLOSE

QUEUE = "rival"
CONNECTIONS = 10
SLOTS = 10


@workflow.defn(name=WORKFLOW)
class LeadByHand:
    """A new lead to its first task, then until somebody says something or the first rung is due."""

    @workflow.init
    def __init__(self, life: CaseInput) -> None:
        self._told: list[Message] = []

    @workflow.run
    async def run(self, life: CaseInput) -> None:
        planned: dict[str, Any] = await workflow.execute_local_activity(
            "to_first_task", life, result_type=dict, start_to_close_timeout=START_TO_CLOSE, retry_policy=PATIENCE
        )
        due, now = datetime.fromisoformat(planned["rung_at"]), life.clock.at(workflow.now())
        with suppress(asyncio.TimeoutError):
            await workflow.wait_condition(lambda: bool(self._told), timeout=life.clock.wall_until(due, now))

    @workflow.signal
    def tell(self, message: Message) -> None:
        """A fact that the store has committed."""
        self._told.append(message)


async def serve(address: str, database: str) -> None:
    """Works until it is ended."""
    db = Database(database.replace("postgresql:", "postgresql+asyncpg:", 1), pool_size=CONNECTIONS)
    async with db.transaction(SYSTEM, EVERYTHING) as tx:
        time = SystemClock(await clock.load(tx))
    client = await Client.connect(address, data_converter=data_converter)
    pool = await asyncpg.create_pool(database, min_size=CONNECTIONS, max_size=CONNECTIONS, init=_speaks_json)
    network = Network()

    @activity.defn(name="to_first_task")
    async def perform(life: CaseInput) -> dict[str, Any]:
        try:
            return await to_first_task(pool, network, life)
        except NotWritten as way:
            sys.stderr.write(f"the rival does not go this way: {way}\n")
            raise ApplicationError(str(way), type="NotWritten", non_retryable=True) from None

    worker = Worker(
        client,
        task_queue=QUEUE,
        workflows=[LeadByHand],
        activities=[perform],
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_concurrent_workflow_tasks=SLOTS,
        max_concurrent_local_activities=CONNECTIONS,
        max_workflow_task_external_storage_concurrency=1,
        sticky_queue_schedule_to_start_timeout=TAKEN_OVER,
        graceful_shutdown_timeout=timedelta(seconds=5),
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        group.create_task(Relay(db, client, clock=time, task_queue=QUEUE, registry=CollectorRegistry()).run())
        group.create_task(Notices(db, time).run())
        sys.stdout.write("ready\n")
        sys.stdout.flush()


async def _speaks_json(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_written, decoder=json.loads, format="text")


def _written(value: Any) -> str:
    return json.dumps(value, default=_as_text, ensure_ascii=False)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1], sys.argv[2]))
