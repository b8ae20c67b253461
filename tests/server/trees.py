"""`baton up` as a real process on free ports and a home of its own, watched from outside."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from server import home, ports

PATIENCE = 90.0  # seconds; a start takes about five, but a busy machine may take its time


PORTS = ("PORT", "TEMPORAL_PORT", "TEMPORAL_UI_PORT", "METRICS_PORT")


def free_ports() -> dict[str, int]:
    """Some below those that the system gives to outgoing connections, which other tests open all
    the time."""
    candidates = random.sample(range(20_000, 32_000), 100)
    free = (port for port in candidates if ports.free("127.0.0.1", port))
    return dict(zip(PORTS, free, strict=False))


class Tree:
    """One `baton up` and all that it starts."""

    def __init__(self, directory: Path, **variables: str) -> None:
        self.home = directory
        self.ports = free_ports()
        self.variables = variables
        self.out: list[str] = []
        self.err: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        self._seen: set[psutil.Process] = set()
        self._news = threading.Condition()

    def env(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("BATON_", "TEMPORAL_"))}
        ports = {f"BATON_{name}": str(port) for name, port in self.ports.items()}
        own = {"BATON_HOME": str(self.home), "BATON_DEMO_NETWORK": "true"}
        return clean | own | ports | self.variables

    def start(self) -> Tree:
        self.out.clear()
        self.err.clear()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cli", "up"],
            env=self.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        for stream, lines in ((self._process.stdout, self.out), (self._process.stderr, self.err)):
            threading.Thread(target=self._read, args=(stream, lines), daemon=True).start()
        return self

    def ready(self) -> str:
        """Wait for the line that says so."""
        return self.hear(self.out, "ready")

    def hear(self, lines: list[str], words: str) -> str:
        """Wait until a line has these words; fails with all that was said when the process ends
        before."""
        until = time.monotonic() + PATIENCE
        with self._news:
            while not (found := [line for line in lines if words in line]):
                ended = self.process.poll() is not None and self._news.wait(1) is False
                assert not ended and time.monotonic() < until, f"no {words!r} in {self.out} {self.err}"
                self._news.wait(0.2)
        return found[0]

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None
        return self._process

    def family(self) -> set[psutil.Process]:
        """Everything that this tree runs now or was ever seen to run."""
        with contextlib.suppress(psutil.NoSuchProcess):
            me = psutil.Process(self.process.pid)
            self._seen |= {me, *me.children(recursive=True)}
        return self._seen

    def child(self, name: str) -> psutil.Process:
        """A child by its name in the record that the supervisor keeps."""
        return psutil.Process(next(child.pid for child in home.children(self.home) if child.name == name))

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal to the supervisor alone; returns its exit code."""
        self.family()
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def survivors(self) -> list[psutil.Process]:
        """Who of the family still runs, after a little patience."""
        _, alive = psutil.wait_procs(list(self.family()), timeout=30)
        return alive

    def clear(self) -> None:
        """Leave nothing behind, whatever the test found."""
        if self._process is not None:
            self.family()
            self._process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
        for process in self._seen:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def _read(self, stream: object, lines: list[str]) -> None:
        for line in stream:  # type: ignore[attr-defined]
            with self._news:
                lines.append(line.rstrip("\n"))
                self._news.notify_all()
