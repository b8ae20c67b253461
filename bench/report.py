"""What a measurement hands back, the machine it was made on, and both as tables and as JSON."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table
from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.client import Client

from bench.calm import Load
from bench.stack import Stack

Cell = float | int | str | None


@dataclass(frozen=True)
class Result:
    """One table of figures; ``headline`` holds the few that the project is judged by."""

    name: str
    title: str
    rows: tuple[Mapping[str, Cell], ...]
    headline: Mapping[str, float]
    notes: tuple[str, ...] = ()
    load: Load | None = None
    """How busy others kept the machine meanwhile."""
    busy: bool = False
    """Too busy for the figures to mean much; they were asked for all the same."""


@dataclass(frozen=True)
class Machine:
    """Where and when the figures were made; figures of different machines do not compare, ratios
    do."""

    at: str
    processor: str
    cores: int
    load: float
    """Processes that wanted a core in the minute before: on a calm machine below 1."""

    memory_gb: int
    system: str
    python: str
    temporalio: str
    temporal: str = ""
    postgresql: str = ""

    def line(self) -> str:
        servers = [f"Temporal {self.temporal}", f"PostgreSQL {self.postgresql}"] if self.temporal else []
        parts = [
            self.processor,
            f"{self.cores} cores (load {self.load:.1f} before)",
            f"{self.memory_gb} GB",
            self.system,
            f"Python {self.python}",
            f"temporalio {self.temporalio}",
            *servers,
        ]
        return " · ".join(parts)


def machine() -> Machine:
    """This machine, without servers."""
    return Machine(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        processor=_processor(),
        cores=os.cpu_count() or 0,
        load=os.getloadavg()[0],
        memory_gb=round(psutil.virtual_memory().total / 2**30),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        temporalio=version("temporalio"),
    )


async def servers(stack: Stack) -> dict[str, str]:
    """The versions of the servers, for ``Machine``."""
    client = await Client.connect(stack.temporal)
    about = await client.workflow_service.get_system_info(GetSystemInfoRequest())
    async with stack.rows() as rows:
        postgresql = str(await rows.fetchval("SHOW server_version"))
    return {"temporal": about.server_version, "postgresql": postgresql.split()[0]}


def show(console: Console, result: Result) -> None:
    """One table; columns are the keys of its rows."""
    columns = list(dict.fromkeys(key for row in result.rows for key in row))
    table = Table(*columns)
    for column in table.columns[1:]:
        column.justify = "right"
    for row in result.rows:
        table.add_row(*(_text(row.get(column)) for column in columns))
    title = f"ON A BUSY MACHINE: {result.title}" if result.busy else result.title
    # Outside of the table, which would break them to its own width.
    console.print(title, style="bold", markup=False, soft_wrap=True)
    console.print(table)
    for note in (*result.notes, *([result.load.line()] if result.load else [])):
        console.print(note, style="dim", markup=False, soft_wrap=True)


def write(path: Path, about: Machine, command: str, results: Sequence[Result]) -> None:
    """Everything as JSON, for comparing runs."""
    whole = {"command": command, "machine": asdict(about), "results": {one.name: asdict(one) for one in results}}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def spread(values: Iterable[float]) -> str:
    """From the lowest to the highest of several rounds; one round has none."""
    ordered = sorted(values)
    return f"{_text(ordered[0])}–{_text(ordered[-1])}" if len(ordered) > 1 else ""


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which so large a share of the values lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:,.2f}" if abs(cell) < 100 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def _processor() -> str:
    with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
        names = (re.search(r"^model name\s*:\s*(.+)", line) for line in lines)
        return next((found[1].strip() for found in names if found), platform.machine())
