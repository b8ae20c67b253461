"""How fast the API accepts leads while the workers are down, and how fast they catch up once they
are back."""

from __future__ import annotations

import statistics
import time
from contextlib import suppress
from dataclasses import dataclass, field

from temporalio.client import Client

from bench.load import Job, LoadOutcome, send
from bench.report import Cell, Result, percentile, spread
from bench.stack import Stack, spent, until
from cases.contracts import TASK_QUEUE

PATIENCE = 600.0
"""Seconds after which a backlog counts as stuck."""


@dataclass(frozen=True)
class Way:
    """A way to send leads."""

    name: str
    lanes: int
    batch: int = 1

    def job(self, url: str, first: int, leads: int) -> Job:
        batch = min(self.batch, leads)
        return Job(url, first, leads // batch, self.lanes, batch)


WAYS = (
    Way("one by one, 8 in flight", 8),
    Way("one by one, 32 in flight", 32),
    Way("batches of 50, 2 in flight", 2, 50),
)


@dataclass
class _Log:
    outcomes: list[LoadOutcome] = field(default_factory=list[LoadOutcome])
    cpu: dict[str, float] = field(default_factory=dict[str, float])

    def add(self, outcome: LoadOutcome, cpu: dict[str, float]) -> None:
        self.outcomes.append(outcome)
        for name, seconds in cpu.items():
            self.cpu[name] = self.cpu.get(name, 0.0) + seconds


async def measure(stack: Stack, *, first: int, leads: int, rounds: int) -> tuple[Result, Result]:
    """``rounds`` times each way with ``leads`` leads while the worker stands still; then the
    backlog's end."""
    logs = {way: _Log() for way in WAYS}
    await send(WAYS[0].job(stack.api, first, leads))  # warm-up
    first += leads
    with stack.stopped("worker"):
        for _ in range(rounds):
            for way in WAYS:
                before = stack.cpu()
                outcome = await send(way.job(stack.api, first, leads))
                logs[way].add(outcome, spent(before, stack.cpu()))
                first += leads
        waiting = await stack.count(_UNDELIVERED)
    # From here on the worker is back.
    drained = await _drained(stack, waiting)
    table = tuple(_row(way, log) for way, log in logs.items())
    rate, p99 = float(table[0]["leads/s"] or 0), float(table[0]["p99 ms"] or 0)
    accepted = Result(
        "api",
        f"Leads accepted while the workers are stopped: {rate:,.0f} a second, p99 {p99:.0f} ms",
        table,
        {"accepts_per_second": rate, "p99_ms": p99},
        (f"medians of {rounds} rounds, percentiles over all requests; CPU in ms a lead",),
    )
    return accepted, drained


async def _drained(stack: Stack, waiting: int) -> Result:
    before, begun = stack.cpu(), time.perf_counter()

    async def none(query: str) -> bool:
        return not await stack.count(query)

    await until("all delivered", lambda: none(_UNDELIVERED), patience=PATIENCE, look=0.1)
    delivered = time.perf_counter() - begun
    await until("all at rest", lambda: none(_UNSETTLED), patience=PATIENCE, look=0.1)
    settled = time.perf_counter() - begun
    cpu = spent(before, stack.cpu())
    cases, odd = await stack.count("SELECT count(*) FROM cases"), await stack.count(_ODD)
    runs = await _runs(stack, cases)
    row: dict[str, Cell] = {
        "leads waiting": waiting,
        "delivered/s": waiting / delivered,
        "to the first task/s": waiting / settled,
        "seconds": settled,
        **{f"{name} CPU ms": 1000 * seconds / max(waiting, 1) for name, seconds in cpu.items()},
        "workflows − cases": runs - cases,
        "not in one place": odd,
    }
    return Result(
        "backlog",
        f"The backlog after the workers are back: {waiting / settled:,.1f} leads a second to their first task",
        (row,),
        {"drained_per_second": waiting / settled, "not_once": float(abs(runs - cases) + odd)},
        ("each lead once: one workflow run, one task or one place in the pool; the last two columns must be 0",),
    )


_UNDELIVERED = "SELECT count(*) FROM outbox WHERE delivered_at IS NULL"
_UNSETTLED = "SELECT count(*) FROM cases WHERE settled_at IS NULL"
_ODD = """
    SELECT count(*) FROM leads CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE code = 'assigned') AS assigned, count(*) AS placed
        FROM timeline WHERE timeline.case_id = leads.id AND code IN ('assigned', 'pool_entered')
    ) AS way
    WHERE placed <> 1 OR (SELECT count(*) FROM tasks WHERE tasks.case_id = leads.id) <> assigned
"""
"""Leads that are not exactly once either with a consultant, who has one task, or in the pool, when
dealers are full."""


async def _runs(stack: Stack, cases: int) -> int:
    """How many runs of cases' workflows there are; Temporal's list may be a few seconds behind."""
    client = await Client.connect(stack.temporal)
    seen = 0

    async def all_listed() -> bool:
        nonlocal seen
        seen = (await client.count_workflows(f'TaskQueue = "{TASK_QUEUE}"')).count
        return seen >= cases

    with suppress(RuntimeError):  # the figure says it
        await until("all workflows listed", all_listed, patience=20)
    return seen


def _row(way: Way, log: _Log) -> dict[str, Cell]:
    times = [ms for outcome in log.outcomes for ms in outcome.milliseconds]
    leads = sum(len(outcome.ids) for outcome in log.outcomes)
    rates = [len(outcome.ids) / outcome.seconds for outcome in log.outcomes]
    answers = statistics.median(len(outcome.milliseconds) / outcome.seconds for outcome in log.outcomes)
    return {
        "way": way.name,
        "leads/s": statistics.median(rates),
        "spread": spread(rates),
        "requests/s": answers,
        "p50 ms": percentile(times, 0.50),
        "p99 ms": percentile(times, 0.99),
        "requests": len(times),
        "refused": sum(outcome.refused for outcome in log.outcomes),
        "api CPU": 1000 * log.cpu["api"] / max(leads, 1),
        "postgres CPU": 1000 * log.cpu["postgres"] / max(leads, 1),
        "client CPU": 1000 * sum(outcome.cpu for outcome in log.outcomes) / max(leads, 1),
    }
