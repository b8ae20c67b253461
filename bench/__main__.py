"""``make bench`` or ``python -m bench [leads|history|api|decisions]``: measures, shows tables, writes JSON if asked."""

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

from bench import api, decisions, history, leads, report
from bench.report import Machine, Result
from bench.stack import running


class What(StrEnum):
    LEADS = "leads"
    HISTORY = "history"
    API = "api"
    DECISIONS = "decisions"


@dataclass(frozen=True)
class Size:
    """How much is done; a quick run shows that everything works and little more."""

    leads: int
    sent: int
    decisions: int
    rounds: int


FULL = Size(leads=100, sent=200, decisions=10_000, rounds=3)
QUICK = Size(leads=20, sent=50, decisions=1_000, rounds=1)

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
    if What.DECISIONS in what:
        yield about, (await decisions.measure(count=size.decisions, rounds=size.rounds),)
    if What.HISTORY in what:
        async with running(clock_speed=str(history.SPEED)) as stack:
            about = replace(about, **await report.servers(stack))
            yield about, (await history.measure(stack),)
    if {What.LEADS, What.API} & set(what):
        async with running() as stack:
            about = replace(about, **await report.servers(stack))
            if What.LEADS in what:
                yield about, (await leads.compare(stack, first=0, count=size.leads, rounds=size.rounds),)
            if What.API in what:
                yield about, await api.measure(stack, first=10_000, leads=size.sent, rounds=size.rounds)


if __name__ == "__main__":
    app(prog_name="python -m bench")
