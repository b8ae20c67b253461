"""What decisions say is kept once for all that say the same, and read as if it were not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from alembic import command
from sqlalchemy import text

from cases.actors import EVERYTHING, PROCESS, SYSTEM
from store import migrate
from store.session import Database
from store.tables import decisions
from store.tables.decisions import Decision
from tests.store import kept
from tests.store.births import AT, some_leads

ASKED = {"horizon_days": 12, "stated_grade": ""}
CANDIDATES = ({"id": "x", "points": 3}, {"reason": "too_far", "roster": 1})


async def some_decisions(database: Database, lead: UUID) -> None:
    async with database.transaction(PROCESS, EVERYTHING) as tx:
        for element in ("grade", "plan_task", "grade"):
            await kept.decision(tx, lead, AT, "grade", 1, ASKED, ["r1"], {"grade": "A"}, element=element)
        await kept.decision(tx, lead, AT, "grade", 2, ASKED, ["r1"], {"grade": "A"}, element="grade")
        await kept.decision(tx, lead, AT, "marks", 1, {}, [], [1, None], candidates=CANDIDATES)


async def read(database: Database, lead: UUID) -> list[Decision]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        found = list((await decisions.of_lead(tx, lead)).items)
        assert [await decisions.one(tx, one.id) for one in found] == found
    return found


async def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    async with database.engine.begin() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def test_what_several_say_is_kept_once(database: Database) -> None:
    first, second = await some_leads(database, 2)
    for lead in (first, second):
        await some_decisions(database, lead)

    ours, theirs = await read(database, first), await read(database, second)
    assert [(one.element, one.version) for one in ours][:4] == [
        ("grade", 1),
        ("plan_task", 1),
        ("grade", 1),
        ("grade", 2),
    ]
    assert (ours[0].inputs, ours[0].matched, ours[0].result, ours[0].candidates) == (ASKED, ("r1",), {"grade": "A"}, ())
    assert (ours[4].result, ours[4].candidates) == ({"list": [1, None]}, CANDIDATES)
    assert [replace(one, id=ours[0].id, case_id=first) for one in theirs] == [
        replace(one, id=ours[0].id) for one in ours
    ]
    contents = "SELECT count(*) FROM decision_contents JOIN decided ON content = decision_contents.id WHERE element"
    assert await rows(database, "SELECT count(*) FROM decision_contents WHERE key IN ('grade', 'marks')") == [(4,)]
    assert await rows(database, f"{contents} = 'grade'") == [(6,)]


async def test_decisions_of_before_say_the_same_afterwards_and_back(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await some_decisions(database, lead)
    whole = "SELECT * FROM decisions ORDER BY id"
    now = await rows(database, whole)

    async with database.engine.begin() as connection:
        await connection.run_sync(lambda inside: command.downgrade(migrate._config(inside), "0046"))
    before = await rows(database, whole)
    await rows(
        database,
        "INSERT INTO decisions (id, case_id, at, key, version)"
        f" SELECT gen_random_uuid(), '{lead}', now(), 'validity', 3 RETURNING id",
    )
    with_one_more = await rows(database, whole)
    await migrate.upgrade(database.url)

    assert before == now
    assert await rows(database, whole) == with_one_more
    assert len(with_one_more) == len(now) + 1
    assert await migrate.differences(database.url) == []
