"""A prepared statement answers and fails as it does by a session."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ARRAY, JSON, DateTime, Integer, Text, Uuid, bindparam, literal, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, IntegrityError, MultipleResultsFound

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import Unavailable
from store.prepared import Prepared
from store.session import Database, Tx

NAME = "华桂珍"
ONE, NUMBERS = text("SELECT 1"), text("SELECT * FROM generate_series(1, :most)")
GIVEN = [
    ("id", Uuid(), UUID(int=7)),
    ("at", DateTime(timezone=True), datetime(2026, 3, 2, 1, 2, 3, 4, UTC)),
    ("words", ARRAY(Text()), ["一", "two", ""]),
    ("ids", ARRAY(Uuid()), [UUID(int=1), UUID(int=2)]),
    ("content", JSONB(), {"号": [1, None, "x"]}),
    ("plain", JSON(), ["a", {"b": 1.5}]),
    ("nothing", Text(), None),
    ("number", Integer(), 3),
]


async def begun(tx: Tx) -> None:
    await tx.session.execute(ONE)


async def test_values_go_in_and_come_out_as_by_a_session(database: Database) -> None:
    query = select(*(bindparam(name, type_=kind).label(f"given_{name}") for name, kind, _ in GIVEN), literal("const"))
    values = {name: value for name, _, value in GIVEN}
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        (by_session,) = [tuple(row) for row in await tx.session.execute(query, values)]
        (prepared,) = [tuple(row) for row in await Prepared(query).rows(tx, values)]

    assert prepared == by_session == (*values.values(), "const")


async def test_the_first_statement_begins_the_transaction_with_its_name(database: Database) -> None:
    actor = Prepared(text("SELECT current_setting('baton.actor', true)"))
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        first, then = await actor.rows(tx, {}), await actor.rows(tx, {})
    assert [tuple(row) for row in (*first, *then)] == [("system",), ("system",)]


async def test_what_it_writes_is_the_transactions(database: Database) -> None:
    add = Prepared(text("INSERT INTO regions VALUES (:code, '北')").bindparams(bindparam("code", type_=Text())))
    assert add.reads is None
    with pytest.raises(RuntimeError):
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            assert await add.rows(tx, {"code": "N"}) == []  # the first
            await add.rows(tx, {"code": "S"})
            raise RuntimeError
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert (await tx.session.execute(text("SELECT code FROM regions"))).all() == []


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (
            "INSERT INTO customers (id, name, phone, do_not_call) VALUES (gen_random_uuid(), :name, 'x', NULL)",
            {"name": NAME},
        ),
        ("SELECT CAST(CAST(:name AS text) AS integer)", {"name": NAME}),
        ("SELECT CAST(:name AS integer)", {"name": NAME}),
    ],
    ids=["not null", "wrong text", "wrong type"],
)
async def test_it_fails_as_a_session_does_without_what_people_typed(
    database: Database, statement: str, values: dict[str, Any]
) -> None:
    prepared = Prepared(text(statement))
    with pytest.raises(DBAPIError) as by_session:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            await tx.session.execute(text(statement), values)
    with pytest.raises(DBAPIError) as caught:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            await begun(tx)
            await prepared.rows(tx, values)

    assert isinstance(caught.value, IntegrityError) == isinstance(by_session.value, IntegrityError)
    assert NAME not in "".join(traceback.format_exception(caught.value))


async def test_what_another_try_may_cure_is_unavailable(database: Database) -> None:
    slow = Prepared(text("SELECT pg_sleep(5)"))
    with pytest.raises(Unavailable) as timed_out:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            await tx.session.execute(text("SET LOCAL statement_timeout = 20"))
            await slow.rows(tx, {})
    assert timed_out.value.code == "database_busy"

    with pytest.raises(Unavailable) as gone:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            await begun(tx)
            await tx.driver.close()
            await slow.rows(tx, {})
    assert gone.value.code == "database_unavailable"
    async with database.transaction(SYSTEM, EVERYTHING) as tx:  # another connection
        await begun(tx)


async def test_one_row_or_none(database: Database) -> None:
    numbers = Prepared(NUMBERS.bindparams(bindparam("most", type_=Integer())))
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert await numbers.one(tx, {"most": 0}) is None
        assert [*(await numbers.one(tx, {"most": 1}) or ())] == [1]
        with pytest.raises(MultipleResultsFound):
            await numbers.one(tx, {"most": 2})


def test_a_list_of_unknown_length_is_refused() -> None:
    with pytest.raises(AssertionError, match="array"):
        Prepared(select(literal(1)).where(literal(1).in_(bindparam("some", expanding=True))))
