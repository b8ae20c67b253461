"""How long people wait for each screen."""

from __future__ import annotations

import statistics
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import httpx

from bench.report import Cell, Result, percentile
from bench.screens.about import Deep, address, subjects
from bench.screens.asked import ASKED, forgotten
from bench.screens.filled import fill
from bench.stack import Stack, spent

AIM = 100.0
"""Milliseconds until the answer, p99."""

_FAR = (datetime.now(UTC) - timedelta(days=400), datetime(9999, 1, 1, tzinfo=UTC))
"""Where deep pages begin: more than a year ago; among the rows that have no such instant."""


async def measure(stack: Stack, *, leads: int, rounds: int) -> tuple[Result, ...]:
    """Fills a Baton and asks it for every screen ``rounds`` times, about another thing each
    time."""
    async with stack.rows() as rows:
        await fill(rows, leads=leads)
    return await ask(stack, rounds=rounds)


async def ask(stack: Stack, *, rounds: int) -> tuple[Result, ...]:
    """The same of a Baton that is full."""
    async with stack.rows() as rows:
        about = await subjects(rows, rounds)
    leads, lines = await stack.count("SELECT count(*) FROM leads"), await stack.count("SELECT count(*) FROM timeline")
    found: list[Mapping[str, Cell]] = []
    async with httpx.AsyncClient(base_url=stack.api, timeout=120) as http:
        if missing := list(forgotten((await http.get("/openapi.json")).json())):
            raise RuntimeError(f"nothing is asked about {', '.join(missing)}")
        for path, query in ((path, query) for path, queries in ASKED.items() for query in queries):
            first = [address(path, query, about, number) for number in range(rounds)]
            found.append(await _row(stack, http, path, query, first, about["actor"]))
            found += [row async for row in _deep(stack, http, path, query, first, about["actor"])]
    found.sort(key=lambda row: -float(row["p99 ms"] or 0))
    worst = float(found[0]["p99 ms"] or 0)
    slow = sum(float(row["p99 ms"] or 0) > AIM for row in found)
    title = f"{len(found)} screens over {leads:,} leads and {lines:,} lines of history: {slow} above {AIM:.0f} ms"
    note = "through the API, one request at a time, by people of four roles in turn; pages of 50 where a list is long"
    return (Result("screens", title, tuple(found), {"worst_ms": worst, "above_aim": slow}, (note,)),)


async def _deep(
    stack: Stack, http: httpx.AsyncClient, path: str, query: str, first: Sequence[str], actors: Sequence[str]
) -> AsyncIterator[Mapping[str, Cell]]:
    """Pages far behind the first, of lists that are long and sorted by instants."""
    if path not in (
        "/api/v1/leads",
        "/api/v1/submissions",
        "/api/v1/tasks",
        "/api/v1/tickets",
        "/api/v1/notifications",
    ):
        return
    page = (await http.get(first[0] + "&sort=due" * (path.endswith("tasks") and "sort" not in query))).json()
    if not page.get("next") or "total" in query or "q=" in query:
        return
    for at in _FAR:
        deep = f"&cursor={Deep(page['next'], at).there()}" + "&sort=due" * (
            path.endswith("tasks") and "sort" not in query
        )
        yield await _row(stack, http, path, f"{query} from {at:%Y-%m}", [one + deep for one in first], actors)


async def _row(
    stack: Stack, http: httpx.AsyncClient, path: str, query: str, asked: Sequence[str], actors: Sequence[str]
) -> Mapping[str, Cell]:
    waits: list[float] = []
    before = stack.cpu()
    for one, actor in zip((asked[0], *asked), (actors[0], *actors), strict=True):
        begun = time.perf_counter()
        answer = await http.get(one, headers={"Baton-Actor": actor})
        waits.append((time.perf_counter() - begun) * 1000)
        if answer.status_code not in (200, 403):  # some pages are not for everybody
            raise RuntimeError(f"{one}: {answer.status_code} {answer.text[:500]}")
    used = spent(before, stack.cpu())
    cpu = (used["api"] + used["postgres"]) * 1000 / len(waits)
    about = f"{path.removeprefix('/api/v1')}?{query}".removesuffix("?")
    return {
        "screen": about,
        "median ms": statistics.median(waits[1:]),
        "p99 ms": percentile(waits[1:], 0.99),
        "CPU ms: api + postgres": cpu,
    }
