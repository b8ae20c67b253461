"""Notices that have not got through, for people to see and to send once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, column, select, text

from cases.errors import Conflict, NotFound
from cases.states import Role, word_if_any
from store.engine import sight, timeline
from store.listing import Order, Rows, Window, part
from store.session import Tx

AWAY = 90.0
"""Seconds of wall time after which a channel that no worker has said it runs counts as off."""


class NoticeState(StrEnum):
    WAITING = "waiting"
    GIVEN_UP = "given_up"


class NoticeReason(StrEnum):
    """Why a notice waits."""

    NEW = "new"  # not tried yet
    FAILED = "failed"  # tried, and tried again
    CHANNEL_OFF = "channel_off"  # no worker runs the channel


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notification on one channel to one person (``staff`` is their code; none: the log). No
    address, no text.

    ``since`` is when it was to be told, ``role`` whom it was for if not for a certain person.
    """

    id: int
    notification_id: UUID
    lead_id: UUID
    code: str
    channel: str
    staff: str | None
    role: Role | None
    state: NoticeState
    reason: NoticeReason | None
    attempts: int
    last_error: str | None
    since: datetime
    given_up_at: datetime | None


_UNSENT = """
    SELECT notice.id, told.id AS notification_id, told.case_id AS lead_id, told.code, notice.channel,
           person.code AS staff, told.to_role AS role,
           CASE WHEN notice.given_up_at IS NULL THEN 'waiting' ELSE 'given_up' END AS state,
           CASE WHEN notice.given_up_at IS NOT NULL THEN NULL
                WHEN run.channel IS NULL THEN 'channel_off'
                WHEN notice.last_error IS NULL THEN 'new'
                ELSE 'failed' END AS reason,
           notice.attempts, notice.last_error, told.created_at AS since, notice.given_up_at
    FROM deliveries notice JOIN notifications told ON told.id = notice.notification_id
    LEFT JOIN staff person ON person.id = notice.staff_id
    LEFT JOIN notice_channels run
        ON run.channel = notice.channel AND run.seen_at > clock_timestamp() - make_interval(secs => :away)
    WHERE notice.delivered_at IS NULL
"""
_CONDITIONS = {
    None: "",
    NoticeState.WAITING: " AND notice.given_up_at IS NULL",
    NoticeState.GIVEN_UP: " AND notice.given_up_at IS NOT NULL",
}
_LISTS = {
    state: text(f"{_UNSENT}{condition}")
    .bindparams(away=AWAY)
    .columns(column("id", BigInteger), *(column(name) for name in list(NoticeLine.__dataclass_fields__)[1:]))
    .subquery("unsent")
    for state, condition in _CONDITIONS.items()
}
ORDERS = {state: Order("notices", (found.c.id,), descending=True) for state, found in _LISTS.items()}
_ONE = text(f"{_UNSENT} AND notice.id = :id")
_LOCK = text(
    """
    SELECT delivered_at, case_id FROM deliveries JOIN notifications ON notifications.id = notification_id
    WHERE deliveries.id = :id FOR UPDATE OF deliveries
    """
)

# One that somebody has in hand just now is left to them.
_AGAIN = text(
    """
    UPDATE deliveries SET given_up_at = NULL, due_at = clock_timestamp(), leased_by = NULL,
        attempts = CASE WHEN given_up_at IS NULL THEN attempts ELSE 0 END
    WHERE id = :id AND (leased_by IS NULL OR due_at <= clock_timestamp())
    """
)


async def unsent(tx: Tx, state: NoticeState | None, window: Window) -> Rows[NoticeLine]:
    """Notices that have not got through, newest first."""
    names = NoticeLine.__dataclass_fields__
    query = select(_LISTS[state]).where(*sight.of_rows(tx, _LISTS[state].c.lead_id))
    return await part(tx, query, ORDERS[state], window, lambda row: _line(dict(zip(names, row, strict=False))))


async def again(tx: Tx, notice: int, at: datetime) -> NoticeLine:
    """A notice is tried at once, one that was given up as often as a new one; the lead's history
    says by whom.

    Raises ``NotFound``, and ``Conflict`` when it has got through.
    """
    found = (await tx.session.execute(_LOCK, {"id": notice})).one_or_none()
    if found is None:
        raise NotFound("notice_not_found")
    await sight.there(tx, found.case_id, "notice_not_found")
    if found.delivered_at is not None:
        raise Conflict("notice_delivered")
    before = await _one(tx, notice)
    await tx.session.execute(_AGAIN, {"id": notice})
    if before.state is NoticeState.GIVEN_UP:
        await timeline.record(tx, before.lead_id, at, "notice_retried", channel=before.channel, notice=before.code)
    return await _one(tx, notice)


async def _one(tx: Tx, notice: int) -> NoticeLine:
    return _line((await tx.session.execute(_ONE, {"id": notice, "away": AWAY})).mappings().one())


def _line(row: Mapping[Any, Any]) -> NoticeLine:
    why = row["reason"]
    words = {
        "role": word_if_any(Role, row["role"]),
        "state": NoticeState(row["state"]),
        "reason": None if why is None else NoticeReason(why),
    }
    return NoticeLine(**{**row, **words})
