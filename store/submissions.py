"""What came in, with its verdict: read by head office, which answers for what was refused (A2, E1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from leads.states import Verdict
from store.models import Submission
from store.session import Tx
from store.views import Position


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """One submission; ``reasons`` are fields with codes, ``raw`` is what was sent. Personal data."""

    id: UUID
    received_at: datetime
    verdict: str
    channel: str | None
    lead_id: UUID | None
    reasons: list[dict[str, str]]
    raw: dict[str, Any]


async def listed(tx: Tx, verdict: Verdict | None, *, after: Position | None, limit: int) -> tuple[SubmissionLine, ...]:
    """Submissions, newest first."""
    query = select(
        *(
            getattr(Submission, name)
            for name in ("id", "received_at", "verdict", "channel", "lead_id", "reasons", "raw")
        )
    )
    if verdict is not None:
        query = query.where(Submission.verdict == verdict.value)
    if after is not None:
        query = query.where(tuple_(Submission.received_at, Submission.id) < after)
    rows = await tx.session.execute(query.order_by(Submission.received_at.desc(), Submission.id.desc()).limit(limit))
    return tuple(SubmissionLine(*row) for row in rows)
