"""Before a network is set up: leads are taken, and whoever asks is told what is missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cases.actors import EVERYTHING, SYSTEM
from store import setup
from store.network import groundwork
from store.session import Database
from tests.api.conftest import NOW, Desk, deploy, desk_over
from tests.timetravel import TestClock


@pytest.fixture
async def bare(database: Database) -> AsyncIterator[Desk]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await groundwork.load(tx)
    await deploy(database)
    async with desk_over(database, TestClock(NOW)) as desk:
        yield desk


@pytest.mark.parametrize(
    ("written", "side"),
    [
        (["厂商", "垂直媒体", "懂车帝"], "maker"),
        (["经销商", "展厅"], "dealer"),
        ("dealer.showroom.walk_in", "dealer"),
        ("maker.vertical.dongchedi", "maker"),
        ("maker", "maker"),
        ("经销商", "dealer"),
        ("懂车帝", "maker"),
    ],
)
async def test_a_lead_counts_for_the_side_that_its_channel_begins_with(bare: Desk, written: Any, side: str) -> None:
    lead = await bare.created(channel=written)
    ((row),) = await bare.rows("SELECT channel, raw FROM whole_leads WHERE id = :lead", lead=lead)
    assert row["channel"] == side and row["raw"]["channel"] == written


async def test_a_lead_without_a_channel_is_refused_as_ever(bare: Desk) -> None:
    answer = await bare.send(channel=None)
    assert answer.json()["problems"][0]["code"] == "missing"


async def test_channels_count_as_soon_as_there_is_one(bare: Desk) -> None:
    await bare.execute("INSERT INTO channels VALUES ('maker.web', '官网', 2, 'maker', 'maker')")
    answer = await bare.send(channel=["厂商", "垂直媒体"])
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (422, "unknown_channel")
    assert (await bare.send(channel=["厂商", "官网"])).status_code == 201


async def test_readiness_says_what_is_missing(bare: Desk, desk: Desk) -> None:
    async def network(of: Desk) -> str:
        answer = await of.http.get("/health/ready")
        assert answer.status_code == 200
        return answer.json()["network"]

    assert await network(bare) == "no_head_office"
    async with bare.database.transaction(SYSTEM, EVERYTHING) as tx:
        await setup.begin(tx, "HQ-01", "王平")
    assert await network(bare) == "no_dealers"
    assert await network(desk) == "ok"
