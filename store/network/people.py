"""Who people and dealers are, by the codes that they go by (words: roles)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, select, text, update
from sqlalchemy.sql import Select

from cases.actors import EVERYTHING, Actor, Scope
from cases.calendar import day_start
from cases.states import Role
from cases.zone import CHINA
from store.models import Dealer, Staff
from store.session import Tx

_staff = Staff.__table__
_dealers = Dealer.__table__

_PRESENCE = text(
    """
    SELECT d.active AS dealer_active, s.active, s.rest_days,
           (SELECT max(ends_at) FROM absences a
            WHERE a.staff_id = s.id AND a.starts_at <= :at AND a.ends_at > :at) AS absent_until,
           (SELECT max(ends_at) FROM closures c
            WHERE c.dealer_id = d.id AND c.starts_at <= :at AND c.ends_at > :at) AS closed_until
    FROM dealers d LEFT JOIN staff s ON s.id = :staff_id
    WHERE d.id = :dealer_id
    """
).bindparams(
    bindparam("dealer_id", type_=Uuid()),
    bindparam("staff_id", type_=Uuid()),
    bindparam("at", type_=DateTime(timezone=True)),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff who acts or is acted upon. ``dealer_id`` is None for HQ people."""

    id: UUID
    code: str
    role: Role
    dealer_id: UUID | None
    region: str | None

    @property
    def actor(self) -> Actor:
        return Actor("staff", str(self.id))

    @property
    def scope(self) -> Scope:
        """How far this person sees (F2): consultants their own leads, managers a dealer or region,
        HQ everything."""
        if self.role == Role.CONSULTANT:
            return Scope("own", str(self.id))
        if self.dealer_id is not None:
            return Scope("dealer", str(self.dealer_id))
        if self.role == Role.REGIONAL_MANAGER and self.region:
            return Scope("region", self.region)
        return EVERYTHING


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why somebody should not be given a lead, and until when; no end: for good, and nobody may
    insist."""

    code: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class DealerPlace:
    """A dealer and where it stands."""

    id: UUID
    code: str
    region: str


async def person(tx: Tx, code: str) -> Person | None:
    """The active person of this staff code."""
    return await _one_person(tx, _people().where(_staff.c.code == code, _staff.c.active))


async def anybody(tx: Tx, code: str) -> Person | None:
    """The person of this staff code, active or not."""
    return await _one_person(tx, _people().where(_staff.c.code == code))


async def person_by_id(tx: Tx, staff_id: UUID) -> Person | None:
    """The person of this id, active or not."""
    return await _one_person(tx, _people().where(_staff.c.id == staff_id))


async def persons(tx: Tx, staff_ids: Collection[UUID]) -> tuple[Person, ...]:
    """The people of these ids, active or not."""
    rows = await tx.session.execute(_people().where(_staff.c.id.in_(sorted(staff_ids))))
    return tuple(Person(row.id, row.code, Role(row.role), row.dealer_id, row.region) for row in rows)


async def lock_person(tx: Tx, staff_id: UUID) -> bool:
    """Keeps others from counting this person's claims until the transaction ends; whether they are
    still active. Lock the lead first."""
    query = select(_staff.c.active).where(_staff.c.id == staff_id).with_for_update()
    return bool(await tx.session.scalar(query))


async def set_active(tx: Tx, staff_id: UUID, active: bool) -> bool:
    """Says whether a person works here; False if it was so already."""
    changed = update(_staff).where(_staff.c.id == staff_id, _staff.c.active != active).values(active=active)
    return (await tx.session.execute(changed.returning(_staff.c.id))).first() is not None


async def obstacle(tx: Tx, dealer_id: UUID, staff_id: UUID | None, at: datetime) -> Obstacle | None:
    """Why a dealer, or a person of it, should not be given a lead at an instant: the first reason
    that applies."""
    parameters = {"dealer_id": dealer_id, "staff_id": staff_id, "at": at}
    row = (await tx.session.execute(_PRESENCE, parameters)).one()
    tomorrow = day_start(at) + timedelta(days=1)
    reasons = (
        ("dealer_inactive", not row.dealer_active, None),
        ("target_inactive", row.active is False, None),
        ("dealer_closed", row.closed_until is not None, row.closed_until),
        ("target_absent", row.absent_until is not None, row.absent_until),
        ("target_rest_day", at.astimezone(CHINA).isoweekday() in (row.rest_days or ()), tomorrow),
    )
    return next((Obstacle(code, until) for code, applies, until in reasons if applies), None)


async def dealer(tx: Tx, code: str) -> DealerPlace | None:
    """The dealer of this code, active or not."""
    columns = _dealers.c
    found = await tx.session.execute(select(columns.id, columns.code, columns.region).where(columns.code == code))
    row = found.one_or_none()
    return None if row is None else DealerPlace(row.id, row.code, row.region)


async def dealer_ids(tx: Tx, codes: Sequence[str]) -> dict[str, UUID]:
    """The ids of those of the dealers that there are, active or not, by their codes."""
    found = await tx.session.execute(select(_dealers.c.code, _dealers.c.id).where(_dealers.c.code.in_(codes)))
    return {code: dealer_id for code, dealer_id in found}


async def staff_ids(tx: Tx, codes: Sequence[str]) -> dict[str, UUID]:
    """The ids of those of the people that there are, active or not, by their codes."""
    found = await tx.session.execute(select(_staff.c.code, _staff.c.id).where(_staff.c.code.in_(codes)))
    return {code: staff_id for code, staff_id in found}


async def is_there(
    tx: Tx, role: Role, *, other_than: UUID, dealer_id: UUID | None = None, region: str | None = None
) -> bool:
    """Whether somebody else has this role, at a dealer or for a region."""
    columns = _staff.c
    query = select(columns.id).where(columns.role == role, columns.active, columns.id != other_than)
    if dealer_id is not None:
        query = query.where(columns.dealer_id == dealer_id)
    if region is not None:
        query = query.where(columns.region == region)
    return (await tx.session.execute(query.limit(1))).first() is not None


async def region_of_dealer(tx: Tx, dealer_id: UUID | None) -> str | None:
    """The region that a dealer stands in; None for no dealer."""
    if dealer_id is None:
        return None
    return await tx.session.scalar(select(_dealers.c.region).where(_dealers.c.id == dealer_id))


def _people() -> Select[UUID, str, str, UUID | None, str | None]:
    columns = _staff.c
    return select(columns.id, columns.code, columns.role, columns.dealer_id, columns.region)


async def _one_person(tx: Tx, query: Select[UUID, str, str, UUID | None, str | None]) -> Person | None:
    row = (await tx.session.execute(query)).one_or_none()
    return None if row is None else Person(row.id, row.code, Role(row.role), row.dealer_id, row.region)
