"""What the API does when more is asked of it than it can do: leads at 1, 2 and 4 times of what it
takes."""

from __future__ import annotations

from bench.load import Job, send
from bench.report import Cell, Result, percentile
from bench.stack import Stack
from bench.storm import Storm, StormSeen, blow

TIMES = (1, 2, 4)
LANES = 8
STATEMENTS = 10.0
"""A second: people work on while channels send too much."""

PROBES = 10.0
ACTOR = "HQ-01"


async def measure(stack: Stack, *, first: int, leads: int, seconds: float) -> tuple[Result, Result]:
    """First while the workers stand still, so that the API alone is seen; then with workers at work
    on the backlog."""
    with stack.stopped("worker"):
        alone, first = await _storms(stack, "alone", first, leads, seconds)
    together, _ = await _storms(stack, "with workers", first, leads, seconds)
    return alone, together


async def _storms(stack: Stack, name: str, first: int, leads: int, seconds: float) -> tuple[Result, int]:
    """Measures the capacity with ``leads`` leads, then sends for ``seconds`` at each multiple of
    it."""
    warm = await send(Job(stack.api, first, leads, LANES))
    first += leads
    full = await send(Job(stack.api, first, leads, LANES))
    first += leads
    capacity = len(full.ids) / full.seconds
    rows: list[dict[str, Cell]] = []
    for times in TIMES:
        storm = Storm(stack.api, first, seconds, times * capacity, STATEMENTS, PROBES, warm.ids, ACTOR)
        seen = await blow(storm)
        first += seen.leads.sent
        rows.append(await _row(stack, times, seconds, seen))
    base, most = float(rows[0]["accepts/s"] or 0), float(rows[-1]["accepts/s"] or 0)
    result = Result(
        f"overload {name}",
        f"API {name}, leads at 1, 2 and 4 times the capacity ({capacity:,.0f} a second): "
        f"at 4 times {100 * most / base if base else 0:.0f} % of the accepts at 1",
        tuple(rows),
        {
            "capacity_per_second": capacity,
            "accepts_ratio": most / base if base else 0.0,
            "statements_p99_ms": max(float(row["said p99"] or 0) for row in rows),
            "live_p99_ms": max(float(row["live p99"] or 0) for row in rows),
            "not_once": float(sum(int(row["not once"] or 0) for row in rows)),
        },
        (
            f"{STATEMENTS:.0f} statements and {PROBES:.0f} probes a second beside the leads;",
            "times in ms from the instant at which a request was due; the sender shares the machine",
        ),
    )
    return result, first


async def _row(stack: Stack, times: int, seconds: float, seen: StormSeen) -> dict[str, Cell]:
    async with stack.rows() as rows:
        there = await rows.fetchval("SELECT count(*) FROM whole_leads WHERE id = ANY($1::uuid[])", seen.ids)
    flows = (seen.leads, seen.statements, seen.probes)
    return {
        "times": times,
        "asked/s": seen.leads.sent / seconds,
        "accepts/s": len(seen.ids) / seconds,
        "shed/s": seen.leads.shed / seconds,
        "leads p50": percentile(seen.leads.milliseconds, 0.5),
        "leads p99": percentile(seen.leads.milliseconds, 0.99),
        "shed p50": percentile(seen.leads.shed_milliseconds, 0.5),
        "shed p99": percentile(seen.leads.shed_milliseconds, 0.99),
        "said/s": len(seen.statements.milliseconds) / seconds,
        "said p50": percentile(seen.statements.milliseconds, 0.5),
        "said p99": percentile(seen.statements.milliseconds, 0.99),
        "said shed": seen.statements.shed,
        "live p50": percentile(seen.probes.milliseconds, 0.5),
        "live p99": percentile(seen.probes.milliseconds, 0.99),
        "failed": sum(flow.failed + flow.untimed for flow in flows),
        "not once": len(seen.ids) - int(there or 0),
    }
