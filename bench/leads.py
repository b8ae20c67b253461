"""Leads through intake, grading, routing and the first task, against bare workflows on the same server.

Both sides are timed from the first request until the last workflow rests: Baton's leads are settled in the store, the
floor's workflows have armed their timer. The number of local activities a lead needs is read off a lead's history, not
assumed.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

import asyncpg
import httpx
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter

from bench.floor import QUEUE, Bare
from bench.stack import Stack
from leads.ids import workflow_id

CITIES = ("北京", "上海", "广州", "成都", "武汉", "西安", "杭州", "南京")
MODELS = ("傲虎", "森林人", "旭豹", "力狮", "BRZ", "翼豹WRX")
LANES = 16
"""Requests in flight at once, on both sides."""


@dataclass(frozen=True)
class Shape:
    """What a lead costs on Temporal until its first task."""

    events: int
    timers: int
    signals: int
    local_activities: int

    @property
    def minimum(self) -> int:
        """5 for start and end, 5 a timer, 4 a signal, 1 a local activity."""
        return 5 + 5 * self.timers + 4 * self.signals + self.local_activities


def a_lead(number: int) -> dict[str, object]:
    """A complete lead that goes straight to a dealer."""
    return {
        "name": "华桂珍",
        "phone": str(13_800_200_000 + number * 37),
        "model": MODELS[number % len(MODELS)],
        "budget": "25-30万",
        "purchase_time": ("一周内", "两周内", "一个月内")[number % 3],
        "city": CITIES[number % len(CITIES)],
        "channel": ["厂商", "垂直媒体", "懂车帝"],
    }


async def through_baton(stack: Stack, first: int, count: int) -> tuple[float, list[str]]:
    """Leads a second from the first request until all have their first task, and their ids."""
    connection = await asyncpg.connect(stack.database.replace("+asyncpg", ""))
    numbers = iter(range(first, first + count))
    ids: list[str] = []
    async with httpx.AsyncClient(base_url=stack.api, timeout=60) as http:

        async def lane() -> None:
            for number in numbers:
                answer = await http.post("/api/v1/leads", json=a_lead(number))
                assert answer.status_code == 201, answer.text
                ids.append(answer.json()["lead_id"])

        begun = time.perf_counter()
        await asyncio.gather(*(lane() for _ in range(LANES)))
        while True:
            resting = await connection.fetchval("SELECT count(*) FROM leads WHERE settled_at IS NOT NULL AND id = ANY($1)", ids)
            if resting == count:
                break
            await asyncio.sleep(0.02)
        took = time.perf_counter() - begun
    await connection.close()
    return count / took, ids


async def through_the_floor(client: Client, first: int, count: int, steps: int) -> float:
    """Bare workflows a second, from the first start until all rest."""
    numbers = iter(range(first, first + count))
    handles: list[WorkflowHandle[Bare, None]] = []

    async def lane() -> None:
        for number in numbers:
            handles.append(await client.start_workflow(Bare.run, steps, id=f"bare-{number}", task_queue=QUEUE))

    begun = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(LANES)))
    for handle in handles:
        while not await handle.query(Bare.resting):
            await asyncio.sleep(0.005)
    return count / (time.perf_counter() - begun)


async def shape_of(client: Client, lead_id: str) -> Shape:
    """Counts a lead's history."""
    history = await client.get_workflow_handle(workflow_id(lead_id)).fetch_history()
    kinds = [event.event_type for event in history.events]
    return Shape(
        len(kinds),
        kinds.count(EventType.EVENT_TYPE_TIMER_STARTED),
        kinds.count(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED),
        kinds.count(EventType.EVENT_TYPE_MARKER_RECORDED),
    )


async def compare(stack: Stack, *, count: int, rounds: int) -> dict[str, float]:
    """Baton and floor in turn, pair by pair; medians and the median of the ratios."""
    client = await Client.connect(stack.temporal, data_converter=pydantic_data_converter)
    with subprocess.Popen([sys.executable, "-m", "bench.floor", stack.temporal]) as floor_worker:
        try:
            _, ids = await through_baton(stack, 0, count // 2)  # warm-up, and a look at what a lead needs
            shape = await shape_of(client, ids[0])
            await through_the_floor(client, 0, count // 2, shape.local_activities)
            pairs: list[tuple[float, float]] = []
            for number in range(1, rounds + 1):
                ours, _ = await through_baton(stack, number * count, count)
                bare = await through_the_floor(client, number * count, count, shape.local_activities)
                pairs.append((ours, bare))
        finally:
            floor_worker.terminate()
    return {
        "leads_per_second": statistics.median(ours for ours, _ in pairs),
        "bare_per_second": statistics.median(bare for _, bare in pairs),
        "ratio": statistics.median(ours / bare for ours, bare in pairs),
        "local_activities": shape.local_activities,
    }
