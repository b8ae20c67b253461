"""``make bench`` or ``python -m bench [engine|leads|…]``: measures, shows tables, writes JSON if
asked."""

from __future__ import annotations

import asyncio
import shlex
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import (
    api,
    backtests,
    decisions,
    engine,
    history,
    imports,
    instances,
    isolation,
    leads,
    overload,
    report,
    search,
    versions,
)
from bench.report import Machine, Result
from bench.stack import running


class What(StrEnum):
    ENGINE = "engine"
    INSTANCES = "instances"
    LEADS = "leads"
    HISTORY = "history"
    API = "api"
    VERSIONS = "versions"
    DECISIONS = "decisions"
    BACKTESTS = "backtests"
    OVERLOAD = "overload"
    ISOLATION = "isolation"
    SEARCH = "search"
    IMPORTS = "imports"


@dataclass(frozen=True)
class Size:
    """How much is done; a quick run shows that everything works and little more."""

    leads: int
    sent: int
    decisions: int
    past: int
    instances: int
    rounds: int
    storm: float
    """Seconds of each storm."""
    cases: int | None
    """How many of what would keep an API busy; None: all."""
    customers: int
    """Among whom one is sought."""
    files: tuple[int, ...]
    """Rows of files that are imported through the API."""
    long_files: tuple[int, ...]
    """Rows of files that are imported through a door that takes them at once."""


FULL = Size(
    leads=100,
    sent=200,
    decisions=10_000,
    past=100_000,
    instances=300,
    rounds=3,
    storm=10.0,
    cases=None,
    customers=1_000_000,
    files=(10_000, 100_000),
    long_files=(10_000, 100_000, 1_000_000),
)
QUICK = Size(
    leads=20,
    sent=50,
    decisions=1_000,
    past=2_000,
    instances=40,
    rounds=1,
    storm=2.0,
    cases=3,
    customers=10_000,
    files=(1_000,),
    long_files=(5_000, 20_000),
)

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
console = Console(width=None if sys.stdout.isatty() else 160)


@app.command()
def main(
    what: Annotated[list[What] | None, typer.Argument(help="What to measure; everything if not given.")] = None,
    quick: Annotated[bool, typer.Option(help="Small numbers, one round.")] = False,
    json: Annotated[Path | None, typer.Option(help="A file for the figures.")] = None,
) -> None:
    """Measures Baton against floors in the same run; absolute figures belong to the machine."""
    asyncio.run(_measure(tuple(what or What), QUICK if quick else FULL, json))


async def _measure(what: tuple[What, ...], size: Size, file: Path | None) -> None:
    about, results = report.machine(), list[Result]()
    async for found, results_of_it in _results(what, size, about):
        about = found
        for result in results_of_it:
            report.show(console, result)
            results.append(result)
    console.print(about.line(), soft_wrap=True)
    if file is not None:
        report.write(file, about, shlex.join(["python", "-m", "bench", *sys.argv[1:]]), results)


async def _results(
    what: tuple[What, ...], size: Size, about: Machine
) -> AsyncIterator[tuple[Machine, tuple[Result, ...]]]:
    if What.ENGINE in what:
        yield about, (engine.measure(instances=10 * size.instances, rounds=size.rounds),)
    if What.DECISIONS in what:
        yield about, await decisions.measure(count=size.decisions, rounds=size.rounds)
    if What.HISTORY in what:
        async with running(clock_speed=str(history.SPEED)) as stack:
            about = replace(about, **await report.servers(stack))
            yield about, (await history.measure(stack),)
    if What.BACKTESTS in what:
        async with running() as stack:
            about = replace(about, **await report.servers(stack))
            yield about, (await backtests.measure(stack, count=size.past),)
    if What.OVERLOAD in what:
        async with running() as stack:
            about = replace(about, **await report.servers(stack))
            yield about, await overload.measure(stack, first=0, leads=size.sent, seconds=size.storm)
    if What.ISOLATION in what:
        async with running() as stack:
            about = replace(about, **await report.servers(stack))
            yield about, (await isolation.measure(stack, most=size.cases),)
    if What.SEARCH in what:
        async with running() as stack:
            about = replace(about, **await report.servers(stack))
            yield about, (await search.measure(stack, customers=size.customers, rounds=10 * size.rounds),)
    if What.IMPORTS in what:
        async with running() as stack:
            about = replace(about, **await report.servers(stack))
            yield about, (await imports.measure(stack, sizes=size.files, long=size.long_files),)
    if {What.LEADS, What.API, What.INSTANCES, What.VERSIONS} & set(what):
        async with running() as stack:
            about = replace(about, **await report.servers(stack))
            if What.INSTANCES in what:
                yield about, (await instances.compare(stack, count=size.instances, rounds=size.rounds),)
            if What.LEADS in what:
                yield about, (await leads.compare(stack, first=0, count=size.leads, rounds=size.rounds),)
            if What.API in what:
                yield about, await api.measure(stack, first=10_000, leads=size.sent, rounds=size.rounds)
            if What.VERSIONS in what:  # last: it leaves five hundred versions behind
                yield about, (await versions.measure(stack, rounds=size.rounds),)


if __name__ == "__main__":
    app(prog_name="python -m bench")
