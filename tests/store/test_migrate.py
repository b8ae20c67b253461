"""The migrations make what the models say, once, whoever starts first."""

from __future__ import annotations

import asyncio

import pytest

from leads.errors import Unavailable
from store import migrate
from store.session import Database
from tests.conftest import SharedPostgres


async def test_the_migrated_schema_is_the_models(database: Database) -> None:
    assert await migrate.differences(database.url) == []
    assert await migrate.current(database.url) == migrate.newest()


async def test_two_upgrades_at_once_and_one_more(pg: SharedPostgres) -> None:
    url = pg.server.url("migrated_twice")
    assert await migrate.create_database(url)
    assert not await migrate.create_database(url)
    assert await migrate.current(url) is None
    await asyncio.gather(migrate.upgrade(url), migrate.upgrade(url))
    await migrate.upgrade(url)
    assert await migrate.current(url) == migrate.newest()


async def test_no_server_is_unavailable(tmp_path: object) -> None:
    with pytest.raises(Unavailable):
        await migrate.upgrade(f"postgresql+asyncpg://postgres@/x?host={tmp_path}")
    with pytest.raises(Unavailable):
        await migrate.create_database(f"postgresql+asyncpg://postgres@/x?host={tmp_path}")
