"""What loads at every start, with or without the demo network: legal holidays, usual hours, the
sides of channels."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from store import setup
from store.network import groundwork, network_seed
from store.session import Database


async def load(database: Database) -> int:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return await groundwork.load(tx)


async def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return [tuple(row) for row in await tx.session.execute(text(query))]


async def do(database: Database, statement: str) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text(statement))


async def test_it_is_loaded_once_also_by_two_at_a_time(database: Database) -> None:
    first = await asyncio.gather(load(database), load(database))
    assert sorted(first)[0] == 0 < sorted(first)[1]
    assert await load(database) == 0
    assert await rows(database, "SELECT code, level FROM channels ORDER BY code") == [("dealer", 1), ("maker", 1)]
    assert await rows(database, "SELECT count(*) FROM dealers") == [(0,)]


async def test_the_calendar_says_what_is_not_confirmed(database: Database) -> None:
    await load(database)
    days = {
        str(day): (working, sure)
        for day, working, sure in await rows(database, "SELECT day, working, confirmed FROM calendar_days")
    }
    assert days["2026-10-01"] == (False, True)
    assert days["2026-10-10"] == (True, True)  # a Saturday worked in exchange
    assert days["2027-10-01"] == (False, False)


async def test_what_people_have_made_of_a_year_stays(database: Database) -> None:
    await load(database)
    await do(database, "DELETE FROM calendar_days WHERE day = '2026-10-01'")
    await do(database, "UPDATE calendar_days SET working = true WHERE day = '2026-10-02'")
    assert await load(database) == 0
    kept = await rows(database, "SELECT day::text, working FROM calendar_days WHERE day < '2026-10-03'::date")
    assert ("2026-10-02", True) in kept and "2026-10-01" not in dict(kept)  # type: ignore[arg-type]


async def test_a_year_that_was_published_since_replaces_what_the_law_said_alone(database: Database) -> None:
    # given a start before the days of 2026 were published
    await load(database)
    whole = await rows(database, "SELECT day, working, name, confirmed FROM calendar_days ORDER BY day")
    await do(database, "DELETE FROM calendar_days WHERE day >= '2026-01-01' AND day <= '2026-12-31'")
    await do(database, "INSERT INTO calendar_days VALUES ('2026-02-15', false, '春节', false)")

    # when the next start knows them
    assert await load(database) > 1

    # then the year is whole; a year that nobody has published stays as it was
    assert await rows(database, "SELECT day, working, name, confirmed FROM calendar_days ORDER BY day") == whole


async def test_the_demo_network_is_not_mixed_with_ones_own(database: Database) -> None:
    await load(database)
    await do(database, "INSERT INTO regions VALUES ('OURS', '本区')")
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert await network_seed.load(tx) == 0


@pytest.mark.parametrize(
    ("rows", "lacking"),
    [
        ((), "head_office"),
        (("hq",), "dealers"),
        (("hq", "dealer"), None),
        (("dealer",), "head_office"),
        (("former hq", "dealer"), "head_office"),
        (("hq", "former dealer"), "dealers"),
    ],
)
async def test_what_a_network_lacks_first(database: Database, rows: tuple[str, ...], lacking: str | None) -> None:
    await do(database, "INSERT INTO regions VALUES ('R', '区')")
    for row in rows:
        active = not row.startswith("former")
        what = (
            "staff (id, code, name, role, ability, max_open, active)"
            f" VALUES ('{_ID}', 'HQ-1', '王', 'hq', 60, 60, {active})"
            if row.endswith("hq")
            else "dealers (id, code, name, region, city, daily_capacity, performance, active)"
            f" VALUES ('{_ID}', 'D', '店', 'R', '北京', 1, 1, {active})"
        )
        await do(database, f"INSERT INTO {what}")
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert await setup.lacking(tx) == lacking


_ID = "00000000-0000-7000-8000-000000000001"


async def test_the_first_person_of_head_office_is_named_once(database: Database) -> None:
    async def begin(code: str) -> bool:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            return await setup.begin(tx, code, "王平")

    assert sorted(await asyncio.gather(begin("HQ-01"), begin("HQ-02"))) == [False, True]
    assert await rows(database, "SELECT role, dealer_id, active FROM staff") == [("hq", None, True)]
    await do(database, "UPDATE staff SET active = false")
    ((code,),) = await rows(database, "SELECT code FROM staff")
    assert not await begin(str(code))
    assert await begin("HQ-03")
