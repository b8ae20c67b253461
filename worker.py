"""A worker: takes Temporal's work, carries facts from the store to Temporal, hands notifications on. Scale it freely.

What it is made of is put together here and nowhere else.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from contextlib import suppress
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.registry import activities_with
from leads.actors import EVERYTHING, SYSTEM
from leads.clock import Clock, SystemClock
from leads.contracts import TASK_QUEUE
from leads.errors import NotFound, Unavailable
from relay import Relay
from runtime import metrics
from runtime.batches import Batches
from runtime.notices import Notices
from runtime.patience import patiently
from runtime.settings import Settings
from runtime.temporal import connect
from store import clock as clock_row
from store import definitions as deployed
from store import incidents
from store.session import Database, Tx
from workflows import bpmn
from workflows import definitions as loaded
from workflows.lead import LeadWorkflow

log = structlog.get_logger("worker")

WORKFLOWS = (LeadWorkflow,)
PASSED_THROUGH = ("leads", "workflows", "rules")
"""For whoever runs workflows in the sandbox (tests do): re-imported, these cost a hundred times the workflow itself."""

OTHERS = 5  # database connections besides the activities': relay lanes, its measuring, notices, batches
LOOK = 0.1  # seconds between two looks at which process versions are asked for in vain
MISSING = 2.0  # seconds until a version that was found nowhere is sought again


async def run(settings: Settings, stopping: asyncio.Event | None = None) -> None:
    """Work until ``stopping`` is set or SIGTERM or SIGINT arrives, then finish what is in hand.

    Parts that are away are waited for; ``settings.stop_timeout`` seconds after the signal the process ends anyway.
    """
    stopping = stopping or _on_signal(settings.stop_timeout)
    database = Database(settings.database(), pool_size=settings.database_pool + OTHERS)
    try:
        client = await patiently("temporal", lambda: connect(settings), stopping)
        clock = await patiently("database", lambda: _clock(database), stopping)
        if client is None or clock is None:
            return
        await patiently("database", lambda: load_newest(database), stopping)
        await _work(settings, database, client, clock, stopping)
    finally:
        await database.close()


async def _work(settings: Settings, database: Database, client: Client, clock: Clock, stopping: asyncio.Event) -> None:
    relay, notices, batches = Relay(database, client, clock=clock), Notices(database, clock), Batches(database, clock)
    worker = build(client, database, settings)
    stop_serving = metrics.serve(settings.metrics_host, settings.metrics_port)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run())
            group.create_task(relay.run())
            group.create_task(notices.run())
            group.create_task(batches.run())
            looking = group.create_task(_load_wanted(database, clock))
            metrics.WORKER_UP.set(1)
            log.info("worker ready", temporal=settings.temporal_target, queue=TASK_QUEUE)
            await stopping.wait()
            log.info("worker stops")
            metrics.WORKER_UP.set(0)
            relay.stop()
            notices.stop()
            batches.stop()
            await worker.shutdown()
            looking.cancel()
    finally:
        stop_serving()
    log.info("worker stopped")


def build(client: Client, database: Database, settings: Settings, *, task_queue: str = TASK_QUEUE) -> Worker:
    """Temporal's worker with Baton's workflows and activities."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=list(WORKFLOWS),
        activities=activities_with(database),
        workflow_runner=UnsandboxedWorkflowRunner(),  # see docs/decisions/0007
        max_cached_workflows=settings.worker_cache,
        max_concurrent_workflow_tasks=settings.worker_slots,
        max_concurrent_local_activities=settings.database_pool,  # each holds a connection
        graceful_shutdown_timeout=timedelta(seconds=settings.stop_timeout * 0.7),
    )


# -- process versions ------------------------------------------------------------------------------------------------


async def load_newest(database: Database) -> None:
    """Take the newest version of every process into memory, so that new leads find it there.

    One that this Baton cannot read any more must not keep the others from working: it is said when a lead wants it.
    """
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        for ref, _ in (await deployed.newest_refs(tx)).values():
            with suppress(bpmn.ModelRefused):
                await _load(tx, ref.sha256)


async def _load_wanted(database: Database, clock: Clock) -> None:
    """Load what leads have asked for in vain: versions that were deployed, or became old, since the start.

    One that is deployed nowhere is said: by a metric, and by an incident at each lead that waits for it.
    """
    missing: dict[str, float] = {}
    while True:
        await asyncio.sleep(LOOK)
        now = time.monotonic()
        for sha256 in (one for one in loaded.wanted() if missing.get(one, 0) <= now):
            try:
                found = await load_or_say(database, clock, sha256)
            except Unavailable:
                break
            missing.pop(sha256, None)
            if not found:
                missing[sha256] = now + MISSING
        metrics.DEFINITIONS_MISSING.set(len(missing))


async def load_or_say(database: Database, clock: Clock, sha256: str) -> bool:
    """Take a version into memory; False if it is nowhere, and then every lead that runs on it has an incident."""
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        try:
            await _load(tx, sha256)
        except (NotFound, bpmn.ModelRefused):
            news = await incidents.definition_missing(tx, sha256, clock.now())
            if news:
                log.error("a process version is deployed nowhere, or cannot be read", sha256=sha256, leads=news)
            return False
        await incidents.definition_found(tx, sha256, clock.now())
        return True


async def _load(tx: Tx, sha256: str) -> None:
    version = await deployed.by_sha(tx, sha256)
    loaded.keep(sha256, bpmn.read(version.xml).processes.values())
    metrics.DEFINITIONS.inc()


# -- coming and going --------------------------------------------------------------------------------------------------


async def _clock(database: Database) -> Clock:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return SystemClock(await clock_row.load(tx))


def _on_signal(patience: float) -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked() -> None:
        if not stopping.is_set():
            # A step that hangs must not keep the process: Temporal gives its work to another worker.
            last = threading.Timer(patience, os._exit, (1,))
            last.daemon = True
            last.start()
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked)
    return stopping
