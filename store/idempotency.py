"""Answers given to requests that carried an ``Idempotency-Key``, so that a repetition gets the same
one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text

from store.models import IdempotencyKey
from store.session import Tx

_table = IdempotencyKey.__table__
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('idempotency:' || :key, 0))")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given: the hash of the request it belongs to, its HTTP status and body."""

    request_sha256: str
    status: int
    body: dict[str, Any]


async def find(tx: Tx, key: str) -> Given | None:
    """The answer given under this key, or None.

    Until the transaction ends every other request with the key waits here, so that two at once do
    the work once.
    """
    await tx.session.execute(_LOCK, {"key": key})
    columns = _table.c
    found = await tx.session.execute(
        select(columns.request_sha256, columns.status, columns.body).where(columns.key == key)
    )
    row = found.one_or_none()
    return None if row is None else Given(row.request_sha256, row.status, row.body)


async def keep(tx: Tx, key: str, request_sha256: str, status: int, body: Mapping[str, Any], at: datetime) -> None:
    """Stores an answer in the transaction that did the work."""
    await tx.session.execute(
        insert(_table).values(key=key, request_sha256=request_sha256, status=status, body=dict(body), created_at=at)
    )
