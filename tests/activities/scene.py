"""A lead at any point of its life, in a database with the demo network and the shipped tables."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

import rules
from activities.registry import perform
from activities.rest import settle, withdraw
from cases.actors import EVERYTHING, SYSTEM
from cases.contracts import LifeAtRest, ProcessRef, Settlement, Step, TaskToOpen, Withdrawal
from cases.ids import new_id
from domain import kinds
from domain.tables import Tables
from store.leads import leads
from store.leads.leads import LeadRow
from store.models import Customer, Lead
from store.session import Database
from store.tables import definitions
from tests.store.births import of_case

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in China."""

_numbers = itertools.count(13_900_000_001)


@dataclass
class Scene:
    """Speaks to the activities as the workflow's host does: one step after the other, each with a
    key of its own."""

    db: Database
    tables: Tables = field(default_factory=Tables)
    _steps: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def lead(
        self, *, phone: str | None = None, name: str = "王小明", at: datetime = START, **values: Any
    ) -> UUID:
        """A new lead; by default everything is known and it would be graded A for a dealer in
        Beijing."""
        customer_id, lead_id = new_id(), new_id()
        facts = {
            "model": "forester",
            "budget_min": 250_000,
            "budget_max": 300_000,
            "horizon_days": 10,
            "city": "北京",
            "region": "NORTH",
            "channel": "maker.vertical.autohome",
            "status": "new",
        } | values
        async with self.db.transaction(SYSTEM, EVERYTHING) as tx:
            number = phone or f"+86{next(_numbers)}"
            tx.session.add(Customer(id=customer_id, name=name, phone=number, city=facts["city"], created_at=at))
            await tx.session.flush()
            whole = of_case(lead_id) | {"opened_at": at, "customer_id": customer_id, "stated_at": at} | facts
            if "grade" in whole:
                whole["level"] = whole.pop("grade")
            tx.session.add(Lead(**whole))
        return lead_id

    async def run(
        self, name: str, lead_id: UUID, at: datetime = START, *, key: str | None = None, **data: Any
    ) -> dict[str, Any]:
        """Executes one step of an activity; a key given twice is one execution. What it gives has
        to be declared."""
        step = Step(str(lead_id), key or f"{lead_id}:{name}:{next(self._steps)}", name, at, data)
        result = await perform(self.db, self.tables, name, step)
        signature = kinds.working_on(step.kind)[name].signature
        assert not signature.strangers(result), f"{name} gives what domain.kinds does not declare"
        return result

    async def working(self, at: datetime = START, **values: Any) -> UUID:
        """A lead that has been graded, dispatched and assigned."""
        lead_id = await self.lead(at=at, **values)
        graded = await self.run("grade", lead_id, at)
        await self.run("dispatch", lead_id, at, lane=graded["lane"])
        await self.run("assign", lead_id, at, lane=graded["lane"])
        return lead_id

    async def chased(
        self,
        lead_id: UUID,
        at: datetime = START,
        kind: str = "follow_up",
        role: str = "consultant",
        why: str | None = None,
        **said: Any,
    ) -> dict[str, Any]:
        """Plans a task and settles at it, as the process ``chase`` does; the result has the task's
        id too."""
        planned = await self.run("plan_task", lead_id, at, kind=kind, role=role, why=why, **said)
        task_id = new_id()
        opened = TaskToOpen(str(task_id), "work", planned["kind"], role, planned["due"], why, planned["about"])
        await settle(self.db, self.tables, Settlement(str(lead_id), at, resting(), open=(opened,)))
        return planned | {"task_id": task_id}

    async def settle(self, lead_id: UUID, at: datetime, *, ended: bool = False, **rest: Any) -> None:
        """The process rests; ``rest`` is what is told of its life."""
        await settle(self.db, self.tables, Settlement(str(lead_id), at, resting(**rest), ended=ended))

    async def withdraw(self, lead_id: UUID, task_id: UUID, at: datetime, applied: int = 10**6) -> bool:
        return await withdraw(self.db, Withdrawal(str(lead_id), (str(task_id),), at, applied))

    async def row(self, lead_id: UUID) -> LeadRow:
        async with self.db.transaction(SYSTEM, EVERYTHING) as tx:
            return await leads.get(tx, lead_id)

    async def rows(self, model: Any, lead_id: UUID, order: str = "id") -> list[Any]:
        """All rows of a table that belong to a lead."""
        async with self.db.transaction(SYSTEM, EVERYTHING) as tx:
            of_lead = model.case_id if hasattr(model, "case_id") else model.lead_id
            query = select(model).where(of_lead == lead_id).order_by(getattr(model, order))
            return list((await tx.session.execute(query)).scalars())

    async def sql(self, statement: str, **parameters: Any) -> list[Any]:
        async with self.db.transaction(SYSTEM, EVERYTHING) as tx:
            result = await tx.session.execute(text(statement), parameters)
            return list(result) if result.returns_rows else []

    async def near_beijing(self, *codes: str) -> None:
        """Moves dealers to a place 45 km from Beijing's middle, so that they are asked beside its
        own."""
        await self.sql("UPDATE dealers SET latitude = 39.5, longitude = 116.4 WHERE code = ANY(:codes)", codes=[*codes])

    async def only_dealer(self, code: str, consultants: int | None = None) -> UUID:
        """Closes all dealers but one, and all its consultants but the first few: routing has one
        way to go."""
        await self.sql("UPDATE dealers SET active = (code = :code)", code=code)
        if consultants is not None:
            await self.sql(
                "UPDATE staff SET active = false WHERE role = 'consultant' AND dealer_id = (SELECT id FROM dealers"
                " WHERE code = :code) AND right(code, 1)::int > :kept",
                code=code,
                kept=consultants,
            )
        return (await self.sql("SELECT id FROM dealers WHERE code = :code", code=code))[0][0]


def resting(**told: Any) -> LifeAtRest:
    """A first life of the process ``lead``, which remembers nothing and stands nowhere unless it is
    said."""
    life = LifeAtRest(1, START, ProcessRef("lead", 1, "0" * 64), (ProcessRef("chase", 1, "1" * 64),), 1, {})
    return replace(life, **told)


async def publish(db: Database) -> None:
    async with db.transaction(SYSTEM, EVERYTHING) as tx:
        for path in rules.shipped():
            xml = path.read_bytes()
            (table,) = rules.read_table(xml)
            await definitions.publish_table(tx, table.key, table.key, xml, START - timedelta(days=30), "test")
