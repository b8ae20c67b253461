"""A whole Baton of its own for a measurement: ``baton up`` in an empty directory on free ports,
gone afterwards."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil

from server import home as data_directory
from server import ports
from server.servers import running_database_url
from server.settings import CHECKOUT, READY

START = 120.0
"""Seconds that a first start may take."""

PARTS = ("api", "worker", "postgres", "temporal")
_PORTS = ("PORT", "TEMPORAL_PORT", "TEMPORAL_UI_PORT", "METRICS_PORT")


_CLOCK = """
    INSERT INTO app_clock (id, wall, app, speed) VALUES (1, $1, $2, 1)
    ON CONFLICT (id) DO UPDATE SET wall = $1, app = $2, speed = 1
"""


@dataclass(frozen=True)
class Stack:
    """Where the parts of a running Baton answer."""

    home: Path
    api: str
    temporal: str
    database: str
    """For asyncpg."""
    metrics: str
    """The worker's."""
    said: list[str]
    """What its parts have written so far, from warnings on."""

    def child(self, name: str) -> psutil.Process:
        """One of ``PARTS``; a part that was restarted is found as it runs now."""
        return psutil.Process(next(one.pid for one in data_directory.children(self.home) if one.name == name))

    def cpu(self) -> dict[str, float]:
        """CPU seconds that each part has used so far."""
        return {name: cpu_of(self.child(name)) for name in PARTS}

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """Holds a part still (SIGSTOP), as if it were down, without its being replaced."""
        child = self.child(name)
        child.suspend()
        try:
            yield
        finally:
            child.resume()

    @asynccontextmanager
    async def rows(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection to look into the database."""
        connection = await asyncpg.connect(self.database)
        try:
            yield connection
        finally:
            await connection.close()

    async def again(self, *names: str) -> None:
        """Ends parts and waits until the supervisor has others at work in their place."""
        before = {name: self.child(name) for name in names}
        for child in before.values():
            child.terminate()

        async def others() -> bool:
            with suppress(StopIteration, psutil.NoSuchProcess):
                return all(self.child(name).pid != child.pid for name, child in before.items()) and await self.works()
            return False

        await until("parts start again", others, patience=START)

    async def works(self) -> bool:
        """Whether API and worker say that they do."""
        async with httpx.AsyncClient(trust_env=False, timeout=3) as http:
            with suppress(httpx.HTTPError):
                ready = (await http.get(self.api + READY)).is_success
                return ready and "\nbaton_worker_up 1.0" in (await http.get(self.metrics)).text
        return False

    async def travel(self, to: datetime) -> None:
        """Sets the application clock, which goes on at the wall's speed, for all that begins from
        now on."""
        async with self.rows() as rows:
            await rows.execute(_CLOCK, datetime.now(UTC), to)
        await self.again("api", "worker")

    async def make_room(self) -> None:
        """Dealers and consultants can have as many leads as a benchmark sends: the way of a lead
        must not change with their number."""
        async with self.rows() as rows:
            await rows.execute("UPDATE dealers SET daily_capacity = 1000000; UPDATE staff SET max_open = 1000000")

    async def count(self, query: str) -> int:
        """One number from the database."""
        async with self.rows() as rows:
            return int(await rows.fetchval(query) or 0)


@asynccontextmanager
async def running(**settings: str) -> AsyncIterator[Stack]:
    """Starts Baton with further ``BATON_*`` settings (in lower case), gives it, stops it and
    removes its data."""
    home = Path(tempfile.mkdtemp(prefix="baton-bench-", dir="/tmp"))  # short enough for a socket
    taken = dict(zip(_PORTS, _free_ports(len(_PORTS)), strict=True))
    env = {name: value for name, value in os.environ.items() if not name.startswith(("BATON_", "TEMPORAL_"))}
    env |= {"BATON_HOME": str(home), "BATON_LOG_LEVEL": "warning", "BATON_DEMO_NETWORK": "true"}
    env |= {f"BATON_{name}": str(port) for name, port in taken.items()}
    env |= {f"BATON_{name.upper()}": value for name, value in settings.items()}
    up = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "cli", "up", "--end-with-parent"),
        env=env,
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,
    )
    said: list[str] = []
    ready = asyncio.Event()
    listening = [asyncio.create_task(_listen(stream, said, ready)) for stream in (up.stdout, up.stderr)]
    try:
        await _until_ready(up, ready, said)
        database = running_database_url(home).replace("+asyncpg", "")
        yield Stack(
            home,
            f"http://127.0.0.1:{taken['PORT']}",
            f"127.0.0.1:{taken['TEMPORAL_PORT']}",
            database,
            f"http://127.0.0.1:{taken['METRICS_PORT']}/metrics",
            said,
        )
    finally:
        await _end(up)
        for listener in listening:
            listener.cancel()
        shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def helper(module: str, *arguments: str, output: bool = True) -> AsyncIterator[Process]:
    """A process of the measurement's own that runs ``python -m MODULE``; it ends with the block."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, cwd=CHECKOUT, stdin=DEVNULL, stdout=PIPE if output else DEVNULL
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.terminate()
        await child.wait()


async def until(what: str, holds: Callable[[], Awaitable[bool]], *, patience: float, look: float = 0.05) -> None:
    """Asks every ``look`` seconds until it holds.

    Raises:
        RuntimeError: it does not hold after ``patience`` seconds.
    """
    end = time.monotonic() + patience
    while True:
        if await holds():
            return
        if time.monotonic() > end:
            raise RuntimeError(f"never: {what}")
        await asyncio.sleep(look)


def cpu_of(process: psutil.Process) -> float:
    """CPU seconds of a process and its children, those that have ended included."""
    own: Any = process.cpu_times()
    total = float(own.user + own.system + own.children_user + own.children_system)
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times: Any = child.cpu_times()
            total += times.user + times.system
    return total


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What was used between two readings."""
    return {name: after[name] - before[name] for name in before}


async def _listen(stream: asyncio.StreamReader | None, said: list[str], ready: asyncio.Event) -> None:
    assert stream is not None
    while line := await stream.readline():
        said.append(line.decode(errors="replace"))
        if line.startswith(b"ready"):
            ready.set()


async def _until_ready(up: Process, ready: asyncio.Event, said: list[str]) -> None:
    waits = [asyncio.create_task(ready.wait()), asyncio.create_task(up.wait())]
    try:
        await asyncio.wait(waits, timeout=START, return_when=asyncio.FIRST_COMPLETED)
        if not ready.is_set():
            raise RuntimeError(f"Baton did not start: {''.join(said)[-2000:]}")
    finally:
        for wait in waits:
            wait.cancel()


async def _end(up: Process) -> None:
    with suppress(ProcessLookupError):
        up.send_signal(signal.SIGINT)
    try:
        await asyncio.wait_for(up.wait(), 60)
    except TimeoutError:
        up.kill()


def _free_ports(count: int) -> list[int]:
    """Below those that the system gives to outgoing connections, of which a measurement makes
    many."""
    free = (port for port in random.sample(range(20_000, 32_000), 200) if ports.free("127.0.0.1", port))
    return [next(free) for _ in range(count)]
