"""Real servers for every room: one PostgreSQL a test session, one Temporal a test process (no mocks of either).

=================== ============================================================================================
``database``        a fresh, migrated, empty database of this test's own (0.1 s: a clone of a template)
``network``         the same with the demo network in it (regions, dealers, staff, models, channels, calendar)
``shared_network``  one database with the demo network for all tests of a module that do not mind each other
``temporal``        the time-skipping Temporal server, shared: see ``tests/timetravel.py``
``clock``           an application clock that a test sets
``pg``              the PostgreSQL server itself, for tests that make databases
=================== ============================================================================================

Servers that a test wants to stop are its own: ``tests/servers.py``.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import make_url
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from leads.actors import EVERYTHING, SYSTEM
from store import migrate, network_seed
from store.session import Database
from tests.servers import TEMPORAL, TIME_SKIPPING, SharedPostgres, one_process_at_a_time
from tests.timetravel import TestClock

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def pg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedPostgres]:
    """The session's PostgreSQL; xdist workers share the directory above their own."""
    own = tmp_path_factory.getbasetemp()
    shared = SharedPostgres(own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own)
    yield shared
    shared.close()


@pytest.fixture(scope="session")
async def templates(pg: SharedPostgres) -> dict[str, str]:
    """Names of the databases that fresh ones are cloned from: migrated, and migrated with the demo network."""
    names = {"empty": "template_empty", "network": "template_network"}
    with one_process_at_a_time(pg.lock):
        if await migrate.create_database(pg.server.url(names["empty"])):
            await migrate.upgrade(pg.server.url(names["empty"]))
            await migrate.create_database(pg.server.url(names["network"]), template=names["empty"])
            seeded = Database(pg.server.url(names["network"]), pool_size=1)
            async with seeded.transaction(SYSTEM, EVERYTHING) as tx:
                await network_seed.load(tx)
            await seeded.close()
    return names


@asynccontextmanager
async def _fresh(pg: SharedPostgres, template: str) -> AsyncIterator[Database]:
    url = pg.server.url(f"t{os.getpid()}_{next(_numbers)}")
    await migrate.create_database(url, template=template)
    database = Database(url, pool_size=8)
    try:
        yield database
    finally:
        await database.close()
        target = make_url(url)
        beside = target.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
        connection = await asyncpg.connect(beside)
        await connection.execute(f'DROP DATABASE "{target.database}" WITH (FORCE)')
        await connection.close()


@pytest.fixture
async def database(pg: SharedPostgres, templates: dict[str, str]) -> AsyncIterator[Database]:
    async with _fresh(pg, templates["empty"]) as database:
        yield database


@pytest.fixture
async def network(pg: SharedPostgres, templates: dict[str, str]) -> AsyncIterator[Database]:
    async with _fresh(pg, templates["network"]) as database:
        yield database


@pytest.fixture(scope="module")
async def shared_network(pg: SharedPostgres, templates: dict[str, str]) -> AsyncIterator[Database]:
    async with _fresh(pg, templates["network"]) as database:
        yield database


@pytest.fixture(scope="session")
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    async with await WorkflowEnvironment.start_time_skipping_v2(
        dev_server_existing_path=str(TEMPORAL),
        dev_server_log_level="error",
        dev_server_extra_args=list(TIME_SKIPPING),
        data_converter=pydantic_data_converter,
    ) as env:
        yield env


@pytest.fixture
def clock() -> TestClock:
    return TestClock()
