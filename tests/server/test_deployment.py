"""What is shipped is deployed at a start; what a person deployed stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cases.actors import EVERYTHING, SYSTEM
from server.deployment import Deployed, deploy_shipped
from store.session import Database
from store.tables import definitions
from workflows import processes

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OWN = processes.shipped()["lead"].replace(b"PT24H", b"PT4H")


async def start(database: Database) -> Deployed:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return await deploy_shipped(tx, AT)


async def by_a_person(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.deploy_process(tx, "lead", "线索", OWN, ["chase", "sale", "nurture"], AT, "staff:1")


async def newest(database: Database) -> bytes:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return (await definitions.latest(tx, "lead")).xml


async def test_a_second_start_deploys_nothing(database: Database) -> None:
    first, second = await start(database), await start(database)

    assert (first.processes, first.new, second.new, second.warnings) == (7, 7 + first.tables, 0, first.warnings)


async def test_a_start_does_not_take_back_what_a_person_deployed(database: Database) -> None:
    quiet = await start(database)
    await by_a_person(database)

    done = await start(database)

    assert (done.processes, done.new, done.warnings) == (7, 0, quiet.warnings)
    assert await newest(database) == OWN


async def test_a_shipped_file_that_is_news_is_told_to_who_has_their_own(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = await start(database)
    await by_a_person(database)
    files = processes.shipped()
    files["lead"] = files["lead"].replace(b"PT24H", b"PT12H")
    monkeypatch.setattr("server.deployment.processes.shipped", lambda: files)

    done = await start(database)

    (news,) = set(done.warnings) - set(quiet.warnings)
    assert "lead.bpmn has changed, but version 2 was deployed by a person and stays" in news
    assert await newest(database) == OWN
