"""The API as a process: uvicorn around ``api.app``, on loopback until accounts exist."""

from __future__ import annotations

import asyncio
import resource
from dataclasses import replace

import uvicorn
from temporalio.client import Client

from api import admission
from api.app import create_app
from api.aside import Limits, Pool
from cases.actors import EVERYTHING, SYSTEM
from cases.clock import Clock, SystemClock
from server import collecting, temporal
from server.patience import patiently
from server.settings import Settings
from store.engine import clock as clock_row
from store.session import Database

BACKLOG = 2048
"""Connections that the kernel keeps until they are taken."""

CONNECTIONS = 4000
"""Connections at once, idle ones included; beyond, uvicorn answers a bare 503, also to health
checks."""

KEEP_ALIVE = 5
"""Seconds that an idle connection stays open."""


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; open requests get ``settings.stop_timeout`` seconds.

    How much is worked on at a time is admission's to say (``api.admission``), from
    ``settings.database_pool``.

    The application clock is read once, so the database has to answer before the first request is
    taken.
    """
    _as_many_files_as_allowed()
    bounds = admission.bounds(settings.database_pool)
    database = Database(settings.database(), pool_size=admission.pool_size(bounds))
    client = await temporal.connect(settings, lazy=True)
    try:
        clock = await patiently("database", lambda: _clock(database), asyncio.Event())
        assert clock is not None
        aside = Pool(_limits(settings))
        app = create_app(database, clock, temporal=lambda: _answers(client), aside=aside, bounds=bounds)
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,  # server.logging has set it up
            access_log=False,  # it would write query strings, and people search by phone number
            server_header=False,
            timeout_graceful_shutdown=max(1, int(settings.stop_timeout * 0.7)),
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE,
            limit_concurrency=CONNECTIONS,
            h11_max_incomplete_event_size=64 * 1024,
        )
        collecting.go_on()
        await uvicorn.Server(config).serve()
    finally:
        await database.close()


def _limits(settings: Settings) -> Limits:
    limits = Limits(
        waiting=settings.heavy_waiting,
        seconds=settings.heavy_seconds,
        cpu_seconds=settings.heavy_cpu_seconds,
        megabytes=settings.heavy_megabytes,
    )
    return limits if settings.heavy_processes is None else replace(limits, processes=settings.heavy_processes)


def _as_many_files_as_allowed() -> None:
    # A connection is a file: at the usual soft limit of 1024 the server would stop accepting,
    # health checks included.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, 2 * CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _clock(database: Database) -> Clock:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return SystemClock(await clock_row.load(tx))


async def _answers(client: Client) -> bool:
    return await temporal.answers(client)
