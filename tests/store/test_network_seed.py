"""The demo network knows everything that the sample file names, and is loaded once."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

import pytest
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from store.network import network_seed
from store.session import Database

SAMPLE = Path(__file__).parents[3] / "shared" / "samples" / "leads_day.csv"


async def _all(database: Database, query: str) -> list[tuple[object, ...]]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return [tuple(row) for row in await tx.session.execute(text(query))]


async def test_is_loaded_once_and_keeps_edits(network: Database) -> None:
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text("UPDATE dealers SET daily_capacity = 1 WHERE code = 'BJ01'"))

    async def load() -> int:
        async with network.transaction(SYSTEM, EVERYTHING) as tx:
            return await network_seed.load(tx)

    assert await asyncio.gather(load(), load()) == [0, 0]
    assert await _all(network, "SELECT daily_capacity FROM dealers WHERE code = 'BJ01'") == [(1,)]


async def test_every_dealer_has_a_manager_and_consultants(network: Database) -> None:
    people = await _all(
        network,
        "SELECT d.code, count(*) FILTER (WHERE s.role = 'dealer_manager'),"
        " count(*) FILTER (WHERE s.role = 'consultant') FROM dealers d JOIN staff s ON s.dealer_id = d.id GROUP BY 1",
    )
    assert len(people) >= 30
    assert all(managers == 1 and 3 <= consultants <= 4 for _, managers, consultants in people)  # type: ignore[operator]
    assert await _all(network, "SELECT city FROM dealers GROUP BY city HAVING count(*) < 2") == []
    assert await _all(network, "SELECT code FROM regions EXCEPT SELECT region FROM staff WHERE code LIKE 'RM-%'") == []
    codes = {code for (code,) in await _all(network, "SELECT code FROM staff")}
    assert {"BJ01-M1", "BJ01-C1", "CC-01", "HQ-01", "RM-NORTH"} <= codes
    assert await _all(network, "SELECT id FROM staff WHERE code = 'BJ01-C1'") == [(network_seed.staff_id("BJ01-C1"),)]


async def test_knows_the_sample_files_names(network: Database) -> None:
    if not SAMPLE.exists():
        pytest.skip("the sample file is not part of this checkout")
    with SAMPLE.open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["三级渠道"]]
    channels = await _all(
        network,
        "SELECT a.name, b.name, c.name FROM channels c JOIN channels b ON b.code = c.parent"
        " JOIN channels a ON a.code = b.parent WHERE c.level = 3",
    )
    assert {(row["一级渠道"], row["二级渠道"], row["三级渠道"]) for row in rows} <= set(channels)
    cities = {name for (name,) in await _all(network, "SELECT name FROM cities")}
    assert {row["所在城市"] for row in rows} - {""} <= cities
    aliases = {str(alias).casefold() for (alias,) in await _all(network, "SELECT unnest(aliases) FROM car_models")}
    assert {row["意向车型"].replace(" ", "").casefold() for row in rows} - {""} <= {a.replace(" ", "") for a in aliases}
