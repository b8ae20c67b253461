"""How long a lead's history gets on Temporal, for three stories, against what could not be fewer
events.

On a stack of its own whose clock makes a day of ten seconds, so that a ladder is climbed while one
looks on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from bench.report import Cell, Result
from bench.samples import a_lead
from bench.shape import Shape, shape_of
from bench.stack import Stack, until
from cases.ids import workflow_id
from workflows.case import CaseWorkflow

SPEED = 8640.0
"""Of the application clock: a day in ten seconds."""
PATIENCE = 90.0
"""Wall seconds for any one thing to happen; a hand-over comes after fifteen."""


@dataclass(frozen=True)
class Life:
    """One lead, its people and its workflow."""

    stack: Stack
    client: Client
    http: httpx.AsyncClient
    id: str

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(workflow_id(UUID(self.id)))

    async def say(self, what: str, **body: Any) -> None:
        """Its owner states something, and it is worked off."""
        page = (await self.http.get(f"/api/v1/leads/{self.id}")).json()
        by = {"Baton-Actor": page["lead"]["owner"]["code"]}
        answer = await self.http.post(f"/api/v1/leads/{self.id}/{what}", json=body, headers=by)
        assert answer.status_code == 200, answer.text
        await self.rest()

    async def rest(self) -> None:
        """Waits until all that was stated has been worked off."""
        await until("the lead comes to rest", self._rests, patience=PATIENCE)

    async def happened(self, code: str) -> None:
        """Waits until the lead's history has such a line, and for the rest after it."""

        async def found() -> bool:
            async with self.stack.rows() as rows:
                query = "SELECT EXISTS (SELECT FROM timeline WHERE case_id = $1 AND code = $2)"
                return bool(await rows.fetchval(query, UUID(self.id), code))

        await until(code, found, patience=PATIENCE)
        await self.rest()

    async def _rests(self) -> bool:
        async with self.stack.rows() as rows:
            if await rows.fetchval("SELECT EXISTS (SELECT FROM outbox WHERE delivered_at IS NULL)"):
                return False
            told = await rows.fetchval("SELECT message_seq FROM cases WHERE id = $1", UUID(self.id))
        try:
            if (await self.handle.describe()).status is not WorkflowExecutionStatus.RUNNING:
                return True
            return await self.handle.query(CaseWorkflow.settled) == told
        except RPCError:
            return False  # the run ended between the two questions


async def _first_task(life: Life) -> None:
    await life.rest()


async def _won(life: Life) -> None:
    await life.rest()
    await life.say("follow-ups", channel="phone", content="介绍", answer="下周来看车")
    await life.say("follow-ups", channel="visit", content="试驾", answer="满意")
    await life.say("win", number=f"HT-{life.id[-8:]}", price=269_800, payment="deposit", deposit=5_000)


async def _handed_over(life: Life) -> None:
    await life.happened("handed_over")


STORIES: dict[str, tuple[str, Callable[[Life], Awaitable[None]]]] = {
    "up to the first task": ("A", _first_task),
    "two follow-ups, won": ("A", _won),
    "a ladder to the hand-over": ("H", _handed_over),
}
"""What is told: the lead's grade and what happens to it."""


async def measure(stack: Stack, *, only: tuple[str, ...] = tuple(STORIES)) -> Result:
    """Tells the stories on a stack with a clock of ``SPEED`` and counts."""
    client = await Client.connect(stack.temporal, data_converter=pydantic_data_converter)
    async with httpx.AsyncClient(base_url=stack.api, timeout=60, trust_env=False) as http:
        shapes = await asyncio.gather(*(_told(stack, client, http, place, name) for place, name in enumerate(only)))
    rows = tuple(_row(name, shape) for name, shape in zip(only, shapes, strict=True))
    worst = max(shape.events / shape.minimum for shape in shapes)
    return Result(
        "history",
        f"History events ÷ (5 + 5·timers + 4·signals + local activities): at most {worst:.2f} (aim ≤ 1.25)",
        rows,
        {"events_to_minimum": worst, "events_to_least": max(shape.events / shape.least for shape in shapes)},
        ("least: the minimum of what happened so far; an armed timer is 1 event, a cancelled one 2, an open end none",),
    )


async def _told(stack: Stack, client: Client, http: httpx.AsyncClient, place: int, name: str) -> Shape:
    grade, story = STORIES[name]
    answer = await http.post("/api/v1/leads", json=a_lead(place, grade))
    assert answer.status_code == 201, answer.text
    life = Life(stack, client, http, str(answer.json()["lead_id"]))
    await story(life)
    return await shape_of(life.handle)


def _row(name: str, shape: Shape) -> dict[str, Cell]:
    return {
        "story": name,
        "events": shape.events,
        "local activities": shape.local_activities,
        "signals": shape.signals,
        "timers fired": shape.fired,
        "cancelled": shape.cancelled,
        "armed": shape.armed,
        "minimum": shape.minimum,
        "÷ minimum": shape.events / shape.minimum,
        "least": shape.least,
        "÷ least": shape.events / shape.least,
    }
