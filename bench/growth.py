"""What more and more sleeping leads cost, and what they slow down: the same questions at each size
of one Baton.

A lead sleeps when its first task is open: its workflow waits for a timer that lies hours ahead or
for a message. Filling goes through the API in batches, so that every lead is a whole one.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from bench.filling import RESTING, fill, say
from bench.leads import leads_through
from bench.report import Cell, Result, percentile
from bench.samples import a_lead
from bench.stack import PARTS, Stack, spent, until
from bench.steady import NEXT_TASK, flow, follow_ups
from bench.weight import a_lead as weight_of_a_lead
from bench.weight import weights

Row = Mapping[str, Cell]

RATE = 10.0
"""Statements a second."""
ASKED = 30
"""Requests of each kind at each size, and leads of the rate at it."""
LOOK = 0.01
_SLEEPING = """
    SELECT cases.id FROM cases WHERE kind = 'lead' AND stage = 'first_follow_up_due' ORDER BY opened_at LIMIT $1
"""


async def measure(
    stack: Stack, *, sizes: tuple[int, ...], idle: float, asked: int = ASKED
) -> tuple[Result, Result, Result]:
    """One row a size in the first two tables, from the smallest; in the third one for each table of
    the database, at the largest. ``idle`` is for how many seconds nothing is asked."""
    await stack.make_room()
    people, asleep, slowed = count(0), list[Row](), list[Row]()
    async with httpx.AsyncClient(base_url=stack.api, timeout=60, trust_env=False) as http:
        await _fill(stack, people, 1)  # what is made with the first lead is no lead's
        empty, then = await _stored(stack), await weights(stack)
        now, were = then, await stack.count(RESTING)
        for size in sorted(sizes):
            asleep.append(await _asleep(stack, people, size, idle, empty, asleep[-1] if asleep else None))
            now = await weights(stack)
            _say(asleep[-1])
            slowed.append(await _slowed(stack, http, people, asked))
            _say(slowed[-1])
    last = asleep[-1]
    sleepers = Result(
        "sleepers",
        f"{last['leads']:,} sleeping leads: idle they take {float(last['idle %'] or 0):.1f} % of a core, "
        f"{float(last['db kB a lead'] or 0):.1f} kB each in the database",
        tuple(asleep),
        {name: float(last[key] or 0) for name, key in _SLEEPERS.items()},
        (
            f"idle: CPU of all parts in {idle:.0f} s, in % of one core; kB a lead on disk since the first one was"
            " there",
            "worker kB a lead: by what more it has than at the row before, by the leads that came in since (it keeps"
            " 1,000 workflows, or as many as --cache says)",
        ),
    )
    growth = Result(
        "growth",
        f"With {slowed[-1]['leads']:,} leads: next task p99 {float(slowed[-1]['next task p99 ms'] or 0):,.0f} ms",
        tuple(slowed),
        {name: float(slowed[-1][key] or 0) for name, key in _GROWTH.items()},
        (
            f"{asked} of each: leads to their first task, statements at {RATE:.0f} a second, pages of the list",
            "restart: from the worker's death (SIGKILL) to the next task after a statement made at that instant,"
            " and to the first task of a lead that comes in then",
        ),
    )
    return sleepers, growth, weight_of_a_lead(then, now, int(last["leads"] or 0) - were)


def _say(row: Row) -> None:
    """What was found so far, should the run be stopped."""
    say(", ".join(f"{name} {value:,.1f}" for name, value in row.items() if isinstance(value, (int, float))))


_SLEEPERS = {
    "idle_percent": "idle %",
    "worker_kb_a_lead": "worker kB a lead",
    "database_kb_a_lead": "db kB a lead",
    "temporal_kb_a_lead": "temporal kB a lead",
}
_GROWTH = {
    "leads_per_second": "leads/s",
    "cpu_ms_a_lead": "CPU ms a lead",
    "next_task_p99_ms": "next task p99 ms",
    "restart_seconds": "restart → next task s",
}


async def _asleep(
    stack: Stack, people: Iterator[int], size: int, idle: float, empty: Mapping[str, float], last: Row | None
) -> Row:
    """What so many sleeping leads cost. A worker is compared with the one before it when that had
    its leads, for it was killed since: a new one has none of its workflows in memory yet."""
    before = float(last["worker MB"] or 0) * 1e6 if last else _memory(stack)
    were = await stack.count(RESTING)
    filled = await _fill(stack, people, size)
    resting = await _idle(stack, idle)
    leads, memory, there = await stack.count(RESTING), _memory(stack), await _stored(stack)
    each = {name: (there[name] - empty[name]) / leads / 1000 for name in there}
    return {
        "leads": leads,
        "filled/s": filled,
        "idle %": sum(resting.values()),
        **{f"{name} %": resting[name] for name in PARTS},
        "worker MB": memory / 1e6,
        "worker kB a lead": (memory - before) / max(leads - were, 1) / 1000,
        "db kB a lead": each["database"],
        "temporal kB a lead": each["temporal"],
    }


async def _slowed(stack: Stack, http: httpx.AsyncClient, people: Iterator[int], asked: int) -> Row:
    """What they slow down."""
    leads = await stack.count(RESTING)
    side, _ = await leads_through(stack, people, asked, stack.cpu)
    told = await flow(stack, RATE, await follow_ups(stack, http, await _sleeping(stack, asked)), NEXT_TASK)
    listed = [await _list(http) for _ in range(asked)]
    task, first = await _restart(stack, http, people)
    return {
        "leads": leads,
        "leads/s": side.rate,
        "CPU ms a lead": sum(value for name, value in side.cpu.items() if name != "client"),
        "next task p50 ms": percentile(told.seen, 0.5),
        "next task p99 ms": percentile(told.seen, 0.99),
        "list p50 ms": statistics.median(listed),
        "restart → next task s": task,
        "→ a lead's first s": first,
        "lost": told.refused + told.unseen,
    }


async def _fill(stack: Stack, people: Iterator[int], size: int) -> float | None:
    """Leads until there are so many that sleep; how many a second came to rest, None if there was
    nothing to do."""
    were = await stack.count(RESTING)
    if were >= size:
        return None
    begun = time.perf_counter()
    await fill(stack, people, size)
    return (await stack.count(RESTING) - were) / (time.perf_counter() - begun)


async def _idle(stack: Stack, seconds: float) -> dict[str, float]:
    """What each part takes while nothing is asked, in % of a core."""
    await asyncio.sleep(2)  # the last of what was done before
    before = stack.cpu()
    await asyncio.sleep(seconds)
    return {name: 100 * used / seconds for name, used in spent(before, stack.cpu()).items()}


async def _stored(stack: Stack) -> dict[str, float]:
    """Bytes in the database and in Temporal's file."""
    async with stack.rows() as rows:
        await rows.execute("CHECKPOINT")
        database = await rows.fetchval("SELECT pg_database_size(current_database())")
    return {"database": float(database or 0), "temporal": float(_bytes(stack.home / "temporal"))}


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _memory(stack: Stack) -> int:
    """The worker's resident bytes."""
    about: Any = stack.child("worker").memory_info()
    return int(about.rss)


async def _sleeping(stack: Stack, most: int) -> list[UUID]:
    async with stack.rows() as rows:
        return [row[0] for row in await rows.fetch(_SLEEPING, most)]


async def _list(http: httpx.AsyncClient) -> float:
    begun = time.perf_counter()
    answer = await http.get("/api/v1/leads")
    assert answer.status_code == 200, answer.text
    return (time.perf_counter() - begun) * 1000


async def _restart(stack: Stack, http: httpx.AsyncClient, people: Iterator[int]) -> tuple[float, float]:
    """Seconds from a worker's death to the next task after a statement, and to a new lead's first
    task."""
    (said,) = await follow_ups(stack, http, await _sleeping(stack, 1))
    stack.child("worker").kill()
    begun = time.perf_counter()
    stated, answer = await said(), await http.post("/api/v1/leads", json=a_lead(next(people)))
    if stated is None or answer.status_code != 201:
        raise RuntimeError("refused while the worker was dead")
    wanted = {stated: NEXT_TASK, UUID(answer.json()["lead_id"]): "SELECT case_id FROM tasks WHERE case_id = ANY($1)"}
    async with stack.rows() as rows:
        took = list[float]()
        for lead, effect in wanted.items():

            async def there(lead: UUID = lead, effect: str = effect) -> bool:
                return bool(await rows.fetch(effect, [lead]))

            await until("the worker is back", there, patience=120, look=LOOK)
            took.append(time.perf_counter() - begun)
    await until("all parts work", stack.works, patience=60)
    return took[0], took[1]
