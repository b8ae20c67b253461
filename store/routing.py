"""The network as routing sees it: candidates with their loads, read under a lock that keeps choices apart (A6, A11).

Two leads routed at the same instant must not both take a dealer's last place or go to the same "longest idle" person.
So whoever chooses first takes an advisory lock (the region's for dispatch, the dealer's for assignment), reads the
loads, chooses, and lets go with the commit. Lock order: lead, region, dealer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, Table, Text, Uuid, bindparam, select, text

from leads.calendar import day_start
from leads.states import Role
from store.models import Snapshot, Staff
from store.session import Tx

_staff: Table = Staff.__table__  # pyright: ignore[reportAssignmentType]
_snapshots: Table = Snapshot.__table__  # pyright: ignore[reportAssignmentType]


@dataclass(frozen=True, slots=True)
class DealerCandidate:
    """A dealer with its load: ``today`` leads dispatched since the day began, ``this_hour`` in the last sixty minutes.
    ``certified``: has what the wanted model needs. ``closed``: takes no leads at the instant. ``taken_at``: when the
    ladder last took this lead from it."""

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
class DealersAsked:
    """The dealers that are asked. ``roster`` is the number of the snapshot that names those of other regions; None:
    the whole network is asked."""

    dealers: tuple[DealerCandidate, ...]
    roster: int | None


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A dealer as a snapshot of the network has it."""

    id: UUID
    code: str
    region: str


@dataclass(frozen=True, slots=True)
class ConsultantCandidate:
    """A consultant with the load of ``open`` leads; ``today`` were given to them since the day began, ``this_hour`` in
    the last sixty minutes. ``rest_days``: ISO weekdays. ``certified``, ``taken_at``: as of a dealer."""

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


_LOCK_DISPATCH = text(
    """
    SELECT CASE WHEN EXISTS (SELECT 1 FROM dealers WHERE region = :region AND active)
        THEN pg_advisory_xact_lock_shared(hashtextextended('dispatch', 0))::text
             || pg_advisory_xact_lock(hashtextextended('dispatch:' || :region, 0))::text || 'region'
        ELSE pg_advisory_xact_lock(hashtextextended('dispatch', 0))::text || 'network'
        END
    """
).bindparams(bindparam("region", type_=Text))
"""A region's leads wait for each other only; a lead that may go anywhere waits for, and holds up, all of them."""

_LOCK_DEALER = text("SELECT pg_advisory_xact_lock(hashtextextended('assign:' || :dealer, 0))").bindparams(
    bindparam("dealer", type_=Text)
)

_CERTIFIED = """
           NOT EXISTS (SELECT 1 FROM car_models m
                       WHERE m.code = :model AND m.certificate IS NOT NULL AND m.certificate <> ALL (x.certificates))"""

_DEALERS = f"""
    SELECT x.id, x.code, x.region, x.city, x.models, x.daily_capacity, x.performance, x.active,
           (SELECT count(*) FROM assignments a WHERE a.kind = 'dispatch' AND a.dealer_id = x.id AND a.at >= :day),
           (SELECT max(a.at) FROM assignments a WHERE a.kind = 'dispatch' AND a.dealer_id = x.id),
           {_CERTIFIED},
           EXISTS (SELECT 1 FROM closures c WHERE c.dealer_id = x.id AND c.starts_at <= :at AND c.ends_at > :at),
           (SELECT max(r.at) FROM assignments r
            WHERE r.lead_id = :lead_id AND r.kind = 'return' AND r.previous_dealer_id = x.id),
           (SELECT count(*) FROM assignments a
            WHERE a.kind = 'dispatch' AND a.dealer_id = x.id AND a.at > :hour_ago),
           (SELECT max(number) FROM snapshots WHERE kind = 'dealers')
    FROM dealers x
"""
_TYPES = (
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("day", type_=DateTime(timezone=True)),
    bindparam("hour_ago", type_=DateTime(timezone=True)),
    bindparam("lead_id", type_=Uuid()),
    bindparam("model", type_=Text),
)
_DEALERS_OF_REGION = text(_DEALERS + " WHERE x.region = :region ORDER BY x.code").bindparams(
    *_TYPES, bindparam("region", type_=Text)
)
_ALL_DEALERS = text(_DEALERS + " ORDER BY x.code").bindparams(*_TYPES)

_CONSULTANTS = text(
    f"""
    SELECT x.id, x.code, x.skills, x.ability, x.max_open, x.active, x.last_assigned_at, x.rest_days,
           (SELECT count(*) FROM leads l WHERE l.owner_id = x.id AND l.status IN ('working', 'confirming')),
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
).bindparams(*_TYPES, bindparam("dealer_id", type_=Uuid()))

_STANDS = text(
    """
    SELECT d.active,
           EXISTS (SELECT 1 FROM staff s
                   WHERE s.id = :staff_id AND s.dealer_id = d.id AND s.active
                     AND (NOT EXISTS (SELECT 1 FROM absences b
                                      WHERE b.staff_id = s.id AND b.starts_at <= :at AND b.ends_at > :at)
                          OR (SELECT a.insisted AND a.staff_id = s.id FROM assignments a
                              WHERE a.lead_id = :lead_id ORDER BY a.at DESC, a.id DESC LIMIT 1)))
    FROM dealers d WHERE d.id = :dealer_id
    """
).bindparams(
    bindparam("lead_id", type_=Uuid()),
    bindparam("staff_id", type_=Uuid()),
    bindparam("dealer_id", type_=Uuid()),
    bindparam("at", type_=DateTime(timezone=True)),
)


def _since(at: datetime) -> dict[str, datetime]:
    return {"at": at, "day": day_start(at), "hour_ago": at - timedelta(hours=1)}


async def dealers_for(tx: Tx, lead_id: UUID, region: str | None, model: str | None, at: datetime) -> DealersAsked:
    """The region's dealers as they stand at an instant, locked for choosing; all dealers if the region has none."""
    parameters = {"lead_id": lead_id, "model": model, **_since(at)}
    regional = await tx.session.scalar(_LOCK_DISPATCH, {"region": region}) == "region"
    if regional:
        found = await tx.session.execute(_DEALERS_OF_REGION, {**parameters, "region": region})
    else:
        found = await tx.session.execute(_ALL_DEALERS, parameters)
    rows = found.all()
    return DealersAsked(tuple(DealerCandidate(*row[:-1]) for row in rows), rows[0][-1] if regional and rows else None)


async def lock_dealer(tx: Tx, dealer_id: UUID) -> None:
    """Makes whoever would assign a lead at this dealer wait until the transaction ends."""
    await tx.session.execute(_LOCK_DEALER, {"dealer": str(dealer_id)})


async def consultants_of(
    tx: Tx, dealer_id: UUID, lead_id: UUID, model: str | None, at: datetime
) -> tuple[ConsultantCandidate, ...]:
    """A dealer's consultants as they stand at an instant, locked for choosing."""
    await lock_dealer(tx, dealer_id)
    parameters = {"dealer_id": dealer_id, "lead_id": lead_id, "model": model, **_since(at)}
    return tuple(ConsultantCandidate(*row) for row in await tx.session.execute(_CONSULTANTS, parameters))


async def stands(tx: Tx, lead_id: UUID, dealer_id: UUID, staff_id: UUID | None, at: datetime) -> tuple[bool, bool]:
    """Whether a choice made earlier still holds: the dealer is active; the person is there, active, and present unless
    a supervisor insisted."""
    parameters = {"lead_id": lead_id, "dealer_id": dealer_id, "staff_id": staff_id, "at": at}
    row = (await tx.session.execute(_STANDS, parameters)).one_or_none()
    return (bool(row[0]), bool(row[1])) if row else (False, False)


async def managers_of(tx: Tx, dealer_id: UUID) -> tuple[UUID, ...]:
    """The active managers of a dealer."""
    rows = await tx.session.execute(
        select(_staff.c.id)
        .where(_staff.c.dealer_id == dealer_id, _staff.c.role == Role.DEALER_MANAGER, _staff.c.active)
        .order_by(_staff.c.code)
    )
    return tuple(rows.scalars())


async def roster(tx: Tx, number: int) -> tuple[RosterLine, ...]:
    """All dealers of the network as it was when a snapshot was taken; none if there is no such snapshot."""
    query = select(_snapshots.c.content).where(_snapshots.c.kind == "dealers", _snapshots.c.number == number)
    content: list[list[str]] = await tx.session.scalar(query) or []
    return tuple(RosterLine(UUID(identity), code, region) for identity, code, region in content)
