"""The smallest lead that the schema accepts, for tests of what hangs on leads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from cases.states import Status
from store.models import Channel, Customer, Lead
from store.session import Database, Tx

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


async def a_lead(tx: Tx, *, process: tuple[str, int, str] = ("lead", 1, "sha")) -> UUID:
    """Writes a lead with its customer and channel in this transaction."""
    if await tx.session.get(Channel, "test") is None:
        tx.session.add(Channel(code="test", name="测试", level=1, parent=None, side="maker"))
    customer = Customer(id=new_id(), name="华桂珍", phone="+8613900000000", created_at=AT)
    tx.session.add(customer)
    await tx.session.flush()
    lead = Lead(**of_case(new_id(), process), customer_id=customer.id, channel="test", stated_at=AT)
    tx.session.add(lead)
    await tx.session.flush()
    return lead.id


def of_case(case_id: UUID, process: tuple[str, int, str] = ("lead", 1, "sha")) -> dict[str, Any]:
    """What the engine has of a new lead."""
    key, version, sha256 = process
    named = {"process_key": key, "process_version": version, "process_sha256": sha256}
    return {"id": case_id, "status": Status.NEW, "opened_at": AT, **named}


async def some_leads(database: Database, count: int, **options: tuple[str, int, str]) -> list[UUID]:
    """Commits several leads."""
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return [await a_lead(tx, **options) for _ in range(count)]
