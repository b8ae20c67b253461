"""A customer says whether and when to be called: kept in the history, and calls that are asked for
already end (F3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cases.contact import Contactable
from cases.states import MessageKind, Outcome
from domain.kinds import spared, team_of
from domain.tables import Tables
from store.engine import tasks, timeline
from store.engine.outbox import tell
from store.session import Tx


async def heard(tx: Tx, tables: Tables, lead_id: UUID, line: str, hours: Sequence[str], at: datetime) -> None:
    """Notes what ``store.leads.customers.hear_call_wish`` says is new; the caller holds the lead's
    lock."""
    await timeline.record(tx, lead_id, at, line, hours=list(hours))
    if line == "call_refused":
        await _spare(tx, tables, lead_id, at)


async def _spare(tx: Tx, tables: Tables, lead_id: UUID, at: datetime) -> None:
    """Ends open tasks that the table does not allow any more, as if the process had asked for them
    now."""
    without = spared()
    for task in await tasks.open_for_lead(tx, lead_id, without):
        asked = {"purpose": task.kind, "channel": "call", "do_not_call": True, "in_hours": True}
        made = tables.decide("contact-rules", at, asked)
        if made.get("verdict") != Contactable.DROP:
            continue
        outcome = Outcome(str(made.get("instead") or without[task.kind]))
        if (await tasks.complete(tx, task.id, outcome=outcome, at=at, team=team_of(task.kind))).won:
            said = {"task_id": str(task.id), "outcome": outcome.value}
            await timeline.record(tx, lead_id, at, "call_spared", task.element, kind=task.kind, outcome=outcome.value)
            await tell(tx, lead_id, MessageKind.TASK_COMPLETED, at, said)
