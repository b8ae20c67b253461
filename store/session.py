"""One database, one kind of transaction: it names its actor and scope, commits at the edge, and
fails in one way.

Everything that touches rows goes through ``Database.transaction``. It costs two round trips beside
its statements, BEGIN (which brings actor and scope with it) and COMMIT; pooled connections are
checked for life without one. Both go to the driver: SQLAlchemy takes half a millisecond of CPU to
begin and end a transaction, and a lead has six. The session, another quarter, is made for those who
ask for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import Engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from cases.actors import Actor, Scope
from store.failures import CONNECTING, DRIVER_ERRORS, WORKING, as_of_session, meaning, without_values

_KEEPALIVE = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
"""Without these a server elsewhere keeps the locks of a client whose machine is gone for hours
(TCP's own limit)."""

PLANNING = {"random_page_cost": "1.1", "max_parallel_workers_per_gather": "0"}
"""Pages of lists are found row by row through an index, on disks without arms: with PostgreSQL's
own figures a list of two million leads is rather read whole, by three processes at once."""

Before = Callable[[frozenset[str] | None], Awaitable[None]]
"""Is told before each statement what it reads; None if it may write."""


@dataclass(frozen=True, slots=True)
class Tx:
    """An open transaction and who it belongs to: the first argument of every repository
    function. ``before`` hears of each statement that does not go through the session."""

    opens: Callable[[], AsyncSession]
    actor: Actor
    scope: Scope
    driver: asyncpg.Connection  # the session's own, for ``store.prepared``
    engine: Engine
    before: Before | None = None

    @property
    def session(self) -> AsyncSession:
        """The transaction's one session, made when it is first asked for."""
        return self.opens()


@dataclass(slots=True)
class _Sessions:
    """Of a transaction: one, or none. A wake-up that makes prepared statements alone needs none."""

    connection: AsyncConnection
    made: AsyncSession | None = None

    def __call__(self) -> AsyncSession:
        if self.made is None:
            self.made = AsyncSession(self.connection, expire_on_commit=False)
        return self.made


class Database:
    """The engine and its pool.

    ``url`` is a SQLAlchemy URL with the ``asyncpg`` driver; a unix socket goes into ``?host=DIR``.
    ``pool_size`` counts connections; further transactions wait up to ``patience`` seconds for one,
    then raise ``Unavailable``. A statement may run ``statement_seconds``; a transaction may stand
    still for ``idle_seconds`` between two, then the server ends it: a process that hangs must not
    keep its locks.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        patience: float = 10.0,
        statement_seconds: float = 30.0,
        idle_seconds: float = 60.0,
    ) -> None:
        idle = {"idle_in_transaction_session_timeout": str(int(max(idle_seconds, statement_seconds) * 1000))}
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=patience,
            pool_use_lifo=True,
            hide_parameters=True,
            isolation_level="AUTOCOMMIT",  # transactions begin and end here, not in SQLAlchemy
            connect_args={
                "timeout": patience,
                "command_timeout": statement_seconds,
                "prepared_statement_cache_size": 500,
                "statement_cache_size": 300,
                "server_settings": {"application_name": "baton", "jit": "off", "timezone": "UTC"}
                | idle
                | _KEEPALIVE
                | PLANNING,
            },
        )
        event.listen(self.engine.sync_engine, "checkout", _prepare)
        event.listen(self.engine.sync_engine, "handle_error", _forget_values)

    @property
    def dsn(self) -> str:
        """The same database as a libpq URL, for asyncpg itself (LISTEN, COPY)."""
        return make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)

    @asynccontextmanager
    async def transaction(self, actor: Actor, scope: Scope, *, one_plan: bool = False) -> AsyncIterator[Tx]:
        """Opens a transaction, commits when the block ends well, else rolls back.

        With ``one_plan`` PostgreSQL plans each statement once, whatever its values: for those that
        ask by keys alone, for which planning anew costs as much as the rest.

        Raises ``Unavailable`` when the database cannot be reached, is lost on the way (whether a
        lost COMMIT took effect is then unknown: steps and idempotency keys decide), or asks to be
        tried again.
        """
        try:
            connection = await self.engine.connect()
        except CONNECTING as failure:
            raise meaning(failure, connecting=True) from failure
        driver: Any = (await connection.get_raw_connection()).driver_connection
        sessions = _Sessions(connection)
        try:
            try:
                await driver.execute(_beginning(actor, scope, one_plan=one_plan))
            except CONNECTING as failure:
                raise meaning(failure, connecting=True) from failure
            try:
                yield Tx(sessions, actor, scope, driver, self.engine.sync_engine)
                if sessions.made is not None:
                    await sessions.made.commit()  # what it has not written yet; it ends no transaction
                await _commit(driver)
            except WORKING as failure:
                raise meaning(failure) from failure
        finally:
            await _put_away(sessions.made, connection, driver)

    async def ping(self) -> None:
        """Answers, or raises ``Unavailable``: for readiness probes."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except CONNECTING as failure:
            raise meaning(failure, connecting=True) from failure

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """A bare connection for reads that are nobody's (metrics, maintenance), each by itself."""
        try:
            async with self.engine.connect() as connection:
                yield connection
        except CONNECTING as failure:
            raise meaning(failure) from failure

    async def close(self) -> None:
        """Closes all pooled connections."""
        await self.engine.dispose()


def _quoted(value: Actor | Scope) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _beginning(actor: Actor, scope: Scope, *, one_plan: bool) -> str:
    """Begins a transaction and names it: a statement of its own would cost as much as the rest."""
    named = f"BEGIN; SET LOCAL baton.actor = {_quoted(actor)}; SET LOCAL baton.scope = {_quoted(scope)}"
    return f"{named}; SET LOCAL plan_cache_mode = force_generic_plan" if one_plan else named


async def _commit(driver: asyncpg.Connection) -> None:
    try:
        await driver.execute("COMMIT")
    except DRIVER_ERRORS as failure:
        raise as_of_session(failure, "COMMIT") from failure


async def _put_away(session: AsyncSession | None, connection: AsyncConnection, driver: asyncpg.Connection) -> None:
    """Back into the pool goes a connection that is in no transaction; any other is closed."""
    clean = False
    try:
        if driver.is_in_transaction():
            await driver.execute("ROLLBACK")
        if session is not None:
            await session.close()
        clean = not driver.is_in_transaction()
    except (DBAPIError, OSError, TimeoutError, *DRIVER_ERRORS):
        pass  # a dead connection cannot roll back; the error that killed it is the one to report
    finally:  # also when a task is cancelled on its way here
        if not clean:
            await connection.invalidate()
        await connection.close()


def _prepare(connection: Any, record: Any, proxy: Any) -> None:
    # Without this the first transaction after a server restart fails on a connection known to be
    # dead.
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _forget_values(context: Any) -> None:
    original = context.original_exception
    cause = getattr(original, "__cause__", None)
    without_values(cause, original, getattr(cause, "__cause__", None), context.sqlalchemy_exception)
