"""The migrations make what the models say, once, whoever starts first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from leads.actors import EVERYTHING, SYSTEM
from leads.errors import Unavailable
from store import definitions, migrate
from store.session import Database
from tests.conftest import SharedPostgres

NEWEST = max(path.name for path in (Path(migrate.__file__).parent / "migrations/versions").glob("0*.py"))[:4]


async def test_the_migrated_schema_is_the_models(database: Database) -> None:
    assert await migrate.differences(database.url) == []
    assert await migrate.current(database.url) == NEWEST


async def test_two_upgrades_at_once_and_one_more(pg: SharedPostgres) -> None:
    url = pg.server.url("migrated_twice")
    assert await migrate.create_database(url)
    assert not await migrate.create_database(url)
    assert await migrate.current(url) is None
    await asyncio.gather(migrate.upgrade(url), migrate.upgrade(url))
    await migrate.upgrade(url)
    assert await migrate.current(url) == NEWEST


async def test_a_withdrawn_version_does_not_come_back_when_the_schema_goes_back(database: Database) -> None:
    at = datetime(2026, 10, 12, tzinfo=UTC)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        for xml, effective in ((b"first", at), (b"second", at + timedelta(days=9))):
            await definitions.publish_table(tx, "grade", "grade", xml, at, "system", effective_from=effective)
        await definitions.withdraw(tx, "grade", 2, at, "a mistake")
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda inside: command.downgrade(migrate._config(inside), "0004"))
        versions = (await connection.execute(text("SELECT version FROM decision_tables"))).scalars().all()
    await migrate.upgrade(database.url)

    assert versions == [1]
    assert await migrate.differences(database.url) == []


async def test_no_server_is_unavailable(tmp_path: object) -> None:
    with pytest.raises(Unavailable):
        await migrate.upgrade(f"postgresql+asyncpg://postgres@/x?host={tmp_path}")
    with pytest.raises(Unavailable):
        await migrate.create_database(f"postgresql+asyncpg://postgres@/x?host={tmp_path}")
