"""The real app over a real database with the demo network, tables and a process; leads in the
states tests need."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

import rules
from api.admission import Bound, RequestClass
from api.app import create_app
from api.aside import Pool
from cases.actors import EVERYTHING, SYSTEM
from cases.states import Status, TaskKind
from domain.kinds import KINDS
from store.engine.clocks import NewClock
from store.leads import leads
from store.network.network_seed import dealer_id, staff_id
from store.session import Database
from store.tables import definitions
from tests.databases import fresh, template
from tests.patience import PATIENT
from tests.servers import SharedPostgres
from tests.store import kept
from tests.timetravel import TestClock
from workflows import bpmn, processes

WORDS: Mapping[str, str] = {"follow-ups": "介绍了四驱系统", "invite": "约好周末到店", "visit": "看了两款车"}
"""What somebody writes of whom a test does not say it."""
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
_numbers = count(1)
ASIDE = Pool()
"""One for all tests of a run: starting it costs a second. It ends with the run."""


async def deploy(database: Database) -> None:
    """The shipped tables and the shipped process of each kind of case: the doors ask for no
    more."""
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        for path in rules.shipped():
            xml = path.read_bytes()
            for table in rules.read_table(xml):
                await definitions.publish_table(tx, table.key, table.name, xml, NOW, "system")
        for kind in KINDS.values():
            xml = processes.shipped()[kind.process]
            process = bpmn.read(xml).processes[kind.process]
            await definitions.deploy_process(tx, process.id, process.name, xml, process.calls, NOW, "system")


@dataclass
class Desk:
    """What a test says to the API, in its own words."""

    http: httpx.AsyncClient
    database: Database
    clock: TestClock

    async def send(self, *, key: str | None = None, by: str | None = None, **fields: Any) -> httpx.Response:
        """A channel sends a lead; anything not given is a decent one's."""
        lead = {"name": "华桂珍", "phone": phone(), "model": "傲虎", "channel": "maker.vertical.dongchedi"} | fields
        body = {name: value for name, value in lead.items() if value is not None}
        return await self.http.post("/api/v1/leads", json=body, headers=headers(by, key))

    async def created(self, **fields: Any) -> UUID:
        """A lead that the door took in."""
        answer = await self.send(**fields)
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["lead_id"])

    async def say(
        self, lead: UUID, what: str, by: str | None, body: Any = None, *, key: str | None = None
    ) -> httpx.Response:
        """A person states something about a lead; without a body in words of the test's own."""
        if body is None:
            body = {"content": WORDS[what]} if what in WORDS else {}
        return await self.http.post(f"/api/v1/leads/{lead}/{what}", json=body, headers=headers(by, key))

    async def get(self, path: str, **params: Any) -> Any:
        """What a screen reads."""
        answer = await self.http.get(f"/api/v1{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def list(self, path: str, **params: Any) -> Any:
        """The rows that a list shows on its only page."""
        found = await self.get(path, **params)
        assert found.keys() == {"items", "next"} and found["next"] is None
        return found["items"]

    async def told(self, lead: UUID) -> list[str]:
        """The kinds of the messages on their way to the lead's workflow."""
        return [kind for kind, _ in await self.messages(lead)]

    async def messages(self, lead: UUID) -> list[tuple[str, dict[str, Any]]]:
        rows = await self.rows("SELECT kind, data FROM outbox WHERE case_id = :lead ORDER BY seq", lead=lead)
        return [(row["kind"], row["data"]) for row in rows]

    async def rows(self, query: str, **params: Any) -> list[dict[str, Any]]:
        async with self.database.connect() as connection:
            return [dict(row) for row in (await connection.execute(text(query), params)).mappings()]

    async def execute(self, statement: str, **params: Any) -> None:
        """Changes rows past the API."""
        async with self.database.transaction(SYSTEM, EVERYTHING) as tx:
            await tx.session.execute(text(statement), params)

    # -- states that the process would have brought about -----------------------------------------

    async def at_consultant(self, owner: str = "BJ01-C1", **fields: Any) -> UUID:
        """A lead that was assigned, with its first follow-up due in 24 h."""
        lead = await self.created(**fields)
        dealer = owner.split("-")[0]
        async with self.database.transaction(SYSTEM, EVERYTHING) as tx:
            await leads.change(
                tx,
                lead,
                status=Status.WORKING,
                stage="first_follow_up_due",
                grade="B",
                dealer_id=dealer_id(dealer),
                owner_id=staff_id(owner),
                assigned_at=self.clock.now(),
                region="NORTH",
            )
        await self.task(lead, TaskKind.FIRST_FOLLOW_UP, "consultant", owner=owner, due=timedelta(hours=24))
        return lead

    async def task(
        self,
        lead: UUID,
        kind: TaskKind,
        role: str,
        *,
        owner: str | None = None,
        dealer: str | None = None,
        due: timedelta = timedelta(hours=24),
    ) -> UUID:
        """An open task, as the process settles it, with its clock."""
        dealer = dealer or (owner.split("-")[0] if owner and "-C" in owner else None)
        at = self.clock.now()
        owner_id = staff_id(owner) if owner else None
        place = dealer_id(dealer) if dealer else None
        async with self.database.transaction(SYSTEM, EVERYTHING) as tx:
            opened = await kept.task(tx, lead, kind, role, dealer=place, owner=owner_id, at=at, due=at + due)
            await kept.clock(tx, lead, NewClock(kind, None, owner_id, at, at + due, None))
            await tx.session.execute(
                text(
                    "UPDATE tasks SET clock_id = (SELECT id FROM sla_clocks WHERE case_id = :lead AND kind = :kind"
                    " AND stopped_at IS NULL) WHERE id = :task"
                ),
                {"lead": lead, "kind": str(kind), "task": opened},
            )
        return opened

    async def in_status(self, status: Status, **columns: Any) -> UUID:
        """A lead that its process has brought to a status."""
        lead = await self.created()
        async with self.database.transaction(SYSTEM, EVERYTHING) as tx:
            await leads.change(tx, lead, status=status, **columns)
        return lead


def phone() -> str:
    """A mobile number that no other lead of the test has."""
    return f"139{10_000_001 + next(_numbers) * 7}"


def headers(by: str | None = None, key: str | None = None, language: str | None = None) -> dict[str, str]:
    found = {"Baton-Actor": by, "Idempotency-Key": key, "Accept-Language": language}
    return {name: value for name, value in found.items() if value is not None}


@asynccontextmanager
async def desk_over(
    database: Database, clock: TestClock, bounds: Mapping[RequestClass, Bound] | None = None
) -> AsyncIterator[Desk]:
    app = create_app(database, clock, aside=ASIDE, bounds=bounds or PATIENT)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://baton") as http:
        yield Desk(http, database, clock)


@pytest.fixture(scope="session")
async def desk_template(pg: SharedPostgres, templates: dict[str, str]) -> str:
    return await template(pg, "template_desk", deploy, above=templates["network"])


@pytest.fixture
async def desk(pg: SharedPostgres, desk_template: str) -> AsyncIterator[Desk]:
    """An empty Baton with the demo network, at the instant ``NOW``."""
    async with fresh(pg, desk_template) as database, desk_over(database, TestClock(NOW)) as desk:
        yield desk
