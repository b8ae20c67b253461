"""A whole Baton of its own for a measurement: ``baton up`` in an empty directory on free ports, gone afterwards."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from runtime.servers import running_database_url

START = 120.0  # seconds that a first start may take


@dataclass(frozen=True)
class Stack:
    """Where the parts of a running Baton answer."""

    api: str
    temporal: str
    database: str
    process: psutil.Process

    def child(self, name: str) -> psutil.Process:
        """The child process that runs ``baton <name>``."""
        for child in self.process.children(recursive=True):
            if name in child.cmdline():
                return child
        raise LookupError(name)

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """Holds a child still (SIGSTOP), as if it were down, without its being replaced."""
        child = self.child(name)
        child.suspend()
        try:
            yield
        finally:
            child.resume()


@asynccontextmanager
async def running() -> AsyncIterator[Stack]:
    """Starts Baton, gives it, stops it and removes its data."""
    home = Path(tempfile.mkdtemp(prefix="baton-bench-"))
    ports = _free_ports(4)
    names = ("BATON_PORT", "BATON_TEMPORAL_PORT", "BATON_TEMPORAL_UI_PORT", "BATON_METRICS_PORT")
    env = {**os.environ, "BATON_HOME": str(home), "BATON_LOG_LEVEL": "warning"}
    env |= {name: str(port) for name, port in zip(names, ports, strict=True)}
    command = [str(Path(sys.executable).parent / "baton"), "up"]
    log = (home.parent / f"{home.name}.log").open("w+")
    process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        await _ready(process, Path(log.name))
        yield Stack(
            f"http://127.0.0.1:{ports[0]}",
            f"127.0.0.1:{ports[1]}",
            running_database_url(home),
            psutil.Process(process.pid),
        )
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        shutil.rmtree(home, ignore_errors=True)
        Path(log.name).unlink(missing_ok=True)


async def _ready(process: subprocess.Popen[bytes], log: Path) -> None:
    async with asyncio.timeout(START):
        while not any(line.startswith("ready") for line in log.read_text().splitlines()):
            if process.poll() is not None:
                raise RuntimeError(f"baton up ended: {log.read_text()[-2000:]}")
            await asyncio.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports
