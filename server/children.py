"""A child process: born with a lifeline to its parent, its words prefixed, ended politely and then
not."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cases.parents import on_parents_death


@dataclass(frozen=True)
class Plan:
    """How to run one part."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path | None = None
    """A file for its output; without one, its lines are passed on with its name in front."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout: float = 10.0
    user: int | None = None
    """The user id to become; for servers that refuse to run as root."""
    group: int | None = None
    nice: int = 0
    """How far others go before it where they want the same core."""
    waits: bool = False
    """Whether it waits for a line on its standard input (``Child.go``)."""
    before: Callable[[], None] = field(default=lambda: None)
    """Done right before each start."""


class Child:
    """One run of a plan."""

    def __init__(self, plan: Plan, process: asyncio.subprocess.Process, printing: asyncio.Task[None] | None) -> None:
        self.plan = plan
        self.process = process
        self._printing = printing

    @classmethod
    async def start(cls, plan: Plan) -> Child:
        plan.before()
        extra: dict[str, Any] = {}
        if plan.user is not None:
            extra |= {"user": plan.user, "group": plan.group, "extra_groups": []}
        output = plan.log.open("ab") if plan.log else asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *plan.argv,
                env=dict(plan.env),
                stdin=asyncio.subprocess.PIPE if plan.waits else asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,  # a terminal's Ctrl-C reaches the supervisor alone, which keeps the order
                preexec_fn=_lifeline(plan.stop_signal, os.getpid(), plan.nice),
                **extra,
            )
        finally:
            if not isinstance(output, int):
                output.close()
        printing = asyncio.create_task(_pass_on(plan.name, process.stdout)) if process.stdout else None
        return cls(plan, process, printing)

    @property
    def pid(self) -> int:
        return self.process.pid

    def go(self, word: bytes) -> bool:
        """Tell one that waits; False if it has ended."""
        if self.process.returncode is not None or self.process.stdin is None:
            return False
        self.process.stdin.write(word)
        self.process.stdin.close()
        return True

    async def wait(self) -> int:
        """Wait for its end; returns the exit code, negative for a signal."""
        code = await self.process.wait()
        if self._printing is not None:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._printing, 1)
        return code

    async def stop(self) -> None:
        """Ask, wait ``stop_timeout`` seconds, then kill its whole session."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(self.plan.stop_signal)
        try:
            await asyncio.wait_for(self.process.wait(), self.plan.stop_timeout)
        except TimeoutError:
            self.kill()
        await self.wait()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def _lifeline(number: signal.Signals, parent: int, nice: int) -> Callable[[], None]:
    """Run in the child before exec: the kernel sends ``number`` to it when its parent dies, however
    it dies.

    It comes after the change of user, which would clear it. A parent that died in between is
    noticed by its number.
    """

    def prepare() -> None:
        on_parents_death(number)
        os.nice(nice)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


async def _pass_on(name: str, stream: asyncio.StreamReader) -> None:
    while True:
        try:
            line = await stream.readline()
        except ValueError:  # a line longer than the reader's limit: drop it, keep reading
            continue
        if not line:
            return
        sys.stderr.write(f"{name:<8}| {line.decode(errors='replace').rstrip()}\n")
        sys.stderr.flush()
