"""The network as routing sees it: candidates with their loads, read under a lock that keeps choices apart (A6, A11).

Two leads routed at the same instant must not both take a dealer's last place or go to the same "longest idle" person.
So whoever chooses first takes an advisory lock (the region's for dispatch, the dealer's for assignment), reads the
loads, chooses, and lets go with the commit. Lock order: lead, region, dealer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, Table, Text, Uuid, bindparam, select, text

from leads.states import Role
from store.models import CalendarDay, Staff
from store.session import Tx

_staff: Table = Staff.__table__  # pyright: ignore[reportAssignmentType]
_days: Table = CalendarDay.__table__  # pyright: ignore[reportAssignmentType]


@dataclass(frozen=True, slots=True)
class DealerCandidate:
    """A dealer with its load: ``today`` leads dispatched since the day began. ``returned``: the ladder took this lead
    away from it before."""

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
    returned: bool


@dataclass(frozen=True, slots=True)
class ConsultantCandidate:
    """A consultant with the load of open leads. ``missed``: the ladder took this lead from them before."""

    id: UUID
    code: str
    skills: list[str]
    ability: int
    max_open: int
    active: bool
    last_assigned_at: datetime | None
    open: int
    absent: bool
    missed: bool


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

_DEALERS = """
    SELECT d.id, d.code, d.region, d.city, d.models, d.daily_capacity, d.performance, d.active,
           (SELECT count(*) FROM assignments a WHERE a.kind = 'dispatch' AND a.dealer_id = d.id AND a.at >= :day),
           (SELECT max(a.at) FROM assignments a WHERE a.kind = 'dispatch' AND a.dealer_id = d.id),
           EXISTS (SELECT 1 FROM assignments r
                   WHERE r.lead_id = :lead_id AND r.kind = 'return' AND r.previous_dealer_id = d.id)
    FROM dealers d
"""
_DEALER_TYPES = (bindparam("day", type_=DateTime(timezone=True)), bindparam("lead_id", type_=Uuid()))
_DEALERS_OF_REGION = text(_DEALERS + " WHERE d.region = :region ORDER BY d.code").bindparams(
    *_DEALER_TYPES, bindparam("region", type_=Text)
)
_ALL_DEALERS = text(_DEALERS + " ORDER BY d.code").bindparams(*_DEALER_TYPES)

_CONSULTANTS = text(
    """
    SELECT s.id, s.code, s.skills, s.ability, s.max_open, s.active, s.last_assigned_at,
           (SELECT count(*) FROM leads l WHERE l.owner_id = s.id AND l.status IN ('working', 'confirming')),
           EXISTS (SELECT 1 FROM absences b WHERE b.staff_id = s.id AND b.starts_at <= :at AND b.ends_at > :at),
           EXISTS (SELECT 1 FROM assignments h
                   WHERE h.lead_id = :lead_id AND h.kind = 'hand_over' AND h.previous_staff_id = s.id)
    FROM staff s
    WHERE s.dealer_id = :dealer_id AND s.role = 'consultant'
    ORDER BY s.code
    """
).bindparams(
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("lead_id", type_=Uuid()),
    bindparam("dealer_id", type_=Uuid()),
)

_STANDS = text(
    """
    SELECT d.active,
           EXISTS (SELECT 1 FROM staff s
                   WHERE s.id = :staff_id AND s.dealer_id = d.id AND s.active
                     AND NOT EXISTS (SELECT 1 FROM absences b
                                     WHERE b.staff_id = s.id AND b.starts_at <= :at AND b.ends_at > :at))
    FROM dealers d WHERE d.id = :dealer_id
    """
).bindparams(
    bindparam("staff_id", type_=Uuid()),
    bindparam("dealer_id", type_=Uuid()),
    bindparam("at", type_=DateTime(timezone=True)),
)


async def dealers_for(tx: Tx, lead_id: UUID, region: str | None, day: datetime) -> tuple[DealerCandidate, ...]:
    """The region's dealers with their loads since ``day``, locked for choosing; all dealers if the region has none."""
    parameters = {"lead_id": lead_id, "day": day}
    if await tx.session.scalar(_LOCK_DISPATCH, {"region": region}) == "region":
        rows = await tx.session.execute(_DEALERS_OF_REGION, {**parameters, "region": region})
    else:
        rows = await tx.session.execute(_ALL_DEALERS, parameters)
    return tuple(DealerCandidate(*row) for row in rows)


async def consultants_of(tx: Tx, dealer_id: UUID, lead_id: UUID, at: datetime) -> tuple[ConsultantCandidate, ...]:
    """A dealer's consultants with their loads and absences at an instant, locked for choosing."""
    await tx.session.execute(_LOCK_DEALER, {"dealer": str(dealer_id)})
    rows = await tx.session.execute(_CONSULTANTS, {"dealer_id": dealer_id, "lead_id": lead_id, "at": at})
    return tuple(ConsultantCandidate(*row) for row in rows)


async def stands(tx: Tx, dealer_id: UUID, staff_id: UUID | None, at: datetime) -> tuple[bool, bool]:
    """Whether a choice made earlier still holds: the dealer is active; the person is there, active and present."""
    row = (await tx.session.execute(_STANDS, {"dealer_id": dealer_id, "staff_id": staff_id, "at": at})).one_or_none()
    return (bool(row[0]), bool(row[1])) if row else (False, False)


async def managers_of(tx: Tx, dealer_id: UUID) -> tuple[UUID, ...]:
    """The active managers of a dealer."""
    rows = await tx.session.execute(
        select(_staff.c.id)
        .where(_staff.c.dealer_id == dealer_id, _staff.c.role == Role.DEALER_MANAGER, _staff.c.active)
        .order_by(_staff.c.code)
    )
    return tuple(rows.scalars())


async def calendar_days(tx: Tx) -> dict[date, bool]:
    """The exceptions to the working week: the day, and whether it is worked."""
    return {row.day: row.working for row in await tx.session.execute(select(_days.c.day, _days.c.working))}
