"""Facts on their way to a lead's workflow: written in the transaction that states them, delivered
by the relay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from cases.errors import NotFound
from store.session import Tx

CHANNEL = "baton_outbox"
"""The NOTIFY channel that wakes the relay."""

_TELL = text(
    """
    WITH counted AS (
        UPDATE cases SET message_seq = message_seq + 1 WHERE id = :case_id RETURNING message_seq
    ), told AS (
        INSERT INTO outbox (case_id, seq, kind, at, data, attempts)
        SELECT :case_id, message_seq, :kind, :at, :data, 0 FROM counted RETURNING seq
    )
    SELECT seq, pg_notify('baton_outbox', '') FROM told
    """
).bindparams(
    bindparam("case_id", type_=Uuid),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("data", type_=JSONB),
)


async def tell(tx: Tx, case_id: UUID | str, kind: str, at: datetime, data: Mapping[str, Any] | None = None) -> int:
    """Tells a lead's workflow one fact; returns the message's ``seq`` (counted per lead from 1,
    without gaps).

    Locks the lead's row until the transaction ends, so messages are numbered in the order in which
    their facts are committed. ``data`` holds ids, codes, grades and times only: it travels through
    Temporal. Raises ``NotFound`` for a lead that is not there.
    """
    await tx.session.flush()  # the lead itself may not have been written yet
    row = (
        await tx.session.execute(
            _TELL, {"case_id": UUID(str(case_id)), "kind": str(kind), "at": at, "data": dict(data or {})}
        )
    ).one_or_none()
    if row is None:
        raise NotFound("lead_not_found")
    return int(row.seq)
