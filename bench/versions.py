"""A start with many deployed versions: what a worker takes into memory before it works."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime

from bench.drawn import line
from bench.report import Cell, Result
from bench.stack import Stack
from cases.actors import EVERYTHING, SYSTEM
from server.versions import load_newest
from store.session import Database
from store.tables import definitions
from workflows.bpmn import read

VERSIONS = 500
KEYS = 20
"""The versions belong to so many processes; each has its newest in memory from the start."""


async def measure(stack: Stack, *, rounds: int) -> Result:
    """Seconds that a worker's loading takes, before and after the deployment of many versions."""
    database = Database(stack.database.replace("postgresql:", "postgresql+asyncpg:", 1))
    try:
        before = await _loading(database, rounds)
        await _deploy(database)
        after = await _loading(database, rounds)
    finally:
        await database.close()
    rows: tuple[dict[str, Cell], ...] = (
        {"deployed": "the shipped processes", "seconds": before},
        {"deployed": f"and {VERSIONS} versions of {KEYS} others", "seconds": after},
    )
    headline = {"seconds_with_500_versions": after}
    return Result("versions", "What a worker loads before it works", rows, headline, (f"medians of {rounds}",))


async def _loading(database: Database, rounds: int) -> float:
    async def once() -> float:
        begun = time.perf_counter()
        await load_newest(database)
        return time.perf_counter() - begun

    return statistics.median([await once() for _ in range(rounds)])


async def _deploy(database: Database) -> None:
    at = datetime.now(UTC)
    for number in range(VERSIONS):
        xml = line(10, key=f"line{number % KEYS}", comment=f"version {number}")
        (process,) = read(xml).processes.values()
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            await definitions.deploy_process(tx, process.id, process.name, xml, process.calls, at, "bench")
