"""However a connection is lost, a transaction fails in one way: ``Unavailable``, try again."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress

import asyncpg
import psutil
import pytest
from sqlalchemy import Integer, bindparam, text
from sqlalchemy.exc import DBAPIError

from cases.actors import EVERYTHING, PROCESS
from cases.errors import Unavailable
from store import failures
from store.failures import as_of_session, may_be_cured
from store.prepared import Prepared
from store.session import Database, Tx
from tests.servers import PostgresServer, private_postgres

CRASHES = 12
CLIENTS = 12
ADD = Prepared(text("INSERT INTO kept SELECT :number RETURNING 1").bindparams(bindparam("number", type_=Integer())))


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with private_postgres() as server:
        yield server


@pytest.fixture
async def lone(server: PostgresServer) -> AsyncIterator[Database]:
    database = Database(server.url("postgres"), pool_size=6, patience=5)
    async with database.transaction(PROCESS, EVERYTHING) as tx:
        await tx.session.execute(text("CREATE TABLE kept (number int)"))
    async with database.connect() as connection:
        await connection.execute(text("CHECKPOINT"))  # this server does not wait for its log
    yield database
    await database.close()


async def _prepared(tx: Tx) -> None:
    await ADD.rows(tx, {"number": 1})


async def _by_session(tx: Tx) -> None:
    await tx.session.execute(text("INSERT INTO kept VALUES (2)"))


async def _in_savepoint(tx: Tx) -> None:
    async with tx.session.begin_nested():
        await tx.session.execute(text("INSERT INTO kept VALUES (3)"))


async def _slow(tx: Tx) -> None:
    await tx.session.execute(text("SELECT pg_sleep(0.01)"))


WAYS: tuple[Callable[[Tx], Awaitable[None]], ...] = (_prepared, _by_session, _in_savepoint, _slow)


async def test_a_server_that_crashes_under_many_transactions(server: PostgresServer, lone: Database) -> None:
    ended, wrong, over = asyncio.Semaphore(0), list[BaseException](), False

    async def work(dice: random.Random) -> None:
        while not over:
            try:
                async with lone.transaction(PROCESS, EVERYTHING, one_plan=dice.random() < 0.5) as tx:
                    for way in dice.choices(WAYS, k=dice.randint(1, 5)):
                        await way(tx)
                ended.release()
            except Unavailable:
                await asyncio.sleep(0.01)
            except Exception as other:
                wrong.append(other)

    clients = [asyncio.create_task(work(random.Random(number))) for number in range(CLIENTS)]
    for crash in range(CRASHES + 1):
        ended = asyncio.Semaphore(0)
        async with asyncio.timeout(60):  # the pool is of use after each
            for _ in range(CLIENTS):
                await ended.acquire()
        if crash < CRASHES:
            _crash(server)
    over = True
    await asyncio.gather(*clients)
    assert [repr(one) for one in wrong] == []


def _crash(server: PostgresServer) -> None:
    """Kills the sessions: the server ends all others, too, and starts anew by itself."""
    postmaster = psutil.Process(int((server.directory / "postmaster.pid").read_text().split()[0]))
    for process in postmaster.children():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if "[local]" in " ".join(process.cmdline()):
                os.kill(process.pid, signal.SIGKILL)


def _of_the_socket() -> DBAPIError:
    failure = asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
    failure.__cause__ = ConnectionResetError()
    return as_of_session(failure, "SELECT 1")


def _in_a_message() -> DBAPIError:
    return as_of_session(asyncpg.InternalClientError("cannot switch to state 12"), "SELECT 1")


def _behind_itself() -> DBAPIError:
    failure = as_of_session(asyncpg.ConnectionDoesNotExistError("gone"), "SELECT 1")
    failure.__cause__ = failure
    return failure


def _wrong_value() -> DBAPIError:
    return as_of_session(asyncpg.exceptions.DataError("invalid input for query argument $1"), "SELECT 1")


def _of_another_kind() -> ValueError:
    failure = ValueError("a step that cannot read a file")
    failure.__cause__ = FileNotFoundError()
    return failure


def _taken() -> DBAPIError:
    return as_of_session(asyncpg.UniqueViolationError("duplicate key"), "SELECT 1")


@pytest.mark.parametrize(
    ("failure", "cured"),
    [
        (_of_the_socket(), True),
        (_in_a_message(), True),
        (_behind_itself(), True),
        (asyncpg.InternalClientError("protocol is in the failed state"), True),
        (as_of_session(asyncpg.DeadlockDetectedError("deadlock"), "SELECT 1"), True),
        (TimeoutError(), True),
        (_wrong_value(), False),
        (_taken(), False),
        (_of_another_kind(), False),
        (as_of_session(asyncpg.UndefinedTableError("no such table"), "SELECT 1"), False),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_what_another_try_may_cure(failure: BaseException, cured: bool) -> None:
    assert may_be_cured(failure) is cured


def test_every_error_of_the_driver_has_a_kind_of_the_sessions() -> None:
    for kind in failures.DRIVER_ERRORS:
        assert isinstance(as_of_session(kind("it failed"), "SELECT 1"), DBAPIError)
