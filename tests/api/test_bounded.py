"""No request stops the API: what is too costly is ended, and everybody else is answered
meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import psutil
import pytest

from api.aside import Limits
from store.session import Database
from tests.api import hostile
from tests.api.conftest import headers
from tests.servers import free_port

LIMITS = Limits(processes=1, waiting=2, patience=60, seconds=4, cpu_seconds=1, megabytes=256)
WITHOUT_END = Limits(processes=1, seconds=600, cpu_seconds=600)
HQ = headers("HQ-01", language="en")
XML = HQ | {"Content-Type": "application/xml"}


class Served:
    """An API process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], http: httpx.AsyncClient, idle: str) -> None:
        self.process, self.http, self.idle = process, http, idle

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    async def post(self, path: str, content: bytes | dict[str, Any]) -> httpx.Response:
        if isinstance(content, bytes):
            return await self.http.post(f"/api/v1{path}", content=content, headers=XML)
        return await self.http.post(f"/api/v1{path}", json=content, headers=HQ)

    async def metric(self, name: str) -> float:
        lines = (await self.http.get("/metrics")).text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


@asynccontextmanager
async def serving(database: Database, limits: Limits) -> AsyncIterator[Served]:
    """An API, and the address of a server beside it that does nothing."""
    ports = free_port(), free_port()
    process = subprocess.Popen(hostile.command(database.url, ports[0], limits))  # noqa: ASYNC220
    idle = subprocess.Popen([sys.executable, "-m", "tests.api.idle", str(ports[1])])  # noqa: ASYNC220
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports[0]}", timeout=120) as http:
            served = Served(process, http, f"http://127.0.0.1:{ports[1]}/")
            await answers(process, http, "/health/live")
            await answers(idle, http, served.idle)
            yield served
    finally:
        for one in (process, idle):
            one.kill()
            one.wait()


async def answers(process: subprocess.Popen[bytes], http: httpx.AsyncClient, path: str) -> None:
    while process.poll() is None:
        try:
            await http.get(path)
            return
        except httpx.TransportError:
            await asyncio.sleep(0.05)
    raise AssertionError(f"the server ended with {process.returncode}")


@pytest.fixture(scope="module")
async def served(shared_network: Database) -> AsyncIterator[Served]:
    async with serving(shared_network, LIMITS) as found:
        yield found


@asynccontextmanager
async def watched(served: Served) -> AsyncIterator[None]:
    """Asks the API every 20 ms whether it lives, and the idle server as well: nearly always the API
    takes at most 100 ms longer than the longest that the machine itself took."""
    live: list[float] = []
    idle: list[float] = []

    async def ask(path: str, took: list[float]) -> None:
        async with httpx.AsyncClient(base_url=served.http.base_url, timeout=60) as http:
            while True:
                await asyncio.sleep(0.02)
                began = time.perf_counter()
                assert (await http.get(path)).status_code == 200
                took.append(time.perf_counter() - began)

    # Side by side: what stands still for both of them is the machine.
    asking = [asyncio.create_task(ask("/health/live", live)), asyncio.create_task(ask(served.idle, idle))]
    try:
        yield
    finally:
        while min(len(live), len(idle)) < 3 and not any(one.done() for one in asking):  # noqa: ASYNC110 (others')
            await asyncio.sleep(0.02)
        for one in asking:
            one.cancel()
        for ended in await asyncio.gather(*asking, return_exceptions=True):
            assert isinstance(ended, asyncio.CancelledError), ended
    most = 0.1 + max(idle)
    if len(live) >= 20:
        assert statistics.quantiles(live, n=20)[-1] <= most
    assert max(live) <= 10 * most


CASES: dict[str, tuple[str, bytes | dict[str, Any]]] = {
    "a regex bomb in a cell": ("/tables/checks", hostile.dmn(2, 1, cell=hostile.BOMB)),
    "a regex bomb as an output": ("/tables/checks", hostile.dmn(2, 1, output=hostile.BOMB)),
    "nested loops as an output": ("/tables/checks", hostile.dmn(2, 1, output=hostile.NESTED)),
    "a text that grows": ("/tables/checks", hostile.dmn(2, 1, output=hostile.GROWING.replace("<", "&lt;"))),
    "an expression of 100,000 terms": ("/tables/checks", hostile.dmn(2, 1, output=hostile.WIDE)),
    "brackets without end": ("/tables/checks", hostile.dmn(2, 1, output="(" * 50_000)),
    "1,000 rows": ("/tables/checks", hostile.dmn(1_000, 1)),
    "1,000 rows of one outcome": ("/tables/checks", hostile.dmn(1_000, 4, hit="UNIQUE")),
    "2,900 rows of 12 columns": ("/tables/checks", hostile.dmn(2_900, 12)),
    "5,000 rows": ("/tables/checks", hostile.dmn(5_000, 6)),
    "entities": ("/tables/checks", hostile.entities()),
    "elements within elements": ("/tables/checks", hostile.deep(200_000)),
    "a diagram of entities": ("/processes/checks", hostile.entities()),
    "a diagram within a diagram": ("/processes/checks", hostile.deep(200_000)),
    "a script's regex bomb": ("/processes/rehearsals", hostile.scripted(hostile.BOMB)),
    "a script's loops": ("/processes/rehearsals", hostile.scripted(hostile.NESTED)),
    "a script's long expression": ("/processes/rehearsals", hostile.scripted(hostile.WIDE)),
    "a diagram without an end": ("/processes/rehearsals", hostile.played(hostile.BUSY)),
    "a million tokens": ("/processes/rehearsals", hostile.played(hostile.TOKENS)),
    "calls of itself": ("/processes/rehearsals", hostile.played(hostile.RECURSIVE)),
}


@pytest.mark.parametrize("case", CASES)
async def test_what_is_too_costly_is_ended_and_others_are_answered_meanwhile(served: Served, case: str) -> None:
    path, content = CASES[case]

    began = time.monotonic()
    async with watched(served):
        answer = await served.post(path, content)

    assert answer.status_code in (200, 422), answer.text[:1000]
    assert time.monotonic() - began < 4 * LIMITS.seconds
    if answer.status_code == 422:
        assert answer.json()["code"] and answer.json()["cure"]


@pytest.mark.parametrize(("what", "code"), [("sleep", "too_slow"), ("lock", "too_slow"), ("memory", "too_much_memory")])
async def test_each_limit_says_which_it_is(served: Served, what: str, code: str) -> None:
    async with watched(served):
        answer = await served.http.get("/labour", params={"what": what})

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await served.post("/tables/checks", hostile.dmn(3, 1))).status_code == 200


async def test_many_at_once_are_answered_or_told_to_come_again(served: Served) -> None:
    async with watched(served):
        sent = [served.http.get("/labour", params={"what": "lock"}) for _ in range(6)]
        answers = await asyncio.gather(*sent)

    told = [one for one in answers if one.status_code == 503]
    assert {one.status_code for one in answers} == {422, 503} and told
    assert all(one.json()["code"] == "too_busy" and int(one.headers["retry-after"]) > 0 for one in told)
    assert await served.metric("baton_heavy_ended_total") > 0
    assert await served.metric("baton_heavy_busy") == 0


@pytest.mark.parametrize("which", ["the worker", "what makes workers, and all workers with it"])
async def test_after_a_killed_process_the_next_request_is_fine(served: Served, which: str) -> None:
    assert (await served.post("/tables/checks", hostile.dmn(3, 1, output=str(time.time_ns())))).status_code == 200
    maker, worker = sorted(served.children(), key=lambda one: one.ppid() != served.process.pid)
    killed = worker if which == "the worker" else maker
    killed.send_signal(signal.SIGKILL)
    await asyncio.to_thread(psutil.wait_procs, [killed, worker], 5)

    assert (await served.post("/tables/checks", hostile.dmn(4, 1, output=str(time.time_ns())))).status_code == 200


async def test_who_hangs_up_does_not_keep_a_process(served: Served) -> None:
    before = await served.metric('baton_heavy_ended_total{reason="cancelled"}')

    with pytest.raises(httpx.ReadTimeout):
        await served.http.get("/labour", params={"what": "sleep"}, timeout=0.5)

    while await served.metric('baton_heavy_ended_total{reason="cancelled"}') == before:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    assert await served.metric("baton_heavy_busy") == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_no_process_is_left_when_the_api_ends(shared_network: Database, number: signal.Signals) -> None:
    async with serving(shared_network, WITHOUT_END) as served:
        working = asyncio.create_task(served.http.get("/labour", params={"what": "sleep"}))
        while not await served.metric("baton_heavy_busy") and not working.done():  # noqa: ASYNC110 (another process's)
            await asyncio.sleep(0.05)
        family = served.children()
        assert len(family) >= 2

        os.kill(served.process.pid, number)
        await asyncio.to_thread(served.process.wait, 60)

        assert await asyncio.to_thread(all_ended, family)
        await asyncio.gather(working, return_exceptions=True)


def all_ended(processes: list[psutil.Process]) -> bool:
    """Within 30 s. What ended but was not waited for by its new parent has ended, too."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if all(map(ended, processes)):
            return True
        psutil.wait_procs(processes, 0.1)
    return False


def ended(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
