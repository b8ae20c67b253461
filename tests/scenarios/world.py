"""The whole of Baton in one test: API, store, relay, worker, Temporal; only time is ours.

A scenario reads: given a lead, when time passes or somebody states something, then the lead is here. One world has one
application clock; travelling moves it together with the workflow of the lead that the test is about.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
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
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import worker
from api.app import create_app
from leads.actors import EVERYTHING, SYSTEM
from leads.ids import workflow_id
from relay import Relay
from runtime import versions
from runtime.batches import Batches
from runtime.deployment import deploy_shipped
from runtime.settings import Settings
from store.session import Database
from tests.scenarios.story import Story
from tests.timetravel import TestClock, by_hand
from workflows.lead import LeadWorkflow

__all__ = ["MORNING", "Story", "World", "living_world", "replayer"]

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
WISHES: dict[str, dict[str, str | None]] = {
    "H": {"purchase_time": "一周内"},
    "A": {"purchase_time": "两周内"},
    "B": {"purchase_time": "一个月内"},
    "C": {"purchase_time": "三个月内"},
    "N": {"purchase_time": "半年内"},
}
"""What a customer says who, by the grade table, is of a grade."""

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

    # -- statements ------------------------------------------------------------------------------------------------

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

    # -- between store and Temporal ----------------------------------------------------------------------------------

    async def carry(self) -> None:
        """Carries what was stated to the workflows: as the worker does, or as the test's own carrier does."""
        await Batches(self.db, self.clock).tell()
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
            started = await tx.session.scalars(
                text("SELECT DISTINCT lead_id FROM outbox WHERE delivered_at IS NOT NULL")
            )
            expected = {workflow_id(lead) for lead in started}
        runs: list[WorkflowExecution] = []
        until = time.monotonic() + 10
        while not expected <= {one.id for one in runs}:  # the list may be a moment behind
            assert time.monotonic() < until, "Temporal does not know some of the leads"
            runs = [one async for one in self.temporal.list_workflows(f'TaskQueue = "{self.queue}"')]
        replays = replayer()
        for one in runs:
            run = self.temporal.get_workflow_handle(one.id, run_id=one.run_id)
            await replays.replay_workflow(await run.fetch_history())
            if one.status is WorkflowExecutionStatus.RUNNING:
                with contextlib.suppress(RPCError):  # it has ended since it was listed
                    await run.terminate("test is over")


def replayer() -> Replayer:
    """Replays histories as a worker would."""
    return Replayer(
        workflows=[LeadWorkflow],
        workflow_runner=SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules(*worker.PASSED_THROUGH)
        ),
        data_converter=pydantic_data_converter,
    )


class ShortRuns(Interceptor):
    """Makes every lead continue as new after waking up so many times."""

    def __init__(self, wakes: int) -> None:
        self.wakes = wakes

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        wakes = self.wakes

        class Short(OutboundInterceptor):
            async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:
                input.args = [replace(life, wakes=wakes) for life in input.args]
                return await super().start_workflow(input)

        return Short(next)


@asynccontextmanager
async def living_world(
    db: Database, env: WorkflowEnvironment, at: datetime = MORNING, *, wakes: int | None = None
) -> AsyncIterator[World]:
    """Baton over a database with the demo network, with the shipped processes and tables, at an instant.

    With ``wakes`` each run of a lead is as short as that.

    Every history that was made is replayed in the end; a run that goes another way fails the test.
    """
    clock = TestClock(at)
    async with db.transaction(SYSTEM, EVERYTHING) as tx:
        await deploy_shipped(tx, at - timedelta(days=1))
    await versions.load_newest(db)
    queue = f"world-{uuid4()}"
    temporal = by_hand(env)
    if wakes is not None:
        config = temporal.config()
        config["interceptors"] = [*config["interceptors"], ShortRuns(wakes)]
        temporal = Client(**config)
    relay = Relay(db, temporal, clock=clock, task_queue=queue, registry=CollectorRegistry())
    transport = httpx.ASGITransport(app=create_app(db, clock))
    settings = Settings(stop_timeout=1)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://baton") as http,
        worker.build(env.client, db, settings, task_queue=queue),
    ):
        world = World(db, env, temporal, http, relay, clock, queue)
        yield world
        await world.replay_and_end()
