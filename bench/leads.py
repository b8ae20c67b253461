"""Leads through intake, grading, routing and the first task, against bare workflows on the same
server.

Both sides are timed from the first request until the last workflow rests: Baton's leads are settled
in the store, the floor's workflows have armed their timers. How many local activities and timers a
lead needs is read off a lead's history, not assumed. CPU time is read beside the wall's: it says
where the time goes even on a busy machine.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from asyncio.subprocess import Process
from dataclasses import dataclass
from uuid import UUID

import psutil
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from bench.floor import QUEUE, Bare
from bench.load import Job, send
from bench.report import Cell, Result
from bench.shape import Shape, shape_of
from bench.stack import PARTS, Stack, cpu_of, helper, spent, until
from cases.ids import workflow_id

LANES = 16
"""Requests in flight at once, on both sides."""
PATIENCE = 300.0
"""Seconds after which a side counts as stuck."""
_ALL_REST = "SELECT NOT EXISTS (SELECT FROM cases WHERE id = ANY($1::uuid[]) AND settled_at IS NULL)"


@dataclass(frozen=True)
class Side:
    """One side of a round: leads (or bare workflows) a second, and CPU milliseconds each by
    process."""

    rate: float
    cpu: dict[str, float]


@dataclass
class Floor:
    """The floor's worker and how many workflows rest in it."""

    process: Process
    resting: int = 0

    async def rest(self, count: int) -> None:
        """Waits until so many rest, all rounds together."""
        assert self.process.stdout is not None
        while self.resting < count:
            line = await self.process.stdout.readline()
            if not line:
                raise RuntimeError("the floor's worker ended")
            self.resting = int(line)


async def compare(stack: Stack, *, first: int, count: int, rounds: int) -> Result:
    """Baton and floor in turn, pair by pair; medians, and the median of the ratios."""
    client = await Client.connect(stack.temporal, data_converter=pydantic_data_converter)
    async with helper("bench.floor", stack.temporal) as process:
        floor = Floor(process)
        _, ids = await _through_baton(stack, first, count)  # warm-up, and a look at what a lead needs
        shape = await shape_of(client.get_workflow_handle(workflow_id(UUID(ids[0]))))
        await _through_the_floor(stack, client, floor, count, shape)
        pairs: list[tuple[Side, Side]] = []
        for number in range(1, rounds + 1):
            ours, _ = await _through_baton(stack, first + number * count, count)
            pairs.append((ours, await _through_the_floor(stack, client, floor, count, shape)))
    return _result(pairs, shape, count)


async def _through_baton(stack: Stack, first: int, count: int) -> tuple[Side, list[str]]:
    async with stack.rows() as rows:
        before = stack.cpu()
        sent = await send(Job(stack.api, first, count, LANES, seconds=PATIENCE))
        assert len(sent.ids) == count, f"{sent.refused} leads refused"
        # The sender's own start is no part of it, but all that happens from its first request on
        # is.
        begun = time.perf_counter() - sent.seconds

        async def all_rest() -> bool:
            return bool(await rows.fetchval(_ALL_REST, sent.ids))

        await until("all leads rest", all_rest, patience=PATIENCE, look=0.02)
        took = time.perf_counter() - begun
        return Side(count / took, _each(spent(before, stack.cpu()) | {"client": sent.cpu}, count)), sent.ids


async def _through_the_floor(stack: Stack, client: Client, floor: Floor, count: int, shape: Shape) -> Side:
    done = floor.resting
    numbers = iter(range(done, done + count))
    arguments = [shape.local_activities, shape.timers, shape.signals]

    async def lane() -> None:
        for number in numbers:
            await client.start_workflow(Bare.run, args=arguments, id=f"bare-{number}", task_queue=QUEUE)

    def cpu() -> dict[str, float]:
        return {
            "worker": cpu_of(psutil.Process(floor.process.pid)),
            "temporal": stack.cpu()["temporal"],
            "client": time.process_time(),
        }

    before, begun = cpu(), time.perf_counter()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(lane() for _ in range(LANES)))
        await floor.rest(done + count)
    took = time.perf_counter() - begun
    return Side(count / took, _each(spent(before, cpu()), count))


def _each(seconds: dict[str, float], count: int) -> dict[str, float]:
    return {name: 1000 * value / count for name, value in seconds.items()}


def _result(pairs: list[tuple[Side, Side]], shape: Shape, count: int) -> Result:
    ratio = statistics.median(ours.rate / bare.rate for ours, bare in pairs)
    rows = (_row("Baton", [ours for ours, _ in pairs]), _row("bare workflows", [bare for _, bare in pairs]))
    return Result(
        "leads",
        f"Leads to their first task ÷ bare workflows: {ratio:.2f} (aim ≥ 0.8)",
        rows,
        {"ratio": ratio, "leads_per_second": float(rows[0]["per second"] or 0)},
        (
            f"medians of {len(pairs)} rounds of {count}; each: {shape.local_activities} local activities, "
            f"{shape.timers} timer(s), {shape.signals} signals; CPU in ms each, by process",
        ),
    )


def _row(name: str, sides: list[Side]) -> dict[str, Cell]:
    cpu = {part: _median([side.cpu[part] for side in sides if part in side.cpu]) for part in (*PARTS, "client")}
    served = sum(value for part, value in cpu.items() if value is not None and part != "client")
    return {"side": name, "per second": statistics.median(side.rate for side in sides), **cpu, "CPU served": served}


def _median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None
