"""A transaction's session in which somebody is told before each statement what it reads."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from sqlalchemy import TableClause, TextClause
from sqlalchemy.sql import visitors

from store.engine.ledger_parts import WRITES
from store.session import Before, Tx


def watched(tx: Tx, told: Before) -> Tx:
    """The same transaction; ``told`` is awaited before each statement that goes through this
    one."""

    def opens() -> Any:
        return _Watched(tx.session, told)

    return Tx(opens, tx.actor, tx.scope, tx.driver, tx.engine, told)


class _Watched:
    """Stands for an ``AsyncSession``; what is no statement goes to it as it is."""

    def __init__(self, session: Any, told: Before) -> None:
        self._session = session
        self._told = told

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    async def execute(self, statement: Any, *more: Any, **options: Any) -> Any:
        await self._told(_read_by(statement))
        return await self._session.execute(statement, *more, **options)

    async def scalar(self, statement: Any, *more: Any, **options: Any) -> Any:
        await self._told(_read_by(statement))
        return await self._session.scalar(statement, *more, **options)

    async def scalars(self, statement: Any, *more: Any, **options: Any) -> Any:
        await self._told(_read_by(statement))
        return await self._session.scalars(statement, *more, **options)

    async def flush(self) -> None:
        await self._told(None)
        await self._session.flush()


_SHOWN = frozenset[str]().union(*WRITES.values())


def _read_by(statement: Any) -> frozenset[str] | None:
    if isinstance(statement, TextClause):
        return _read_by_text(statement.text)
    if not getattr(statement, "is_select", False):
        return None
    named = {one.name for one in visitors.iterate(statement) if isinstance(one, TableClause)}
    return _SHOWN & named


@cache
def _read_by_text(sql: str) -> frozenset[str] | None:
    if re.search(r"\b(INSERT|UPDATE|DELETE)\b", sql):
        return None
    return _SHOWN & set(re.findall(r"\w+", sql))
