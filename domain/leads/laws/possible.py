"""What can be said of a lead now, and refusals that tell it: a caller learns what is possible, not
only what is not."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from cases.errors import Conflict
from cases.states import ENDED, RETURNABLE, Status
from cases.zone import minute_shown
from domain.leads.laws.kinds import answering
from store.engine import tasks
from store.leads import sales
from store.leads.leads import LeadRow
from store.network import people
from store.session import Tx


class ClosedTask(Protocol):
    """What became of a task."""

    @property
    def status(self) -> str: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def closed_because(self) -> dict[str, Any]: ...


async def possible(tx: Tx, lead: LeadRow) -> tuple[str, ...]:
    """The statements that the lead's state allows at this moment."""
    found: list[str] = []
    for task in await tasks.open_for_lead(tx, lead.id):
        found.extend(answering(task.kind))
    if lead.status == Status.NURTURE:
        found.append("regrade")
    if lead.status == Status.POOL:
        found.append("claim")
    if lead.status not in ENDED or await awaits_purchase(tx, lead):
        found.append("reassign")
    if lead.status in RETURNABLE:
        found.append("reactivate")
    if lead.status == Status.WON:
        found += ["cancel-order", "wrong-win"]
    return tuple(dict.fromkeys(found))


async def awaits_purchase(tx: Tx, lead: LeadRow) -> bool:
    """Whether a win is not over yet: its purchase is agreed for a later day, which somebody has to
    see to."""
    if lead.status != Status.WON or lead.ended_at is None:
        return False
    sale = await sales.standing(tx, lead.id)
    return sale is not None and sale.awaited(lead.ended_at) is not None


def not_now(lead: LeadRow, allowed: tuple[str, ...]) -> Conflict:
    """The lead's status does not allow it."""
    return Conflict("not_now", status=lead.status, possible=", ".join(allowed))


async def no_task(tx: Tx, lead: LeadRow) -> Conflict:
    """No open task fits the statement."""
    return Conflict("no_open_task", status=lead.status, possible=", ".join(await possible(tx, lead)))


async def taken_away(tx: Tx, task: ClosedTask) -> Conflict:
    """The task is not open any more: what became of it, to whom it went, when."""
    because = task.closed_because
    person = await people.person_by_id(tx, UUID(str(because["to"]))) if because.get("to") else None
    nobody = "HQ" if because.get("code") == "return" else "-"
    when = minute_shown(task.closed_at) if task.closed_at else ""
    return Conflict(f"task_{task.status}", to=person.code if person else nobody, when=when)
