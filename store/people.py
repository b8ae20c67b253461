"""Who people and dealers are, by the codes that they go by (words: roles)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.sql import Select

from leads.actors import EVERYTHING, Actor, Scope
from leads.states import Role
from store.models import Dealer, Staff
from store.session import Tx

_staff = Staff.__table__
_dealers = Dealer.__table__


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
        """How far this person sees (F2): consultants their own leads, managers a dealer or region, HQ everything."""
        if self.role == Role.CONSULTANT:
            return Scope("own", str(self.id))
        if self.dealer_id is not None:
            return Scope("dealer", str(self.dealer_id))
        if self.role == Role.REGIONAL_MANAGER and self.region:
            return Scope("region", self.region)
        return EVERYTHING


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


async def lock_person(tx: Tx, staff_id: UUID) -> None:
    """Keeps others from counting this person's claims until the transaction ends. Lock the lead first."""
    await tx.session.execute(select(_staff.c.id).where(_staff.c.id == staff_id).with_for_update())


async def dealer(tx: Tx, code: str) -> DealerPlace | None:
    """The active dealer of this code."""
    columns = _dealers.c
    found = await tx.session.execute(
        select(columns.id, columns.code, columns.region).where(columns.code == code, columns.active)
    )
    row = found.one_or_none()
    return None if row is None else DealerPlace(row.id, row.code, row.region)


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
