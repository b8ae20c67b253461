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
from store import migrate
from store.engine import cases, incidents, timeline, vehicles
from store.engine.outbox import tell
from store.leads import leads, statements
from store.network import network_seed
from store.session import Database
from store.tables import definitions
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
    async with database.engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
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
    async with database.engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
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


async def test_an_open_task_gets_the_clock_that_runs_for_it_and_back_a_kind_has_one(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        lead = await a_lead(tx)
    kept = "SELECT kind, about, stopped_at IS NULL AS runs FROM sla_clocks ORDER BY due_at"
    insert = (
        "INSERT INTO sla_clocks (id, case_id, kind, started_at, due_at, rung, lamp{0}) VALUES"
        " (gen_random_uuid(), :lead, 'recall', now(), now() + make_interval(hours => :hours), 0, 'green'{1})"
    )
    async with database.engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        await connection.run_sync(lambda inside: command.downgrade(migrate._config(inside), "0031"))
        await connection.execute(text(insert.format("", "")), {"lead": lead, "hours": 2})
        task = (
            "INSERT INTO tasks (id, case_id, kind, element, role, status, opened_at, late, closed_because) VALUES"
            " (gen_random_uuid(), :lead, 'recall', 'work', 'call_centre', :status, now(), false, '{}')"
        )
        for status in ("open", "done"):
            await connection.execute(text(task), {"lead": lead, "status": status})
    await migrate.upgrade(database.url)

    async with database.engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        of = "SELECT status, clock.kind FROM tasks LEFT JOIN sla_clocks clock ON clock.id = clock_id ORDER BY status"
        assert (await connection.execute(text(of))).all() == [("done", None), ("open", "recall")]
        other = {"lead": lead, "hours": 1}
        await connection.execute(text(insert.format(", about", ", 'other'")), other)
        await connection.run_sync(lambda inside: command.downgrade(migrate._config(inside), "0031"))
    await migrate.upgrade(database.url)
    async with database.engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        assert (await connection.execute(text(kept))).all() == [("recall", "", True), ("recall", "", False)]
    assert await migrate.differences(database.url) == []


async def test_whose_a_lead_is_becomes_its_cases_and_back(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        lead = await a_lead(tx)
        await leads.change(tx, lead, status="working", grade="H", stage="visited", next_due_at=AT, life=2)
    said = "customer_id, status, stage, grade, lamp, next_due_at, created_at, life, updated_at"
    async with database.engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        await connection.run_sync(lambda inside: command.downgrade(migrate._config(inside), "0032"))
        before = (await connection.execute(text(f"SELECT {said} FROM leads WHERE id = :id"), {"id": lead})).one()
    await migrate.upgrade(database.url)

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        after = (await tx.session.execute(text(f"SELECT {said} FROM whole_leads WHERE id = :id"), {"id": lead})).one()
    assert before == after and (before.status, before.grade, before.life) == ("working", "H", 2)
    assert await migrate.differences(database.url) == []


async def test_a_case_is_touched_by_what_hangs_on_it(database: Database) -> None:
    """Whoever reads what has changed since some instant (``updated_since``) has to see it."""
    changes = (
        "UPDATE cases SET status = 'working' WHERE id = :id",
        "UPDATE leads SET city = '北京' WHERE id = :id",
        "UPDATE customers SET name = '别名' WHERE id = (SELECT customer_id FROM cases WHERE id = :id)",
    )
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        lead = await a_lead(tx)
    seen: list[datetime] = []
    for change in ("SELECT 1", *changes):
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            await tx.session.execute(text(change), {"id": lead} if ":id" in change else {})
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            seen.append(await tx.session.scalar(text("SELECT updated_at FROM cases WHERE id = :id"), {"id": lead}))
    assert seen == sorted(set(seen))


async def test_cases_come_to_be_about_cars_and_back_while_leads_run(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await network_seed.load(tx)
        lead = await a_lead(tx)
        about = {"vehicle_id": await vehicles.known(tx, vehicles.Car("1M8GDM9AXKP042788", "京A12345"))}
        await cases.change(tx, lead, **about)
    async with database.engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        await connection.run_sync(lambda inside: command.downgrade(migrate._config(inside), "0039"))
        before = (await connection.execute(text("SELECT * FROM whole_leads"))).mappings().one()
    await migrate.upgrade(database.url)

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        after = (await tx.session.execute(text("SELECT * FROM whole_leads LIMIT 1"))).mappings().one()
        assert (await cases.get(tx, lead)).vehicle_id is None
    assert "vehicle_id" not in before and dict(after) == {**before, "vehicle_id": None}
    assert await migrate.differences(database.url) == []


async def test_words_of_people_move_to_their_one_home_and_back(database: Database) -> None:
    by = network_seed.staff_id("BJ01-C1")
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await network_seed.load(tx)
        lead = await a_lead(tx)
        contact = {"task_id": None, "by_id": by, "at": AT, "channel": "phone", "outcome": "continue"}
        await statements.write_follow_up(tx, lead, **contact, content="来电", answer="好")
        await timeline.record(tx, lead, AT, "reassigned", words="休假")
    async with database.engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        await connection.run_sync(lambda inside: command.downgrade(migrate._config(inside), "0036"))
        before = (await connection.execute(text("SELECT content, answer FROM follow_ups"))).all()
        line = (await connection.execute(text("SELECT data FROM timeline"))).scalar_one()
    await migrate.upgrade(database.url)

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        kept = (await tx.session.execute(text("SELECT field, text FROM case_words ORDER BY field"))).all()
        (entry,) = (await timeline.of_lead(tx, lead)).items
    assert (before, line) == ([("来电", "好")], {"words": "休假"})
    assert kept == [("answer", "好"), ("content", "来电"), ("words", "休假")]
    assert entry.data == {"words": "休假"}
    assert await migrate.differences(database.url) == []
