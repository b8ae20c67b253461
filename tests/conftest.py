"""Real servers for every room: one PostgreSQL a test session, one Temporal a test process (no mocks
of either).

=================== ============================================================================================
``database``        a fresh, migrated, empty database of this test's own (0.1 s: a clone of a template)
``network``         the same with the demo network in it (regions, dealers, staff, models, channels, calendar)
``deployed``        the same with the shipped processes and tables, since the day before ``MORNING``
``shared_network``  one database with the demo network for all tests of a module
``temporal``        the time-skipping Temporal server, shared: see ``tests/timetravel.py``
``clock``           an application clock that a test sets
``pg``              the PostgreSQL server itself, for tests that make databases (``tests/databases.py``)
=================== ============================================================================================

Servers that a test wants to stop are its own: ``tests/servers.py``.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from cases.actors import EVERYTHING, SYSTEM
from store.network import groundwork, network_seed
from store.session import Database
from tests.databases import fresh, template
from tests.servers import TEMPORAL, TIME_SKIPPING, SharedPostgres
from tests.timetravel import MORNING, TestClock

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # a property does not fail because other tests run beside it

LONG = (
    ("scenarios/test_failures.py", "scenarios/test_privacy.py", "server/relay/test_relay.py", "bench/test_rival.py"),
    ("server/test_up.py", "scenarios/test_import.py", "bench/test_bench.py"),
)
"""Files with tests of ten seconds and more, in two shares that take about as long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts long tests first in either half: xdist gives out halves, and in the end nobody waits for
    a long one."""
    shares = [[item for item in items if item.path.as_posix().endswith(share)] for share in LONG]
    others = [item for item in items if not any(item in share for share in shares)]
    middle = max(len(items) // 2 - len(shares[0]), 0)
    items[:] = [*shares[0], *others[:middle], *shares[1], *others[middle:]]


@pytest.fixture(scope="session")
def pg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedPostgres]:
    """The session's PostgreSQL; xdist workers share the directory above their own."""
    own = tmp_path_factory.getbasetemp()
    shared = SharedPostgres(own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own)
    yield shared
    shared.close()


@pytest.fixture(scope="session")
async def templates(pg: SharedPostgres) -> dict[str, str]:
    """Names of the databases that fresh ones are cloned from: migrated, and migrated with the demo
    network."""
    empty = await template(pg, "template_empty", _nothing)
    return {"empty": empty, "network": await template(pg, "template_network", _demo_network, above=empty)}


async def _nothing(_: Database) -> None:
    pass


async def _demo_network(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await groundwork.load(tx)
        await network_seed.load(tx)


@pytest.fixture(scope="session")
async def shipped_template(pg: SharedPostgres, templates: dict[str, str]) -> str:
    """The name of a third one: with all that is shipped."""
    from server.deployment import deploy_shipped  # most of Baton, which most rooms' tests do without

    async def ship(database: Database) -> None:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            await deploy_shipped(tx, MORNING - timedelta(days=1))

    return await template(pg, "template_shipped", ship, above=templates["network"])


@pytest.fixture
async def database(pg: SharedPostgres, templates: dict[str, str]) -> AsyncIterator[Database]:
    async with fresh(pg, templates["empty"]) as database:
        yield database


@pytest.fixture
async def network(pg: SharedPostgres, templates: dict[str, str]) -> AsyncIterator[Database]:
    async with fresh(pg, templates["network"]) as database:
        yield database


@pytest.fixture
async def deployed(pg: SharedPostgres, shipped_template: str) -> AsyncIterator[Database]:
    async with fresh(pg, shipped_template) as database:
        yield database


@pytest.fixture(scope="module")
async def shared_network(pg: SharedPostgres, templates: dict[str, str]) -> AsyncIterator[Database]:
    async with fresh(pg, templates["network"]) as database:
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
