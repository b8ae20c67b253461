"""``make bench`` or ``python -m bench [engine|leads|…]``: measures, shows tables, writes JSON if
asked."""

from __future__ import annotations

import asyncio
import shlex
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import calm, report
from bench.calm import TooBusy
from bench.parts import PARTS, What, chosen, measured
from bench.report import Result
from bench.sizes import FULL, QUICK, Size

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
console = Console(width=None if sys.stdout.isatty() else 160)
complaints = Console(stderr=True)


@app.command()
def main(
    what: Annotated[
        list[What] | None, typer.Argument(help="What to measure; all but screens, outage and growth if not given.")
    ] = None,
    quick: Annotated[bool, typer.Option(help="Small numbers, one round.")] = False,
    leads: Annotated[int | None, typer.Option(help="Leads (or instances) of each round.")] = None,
    rounds: Annotated[int | None, typer.Option(help="Rounds; the spread is from the lowest to the highest.")] = None,
    sleepers: Annotated[str | None, typer.Option(help="Sizes at which to look at sleeping leads: 1000,10000.")] = None,
    screens: Annotated[int | None, typer.Option(help="Leads over which every screen is asked for.")] = None,
    deadlines: Annotated[int | None, typer.Option(help="Deadlines that are due at once after an outage.")] = None,
    cache: Annotated[int | None, typer.Option(help="Workflows that a worker keeps in memory.")] = None,
    busy_ok: Annotated[bool, typer.Option(help="Measure on a busy machine, too; the figures are marked.")] = False,
    json: Annotated[Path | None, typer.Option(help="A file for the figures.")] = None,
) -> None:
    """Measures Baton against floors in the same run; absolute figures belong to the machine.

    Ends with 75 if the machine was too busy for some figures to mean anything: those are not shown.
    """
    size = QUICK if quick else FULL
    if leads is not None:
        size = replace(size, leads=leads, sent=leads, instances=leads)
    if rounds is not None:
        size = replace(size, rounds=rounds)
    if sleepers is not None:
        size = replace(size, sleepers=tuple(int(one) for one in sleepers.split(",")))
    if screens is not None:
        size = replace(size, many=screens)
    if deadlines is not None:
        size = replace(size, deadlines=deadlines)
    if cache is not None:
        size = replace(size, cache=cache)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background has it ignored
    for number in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C: what was started ends, and its data go
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))
    sys.exit(asyncio.run(_measure(chosen(what or (), quick=quick), size, busy_ok=busy_ok, file=json)))


async def _measure(what: tuple[What, ...], size: Size, *, busy_ok: bool, file: Path | None) -> int:
    """Everything that was asked for, one after the other; gives the exit code."""
    try:
        calm.insist(await calm.beforehand(), busy_ok=busy_ok)
    except TooBusy as problem:
        complaints.print(f"not measured: {problem}. Wait, or --busy-ok", soft_wrap=True, markup=False)
        return calm.BUSY
    about, results, refused = report.machine(), list[Result](), 0
    for part in (part for part in PARTS if part.what in what):
        try:
            found, about = await measured(part, size, about, busy_ok=busy_ok)
        except TooBusy as problem:
            complaints.print(f"{part.what}: not shown: {problem}. Again, or --busy-ok", soft_wrap=True, markup=False)
            refused += 1
            continue
        for result in found:
            report.show(console, result)
        results += found
    console.print(about.line(), soft_wrap=True)
    if file is not None:
        report.write(file, about, shlex.join(["python", "-m", "bench", *sys.argv[1:]]), results)
    return calm.BUSY if refused else 0


if __name__ == "__main__":
    app(prog_name="python -m bench")
