"""The API as a process: uvicorn around ``api.app``, on loopback until accounts exist."""

from __future__ import annotations

import asyncio

import uvicorn
from temporalio.client import Client

from api.app import create_app
from leads.actors import EVERYTHING, SYSTEM
from leads.clock import Clock, SystemClock
from runtime import temporal
from runtime.patience import patiently
from runtime.settings import Settings
from store import clock as clock_row
from store.session import Database


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; open requests get ``settings.stop_timeout`` seconds.

    The application clock is read once, so the database has to answer before the first request is taken.
    """
    database = Database(settings.database(), pool_size=settings.database_pool)
    client = await temporal.connect(settings, lazy=True)
    try:
        clock = await patiently("database", lambda: _clock(database), asyncio.Event())
        assert clock is not None
        app = create_app(database, clock, temporal=lambda: _answers(client))
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,  # runtime.logging has set it up
            access_log=False,  # it would write query strings, and people search by phone number
            server_header=False,
            timeout_graceful_shutdown=max(1, int(settings.stop_timeout * 0.7)),
            limit_concurrency=1000,
            h11_max_incomplete_event_size=64 * 1024,
        )
        await uvicorn.Server(config).serve()
    finally:
        await database.close()


async def _clock(database: Database) -> Clock:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return SystemClock(await clock_row.load(tx))


async def _answers(client: Client) -> bool:
    return await temporal.answers(client)
