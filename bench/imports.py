"""Files of many leads: what an import takes of memory and time, and what a kill in the middle of
one costs."""

from __future__ import annotations

import asyncio
import csv
import json
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bench.door import listening
from bench.report import Cell, Result
from bench.samples import a_lead
from bench.stack import Stack
from server.settings import CHECKOUT

FIELDS = ("name", "phone", "model", "budget", "purchase_time", "city")
CHANNEL = "厂商/垂直媒体/懂车帝"
FIRST = 1_000_000
"""The number of the first person; those below are other measurements'."""


async def measure(stack: Stack, *, sizes: Sequence[int], long: Sequence[int]) -> Result:
    """Imports files of ``sizes`` rows through the API, ``long`` ones through a door that takes
    everything at once; each is killed when a third is done, and the same command given again."""
    rows: list[Mapping[str, Cell]] = []
    first = FIRST
    with stack.stopped("worker"):  # what leads do afterwards is not the import's
        for size in sizes:
            file = _file(stack.home, size, first)
            before = await stack.count("SELECT count(*) FROM leads")
            row = await _imported(file, size, stack.api)
            born = await stack.count("SELECT count(*) FROM leads") - before
            rows.append({"through": "API"} | row | {"lost": max(0, size - born), "twice": max(0, born - size)})
            first += size
    async with listening() as (door, taken):
        for size in long:
            file = _file(stack.home, size, first)
            before = taken()
            row = await _imported(file, size, door)
            got = taken() - before
            rows.append({"through": "a bare door"} | row | {"lost": max(0, size - got), "twice": max(0, got - size)})
            first += size
    wrong = sum(int(row["lost"] or 0) + int(row["twice"] or 0) + int(row["verdicts missing"] or 0) for row in rows)
    peaks = [float(row["peak MB"] or 0) for row in rows]
    return Result(
        "imports",
        f"Imports, each killed once: {max(peaks):.0f} MB at most, {max(peaks) - min(peaks):.0f} MB between the sizes;"
        f" {wrong} rows lost, doubled or without a verdict",
        tuple(rows),
        {"peak_mb": max(peaks), "wrong": wrong},
        ("peak MB: the larger of the two processes, before and after the kill; seconds: both together",),
    )


def _file(home: Path, rows: int, first: int) -> Path:
    path = home / f"leads_{rows}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        for number in range(first, first + rows):
            lead = a_lead(number)
            writer.writerow([lead[field] for field in FIELDS])
    return path


async def _imported(file: Path, rows: int, url: str) -> dict[str, Cell]:
    begun = time.perf_counter()
    killed, first_peak = await _run(file, url, kill_at=rows // 3)
    _, peak = await _run(file, url)
    seconds = time.perf_counter() - begun
    with file.with_suffix(".result.csv").open(encoding="utf-8-sig", newline="") as result:
        verdicts = sum(1 for _ in csv.reader(result)) - 1
    return {
        "rows": rows,
        "killed at row": killed,
        "seconds": seconds,
        "rows a second": rows / seconds,
        "peak MB": max(first_peak, peak),
        "verdicts missing": rows - verdicts,
    }


async def _run(file: Path, url: str, kill_at: int | None = None) -> tuple[int, float]:
    """One ``baton import``, killed when so many rows are done; gives how many were, and its peak of
    memory in MB."""
    said = file.with_suffix(".out")
    command = ("-P", "-m", "cli", "import", str(file), "--url", url, "--channel", CHANNEL)
    with said.open("w") as screen:
        child = await asyncio.create_subprocess_exec(
            sys.executable, *command, cwd=CHECKOUT, stdin=DEVNULL, stdout=screen, stderr=screen
        )
    ended, peak = asyncio.create_task(child.wait()), 0.0
    while not ended.done():
        peak = max(peak, _peak(child.pid))
        if kill_at is not None and _done(file) >= kill_at:
            child.kill()
            await ended
            return _done(file), peak
        await asyncio.wait([ended], timeout=0.02)
    if child.returncode:
        raise RuntimeError(f"the import failed: {said.read_text()[-2000:]}")
    return 0, peak


def _peak(pid: int) -> float:
    """The most memory that a process has had so far, in MB; what ``wait4`` says has that of its
    parent in it."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _done(file: Path) -> int:
    """How many rows of an import under way have their verdicts, by its journal."""
    try:
        return int(json.loads(file.with_suffix(".result.csv.journal").read_text())["rows"])
    except FileNotFoundError:
        return 0
