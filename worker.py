"""A worker: takes Temporal's work, carries facts from the store to Temporal, hands notifications
on. Scale it freely.

What it is made of is put together here and nowhere else.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.registry import activities_with
from cases.actors import EVERYTHING, SYSTEM
from cases.clock import Clock, SystemClock
from cases.contracts import TASK_QUEUE
from domain.rounds.registry import House
from server import channels, collecting, metrics, versions
from server.backtests import Backtests
from server.batches import Batches
from server.departures import Departures
from server.ear import Ear
from server.notices import Notices
from server.patience import patiently
from server.relay import Relay
from server.settings import Settings
from server.temporal import connect
from server.versions import Versions
from store.engine import clock as clock_row
from store.engine import news
from store.session import Database
from workflows.case import CaseWorkflow, FormerCaseWorkflow

log = structlog.get_logger("worker")

WORKFLOWS = (CaseWorkflow, FormerCaseWorkflow)
PASSED_THROUGH = ("cases", "workflows", "rules")
"""For whoever runs workflows in the sandbox (tests do): re-imported, these cost a hundred times the
workflow itself."""

OTHERS = 10  # database connections besides the activities': two relay lanes, three for notices, one for each other loop


async def run(settings: Settings, stopping: asyncio.Event | None = None) -> None:
    """Work until ``stopping`` is set or SIGTERM or SIGINT arrives, then finish what is in hand.

    Parts that are away are waited for; ``settings.stop_timeout`` seconds after the signal the
    process ends anyway.
    """
    stopping = stopping or _on_signal(settings.stop_timeout)
    database = Database(settings.database(), pool_size=settings.database_pool + OTHERS)
    try:
        client = await patiently("temporal", lambda: connect(settings), stopping)
        clock = await patiently("database", lambda: _clock(database), stopping)
        if client is None or clock is None:
            return
        newest = await patiently(
            "database", lambda: versions.load_newest(database, most=settings.worker_versions), stopping
        )
        if newest is not None:
            await _work(settings, database, client, clock, newest, stopping)
    finally:
        await database.close()


async def _work(
    settings: Settings, database: Database, client: Client, clock: Clock, newest: set[str], stopping: asyncio.Event
) -> None:
    ear = Ear(database)
    loops = (
        Relay(database, client, clock=clock, ear=ear),
        Notices(database, clock, channels.of(settings)),
        Batches(database, clock, ear.on(news.BATCHES)),
        Departures(database, clock, ear.on(news.DEPARTURES)),
        Backtests(database, ear.on(news.BACKTESTS)),
        ear,
    )
    loading = Versions(database, clock, newest, ear.on(news.DEFINITIONS), most=settings.worker_versions)
    worker = build(client, database, settings)
    stop_serving = metrics.serve(settings.metrics_host, settings.metrics_port)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run())
            for loop in (*loops, loading):
                group.create_task(loop.run())
            metrics.WORKER_UP.set(1)
            collecting.go_on()
            log.info("worker ready", temporal=settings.temporal_target, queue=TASK_QUEUE)
            await stopping.wait()
            log.info("worker stops")
            metrics.WORKER_UP.set(0)
            for loop in loops:
                loop.stop()
            await worker.shutdown()
            loading.stop()  # last: what the worker has in hand may still ask for a version
    finally:
        stop_serving()
    log.info("worker stopped")


def build(client: Client, database: Database, settings: Settings, *, task_queue: str = TASK_QUEUE) -> Worker:
    """Temporal's worker with Baton's workflows and activities."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=list(WORKFLOWS),
        activities=activities_with(database, house=House(settings.refused_days)),
        workflow_runner=UnsandboxedWorkflowRunner(),  # see docs/decisions/0007
        max_cached_workflows=settings.worker_cache,
        max_concurrent_workflow_tasks=settings.worker_slots,
        max_concurrent_local_activities=settings.database_pool,  # each holds a connection
        max_workflow_task_external_storage_concurrency=1,  # nothing is stored outside: else a task for each payload
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=settings.worker_sticky_seconds),
        graceful_shutdown_timeout=timedelta(seconds=settings.stop_timeout * 0.7),
    )


# -- coming and going ----------------------------------------------------------------------------


async def _clock(database: Database) -> Clock:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return SystemClock(await clock_row.load(tx))


def _on_signal(patience: float) -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked() -> None:
        if not stopping.is_set():
            # A step that hangs must not keep the process: Temporal gives its work to another
            # worker.
            last = threading.Timer(patience, os._exit, (1,))
            last.daemon = True
            last.start()
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked)
    return stopping
