"""A transaction names its actor and scope, commits at the edge, and fails in one way."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cases.actors import EVERYTHING, PROCESS, SYSTEM, Actor, Scope
from cases.errors import Unavailable
from cases.ids import new_id
from store import migrate
from store.session import Database
from tests.servers import PostgresServer, private_postgres
from tests.store.births import AT, some_leads

NAME, PHONE = "华桂珍", "+8613900000000"
ACTOR_AND_SCOPE = text("SELECT current_setting('baton.actor', true), current_setting('baton.scope', true)")


async def test_settings_hold_for_the_transaction_only(database: Database) -> None:
    async with database.transaction(Actor("staff", "7"), Scope("dealer", "9")) as tx:
        assert tuple((await tx.session.execute(ACTOR_AND_SCOPE)).one()) == ("staff:7", "dealer:9")
    async with database.connect() as connection:  # the pool hands out the same connection again
        assert set((await connection.execute(ACTOR_AND_SCOPE)).one()) <= {"", None}


async def test_commits_at_the_edge_and_rolls_back_on_any_error(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text("INSERT INTO regions VALUES ('N', '北')"))
    with pytest.raises(RuntimeError):
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            await tx.session.execute(text("INSERT INTO regions VALUES ('S', '南')"))
            raise RuntimeError
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert (await tx.session.execute(text("SELECT code FROM regions"))).scalars().all() == ["N"]


async def test_quotes_what_it_names(database: Database) -> None:
    async with database.transaction(Actor("channel", "o'hara';--"), EVERYTHING) as tx:
        assert (await tx.session.execute(ACTOR_AND_SCOPE)).one()[0] == "channel:o'hara';--"


async def test_costs_begin_and_commit_beside_its_statements(database: Database) -> None:
    seen: list[str] = []
    one = Database(database.url, pool_size=1)
    async with one.transaction(PROCESS, EVERYTHING) as tx:
        tx.driver.add_query_logger(lambda record: seen.append(record.query))
    await asyncio.sleep(0)  # the logger is called soon, not at once
    seen.clear()
    async with one.transaction(PROCESS, EVERYTHING) as tx:  # on the same connection
        await tx.session.execute(text("SELECT 1"))
    await asyncio.sleep(0)
    assert [query.partition(" ")[0].rstrip(";") for query in seen] == ["BEGIN", "COMMIT"]
    assert "baton.actor = 'process'" in seen[0]
    await one.close()


async def test_one_plan_a_statement_holds_for_the_transaction_that_asks_for_it(database: Database) -> None:
    mode = text("SELECT current_setting('plan_cache_mode')")
    one = Database(database.url, pool_size=1)
    found: list[str] = []
    for one_plan in (False, True, False):
        async with one.transaction(PROCESS, EVERYTHING, one_plan=one_plan) as tx:
            found.append(str(await tx.session.scalar(mode)))
    assert found == ["auto", "force_generic_plan", "auto"]
    await one.close()


async def test_a_task_that_is_cancelled_leaves_no_open_transaction_in_the_pool(database: Database) -> None:
    one, begun = Database(database.url, pool_size=1), asyncio.Event()

    async def work() -> None:
        async with one.transaction(SYSTEM, EVERYTHING) as tx:
            await tx.session.execute(text("INSERT INTO regions VALUES ('N', '北')"))
            begun.set()
            await tx.session.execute(text("SELECT pg_sleep(30)"))

    for pause in (True, False):
        task = asyncio.create_task(work())
        if pause:
            await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with one.transaction(SYSTEM, EVERYTHING) as tx:
        assert (await tx.session.execute(text("SELECT code FROM regions"))).all() == []
    await one.close()


async def test_what_is_checked_at_the_end_fails_as_a_statement_does(database: Database) -> None:
    later = "CREATE TEMP TABLE late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP"
    with pytest.raises(IntegrityError):
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            await tx.session.execute(text(later))
            await tx.session.execute(text("INSERT INTO late VALUES (1), (1)"))
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text("SELECT 1"))


async def test_an_unused_name_is_not_inherited(database: Database) -> None:
    one = Database(database.url, pool_size=1)
    async with one.transaction(Actor("staff", "7"), Scope("own", "7")):
        pass
    async with one.connect() as connection:
        assert set((await connection.execute(ACTOR_AND_SCOPE)).one()) <= {"", None}
    await one.close()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO customers (id, name, phone, do_not_call) VALUES (gen_random_uuid(), :name, :phone, false)",
        "INSERT INTO dealers (id, code, name, region, city, daily_capacity, performance, active)"
        " VALUES (gen_random_uuid(), :name, :phone, 'nowhere', '', 1, 1, true)",
    ],
    ids=["not null", "foreign key"],
)
async def test_personal_data_stays_out_of_errors(database: Database, statement: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            await tx.session.execute(text(statement), {"name": NAME, "phone": PHONE})
    told = "".join(traceback.format_exception(caught.value))
    assert NAME not in told
    assert PHONE not in told


@pytest.mark.parametrize("statement", ["SELECT CAST(:n AS integer)", "SELECT CAST(CAST(:n AS text) AS integer)"])
async def test_a_wrong_value_is_not_repeated_in_the_error(database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            await tx.session.execute(text(statement), {"n": NAME})
    assert NAME not in "".join(traceback.format_exception(caught.value))


async def test_a_deadlock_asks_to_be_tried_again(database: Database) -> None:
    one, other = await some_leads(database, 2)
    met = asyncio.Barrier(2)

    async def lock_both(first: object, second: object) -> None:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            lock = text("SELECT 1 FROM whole_leads WHERE id = :id FOR UPDATE")
            await tx.session.execute(lock, {"id": first})
            await met.wait()
            await tx.session.execute(lock, {"id": second})

    ends = await asyncio.gather(lock_both(one, other), lock_both(other, one), return_exceptions=True)
    assert [end.code for end in ends if isinstance(end, Unavailable)] == ["database_busy"]
    assert ends.count(None) == 1


async def test_a_transaction_that_stands_still_loses_its_locks(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    lock = text("SELECT id FROM whole_leads WHERE id = :lead FOR UPDATE")
    hanging = Database(database.url, pool_size=1, statement_seconds=0.2, idle_seconds=0.2)
    try:
        with pytest.raises(Unavailable):  # so that it is tried again
            async with hanging.transaction(SYSTEM, EVERYTHING) as held:
                await held.session.execute(lock, {"lead": lead})
                # when somebody else wants what it holds, he gets it
                async with database.transaction(SYSTEM, EVERYTHING) as tx:
                    assert (await tx.session.execute(lock, {"lead": lead})).scalars().all() == [lead]
                await held.session.execute(lock, {"lead": lead})
        async with hanging.transaction(SYSTEM, EVERYTHING) as tx:  # on another connection
            assert await tx.session.scalar(text("SELECT 1")) == 1
    finally:
        await hanging.close()


async def test_an_exhausted_pool_is_unavailable(database: Database) -> None:
    small = Database(database.url, pool_size=1, patience=0.05)
    async with small.transaction(SYSTEM, EVERYTHING):
        with pytest.raises(Unavailable):
            async with small.transaction(SYSTEM, EVERYTHING):
                pass
    await small.close()


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    with private_postgres() as server:
        yield server


@pytest.fixture
async def own(own_server: PostgresServer) -> AsyncIterator[Database]:
    url = own_server.url("own")
    await migrate.create_database(url)
    database = Database(url, pool_size=3)
    yield database
    await database.close()


async def test_survives_a_stop_of_the_server(own_server: PostgresServer, own: Database) -> None:
    # given connections in the pool
    await asyncio.gather(*(own.ping() for _ in range(3)))
    # when the server stops within a transaction, it and every later one say so in one way
    with pytest.raises(Unavailable, match="database_unavailable"):
        async with own.transaction(SYSTEM, EVERYTHING) as tx:
            await asyncio.to_thread(own_server.stop)
            await tx.session.execute(text("SELECT 1"))
    with pytest.raises(Unavailable, match="database_unavailable"):
        async with own.transaction(SYSTEM, EVERYTHING):
            pass
    with pytest.raises(Unavailable):
        await own.ping()
    # then the first transaction after its return works
    await asyncio.to_thread(own_server.start)
    async with own.transaction(SYSTEM, EVERYTHING) as tx:
        assert (await tx.session.execute(text("SELECT 1"))).scalar_one() == 1


def test_a_scope_is_complete() -> None:
    assert str(Scope("region", "NORTH")) == "region:NORTH"
    assert str(PROCESS) == "process"
    for kind, value in (("all", "x"), ("dealer", "")):
        with pytest.raises(ValueError, match="scope"):
            Scope(kind, value)  # pyright: ignore[reportArgumentType]


def test_ids_do_not_repeat() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000
    assert AT.utcoffset() is not None
