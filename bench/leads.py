"""Leads through intake, grading, routing and the first task: by Baton, by a rival written by hand,
and bare workflows on the same server.

All sides are timed from the first request until the last workflow rests: leads are settled in the
store, bare workflows have armed their timers. They take turns within one run, another first in each
round. CPU time is read beside the wall's: it says where the time goes even on a busy machine.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count as numbers
from uuid import UUID

import psutil
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from bench.floor import QUEUE, Bare
from bench.load import Job, send
from bench.report import Cell, Result, spread
from bench.shape import Shape, shape_of
from bench.stack import PARTS, Stack, cpu_of, helper, spent, until
from cases.ids import workflow_id

STEPS = 7
"""Local activities of a bare workflow: a lead's six steps to its first task, and its rest. A fixed
number, so that the floor stays where it is when Baton does them with fewer."""
LANES = 16
"""Requests in flight at once, on both sides."""
PATIENCE = 300.0
"""Seconds after which a side counts as stuck."""
BATON, RIVAL, BARE = "Baton", "by hand", "bare workflows"
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


class Rival:
    """The rival's worker. It stands still unless it is its turn, and Baton's does while it is."""

    def __init__(self, stack: Stack, process: Process) -> None:
        self._stack = stack
        self.process = psutil.Process(process.pid)
        self.process.suspend()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """New leads are its own within this block."""
        with self._stack.stopped("worker"):
            self.process.resume()
            try:
                yield
            finally:
                self.process.suspend()

    def cpu(self) -> dict[str, float]:
        """CPU seconds of the parts, with its own worker in the place of Baton's."""
        return self._stack.cpu() | {"worker": cpu_of(self.process)}


@asynccontextmanager
async def rival(stack: Stack) -> AsyncIterator[Rival]:
    """A rival beside a running Baton, ready for its turn."""
    async with helper("bench.rival.worker", stack.temporal, stack.database) as process:
        assert process.stdout is not None
        if await process.stdout.readline() != b"ready\n":
            raise RuntimeError("the rival's worker did not start")
        made = Rival(stack, process)
        try:
            yield made
        finally:
            made.process.resume()  # what stands still would never end


async def compare(stack: Stack, *, first: int, count: int, rounds: int) -> Result:
    """The three sides in turn; medians, and the medians of the ratios of each round."""
    client = await Client.connect(stack.temporal, data_converter=pydantic_data_converter)
    await stack.make_room()
    people = numbers(first)
    found: dict[str, list[Side]] = {BATON: [], RIVAL: [], BARE: []}
    async with helper("bench.floor", stack.temporal) as process, rival(stack) as other:
        floor = Floor(process)

        async def ours() -> Side:
            return (await leads_through(stack, people, count, stack.cpu))[0]

        async def theirs() -> Side:
            with other.turn():
                return (await leads_through(stack, people, count, other.cpu))[0]

        shapes = await _shapes(stack, client, people, other)

        async def bare() -> Side:
            return await _through_the_floor(stack, client, floor, count, shapes[BATON].timers)

        sides: list[tuple[str, Callable[[], Awaitable[Side]]]] = [(BATON, ours), (RIVAL, theirs), (BARE, bare)]
        for _, side in sides:
            await side()  # warm-up
        for _ in range(rounds):
            for name, side in sides:
                found[name].append(await side())
            sides.append(sides.pop(0))
        shapes[BARE] = await shape_of(client.get_workflow_handle("bare-0"))
    return _result(found, shapes, count)


async def leads_through(
    stack: Stack, people: Iterator[int], count: int, cpu: Callable[[], dict[str, float]]
) -> tuple[Side, list[str]]:
    """Leads from the first request until the last has its first task, and their ids; one lead goes
    before them, which wakes those that stood still."""
    async with stack.rows() as rows:

        async def all_through(leads: int) -> tuple[float, float, list[str]]:
            job = Job(stack.api, next(people), leads, LANES, seconds=PATIENCE, again=True)
            for _ in range(leads - 1):
                next(people)
            sent = await send(job)
            if len(sent.ids) != leads:
                raise RuntimeError(f"{sent.refused} of {leads} leads refused")
            # The sender's own start is no part of it, but all that happens from its first request
            # on is.
            begun = time.perf_counter() - sent.seconds

            async def all_rest() -> bool:
                return bool(await rows.fetchval(_ALL_REST, sent.ids))

            await until("all leads rest", all_rest, patience=PATIENCE, look=0.02)
            return time.perf_counter() - begun, sent.cpu, sent.ids

        await all_through(1)
        before = cpu()
        took, client, ids = await all_through(count)
        return Side(count / took, _each(spent(before, cpu()) | {"client": client}, count)), ids


async def _shapes(stack: Stack, client: Client, people: Iterator[int], other: Rival) -> dict[str, Shape]:
    """The histories of one lead of each side."""
    _, (ours,) = await leads_through(stack, people, 1, stack.cpu)
    with other.turn():
        _, (theirs,) = await leads_through(stack, people, 1, other.cpu)
    leads = {BATON: ours, RIVAL: theirs}
    return {name: await shape_of(client.get_workflow_handle(workflow_id(UUID(one)))) for name, one in leads.items()}


async def _through_the_floor(stack: Stack, client: Client, floor: Floor, count: int, timers: int) -> Side:
    done = floor.resting
    starting = iter(range(done, done + count))
    arguments = [STEPS, timers, 0]

    async def lane() -> None:
        for number in starting:
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


def _result(found: dict[str, list[Side]], shapes: dict[str, Shape], count: int) -> Result:
    rates = {name: [side.rate for side in sides] for name, sides in found.items()}
    ratios = {
        other: [ours / theirs for ours, theirs in zip(rates[BATON], rates[other], strict=True)]
        for other in (RIVAL, BARE)
    }
    rows = tuple(_row(name, sides, ratios.get(name), shapes[name]) for name, sides in found.items())
    to_rival, to_floor = (statistics.median(ratios[other]) for other in (RIVAL, BARE))
    return Result(
        "leads",
        f"Leads to their first task ÷ the rival by hand: {to_rival:.2f}, ÷ bare workflows: {to_floor:.2f} (aim ≥ 0.8)",
        rows,
        {
            "ratio": to_floor,
            "ratio_to_rival": to_rival,
            "leads_per_second": statistics.median(rates[BATON]),
            "cpu_ms": float(rows[0]["all"] or 0),
            "events": float(shapes[BATON].events),
        },
        (
            f"medians of {len(found[BATON])} rounds of {count}, in turn; Baton ÷: its rate by this side's, in the same"
            " round; CPU in ms each, by process, the client apart",
            f"the rival: one local activity, one transaction, the same rows; bare: {STEPS} empty local activities and "
            f"{shapes[BATON].timers} timer(s), no API, no database",
        ),
    )


def _row(name: str, sides: list[Side], ratios: list[float] | None, shape: Shape) -> dict[str, Cell]:
    cpu = {part: _median([side.cpu[part] for side in sides if part in side.cpu]) for part in (*PARTS, "client")}
    served = sum(value for part, value in cpu.items() if value is not None and part != "client")
    rates = [side.rate for side in sides]
    return {
        "side": name,
        "per second": statistics.median(rates),
        "spread": spread(rates),
        "Baton ÷": None if ratios is None else statistics.median(ratios),
        "of ÷": "" if ratios is None else spread(ratios),
        **cpu,
        "all": served,
        "events": shape.events,
    }


def _median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None
