"""How the database fails, as the house says it: try again, or as a session would raise it, and
never with what people typed."""

from __future__ import annotations

from collections.abc import Iterator

import asyncpg
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

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

CONNECTING = (OSError, TimeoutError, *DRIVER_ERRORS, DBAPIError, PoolTimeout)
"""What may be raised where a connection is made or begins."""

WORKING = (DBAPIError, ConnectionError, TimeoutError, asyncpg.InternalClientError, PoolTimeout)
"""What may be raised by the work of a transaction and concerns the database."""


def meaning(failure: BaseException, *, connecting: bool = False) -> BaseException:
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
    """The error itself and, of the database's, what was behind it, layer by layer: SQLAlchemy wraps
    the driver's error once or twice, and the driver's own may have come of one of the socket.

    What a step makes of some other trouble is no failure of the database.
    """
    if not isinstance(failure, (DBAPIError, *DRIVER_ERRORS)):
        yield failure
        return
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
    return isinstance(failure, Unavailable) or isinstance(meaning(failure), Unavailable)


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
