"""What came in, with its verdict: read by head office, which answers for refusals, and lead by lead
(A2, E1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.sql import ColumnElement

from cases.states import Verdict
from store.leads.views import Named, named
from store.listing import Order, Rows, Window, all_of, part
from store.models import Channel, Submission
from store.session import Tx
from store.spans import ALWAYS, Span, within


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """One submission: ``reasons`` are why it got its verdict, ``unread`` the cells that could not
    be read, both as fields with codes; ``raw`` is what was sent, empty after erasure. Personal
    data."""

    id: UUID
    received_at: datetime
    stated_at: datetime | None
    verdict: Verdict
    channel: Named | None
    lead_id: UUID | None
    external_id: str | None
    campaign: str | None
    reasons: list[dict[str, str]]
    unread: list[dict[str, str]]
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SubmissionFilters:
    """What to list; empty means everything, several values mean any of them. ``reason``: a code, of
    whatever field."""

    verdict: Sequence[str] = ()
    channel: Sequence[str] = ()
    reason: Sequence[str] = ()
    lead_id: UUID | None = None
    external_id: Sequence[str] = ()
    campaign: Sequence[str] = ()
    received: Span = ALWAYS


ORDERS = {
    f"{sign}received": Order(
        f"submissions:{sign}received", (Submission.received_at.expression, Submission.id.expression), sign == "-"
    )
    for sign in ("", "-")
}


async def listed(tx: Tx, filters: SubmissionFilters, window: Window, order: str = "-received") -> Rows[SubmissionLine]:
    """Submissions, newest first unless another order is asked for."""
    columns = ("id", "received_at", "stated_at", "verdict", "lead_id", "external_id", "campaign", "reasons", "raw")
    query = (
        select(*(getattr(Submission, name) for name in columns), Submission.channel, Channel.name)
        .outerjoin(Channel, Channel.code == Submission.channel)
        .where(*_conditions(filters))
    )
    return await part(tx, query, ORDERS[order], window, _line)


def _line(row: Row[Any]) -> SubmissionLine:
    reasons: list[dict[str, str]] = list(row.reasons)
    refused = row.verdict == Verdict.REJECTED
    return SubmissionLine(
        id=row.id,
        received_at=row.received_at,
        stated_at=row.stated_at,
        verdict=Verdict(row.verdict),
        channel=named(row.channel, row.name),
        lead_id=row.lead_id,
        external_id=row.external_id,
        campaign=row.campaign,
        reasons=[one for one in reasons if refused or not one["field"]],
        unread=[one for one in reasons if not refused and one["field"]],
        raw=row.raw,
    )


def _conditions(filters: SubmissionFilters) -> list[ColumnElement[bool]]:
    found = all_of(
        (Submission.verdict, filters.verdict),
        (Submission.channel, filters.channel),
        (Submission.external_id, filters.external_id),
        (Submission.campaign, filters.campaign),
    )
    if filters.reason:
        found.append(or_(*(Submission.reasons.contains([{"code": code}]) for code in filters.reason)))
    if filters.lead_id is not None:
        found.append(Submission.lead_id == filters.lead_id)
    return found + within(Submission.received_at, filters.received)
