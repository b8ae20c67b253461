"""Requests at a steady rate, and how long each takes to show its effect in the database.

An open loop: what comes late counts from the instant at which it was due, and nothing waits for
what was before it. Effects are looked for in the database, which is all that screens read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import httpx

from bench.report import Cell, percentile, spread
from bench.samples import a_lead
from bench.stack import PARTS, Stack, spent

LOOK = 0.01
"""Seconds between two looks: by so much at most an effect is seen too late."""
PATIENCE = 60.0

OWNED = "SELECT id FROM cases WHERE id = ANY($1) AND owner_id IS NOT NULL"
NEXT_TASK = "SELECT case_id FROM tasks WHERE case_id = ANY($1) AND kind = 'next_follow_up' AND status = 'open'"
_OWNERS = "SELECT cases.id, staff.code FROM cases JOIN staff ON staff.id = cases.owner_id WHERE cases.id = ANY($1)"

Request = Callable[[], Awaitable[UUID | None]]
"""Sends something and gives the lead that it is about; None if it was refused."""


@dataclass
class Flow:
    """Milliseconds from the instant at which each request was due: to its answer, and to its
    effect."""

    answered: list[float] = field(default_factory=list[float])
    seen: list[float] = field(default_factory=list[float])
    leads: list[UUID] = field(default_factory=list[UUID])
    refused: int = 0
    unseen: int = 0
    cpu: dict[str, float] = field(default_factory=dict[str, float])
    """CPU seconds by part, what the parts use by themselves included."""


async def flow(stack: Stack, rate: float, requests: Sequence[Request], effect: str) -> Flow:
    """Sends so many a second; ``effect`` is a query that gives those of some leads that show it."""
    found, pending = Flow(), dict[UUID, float]()

    async def one(due: float, request: Request) -> None:
        lead = await request()
        if lead is None:
            found.refused += 1
            return
        found.answered.append((time.perf_counter() - due) * 1000)
        found.leads.append(lead)
        pending[lead] = due

    async def send(begun: float) -> None:
        async with asyncio.TaskGroup() as group:
            for number, request in enumerate(requests):
                due = begun + number / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                group.create_task(one(due, request))

    before = stack.cpu()
    async with stack.rows() as rows:
        sending = asyncio.create_task(send(time.perf_counter()))
        end = time.perf_counter() + len(requests) / rate + PATIENCE
        while (pending or not sending.done()) and time.perf_counter() < end:
            await _look(rows, effect, pending, found)
            await asyncio.sleep(LOOK)
        await sending
    found.unseen, found.cpu = len(pending), spent(before, stack.cpu())
    return found


async def _look(rows: asyncpg.Connection, effect: str, pending: dict[UUID, float], found: Flow) -> None:
    for row in await rows.fetch(effect, list(pending)) if pending else ():
        found.seen.append((time.perf_counter() - pending.pop(row[0])) * 1000)


def new_leads(http: httpx.AsyncClient, first: int, count: int) -> list[Request]:
    """Leads that come in."""

    def send(number: int) -> Request:
        async def request() -> UUID | None:
            with suppress(httpx.HTTPError):
                answer = await http.post("/api/v1/leads", json=a_lead(number))
                if answer.status_code == 201:
                    return UUID(answer.json()["lead_id"])
            return None

        return request

    return [send(number) for number in range(first, first + count)]


async def follow_ups(stack: Stack, http: httpx.AsyncClient, leads: Sequence[UUID]) -> list[Request]:
    """A first follow-up of each lead, stated by whoever has it: what comes of it is the next
    task."""
    async with stack.rows() as rows:
        owners = {row[0]: row[1] for row in await rows.fetch(_OWNERS, list(leads))}
    said = {"channel": "phone", "content": "介绍", "answer": "下周来看车"}

    def send(lead: UUID) -> Request:
        async def request() -> UUID | None:
            with suppress(httpx.HTTPError):
                by = {"Baton-Actor": owners[lead]}
                answer = await http.post(f"/api/v1/leads/{lead}/follow-ups", json=said, headers=by)
                if answer.status_code == 200:
                    return lead
            return None

        return request

    return [send(lead) for lead in leads if lead in owners]


def row(what: str, flows: Sequence[Flow]) -> dict[str, Cell]:
    """Percentiles over all rounds; the spread is that of each round's p99."""
    answered = [one for flow in flows for one in flow.answered]
    seen = [one for flow in flows for one in flow.seen]
    return {
        "what": what,
        "count": len(seen),
        "answer p50 ms": percentile(answered, 0.50),
        "answer p99 ms": percentile(answered, 0.99),
        "p50 ms": percentile(seen, 0.50),
        "p99 ms": percentile(seen, 0.99),
        "p99 of the rounds": spread(percentile(flow.seen, 0.99) for flow in flows),
        "longest ms": max(seen, default=0.0),
        **{name: 1000 * sum(flow.cpu[name] for flow in flows) / max(len(seen), 1) for name in PARTS},
        "refused": sum(flow.refused for flow in flows),
        "never seen": sum(flow.unseen for flow in flows),
    }
