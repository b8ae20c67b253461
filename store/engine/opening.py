"""A case is opened: its row, its first line of history, and the message that begins its process, in
one transaction.

Leads come in many at a time, with customers and submissions: ``store.leads.births`` writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from cases.errors import Unavailable
from cases.ids import new_id
from cases.kind import Kind
from cases.states import CASE_OPENED, Lamp, MessageKind
from cases.zone import CHINA
from store.engine import outbox, timeline
from store.engine.cases import CaseRow
from store.leads import intake
from store.models import Case
from store.session import Tx

_NUMBER = text("SELECT nextval('case_numbers')")
_ABOUT = text(
    """
    SELECT id FROM cases WHERE about_id = :case_id AND ended_at IS NULL AND kind = ANY(CAST(:kinds AS text[]))
      AND NOT EXISTS (
        SELECT FROM outbox WHERE case_id = cases.id AND kind = :message
          AND CAST(data ->> 'life' AS integer) = :life AND data ->> 'about' = :about)
    ORDER BY id
    """
)


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a case of any kind begins with; ``about`` is the case that it came from. ``facts``:
    codes, numbers, instants and ids, never anybody's words. ``vehicle_id``: the car that it is
    about."""

    status: str
    level: str | None = None
    customer_id: UUID | None = None
    about_id: UUID | None = None
    dealer_id: UUID | None = None
    owner_id: UUID | None = None
    region: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    vehicle_id: UUID | None = None

    @classmethod
    def about(cls, other: CaseRow, status: str, facts: Mapping[str, Any], level: str | None = None) -> NewCase:
        """One that came from another: of the same customer, at the same dealer, with the same
        owner, about the same car."""
        whose = (other.customer_id, other.id, other.dealer_id, other.owner_id, other.region)
        return cls(status, level, *whose, facts, other.vehicle_id)


async def open_case(tx: Tx, kind: Kind, new: NewCase, at: datetime, element: str | None = None) -> UUID:
    """Opens a case and returns its id; its process begins once the transaction is committed.

    Raises ``Unavailable`` while no process of the kind is deployed.
    """
    process = (await intake.deployed(tx, kind.process)).process
    if process is None:
        raise Unavailable("not_deployed", key=kind.process)
    case_id = new_id()
    await tx.session.execute(
        insert(Case.__table__).values(
            id=case_id,
            kind=kind.name,
            number=await _number(tx, kind, at),
            customer_id=new.customer_id,
            about_id=new.about_id,
            vehicle_id=new.vehicle_id,
            dealer_id=new.dealer_id,
            owner_id=new.owner_id,
            region=new.region,
            status=new.status,
            level=new.level,
            lamp=Lamp.GREEN,
            opened_at=at,
            facts=dict(new.facts),
            place=[],
            process_key=process.key,
            process_version=process.version,
            process_sha256=process.sha256,
        )
    )
    await timeline.record(tx, case_id, at, CASE_OPENED, element, kind=kind.name, **new.facts)
    await outbox.tell(tx, case_id, MessageKind.CASE_OPENED, at)
    return case_id


async def tell_about_end(
    tx: Tx, case_id: UUID, life: int, outcome: str | None, kinds: tuple[str, ...], at: datetime
) -> None:
    """Tells the open cases of these kinds about this one that a life of it has ended, each once."""
    if not kinds:
        return
    message = MessageKind.ABOUT_ENDED
    asked = {"case_id": case_id, "about": str(case_id), "kinds": list(kinds), "life": life, "message": message.value}
    for told in list((await tx.session.execute(_ABOUT, asked)).scalars()):
        await outbox.tell(tx, told, message, at, {"about": str(case_id), "life": life, "ended_as": outcome})


async def _number(tx: Tx, kind: Kind, at: datetime) -> str | None:
    """For people: T-2026-000123. One sequence for all kinds: nobody waits for another's
    transaction, gaps are fine."""
    if not kind.prefix:
        return None
    return f"{kind.prefix}-{at.astimezone(CHINA).year}-{await tx.session.scalar(_NUMBER):06d}"
