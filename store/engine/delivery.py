"""The relay's side of the outbox: claim what is due, in order, and note what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger, Double, Text

from cases.contracts import ProcessRef
from store.session import Tx


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this transaction alone may deliver; ``of`` is its case's kind, ``process``
    what that runs on."""

    id: int
    case_id: UUID
    of: str
    seq: int
    kind: str
    at: datetime
    data: Mapping[str, Any]
    attempts: int
    process: ProcessRef


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for delivery: how many messages, and for how many seconds of wall time the
    oldest."""

    pending: int
    oldest_seconds: float


_CLAIM = text(
    """
    SELECT o.id, o.case_id, c.kind AS of, o.seq, o.kind, o.at, o.data, o.attempts,
           c.process_key, c.process_version, c.process_sha256
    FROM outbox o JOIN cases c ON c.id = o.case_id
    WHERE o.delivered_at IS NULL AND o.next_attempt_at <= clock_timestamp()
      AND NOT EXISTS (
        SELECT FROM outbox earlier
        WHERE earlier.case_id = o.case_id AND earlier.seq < o.seq AND earlier.delivered_at IS NULL
      )
    ORDER BY o.next_attempt_at, o.id
    LIMIT :size
    FOR UPDATE OF o SKIP LOCKED
    """
)

_DELIVERED = text(
    """
    UPDATE outbox SET delivered_at = clock_timestamp(), attempts = attempts + 1, last_error = done.note
    FROM unnest(:ids, :notes) AS done (id, note) WHERE outbox.id = done.id
    """
).bindparams(bindparam("ids", type_=ARRAY(BigInteger)), bindparam("notes", type_=ARRAY(Text)))

_FAILED = text(
    """
    UPDATE outbox SET attempts = attempts + 1, last_error = failed.error,
        next_attempt_at = clock_timestamp() + make_interval(secs => failed.delay)
    FROM unnest(:ids, :errors, :delays) AS failed (id, error, delay) WHERE outbox.id = failed.id
    """
).bindparams(
    bindparam("ids", type_=ARRAY(BigInteger)),
    bindparam("errors", type_=ARRAY(Text)),
    bindparam("delays", type_=ARRAY(Double)),
)

_HASTEN = text(
    """
    UPDATE outbox SET next_attempt_at = clock_timestamp()
    WHERE id IN (
        SELECT id FROM outbox
        WHERE delivered_at IS NULL AND next_attempt_at > clock_timestamp() AND last_error = :error
        FOR UPDATE SKIP LOCKED
    )
    """
)

_NEXT = text(
    "SELECT extract(epoch FROM min(next_attempt_at) - clock_timestamp()) FROM outbox WHERE delivered_at IS NULL"
)

_BACKLOG = text(
    "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)"
    " FROM outbox WHERE delivered_at IS NULL"
)


async def claim(tx: Tx, size: int) -> tuple[Claimed, ...]:
    """Locks up to ``size`` due messages for this transaction, of each case only the lowest
    undelivered one.

    Messages that another relay holds are passed over; so are their cases' later ones.
    """
    rows = await tx.session.execute(_CLAIM, {"size": size})
    return tuple(
        Claimed(
            row.id,
            row.case_id,
            row.of,
            row.seq,
            row.kind,
            row.at,
            row.data,
            row.attempts,
            ProcessRef(row.process_key, row.process_version, row.process_sha256),
        )
        for row in rows
    )


async def delivered(tx: Tx, notes: Mapping[int, str | None]) -> None:
    """Marks messages as delivered, by id, with a note where that was not plain (the workflow had
    ended)."""
    await tx.session.execute(_DELIVERED, {"ids": list(notes), "notes": list(notes.values())})


async def failed(tx: Tx, failures: Sequence[tuple[int, str, float]]) -> None:
    """Notes failed attempts: (message id, error without personal data, seconds of wall time until
    the next)."""
    ids, errors, delays = (list(column) for column in zip(*failures, strict=True))
    await tx.session.execute(_FAILED, {"ids": ids, "errors": errors, "delays": delays})


async def hasten(tx: Tx, error: str) -> None:
    """Makes everything that backs off because of this error due at once: the cause is known to be
    gone."""
    await tx.session.execute(_HASTEN, {"error": error})


async def seconds_until_next(tx: Tx) -> float | None:
    """Seconds of wall time until the next attempt at a message is due, below zero if it is already;
    None if no message waits."""
    found = await tx.session.scalar(_NEXT)
    return None if found is None else float(found)


async def backlog(tx: Tx) -> Backlog:
    """How much waits and for how long."""
    pending, oldest = (await tx.session.execute(_BACKLOG)).one()
    return Backlog(int(pending), float(oldest))
