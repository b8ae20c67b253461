"""One run: a Baton of its own, clients, misfortunes one after the other, and the verdict in the
end."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import asyncpg
from temporalio.client import Client

from bench.chaos import checks, kills, lives
from bench.chaos.clients import Clients, Heard
from bench.chaos.whole import Recovery, Whole
from bench.stack import Stack, running
from server.settings import CHECKOUT

SPEED: Final = 1440
"""A day a minute: ladders climb, grades run out and materials are sent while parts die."""
PAUSE: Final = (1.0, 6.0)
"""Seconds between one recovery and the next misfortune."""
BURST: Final = 25
"""Leads that come in right before a misfortune, so that it meets a worker in the middle of its
work."""
INTO_IT: Final = 1.5
"""Seconds after a burst within which it happens."""
LOOKS: Final = 14
"""How often the end is looked at. Leads go on meanwhile: only what is seen every time breaks a
rule. In all that is longer than the lease of a notice, which a killed worker may hold."""
BETWEEN_LOOKS: Final = 2.0
COUNTED: Final = ("leads", "outbox", "executed_steps", "timeline", "tasks", "notifications")
CALM: Final = 1.0
"""Seconds that the control takes on a calm machine of two cores: a process imports part of what a
worker imports."""
MOST: Final = 3.0
"""How often an aim counts at most, however slow the machine is at the moment."""
CLIENTS_PATIENCE: Final = 120.0
"""Seconds within which, when all is over, every open request has to be answered."""


@dataclass(frozen=True, slots=True)
class Fall:
    """One misfortune and what followed."""

    kind: kills.Misfortune
    parts: tuple[str, ...]
    recovery: Recovery | None
    control: float
    """Seconds that this machine needed, right afterwards, for what every restart has to do."""
    missing: str = ""

    @property
    def aim(self) -> float:
        """Seconds that it may take: those of its kind, as often as the machine was slower than a
        calm one."""
        return self.kind.aim * min(MOST, max(1.0, self.control / CALM))


@dataclass
class Run:
    """What happened in a run."""

    seed: int
    load: float = 0.0
    falls: list[Fall] = field(default_factory=list[Fall])
    heard: Heard = field(default_factory=Heard)
    violations: list[str] = field(default_factory=list[str])
    failures: list[str] = field(default_factory=list[str])
    """What the API logged of requests that it could not answer: where to look first."""
    counts: dict[str, int] = field(default_factory=dict[str, int])


async def play(seed: int, seconds: float, say: Callable[[str], None], *, speed: int = SPEED) -> Run:
    """Start, kill for so many seconds, look at what is left. Everything is gone afterwards."""
    run, dice = Run(seed), random.Random(seed)
    async with running(clock_speed=str(speed)) as stack:
        whole, clients = Whole(stack, seed), Clients(stack.api, seed)
        working = asyncio.create_task(clients.run())
        try:
            await whole.again()
            end, following = time.monotonic() + seconds, kills.endless(dice)
            while time.monotonic() < end:
                fall = await _fall(stack, whole, clients, following(), dice)
                run.falls.append(fall)
                say(_line(fall))
                await asyncio.sleep(dice.uniform(*PAUSE))
        finally:
            clients.stop()
            run.load = os.getloadavg()[0]
            await asyncio.wait({working}, timeout=CLIENTS_PATIENCE)
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
        run.heard = clients.heard
        run.violations = await _verdict(stack, whole, run)
        run.failures = [line.strip() for line in stack.said if "request_failed" in line]
    return run


async def _fall(stack: Stack, whole: Whole, clients: Clients, kind: kills.Misfortune, dice: random.Random) -> Fall:
    """Something happens while a burst of leads is worked off; wait until all is well."""
    clients.burst(BURST)
    await asyncio.sleep(dice.uniform(0, INTO_IT))
    parts = await kind.deed(stack, dice)
    try:
        recovery, missing = await whole.again(), ""
    except TimeoutError as never:
        recovery, missing = None, str(never)
    return Fall(kind, parts, recovery, await _control(), missing)


async def _verdict(stack: Stack, whole: Whole, run: Run) -> list[str]:
    """What is wrong in the end, and which recoveries took too long."""
    slow = [too_late for fall in run.falls if (too_late := late(fall))]
    try:
        await whole.again()
    except TimeoutError as never:
        return [*slow, f"not whole in the end, {never}"]
    temporal = await Client.connect(stack.temporal)
    async with stack.rows() as rows:
        for table in COUNTED:
            run.counts[table] = int(await rows.fetchval(f"SELECT count(*) FROM {table}") or 0)
        facts = await _seen(rows, temporal, run.heard)
        for _ in range(LOOKS - 1):
            if facts:
                await asyncio.sleep(BETWEEN_LOOKS)
                facts &= await _seen(rows, temporal, run.heard)
    return slow + sorted(facts)


async def _seen(rows: asyncpg.Connection, temporal: Client, heard: Heard) -> set[str]:
    """What is against a rule at this instant."""
    of_rows = await checks.of_store(rows) | await checks.of_clients(rows, heard)
    return of_rows | await lives.of_temporal(rows, temporal)


def late(fall: Fall) -> str | None:
    """What to say of a recovery that took too long."""
    hit = f"{fall.kind.name} ({', '.join(fall.parts)})"
    if fall.recovery is None:
        return f"not whole after {hit}: {fall.missing}"
    if fall.recovery.seconds > fall.aim:
        return f"whole too late after {hit}: {fall.recovery.seconds:.1f} s, {fall.recovery.last} came last"
    return None


async def _control() -> float:
    began = time.monotonic()
    command = (sys.executable, "-c", "import temporalio.worker, sqlalchemy.ext.asyncio")
    process = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT)
    await process.wait()
    return time.monotonic() - began


def _line(fall: Fall) -> str:
    hit = ", ".join(fall.parts)
    if fall.recovery is None:
        return f"{fall.kind.name} ({hit}): {fall.missing}"
    signs = ", ".join(f"{sign} {at:.1f}" for sign, at in fall.recovery.signs.items())
    return f"{fall.kind.name} ({hit}): whole after {fall.recovery.seconds:.1f} s ({signs})"
