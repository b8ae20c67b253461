"""The schema's versions, run from code: ``await upgrade(url)`` brings a database to the newest one.

A new version after a change of ``store.models``: ``python -m store.migrate URL "what changed"``
against a database at the newest version writes a draft into ``store/migrations/versions``; read it
before keeping it.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import asyncpg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from cases.errors import Unavailable
from store.models import Base

_ONE_AT_A_TIME = 0x6261746F6E  # advisory lock: API and worker may start together


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


async def _run(url: str, work: str, message: str = "") -> list[object]:
    def inside(connection: Connection) -> list[object]:
        if work == "differences":
            return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))
        if work == "revision":
            command.revision(_config(connection), message, autogenerate=True)
        elif work == "upgrade":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
            command.upgrade(_config(connection), "head")
        elif work == "current":
            return [MigrationContext.configure(connection).get_current_revision()]
        return []

    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(inside)
    except OSError as failure:
        raise Unavailable("database_unavailable") from failure
    finally:
        await engine.dispose()


async def upgrade(url: str) -> None:
    """Brings the database to the newest schema in one transaction; nothing to do is fine, two at
    once are too."""
    await _run(url, "upgrade")


async def current(url: str) -> str | None:
    """The revision that the database is at; None when it was never migrated."""
    return str(found) if (found := (await _run(url, "current"))[0]) else None


async def differences(url: str) -> list[object]:
    """What the models have and the database has not, or the other way round; empty when they
    agree."""
    return await _run(url, "differences")


async def create_database(url: str, *, template: str | None = None) -> bool:
    """Makes the database that the URL names if it is missing (connecting to ``postgres`` beside
    it); True if made."""
    target = make_url(url)
    beside = target.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    try:
        connection = await asyncpg.connect(beside, timeout=10)
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError) as failure:
        raise Unavailable("database_unavailable") from failure
    try:
        name = str(target.database).replace('"', '""')
        if template is None and await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            return False
        # STRATEGY file_copy shares nothing but is quickest for a small template without concurrent
        # writers.
        clone = f' TEMPLATE "{template}" STRATEGY file_copy' if template else ""
        await connection.execute(f'CREATE DATABASE "{name}"{clone}')
        return True
    finally:
        await connection.close()


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], "revision", sys.argv[2]))
