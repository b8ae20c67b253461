"""Whether one request can stop the API: others are asked for every 20 ms while somebody sends what
costs most."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx

from bench.report import Cell, Result
from bench.stack import Stack
from tests.api import hostile

ACTOR = "HQ-01"
EVERY = 0.02
"""Seconds between two questions whether the API lives."""

Body = bytes | dict[str, Any]
CASES: Mapping[str, tuple[str, Body]] = {
    "nothing": ("", b""),
    "a regex bomb in a cell": ("/tables/checks", hostile.dmn(2, 1, cell=hostile.BOMB)),
    "nested loops as an output": ("/tables/checks", hostile.dmn(2, 1, output=hostile.NESTED)),
    "1,000 rows of 4 columns": ("/tables/checks", hostile.dmn(1_000, 4)),
    "1,000 rows of 20 columns": ("/tables/checks", hostile.dmn(1_000, 20)),
    "5,000 rows of 6 columns": ("/tables/checks", hostile.dmn(5_000, 6)),
    "a script's loops": ("/processes/rehearsals", hostile.scripted(hostile.NESTED)),
    "a diagram without an end": ("/processes/rehearsals", hostile.played(hostile.BUSY)),
    "a million tokens": ("/processes/rehearsals", hostile.played(hostile.TOKENS)),
}


async def measure(stack: Stack, *, most: int | None = None) -> Result:
    """One row a case (the first ``most`` of them): the answer, its seconds, and how
    ``/health/live`` answered."""
    rows = [await _row(stack, name, *sent) for name, sent in list(CASES.items())[:most]]
    return Result(
        "isolation",
        "One request and all the others: /health/live while it is worked on",
        tuple(rows),
        {"live_p99_ms": max(float(row["live p99 ms"] or 0) for row in rows)},
        ("a case is sent twice, and five more at once with the second; refused ones count as answered",),
    )


async def _row(stack: Stack, name: str, path: str, body: Body) -> dict[str, Cell]:
    took: list[float] = []
    async with httpx.AsyncClient(base_url=stack.api, timeout=120) as http:
        asking = asyncio.create_task(_ask(http, took))
        began = time.perf_counter()
        if path:
            first = await _sent(http, path, body)
            seconds = time.perf_counter() - began
            others = await asyncio.gather(*(_sent(http, path, body) for _ in range(6)))
        else:
            await asyncio.sleep(1)
            first, seconds, others = "", 0.0, []
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
    ordered = sorted(took)
    return {
        "sent": name,
        "answer": first,
        "seconds": seconds,
        "six at once": ", ".join(f"{others.count(one)} × {one}" for one in sorted(set(others))),
        "live p50 ms": 1_000 * ordered[len(ordered) // 2],
        "live p99 ms": 1_000 * ordered[int(0.99 * (len(ordered) - 1))],
        "live most ms": 1_000 * ordered[-1],
        "asked": len(ordered),
    }


async def _ask(http: httpx.AsyncClient, took: list[float]) -> None:
    while True:
        began = time.perf_counter()
        (await http.get("/health/live")).raise_for_status()
        took.append(time.perf_counter() - began)
        await asyncio.sleep(EVERY)


async def _sent(http: httpx.AsyncClient, path: str, body: Body) -> str:
    named = {"Baton-Actor": ACTOR}
    if isinstance(body, bytes):
        answer = await http.post(f"/api/v1{path}", content=body, headers=named | {"Content-Type": "application/xml"})
    else:
        answer = await http.post(f"/api/v1{path}", json=body, headers=named)
    found = answer.json()
    cut = found.get("cut") or found.get("review", {}).get("cut") or found.get("ending") if answer.is_success else None
    return f"{answer.status_code} {found.get('code') or cut or ''}".strip()
