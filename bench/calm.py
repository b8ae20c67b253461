"""Whether the machine is calm enough for a figure to mean anything.

What others use of the cores is missing on one side of a ratio more than on the other, and nobody
sees it in the figure. So a run is refused when too much is going on beforehand, and what was
measured while others had more than their share is not shown. Bounds are shares of all cores, so
they hold for any number of them.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import psutil

BUSY: Final = 75
"""The exit code of a run that was refused: try again later (EX_TEMPFAIL of sysexits.h)."""

LOOK: Final = 3.0
"""Seconds for which a machine is looked at before a run."""

MOST_LOAD: Final = 1.0
"""Processes that wanted a core in the minute before, by core: above it they waited for each other.
A run of the benchmarks' own may be among them, so it is no stricter."""

MOST_OTHERS: Final = 0.10
"""Share of the cores that other processes may use, before a run and during it."""

MOST_STEAL: Final = 0.03
"""Share of the cores that other machines on the same host may take away."""


class TooBusy(Exception):
    """The machine is too busy for a figure to mean anything; the text says by what."""


@dataclass(frozen=True, slots=True)
class Load:
    """How busy the machine was in a stretch of time, as shares of all cores. ``waiting``: the load
    of the minute before by core, None where that is the run's own."""

    others: float
    steal: float
    waiting: float | None = None

    def faults(self) -> tuple[str, ...]:
        """What is above its bound, in words."""
        found: list[str] = []
        if self.waiting is not None and self.waiting > MOST_LOAD:
            found.append(f"load of the last minute {self.waiting:.2f} a core (at most {MOST_LOAD:.2f})")
        if self.others > MOST_OTHERS:
            found.append(f"others use {self.others:.0%} of the cores (at most {MOST_OTHERS:.0%})")
        if self.steal > MOST_STEAL:
            found.append(f"other machines take {self.steal:.0%} of the cores (at most {MOST_STEAL:.0%})")
        return tuple(found)

    def line(self) -> str:
        """For the table's caption."""
        return f"meanwhile others used {self.others:.0%} of the cores, other machines took {self.steal:.0%}"


@dataclass(frozen=True, slots=True)
class Reading:
    """CPU seconds so far: of the whole machine, stolen from it, of this run with all its
    processes."""

    at: float
    used: float
    stolen: float
    own: float


def read() -> Reading:
    """The counters as they stand."""
    times: Any = psutil.cpu_times()
    used = times.user + times.system + getattr(times, "nice", 0.0)
    used += getattr(times, "irq", 0.0) + getattr(times, "softirq", 0.0)
    return Reading(time.monotonic(), used, getattr(times, "steal", 0.0), sum(_own()))


def between(before: Reading, after: Reading, *, waiting: float | None = None) -> Load:
    """The load between two readings."""
    whole = max(after.at - before.at, 0.001) * (os.cpu_count() or 1)
    others = (after.used - before.used) - (after.own - before.own)
    return Load(max(others, 0.0) / whole, max(after.stolen - before.stolen, 0.0) / whole, waiting)


async def beforehand() -> Load:
    """Looks at the machine while this run does nothing."""
    before = read()
    await asyncio.sleep(LOOK)
    return between(before, read(), waiting=os.getloadavg()[0] / (os.cpu_count() or 1))


def insist(load: Load, *, busy_ok: bool) -> bool:
    """Whether figures of such a load have to be marked.

    Raises:
        TooBusy: they mean nothing, and nobody said that they need not.
    """
    faults = load.faults()
    if faults and not busy_ok:
        raise TooBusy("; ".join(faults))
    return bool(faults)


def _own() -> Iterator[float]:
    """CPU seconds of this process and of all below it; those that have ended are in their
    parents'."""
    this = psutil.Process()
    for process in (this, *this.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times: Any = process.cpu_times()
            yield float(times.user + times.system + times.children_user + times.children_system)
