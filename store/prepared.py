"""Statements that every lead makes, without what SQLAlchemy does for each execution of one.

A statement is compiled once, when its module is imported, and then goes straight to the
transaction's own connection. The smallest one costs 60 µs of CPU this way and 160 by the session;
a wake-up has about a dozen (docs/decisions/0059).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import exc
from sqlalchemy.dialects.postgresql import asyncpg as of_asyncpg
from sqlalchemy.sql import ClauseElement, Executable

from store.failures import DRIVER_ERRORS, as_of_session
from store.session import Tx

Row = Iterable[Any]
"""The values of a row, in the order of its columns."""

_DIALECT: Final = of_asyncpg.dialect()  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
_WRITES: Final = re.compile(r"\b(INSERT|UPDATE|DELETE)\b")


class Prepared:
    """One statement. ``reads`` are the names of the tables and views that it may read, None if it
    writes; given where the text alone would name some of which it never reads the transaction's own
    rows.

    Values go in under the names of its parameters, as with a session; rows come out as tuples.
    """

    __slots__ = ("_binds", "reads", "sql")

    def __init__(self, statement: Executable, *, reads: frozenset[str] | None = None) -> None:
        assert isinstance(statement, ClauseElement)
        compiled: Any = statement.compile(dialect=_DIALECT)
        self.sql: str = compiled.string
        assert not compiled.post_compile_params, "a list of unknown length belongs into an array"
        self._binds = tuple(_bind(compiled, name) for name in compiled.positiontup or ())
        self.reads = reads if reads is not None else _read_by(self.sql)

    async def rows(self, tx: Tx, values: Mapping[str, Any]) -> Sequence[Row]:
        """All rows. Raises what a session raises."""
        if tx.before is not None:
            await tx.before(self.reads)
        try:
            return await tx.driver.fetch(self.sql, *[bind(values) for bind in self._binds])
        except DRIVER_ERRORS as failure:
            raise as_of_session(failure, self.sql) from failure

    async def one(self, tx: Tx, values: Mapping[str, Any]) -> Row | None:
        """The only row, if there is one. Raises ``MultipleResultsFound``."""
        found = await self.rows(tx, values)
        if len(found) > 1:
            raise exc.MultipleResultsFound
        return found[0] if found else None


def _bind(compiled: Any, name: str) -> Callable[[Mapping[str, Any]], Any]:
    """How a parameter's value comes out of what is given; a constant of the statement is always the
    same."""
    parameter = compiled.binds[name]
    bind: Callable[[Any], Any] | None = parameter.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    if not parameter.required:
        constant = bind(parameter.value) if bind else parameter.value
        return lambda values: constant
    if bind is None:
        return itemgetter(name)
    return lambda values: bind(values[name])


def _read_by(sql: str) -> frozenset[str] | None:
    return None if _WRITES.search(sql) else frozenset(re.findall(r"\w+", sql))
