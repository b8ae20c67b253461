"""The whole of Baton in one test: API, store, relay, worker, Temporal; only time is ours.

A scenario reads: given a lead, when time passes or somebody states something, then the lead is
here. One world has one application clock; travelling moves it together with the workflow of the
lead that the test is about.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from prometheus_client import CollectorRegistry
from sqlalchemy import text
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowInput,
    WorkflowExecution,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowHistory,
)
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

import worker
from api.app import create_app
from cases.actors import EVERYTHING, SYSTEM
from cases.ids import workflow_id
from server import versions
from server.batches import Batches
from server.departures import Departures
from server.deployment import deploy_shipped
from server.relay import Relay
from server.settings import Settings
from store.session import Database
from store.tables import definitions
from tests.patience import PATIENT
from tests.scenarios.replays import replay
from tests.scenarios.story import Story
from tests.timetravel import MORNING, TestClock, by_hand

__all__ = ["MORNING", "Story", "World", "living_world", "shipped"]

WISHES: dict[str, dict[str, str | None]] = {
    "H": {"purchase_time": "一周内"},
    "A": {"purchase_time": "两周内"},
    "B": {"purchase_time": "一个月内"},
    "C": {"purchase_time": "三个月内"},
    "N": {"purchase_time": "半年内"},
}
"""What a customer says who, by the grade table, is of a grade."""

_loaded = set[str]()
"""The process versions that this process has in memory: versions never change."""

_phones = iter(range(13_900_010_000, 13_999_999_999, 7))


Carrier = Callable[["World"], Awaitable[object]]


@dataclass
class World:
    """What a scenario has at hand."""

    db: Database
    env: WorkflowEnvironment
    temporal: Client
    http: httpx.AsyncClient
    relay: Relay
    clock: TestClock
    queue: str
    carrier: Carrier | None = None

    # -- statements -------------------------------------------------------------------------------

    async def submit(self, **facts: Any) -> dict[str, Any]:
        """A channel sends a lead; gives the verdict's body. A fact that is None is left out."""
        body = {
            "name": "华桂珍",
            "phone": str(next(_phones)),
            "model": "傲虎",
            "budget": "25-30万",
            "purchase_time": "一周内",
            "city": "北京",
            "channel": ["厂商", "垂直媒体", "懂车帝"],
        } | facts
        answer = await self.http.post("/api/v1/leads", json={k: v for k, v in body.items() if v is not None})
        return {"status": answer.status_code, **answer.json()}

    async def new_lead(self, wish: str = "H", **facts: Any) -> Story:
        """A lead whose wish makes it one of this grade, accepted and come to rest."""
        verdict = await self.submit(**WISHES[wish] | facts)
        assert verdict["status"] == 201, verdict
        story = Story(self, str(verdict["lead_id"]), self.clock.now())
        await story.rest()
        return story

    async def state(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, by: str | None = None
    ) -> httpx.Response:
        """Any request, in somebody's name."""
        headers = {"Baton-Actor": by} if by else {}
        return await self.http.request(method, f"/api/v1{path}", json=body, headers=headers)

    # -- between store and Temporal ---------------------------------------------------------------

    async def carry(self) -> None:
        """Carries what was stated to the workflows: as the worker does, or as the test's own
        carrier does."""
        await Batches(self.db, self.clock).tell()
        gone = Departures(self.db, self.clock)
        while await gone.carry_on():
            pass
        await (self.carrier(self) if self.carrier else self.relay.drain())

    async def pending(self) -> bool:
        """Whether something that was stated has not been carried yet."""
        async with self.db.transaction(SYSTEM, EVERYTHING) as tx:
            query = "SELECT EXISTS (SELECT FROM outbox WHERE delivered_at IS NULL)"
            return bool(await tx.session.scalar(text(query)))

    async def histories(self, lead: Story) -> list[WorkflowHistory]:
        """The history of each run of a lead, the first run first."""
        runs = [one async for one in self.temporal.list_workflows(f'WorkflowId = "{lead.handle.id}"')]
        runs.sort(key=lambda one: one.start_time)
        return [await self.temporal.get_workflow_handle(one.id, run_id=one.run_id).fetch_history() for one in runs]

    async def replay_and_end(self) -> None:
        """Replays every history that was made, each run as it went, and ends what still lives."""
        async with self.db.transaction(SYSTEM, EVERYTHING) as tx:
            started = await tx.session.execute(
                text(
                    "SELECT id, kind FROM cases WHERE id IN (SELECT case_id FROM outbox WHERE delivered_at IS NOT NULL)"
                )
            )
            expected = {workflow_id(case, kind) for case, kind in started}
        runs: list[WorkflowExecution] = []
        until = time.monotonic() + 10
        while not expected <= {one.id for one in runs}:  # the list may be a moment behind
            assert time.monotonic() < until, "Temporal does not know some of the leads"
            runs = [one async for one in self.temporal.list_workflows(f'TaskQueue = "{self.queue}"')]
        handles = [self.temporal.get_workflow_handle(one.id, run_id=one.run_id) for one in runs]
        await replay(handles)
        living = [h for h, one in zip(handles, runs, strict=True) if one.status is WorkflowExecutionStatus.RUNNING]
        await asyncio.gather(*(_end(handle) for handle in living))


async def _end(handle: WorkflowHandle[Any, Any]) -> None:
    with contextlib.suppress(RPCError):  # it has ended since it was listed
        await handle.terminate("test is over")


class Starts(Interceptor):
    """Makes every lead continue as new after waking up so many times, or another timeout of its
    tasks."""

    def __init__(self, wakes: int | None, task_timeout: timedelta | None) -> None:
        self.wakes, self.task_timeout = wakes, task_timeout

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        wakes, task_timeout = self.wakes, self.task_timeout

        class Otherwise(OutboundInterceptor):
            async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:
                if wakes is not None:
                    input.args = [replace(life, wakes=wakes) for life in input.args]
                input.task_timeout = task_timeout or input.task_timeout
                return await super().start_workflow(input)

        return Otherwise(next)


async def shipped(db: Database, at: datetime) -> None:
    """Deploys what is shipped, since the day before, unless the database has it; takes the
    processes into memory."""
    async with db.transaction(SYSTEM, EVERYTHING) as tx:
        if not await definitions.newest_refs(tx):
            await deploy_shipped(tx, at - timedelta(days=1))
    _loaded.update(await versions.load_newest(db, _loaded))


@asynccontextmanager
async def living_world(
    db: Database,
    env: WorkflowEnvironment,
    at: datetime = MORNING,
    *,
    wakes: int | None = None,
    task_timeout: timedelta | None = None,
) -> AsyncIterator[World]:
    """Baton over a database with the demo network, with the shipped processes and tables, at an
    instant.

    With ``wakes`` each run of a lead is as short as that. A workflow task that failed twice comes
    back after ``task_timeout`` (without one, after ``server.temporal.TAKEN_OVER``).

    Every history that was made is replayed in the end; a run that goes another way fails the test.
    """
    clock = TestClock(at)
    await shipped(db, at)
    queue = f"world-{uuid4()}"
    temporal = by_hand(env)
    if wakes is not None or task_timeout is not None:
        config = temporal.config()
        config["interceptors"] = [*config["interceptors"], Starts(wakes, task_timeout)]
        temporal = Client(**config)
    relay = Relay(db, temporal, clock=clock, task_queue=queue, registry=CollectorRegistry())
    transport = httpx.ASGITransport(app=create_app(db, clock, bounds=PATIENT))
    settings = Settings(stop_timeout=1)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://baton") as http,
        worker.build(env.client, db, settings, task_queue=queue),
    ):
        world = World(db, env, temporal, http, relay, clock, queue)
        yield world
        await world.replay_and_end()
