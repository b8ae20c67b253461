"""The cars that cases are about: found by their VIN, gone with whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from cases.ids import new_id
from store.models import Case, Vehicle
from store.session import Tx

_cases = Case.__table__
_vehicles = Vehicle.__table__


@dataclass(frozen=True, slots=True)
class Car:
    """A car as somebody names it. ``vin`` and ``plate`` are personal; ``model`` is a code."""

    vin: str
    plate: str | None = None
    model: str | None = None


async def known(tx: Tx, car: Car) -> UUID:
    """The car with this VIN, new if there was none; what is said about it now holds from now on."""
    fresh = insert(_vehicles).values(id=new_id(), vin=car.vin, plate=car.plate, model=car.model)
    said = {name: func.coalesce(fresh.excluded[name], _vehicles.c[name]) for name in ("plate", "model")}
    found = fresh.on_conflict_do_update(index_elements=["vin"], set_=said).returning(_vehicles.c.id)
    return (await tx.session.execute(found)).scalar_one()


async def forget(tx: Tx, customer_id: UUID) -> None:
    """A customer's cases, and those that came from them, are about no car any more; one that nobody
    else's case is about is gone."""
    own = select(_cases.c.id).where(_cases.c.customer_id == customer_id)
    theirs = or_(_cases.c.id.in_(own), _cases.c.about_id.in_(own)) & _cases.c.vehicle_id.is_not(None)
    cars = (await tx.session.execute(select(_cases.c.vehicle_id).where(theirs))).scalars().all()
    # Cases before their cars, as everywhere: else this and a further signal would wait for each
    # other.
    await tx.session.execute(update(_cases).where(theirs).values(vehicle_id=None))
    # Whoever opens a case about one of them waits from here on: else it would refer to a row that
    # is gone.
    gone = select(_vehicles.c.id).where(_vehicles.c.id.in_(cars)).order_by(_vehicles.c.id).with_for_update()
    held = (await tx.session.execute(gone)).scalars().all()
    others = exists().where(_cases.c.vehicle_id == _vehicles.c.id)
    await tx.session.execute(delete(_vehicles).where(_vehicles.c.id.in_(held), ~others))
