"""One database, one kind of transaction: it names its actor and scope, commits at the edge, and
fails in one way.

Everything that touches rows goes through ``Database.transaction``. It costs two round trips beside
its statements, BEGIN (which brings actor and scope with it) and COMMIT; pooled connections are
checked for life without one. Both go to the driver: SQLAlchemy takes half a millisecond of CPU to
begin and end a transaction, and a lead has six. The session, another quarter, is made for those who
ask for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import Engine, event, make_url, text
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from cases.actors import Actor, Scope
from cases.errors import Unavailable

DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""All that asyncpg raises beside OSError and TimeoutError."""

_AWAY = (
    *(asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError),
    *(asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError),
)
"""The server or the way to it is gone. asyncpg raises InterfaceError for a connection that is
closed, and InternalClientError for one that was lost in the middle of a message."""

_BUSY_STATES = frozenset({"25P03", "40001", "40P01", "53300", "55P03", "57014", "57P01", "57P02", "57P03"})
"""SQLSTATEs after which the same transaction may succeed when tried again: idle for too long,
serialisation, deadlock, too many connections, lock and statement timeouts, shutdown, starting
up."""

_KEEPALIVE = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
"""Without these a server elsewhere keeps the locks of a client whose machine is gone for hours
(TCP's own limit)."""

PLANNING = {"random_page_cost": "1.1", "max_parallel_workers_per_gather": "0"}
"""Pages of lists are found row by row through an index, on disks without arms: with PostgreSQL's
own figures a list of two million leads is rather read whole, by three processes at once."""

_CONNECTING = (OSError, TimeoutError, *DRIVER_ERRORS, DBAPIError, PoolTimeout)
_WORKING = (DBAPIError, ConnectionError, TimeoutError, asyncpg.InternalClientError, PoolTimeout)


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
        except _CONNECTING as failure:
            raise _meaning(failure, connecting=True) from failure
        driver: Any = (await connection.get_raw_connection()).driver_connection
        sessions = _Sessions(connection)
        try:
            try:
                await driver.execute(_beginning(actor, scope, one_plan=one_plan))
            except _CONNECTING as failure:
                raise _meaning(failure, connecting=True) from failure
            try:
                yield Tx(sessions, actor, scope, driver, self.engine.sync_engine)
                if sessions.made is not None:
                    await sessions.made.commit()  # what it has not written yet; it ends no transaction
                await _commit(driver)
            except _WORKING as failure:
                raise _meaning(failure) from failure
        finally:
            await _put_away(sessions.made, connection, driver)

    async def ping(self) -> None:
        """Answers, or raises ``Unavailable``: for readiness probes."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except _CONNECTING as failure:
            raise _meaning(failure, connecting=True) from failure

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """A bare connection for reads that are nobody's (metrics, maintenance), each by itself."""
        try:
            async with self.engine.connect() as connection:
                yield connection
        except _CONNECTING as failure:
            raise _meaning(failure) from failure

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


def _meaning(failure: BaseException, *, connecting: bool = False) -> BaseException:
    """``Unavailable`` for what another try may cure; everything else as it is."""
    if isinstance(failure, PoolTimeout):
        return Unavailable("database_busy")
    if isinstance(failure, DBAPIError) and failure.connection_invalidated:
        return Unavailable("database_unavailable")
    for cause in _behind(failure):
        if isinstance(cause, _AWAY) and not isinstance(cause, asyncpg.exceptions.DataError):
            return Unavailable("database_unavailable")
        if getattr(cause, "sqlstate", None) in _BUSY_STATES:
            return Unavailable("database_unavailable" if connecting else "database_busy")
    return failure


def _behind(failure: BaseException) -> Iterator[BaseException]:
    """The error itself and what was behind it, layer by layer: SQLAlchemy wraps the driver's error
    once or twice, and the driver's own may have come of one of the socket."""
    met: set[int] = set()  # of a lost connection an error may be behind itself
    layers: list[BaseException | None] = [failure]
    while layers:
        error = layers.pop(0)
        if error is not None and id(error) not in met:
            met.add(id(error))
            yield error
            layers += [getattr(error, "orig", None), error.__cause__]


def may_be_cured(failure: BaseException) -> bool:
    """Whether another try of the same transaction may succeed where this failed."""
    return isinstance(failure, Unavailable) or isinstance(_meaning(failure), Unavailable)


def _prepare(connection: Any, record: Any, proxy: Any) -> None:
    # Without this the first transaction after a server restart fails on a connection known to be
    # dead.
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _forget_values(context: Any) -> None:
    original = context.original_exception
    cause = getattr(original, "__cause__", None)
    without_values(cause, original, getattr(cause, "__cause__", None), context.sqlalchemy_exception)


def without_values(cause: BaseException | None, *around: BaseException | None) -> None:
    """Takes what people typed out of the driver's error ``cause`` and out of those around it."""
    # PostgreSQL repeats values in DETAIL ("Failing row contains …") and in the text of data errors,
    # asyncpg in "invalid input for query argument"; all of them would carry names and numbers into
    # logs.
    if isinstance(cause, asyncpg.PostgresError):
        cause.detail = cause.context = None  # pyright: ignore[reportAttributeAccessIssue]
    state = str(getattr(cause, "sqlstate", None) or "")
    if state.startswith("22") or any("invalid input" in str(error) for error in (cause, *around)):
        for error in (cause, *around):
            if error is not None:
                error.args = (f"{type(cause).__name__} {state}: a value does not fit (not shown)", *error.args[1:])


_OF_SESSION: tuple[tuple[type[Exception], type[DBAPIError]], ...] = (
    (asyncpg.IntegrityConstraintViolationError, IntegrityError),
    (asyncpg.DataError, DataError),
    (asyncpg.InterfaceError, InterfaceError),
    (asyncpg.InternalClientError, InternalError),
    (asyncpg.PostgresError, OperationalError),
)
"""As what a session raises the errors of the driver; the first that fits."""


def as_of_session(failure: Exception, sql: str) -> DBAPIError:
    """An error of the driver as a session would raise it, without what people typed."""
    without_values(failure, failure.__cause__)  # before its words are copied
    kind = next(kind for of, kind in _OF_SESSION if isinstance(failure, of))
    return kind(sql, None, failure, hide_parameters=True)
