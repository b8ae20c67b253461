"""The network as routing sees it: candidates with their loads, read under a lock that keeps choices
apart (A6, A11).

Two leads routed at the same instant must not both take a dealer's last place or go to the same
"longest idle" person. So whoever chooses first takes advisory locks (for dispatch of the regions of
all dealers that are near, for assignment the dealer's), reads the loads, chooses, and lets go with
the commit. Lock order: lead, regions, dealer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Table, Text, Uuid, bindparam, select, text

from cases.calendar import day_start
from cases.states import Role
from store.models import Staff
from store.prepared import Prepared
from store.session import Tx

LOADS = "loads of people"
"""Stands for what a statement reads of cases and assignments only by whose they are."""

_staff: Table = Staff.__table__  # pyright: ignore[reportAssignmentType]


@dataclass(frozen=True, slots=True)
class DealerCandidate:
    """A dealer with its load: ``today`` leads it got from head office, or from a dealer that is
    gone, since the day began, ``this_hour`` in the last sixty minutes. ``certified``: has what the
    wanted model needs. ``closed``: takes no leads at the instant. ``taken_at``: when the ladder
    last took this lead from it.
    """

    id: UUID
    code: str
    region: str
    city: str
    models: list[str]
    daily_capacity: int
    performance: int
    active: bool
    today: int
    last_dispatch: datetime | None
    certified: bool
    closed: bool
    taken_at: datetime | None
    this_hour: int


@dataclass(frozen=True, slots=True)
class ConsultantCandidate:
    """A consultant with the load of ``open`` leads; ``today`` were given to them since the day
    began, ``this_hour`` in the last sixty minutes. ``rest_days``: ISO weekdays. ``certified``,
    ``taken_at``: as of a dealer."""

    id: UUID
    code: str
    skills: list[str]
    ability: int
    max_open: int
    active: bool
    last_assigned_at: datetime | None
    rest_days: list[int]
    open: int
    today: int
    absent: bool
    certified: bool
    taken_at: datetime | None
    this_hour: int


_LOCK_DISPATCH = Prepared(
    text(
        """
        SELECT pg_advisory_xact_lock(key) FROM (
            SELECT DISTINCT hashtextextended('dispatch:' || region, 0) AS key
            FROM unnest(:regions) AS region ORDER BY 1
        ) AS ordered
        """
    ).bindparams(bindparam("regions", type_=ARRAY(Text)))
)
"""Leads wait for each other if dealers of one region are near both; all take these locks in one
order."""

_LOCK_DEALER = Prepared(
    text("SELECT pg_advisory_xact_lock(hashtextextended('assign:' || :dealer, 0))").bindparams(
        bindparam("dealer", type_=Text)
    )
)

_CERTIFIED = """
           NOT EXISTS (SELECT 1 FROM car_models m
                       WHERE m.code = :model AND m.certificate IS NOT NULL AND m.certificate <> ALL (x.certificates))"""

_CAME = """a.kind IN ('dispatch', 'redistribute') AND a.dealer_id = x.id
              AND a.previous_dealer_id IS DISTINCT FROM a.dealer_id"""
"""Leads that a dealer got by the rules: passed on within it, they are none."""

_DEALERS = f"""
    SELECT x.id, x.code, x.region, x.city, x.models, x.daily_capacity, x.performance, x.active,
           (SELECT count(*) FROM assignments a WHERE {_CAME} AND a.at >= :day),
           (SELECT max(a.at) FROM assignments a WHERE {_CAME}),
           {_CERTIFIED},
           EXISTS (SELECT 1 FROM closures c WHERE c.dealer_id = x.id AND c.starts_at <= :at AND c.ends_at > :at),
           (SELECT max(r.at) FROM assignments r
            WHERE r.lead_id = :lead_id AND r.kind = 'return' AND r.previous_dealer_id = x.id),
           (SELECT count(*) FROM assignments a
            WHERE {_CAME} AND a.at > :hour_ago)
    FROM dealers x
    WHERE x.id = ANY(:ids)
    ORDER BY x.code
"""
_TYPES = (
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("day", type_=DateTime(timezone=True)),
    bindparam("hour_ago", type_=DateTime(timezone=True)),
    bindparam("lead_id", type_=Uuid()),
    bindparam("model", type_=Text),
)
_DEALERS_NEAR = Prepared(text(_DEALERS).bindparams(*_TYPES, bindparam("ids", type_=ARRAY(Uuid))))

_CONSULTANTS = Prepared(
    text(
        f"""
        SELECT x.id, x.code, x.skills, x.ability, x.max_open, x.active, x.last_assigned_at, x.rest_days,
               (SELECT count(*) FROM cases l
                WHERE l.kind = 'lead' AND l.owner_id = x.id AND l.status IN ('working', 'confirming')),
               (SELECT count(*) FROM assignments a WHERE a.staff_id = x.id AND a.at >= :day),
               EXISTS (SELECT 1 FROM absences b WHERE b.staff_id = x.id AND b.starts_at <= :at AND b.ends_at > :at),
               {_CERTIFIED},
               (SELECT max(h.at) FROM assignments h
                WHERE h.lead_id = :lead_id AND h.kind = 'hand_over' AND h.previous_staff_id = x.id),
               (SELECT count(*) FROM assignments a WHERE a.staff_id = x.id AND a.at > :hour_ago)
        FROM staff x
        WHERE x.dealer_id = :dealer_id AND x.role = 'consultant'
        ORDER BY x.code
        """
    ).bindparams(*_TYPES, bindparam("dealer_id", type_=Uuid())),
    reads=frozenset({LOADS}),
)

_ACTIVE = Prepared(text("SELECT active FROM dealers WHERE id = :id").bindparams(bindparam("id", type_=Uuid())))
_STANDS = Prepared(
    text(
        """
        SELECT 1 FROM staff s
        WHERE s.id = :staff_id AND s.dealer_id = :dealer_id AND s.active
          AND (NOT EXISTS (SELECT 1 FROM absences b
                           WHERE b.staff_id = s.id AND b.starts_at <= :at AND b.ends_at > :at)
               OR (SELECT a.insisted AND a.staff_id = s.id FROM assignments a
                   WHERE a.lead_id = :lead_id ORDER BY a.at DESC, a.id DESC LIMIT 1))
        """
    ).bindparams(
        bindparam("lead_id", type_=Uuid()),
        bindparam("staff_id", type_=Uuid()),
        bindparam("dealer_id", type_=Uuid()),
        bindparam("at", type_=DateTime(timezone=True)),
    )
)


def _since(at: datetime) -> dict[str, datetime]:
    return {"at": at, "day": day_start(at), "hour_ago": at - timedelta(hours=1)}


async def dealers_for(
    tx: Tx, lead_id: UUID, ids: Sequence[UUID], regions: Sequence[str], model: str | None, at: datetime
) -> tuple[DealerCandidate, ...]:
    """These dealers as they stand at an instant, locked for choosing; ``regions`` are all that they
    are of."""
    if not ids:
        return ()
    await _LOCK_DISPATCH.rows(tx, {"regions": list(regions)})
    parameters = {"lead_id": lead_id, "model": model, "ids": list(ids), **_since(at)}
    return tuple(DealerCandidate(*row) for row in await _DEALERS_NEAR.rows(tx, parameters))


async def dealer_as_it_stands(
    tx: Tx, dealer_id: UUID, lead_id: UUID, model: str | None, at: datetime
) -> DealerCandidate:
    """One dealer at an instant, not locked: nothing is chosen."""
    parameters = {"lead_id": lead_id, "model": model, "ids": [dealer_id], **_since(at)}
    (row,) = await _DEALERS_NEAR.rows(tx, parameters)
    return DealerCandidate(*row)


async def lock_dealer(tx: Tx, dealer_id: UUID) -> None:
    """Makes whoever would assign a lead at this dealer wait until the transaction ends."""
    await _LOCK_DEALER.rows(tx, {"dealer": str(dealer_id)})


async def consultants_of(
    tx: Tx, dealer_id: UUID, lead_id: UUID, model: str | None, at: datetime
) -> tuple[ConsultantCandidate, ...]:
    """A dealer's consultants as they stand at an instant, locked for choosing."""
    await lock_dealer(tx, dealer_id)
    parameters = {"dealer_id": dealer_id, "lead_id": lead_id, "model": model, **_since(at)}
    return tuple(ConsultantCandidate(*row) for row in await _CONSULTANTS.rows(tx, parameters))


async def is_active(tx: Tx, dealer_id: UUID) -> bool:
    """Whether the dealer is in the network."""
    return any(active for (active,) in await _ACTIVE.rows(tx, {"id": dealer_id}))


async def stands(tx: Tx, lead_id: UUID, dealer_id: UUID, staff_id: UUID, at: datetime) -> bool:
    """Whether a choice made earlier still holds: the person is there, active, and present unless a
    supervisor insisted."""
    parameters = {"lead_id": lead_id, "dealer_id": dealer_id, "staff_id": staff_id, "at": at}
    return bool(await _STANDS.rows(tx, parameters))


async def managers_of(tx: Tx, dealer_id: UUID) -> tuple[UUID, ...]:
    """The active managers of a dealer."""
    rows = await tx.session.execute(
        select(_staff.c.id)
        .where(_staff.c.dealer_id == dealer_id, _staff.c.role == Role.DEALER_MANAGER, _staff.c.active)
        .order_by(_staff.c.code)
    )
    return tuple(rows.scalars())


async def managers_of_region(tx: Tx, region: str) -> tuple[UUID, ...]:
    """The active managers of a region."""
    rows = await tx.session.execute(
        select(_staff.c.id)
        .where(_staff.c.region == region, _staff.c.role == Role.REGIONAL_MANAGER, _staff.c.active)
        .order_by(_staff.c.code)
    )
    return tuple(rows.scalars())
