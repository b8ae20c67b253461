"""What people have to be told (A10): spread over channels and addresses, each delivery leased, at
least once.

Claim, deliver and mark are apart, so that nobody holds a connection while a channel is slow. A
lease is an instant of wall time: when whoever took it dies, the delivery is due again by itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from cases.actors import Unseen
from store.session import Tx

LOG = "log"
"""The channel that every notification goes to, whoever it is for."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that its owner alone may try until the lease is over. ``address`` is personal
    data."""

    id: int
    notification_id: UUID
    case_id: UUID
    to: str  # staff id or role
    code: str
    data: dict[str, Any]
    attempts: int  # before this one
    address: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A channel's open deliveries: how many, and for how many seconds the oldest."""

    pending: int
    oldest_seconds: float


# Whoever has a role within the lead's dealer or region; people without either see all.
_SPREAD = text(
    """
    WITH taken AS (
        SELECT id, case_id, to_staff_id, to_role FROM notifications
        WHERE spread_at IS NULL AND coalesce(not_before, '-infinity') <= :now
        ORDER BY coalesce(not_before, '-infinity'), created_at LIMIT :limit FOR UPDATE SKIP LOCKED
    ), addressed AS (
        SELECT taken.id, point.channel, person.id AS staff_id
        FROM taken JOIN cases lead ON lead.id = taken.case_id
        LEFT JOIN dealers dealer ON dealer.id = lead.dealer_id
        JOIN staff person ON person.active AND (
            person.id = taken.to_staff_id
            OR person.role = taken.to_role AND CASE
                WHEN person.dealer_id IS NOT NULL THEN person.dealer_id = lead.dealer_id
                WHEN person.region IS NOT NULL THEN person.region = coalesce(dealer.region, lead.region)
                ELSE true
            END) AND NOT EXISTS (
                SELECT FROM jsonb_to_recordset(CAST(:unseen AS jsonb))
                    AS one(role text, kind text, fact text, value text)
                WHERE one.role = person.role AND one.kind = lead.kind AND one.value = lead.facts ->> one.fact
            )
        JOIN contact_points point ON point.staff_id = person.id AND point.channel = ANY(:channels)
        UNION ALL SELECT id, 'log', NULL FROM taken
    ), made AS (
        INSERT INTO deliveries (notification_id, channel, staff_id, due_at, attempts)
        SELECT id, channel, staff_id, clock_timestamp(), 0 FROM addressed
    )
    UPDATE notifications SET spread_at = clock_timestamp() FROM taken WHERE notifications.id = taken.id
    RETURNING notifications.id
    """
).bindparams(bindparam("channels", type_=ARRAY(Text)), bindparam("now", type_=DateTime(timezone=True)))

_CLAIM = text(
    """
    WITH due AS (
        SELECT id FROM deliveries
        WHERE channel = :channel AND delivered_at IS NULL AND given_up_at IS NULL AND due_at <= clock_timestamp()
        ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
    ), leased AS (
        UPDATE deliveries SET leased_by = :owner, attempts = attempts + 1,
            due_at = clock_timestamp() + make_interval(secs => :seconds)
        FROM due WHERE deliveries.id = due.id
        RETURNING deliveries.id, notification_id, channel, staff_id, attempts
    )
    SELECT leased.id, told.id, told.case_id, coalesce(told.to_staff_id::text, told.to_role, ''), told.code, told.data,
           leased.attempts - 1, point.address, coalesce(person.language, 'zh')
    FROM leased JOIN notifications told ON told.id = leased.notification_id
    LEFT JOIN staff person ON person.id = leased.staff_id
    LEFT JOIN contact_points point ON point.staff_id = leased.staff_id AND point.channel = leased.channel
    ORDER BY leased.id
    """
)

_DELIVERED = text(
    "UPDATE deliveries SET delivered_at = :at, leased_by = NULL, last_error = NULL WHERE id = ANY(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(BigInteger)))

# A lease that is over may be another's by now: its owner alone says what became of it.
_FAILED = text(
    """
    UPDATE deliveries SET last_error = :error, leased_by = NULL,
        due_at = clock_timestamp() + make_interval(secs => coalesce(:seconds, 0)),
        given_up_at = CASE WHEN CAST(:seconds AS double precision) IS NULL THEN CAST(:at AS timestamptz) END
    WHERE id = :id AND leased_by = :owner AND delivered_at IS NULL
    """
)

# A channel may stop being run, and its notices wait: people see why.
_AT_WORK = text(
    """
    INSERT INTO notice_channels (channel, seen_at)
    SELECT channel, clock_timestamp() FROM unnest(:channels) AS channel ORDER BY channel
    ON CONFLICT (channel) DO UPDATE SET seen_at = excluded.seen_at
    """
).bindparams(bindparam("channels", type_=ARRAY(Text)))

_NEXT = text(
    """
    SELECT extract(epoch FROM min(due_at) - clock_timestamp()) FROM deliveries
    WHERE channel = :channel AND delivered_at IS NULL AND given_up_at IS NULL
    """
)

_WAITING = text(
    """
    SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(told.spread_at)), 0)
    FROM deliveries JOIN notifications told ON told.id = notification_id
    WHERE channel = :channel AND deliveries.delivered_at IS NULL AND given_up_at IS NULL
    """
)


async def seconds_until_next(tx: Tx, channel: str) -> float | None:
    """Seconds of wall time until a delivery of the channel is due, below zero if one is already;
    None without open ones."""
    found = await tx.session.scalar(_NEXT, {"channel": channel})
    return None if found is None else float(found)


async def at_work(tx: Tx, channels: Sequence[str]) -> None:
    """Some worker runs these channels. To be said anew well within ``store.engine.notices.AWAY``
    seconds."""
    await tx.session.execute(_AT_WORK, {"channels": list(channels)})


async def spread(
    tx: Tx, channels: Sequence[str], now: datetime, unseen: Mapping[str, Sequence[Unseen]], limit: int = 100
) -> int:
    """Makes the deliveries of some notifications, one a person and channel with an address; returns
    how many those.

    What people are to hear at work waits until they are there; of cases that are not there for
    their role (``unseen``) they hear nothing.
    """
    rules = [
        {"role": role, "kind": one.kind, "fact": one.fact, "value": value}
        for role, several in unseen.items()
        for one in several
        for value in one.values
    ]
    given = {"channels": list(channels), "now": now, "limit": limit, "unseen": json.dumps(rules)}
    rows = await tx.session.execute(_SPREAD, given)
    return len(rows.all())


async def claim(tx: Tx, channel: str, owner: str, seconds: float, limit: int) -> tuple[Claimed, ...]:
    """Leases some of a channel's due deliveries, the oldest first, for ``seconds`` of wall time."""
    values = {"channel": channel, "owner": owner, "seconds": seconds, "limit": limit}
    return tuple(Claimed(*row) for row in await tx.session.execute(_CLAIM, values))


async def delivered(tx: Tx, ids: Sequence[int], at: datetime) -> None:
    """Marks deliveries as done, whoever holds their leases by now."""
    if ids:
        await tx.session.execute(_DELIVERED, {"ids": list(ids), "at": at})


async def failed(tx: Tx, one: int, owner: str, error: str, seconds: float | None, at: datetime) -> None:
    """Notes a failed attempt (``error`` without personal data) and when the next is due; None gives
    it up."""
    values = {"id": one, "owner": owner, "error": error, "seconds": seconds, "at": at}
    await tx.session.execute(_FAILED, values)


async def waiting(tx: Tx, channel: str) -> Waiting:
    """What a channel has before it, for metrics."""
    pending, oldest = (await tx.session.execute(_WAITING, {"channel": channel})).one()
    return Waiting(int(pending), float(oldest))
