"""Baton as it runs in production: the worker is a process of its own, which a test may kill, and
logs to a file.

The API answers inside the test, on a clock that the test sets. A stack has a database and a
Temporal namespace to itself, so that many run side by side on the same servers.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from api.app import create_app
from cases.actors import EVERYTHING, SYSTEM
from cases.clock import ClockSpec
from cases.ids import workflow_id
from store.engine import clock as clock_row
from store.session import Database
from tests.patience import PATIENT
from tests.scenarios.replays import replayer
from tests.scenarios.victims import Process
from tests.scenarios.world import MORNING, shipped
from tests.servers import TemporalServer, free_port
from tests.timetravel import TestClock
from workflows.case import CaseWorkflow

PATIENCE = 120.0
"""Seconds of wall time for anything; a killed worker's last task comes back from Temporal after
three."""


async def eventually(what: str, holds: Callable[[], Awaitable[Any]], patience: float = PATIENCE) -> None:
    """Asks until it holds."""
    until = time.monotonic() + patience
    while not await holds():
        assert time.monotonic() < until, f"never: {what}"
        await asyncio.sleep(0.1)


@dataclass
class Workers:
    """One worker at a time; whoever dies is succeeded by one that nobody kills. ``ends`` are their
    exit codes."""

    env: dict[str, str]
    log: Path
    ends: list[int] = field(default_factory=list[int])
    _present: Process | None = None
    _keeping: asyncio.Task[None] | None = None
    _may_succeed: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self, point: str | None = None) -> None:
        """Starts one that dies at ``point``, if any, and sees to its succession."""
        self._present = Process("worker", point, self.env, self.log)
        self._may_succeed.set()
        self._keeping = asyncio.create_task(self._keep(self._present))

    def stay_alone(self) -> None:
        """Whatever becomes of the present one, nobody follows until ``succeed``."""
        self._may_succeed.clear()

    def kill(self) -> None:
        """Kills the present one; nobody follows until ``succeed``."""
        assert self._present is not None
        self.stay_alone()
        self._present.kill()

    def succeed(self) -> None:
        self._may_succeed.set()

    async def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
        if self._present is not None:
            await self._present.stop()

    def said(self) -> str:
        """All that they have logged."""
        return self.log.read_text(errors="replace")

    async def _keep(self, present: Process) -> None:
        while True:
            self.ends.append(await present.end())
            await self._may_succeed.wait()
            present = self._present = Process("worker", None, self.env, self.log)


@dataclass
class Stack:
    """What a test has at hand."""

    db: Database
    temporal: Client
    http: httpx.AsyncClient
    clock: TestClock
    spec: ClockSpec
    workers: Workers
    kinds: dict[str, str] = field(default_factory=dict[str, str])
    """Of the cases that are no leads."""

    # -- stating ----------------------------------------------------------------------------------

    async def send(self, *bodies: dict[str, Any]) -> list[str]:
        """Sends new leads in one request, and so in one transaction; gives their ids."""
        answer = await self.http.post("/api/v1/leads:batch", json={"leads": list(bodies)})
        assert answer.status_code == 200, answer.text
        rows = answer.json()["rows"]
        assert {row["verdict"] for row in rows} == {"created"}, rows
        return [str(row["lead_id"]) for row in rows]

    async def post(self, lead: str, what: str, body: dict[str, Any], *, by: str) -> httpx.Response:
        return await self.http.post(f"/api/v1/leads/{lead}/{what}", json=body, headers={"Baton-Actor": by})

    async def say(self, lead: str, what: str, body: dict[str, Any], *, by: str) -> None:
        """A statement that is accepted and worked off."""
        answer = await self.post(lead, what, body, by=by)
        assert answer.status_code == 200, answer.text
        await self.rest(lead)

    async def show(self, lead: str) -> dict[str, Any]:
        """The lead's own line on a screen."""
        answer = await self.http.get(f"/api/v1/leads/{lead}")
        assert answer.status_code == 200, answer.text
        return answer.json()["lead"]

    async def owner(self, lead: str) -> str:
        return str((await self.show(lead))["owner"]["code"])

    # -- looking ----------------------------------------------------------------------------------

    def handle(self, lead: str) -> WorkflowHandle[Any, Any]:
        return self.temporal.get_workflow_handle(workflow_id(UUID(lead), self.kinds.get(lead, "lead")))

    async def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        async with self.db.transaction(SYSTEM, EVERYTHING) as tx:
            return [dict(row) for row in (await tx.session.execute(text(query), values)).mappings()]

    async def rest(self, *leads: str) -> None:
        """Waits until every fact has reached its workflow and these leads only wait, whoever dies
        meanwhile."""
        await eventually("everything is delivered", self._all_delivered)
        for lead in leads:
            await eventually("the lead comes to rest", lambda lead=lead: self._rests(lead))

    async def everybody_is_told(self) -> None:
        async def told() -> bool:
            return not await self.rows(
                "SELECT 1 FROM notifications WHERE spread_at IS NULL"
                " UNION ALL SELECT 1 FROM deliveries WHERE delivered_at IS NULL AND given_up_at IS NULL"
            )

        await eventually("everybody is told", told)

    async def runs(self, lead: str) -> list[WorkflowExecution]:
        """Every run of the lead's workflow that Temporal has seen."""
        seen: list[WorkflowExecution] = []
        while not seen:  # the list may be a moment behind
            seen = [one async for one in self.temporal.list_workflows(f'WorkflowId = "{self.handle(lead).id}"')]
        return seen

    async def replay(self, lead: str) -> None:
        """What the workers did together must be what one would have done."""
        await replayer().replay_workflow(await self.handle(lead).fetch_history())

    async def _all_delivered(self) -> bool:
        return not await self.rows("SELECT 1 FROM outbox WHERE delivered_at IS NULL")

    async def _rests(self, lead: str) -> bool:
        (row,) = await self.rows("SELECT message_seq FROM cases WHERE id = :lead", lead=UUID(lead))
        try:
            if (await self.handle(lead).describe()).status is not WorkflowExecutionStatus.RUNNING:
                return True
            asked = self.handle(lead).query(CaseWorkflow.settled, rpc_timeout=timedelta(seconds=5))
            return await asked == row["message_seq"]
        except RPCError:  # nobody there to answer, or the run ended between the two questions
            return False

    # -- time -------------------------------------------------------------------------------------

    async def travel(self, lead: str, by: timedelta) -> None:
        """Lets time pass for one lead; whatever falls due on the way happens at its own instant."""
        await TimeSkipper(self.temporal).fast_forward(self.handle(lead), by)
        await self.rest(lead)

    async def now(self, lead: str) -> datetime:
        """The lead's present on the application clock."""
        return self.spec.at(await TimeSkipper(self.temporal).get_current_time(self.handle(lead)))


@asynccontextmanager
async def stack(
    url: str,
    temporal: TemporalServer,
    directory: Path,
    *,
    namespace: str = "default",
    point: str | None = None,
    api_too: bool = False,
    **settings: str,
) -> AsyncIterator[Stack]:
    """Baton over a database with the demo network, at ``MORNING``, with one worker; logs are in
    ``directory``.

    ``api_too`` makes the API a process as well, on the worker's clock. ``settings`` are further
    ``BATON_*`` variables.
    """
    clock = TestClock(MORNING)
    spec = clock.spec
    db = Database(url, pool_size=3)
    async with db.transaction(SYSTEM, EVERYTHING) as tx:
        await clock_row.save(tx, spec)
    await shipped(db, MORNING)
    client = await Client.connect(temporal.address, namespace=namespace, data_converter=pydantic_data_converter)
    env = environment(url, temporal, directory, namespace) | settings
    workers = Workers(env, directory / f"{namespace}-worker.log")
    api = _api(env, directory / f"{namespace}-api.log") if api_too else _inside(db, clock)
    async with api as http:
        try:
            workers.start(point)
            yield Stack(db, client, http, clock, spec, workers)
        finally:
            await workers.stop()
            await db.close()


@asynccontextmanager
async def _inside(db: Database, clock: TestClock) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(db, clock, bounds=PATIENT), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://baton") as http:
        yield http


@asynccontextmanager
async def _api(env: dict[str, str], log: Path) -> AsyncIterator[httpx.AsyncClient]:
    process = Process("api", None, env, log)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{env['BATON_PORT']}", timeout=30) as http:

        async def answers() -> bool:
            assert process.runs, f"it ended: see {log}"
            with suppress(httpx.TransportError):
                return (await http.get("/health/ready")).status_code == 200
            return False

        try:
            await eventually("the API answers", answers)
            yield http
        finally:
            await process.stop()


def environment(url: str, temporal: TemporalServer, directory: Path, namespace: str) -> dict[str, str]:
    """The settings of the stack's processes."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BATON_", "TEMPORAL_"))}
    return clean | {
        "BATON_HOME": str(directory / namespace),
        "BATON_DATABASE_URL": url,
        "BATON_DATABASE_POOL": "2",
        "BATON_TEMPORAL_ADDRESS": temporal.address,
        "BATON_TEMPORAL_NAMESPACE": namespace,
        "BATON_METRICS_PORT": str(free_port()),
        "BATON_PORT": str(free_port()),
        "BATON_LOG_LEVEL": "info",
        "BATON_LOG_FORMAT": "json",
        "BATON_STOP_TIMEOUT": "20",
    }
