"""The application clock's one row: API, relay and workers read the same line (DESIGN, idea 5)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cases.clock import WALL, ClockSpec
from store.models import AppClock
from store.session import Tx

_table = AppClock.__table__


async def load(tx: Tx) -> ClockSpec:
    """The clock that all parts go by; the wall when none was set."""
    row = (await tx.session.execute(select(_table.c.wall, _table.c.app, _table.c.speed))).one_or_none()
    return WALL if row is None else ClockSpec(wall=row.wall, app=row.app, speed=row.speed)


async def save(tx: Tx, spec: ClockSpec) -> None:
    """Sets the clock. Parts that run already keep the one they started with: set it before they
    start."""
    line = {"wall": spec.wall, "app": spec.app, "speed": spec.speed}
    statement = insert(_table).values(id=1, **line).on_conflict_do_update(index_elements=["id"], set_=line)
    await tx.session.execute(statement)
