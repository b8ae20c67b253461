"""The smallest lead that the schema accepts, for tests of what hangs on leads."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from cases.states import CaseKind
from store.models import Case, Channel, Customer, Lead
from store.session import Database, Tx

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


async def a_lead(tx: Tx, *, process: tuple[str, int, str] = ("lead", 1, "sha")) -> UUID:
    """Writes a lead with its customer and channel in this transaction."""
    if await tx.session.get(Channel, "test") is None:
        tx.session.add(Channel(code="test", name="测试", level=1, parent=None, side="maker"))
    customer = Customer(id=new_id(), name="华桂珍", phone="+8613900000000", created_at=AT)
    case = a_case(new_id(), process)
    tx.session.add_all((customer, case))
    await tx.session.flush()
    tx.session.add(Lead(id=case.id, customer_id=customer.id, channel="test", created_at=AT, stated_at=AT))
    await tx.session.flush()
    return case.id


def a_case(case_id: UUID, process: tuple[str, int, str] = ("lead", 1, "sha")) -> Case:
    """What the engine has of a lead."""
    key, version, sha256 = process
    return Case(id=case_id, kind=CaseKind.LEAD, process_key=key, process_version=version, process_sha256=sha256)


async def some_leads(database: Database, count: int, **options: tuple[str, int, str]) -> list[UUID]:
    """Commits several leads."""
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return [await a_lead(tx, **options) for _ in range(count)]
