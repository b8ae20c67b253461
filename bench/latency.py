"""How long people wait: from a lead's arrival until its owner is known, from a statement until the
next task is there, at a steady rate."""

from __future__ import annotations

import httpx

from bench.report import Result
from bench.stack import Stack
from bench.steady import NEXT_TASK, OWNED, Flow, flow, follow_ups, new_leads, row
from bench.steady import PATIENCE as LONGEST

RATE = 10.0
"""Requests a second: 864,000 a day."""
WARM = 10


async def measure(stack: Stack, *, first: int, seconds: float, rounds: int, rate: float = RATE) -> Result:
    """Each round leads come in at the rate, then each is followed up at the rate."""
    await stack.make_room()
    each = max(int(rate * seconds), 1)
    ingested: list[Flow] = []
    stated: list[Flow] = []
    async with httpx.AsyncClient(base_url=stack.api, timeout=LONGEST, trust_env=False) as http:
        warm = await flow(stack, rate, new_leads(http, first, WARM), OWNED)
        await flow(stack, rate, await follow_ups(stack, http, warm.leads), NEXT_TASK)
        for number in range(rounds):
            ingested.append(await flow(stack, rate, new_leads(http, first + WARM + number * each, each), OWNED))
            stated.append(await flow(stack, rate, await follow_ups(stack, http, ingested[-1].leads), NEXT_TASK))
    rows = (row("a lead came in → its owner is known", ingested), row("a statement → the next task", stated))
    owner, task = (float(one["p99 ms"] or 0) for one in rows)
    return Result(
        "latency",
        f"At {rate:.0f} a second: owner known after p99 {owner:,.0f} ms, next task after p99 {task:,.0f} ms",
        rows,
        {
            "owner_p50_ms": float(rows[0]["p50 ms"] or 0),
            "owner_p99_ms": owner,
            "next_task_p50_ms": float(rows[1]["p50 ms"] or 0),
            "next_task_p99_ms": task,
            "lost": float(sum(flow.refused + flow.unseen for flow in (*ingested, *stated))),
        },
        (
            f"{rounds} rounds of {seconds:.0f} s each way; from the instant at which a request was due, seen in the"
            " database, where a look comes every 10 ms; CPU in ms each",
        ),
    )
