"""The migrations make what the models say, once, whoever starts first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import Unavailable
from cases.states import MessageKind
from store import definitions, incidents, migrate
from store.outbox import tell
from store.session import Database
from tests.conftest import SharedPostgres
from tests.store.births import AT, a_lead

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


async def test_what_hung_on_a_lead_hangs_on_its_case_and_back(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        lead = await a_lead(tx, process=("lead", 7, "sha"))
        await tell(tx, lead, MessageKind.LEAD_CREATED, AT)
        await incidents.record(tx, lead, f"{lead}:1:4", "grade", "activity_failed", "code", AT)
    said = "process_version, message_seq, place, settled_at"
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda inside: command.downgrade(migrate._config(inside), "0030"))
        before = (await connection.execute(text(f"SELECT {said} FROM leads"))).one()
        told = (await connection.execute(text("SELECT lead_id FROM outbox UNION SELECT lead_id FROM incidents"))).all()
    await migrate.upgrade(database.url)

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        after = (await tx.session.execute(text(f"SELECT {said} FROM cases WHERE kind = 'lead'"))).one()
        assert await tell(tx, lead, MessageKind.REGRADED, AT) == 2
    assert before == after == (7, 1, [], None)
    assert told == [(lead,)]
    assert await migrate.differences(database.url) == []
