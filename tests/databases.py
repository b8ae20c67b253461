"""Databases of tests: each a clone of a template, which is made once a session. A clone takes a
tenth of a second."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import make_url

from store import migrate
from store.session import Database
from tests.servers import SharedPostgres, one_process_at_a_time

_numbers = itertools.count(1)


async def template(
    pg: SharedPostgres, name: str, fill: Callable[[Database], Awaitable[object]], *, above: str | None = None
) -> str:
    """The name of a migrated database with more in it: made by the first process that asks, above
    another template."""
    url, made = pg.server.url(name), pg.lock.with_name(f"{name}.made")
    with one_process_at_a_time(pg.lock):
        if not made.exists():
            await migrate.create_database(url, template=above)
            if above is None:
                await migrate.upgrade(url)
            database = Database(url, pool_size=1)
            await fill(database)
            await database.close()
            made.touch()
    return name


@asynccontextmanager
async def clone(pg: SharedPostgres, template: str) -> AsyncIterator[str]:
    """The address of a clone, which is dropped in the end."""
    url = pg.server.url(f"t{os.getpid()}_{next(_numbers)}")
    await migrate.create_database(url, template=template)
    try:
        yield url
    finally:
        target = make_url(url)
        beside = target.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
        connection = await asyncpg.connect(beside)
        await connection.execute(f'DROP DATABASE "{target.database}" WITH (FORCE)')
        await connection.close()


@asynccontextmanager
async def fresh(pg: SharedPostgres, template: str) -> AsyncIterator[Database]:
    """A clone, open."""
    async with clone(pg, template) as url:
        database = Database(url, pool_size=8)
        try:
            yield database
        finally:
            await database.close()
