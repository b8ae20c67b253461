"""What could not be done: a lead waits at an incident until somebody retries it (issue: incidents, not silence)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from leads.errors import Conflict, NotFound
from leads.ids import new_id
from store.models import Incident as Row
from store.session import Tx

_table = Row.__table__


@dataclass(frozen=True, slots=True)
class Incident:
    """One step that failed for good. ``message`` is for engineers and holds no personal data."""

    id: UUID
    lead_id: UUID
    key: str
    element: str
    kind: str
    message: str
    at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


async def record(tx: Tx, lead_id: UUID | str, key: str, element: str, kind: str, message: str, at: datetime) -> bool:
    """Records an incident under its key; True if it is new or open again, False if it was open already."""
    fresh = insert(_table).values(
        id=new_id(), lead_id=UUID(str(lead_id)), key=key, element=element, kind=kind, message=message, at=at
    )
    again = fresh.on_conflict_do_update(
        index_elements=["key"],
        set_={"at": at, "message": message, "resolved_at": None, "resolved_by": None},
        where=_table.c.resolved_at.is_not(None),
    )
    return (await tx.session.execute(again.returning(_table.c.id))).first() is not None


async def resolve(tx: Tx, incident_id: UUID, at: datetime, by: str) -> Incident:
    """Closes an incident. Raises ``NotFound``, and ``Conflict`` when somebody has closed it already."""
    closing = update(_table).where(_table.c.id == incident_id, _table.c.resolved_at.is_(None))
    closing = closing.values(resolved_at=at, resolved_by=by).returning(_table)
    row = (await tx.session.execute(closing)).mappings().one_or_none()
    if row is not None:
        return Incident(**row)
    if (await tx.session.execute(select(_table.c.id).where(_table.c.id == incident_id))).first() is None:
        raise NotFound("incident_not_found")
    raise Conflict("incident_resolved")


async def open_ones(tx: Tx, *, lead_id: UUID | str | None = None, limit: int = 200) -> tuple[Incident, ...]:
    """Open incidents, oldest first; of one lead if given."""
    query = select(_table).where(_table.c.resolved_at.is_(None)).order_by(_table.c.at, _table.c.id).limit(limit)
    if lead_id is not None:
        query = query.where(_table.c.lead_id == UUID(str(lead_id)))
    return tuple(Incident(**row) for row in (await tx.session.execute(query)).mappings())
