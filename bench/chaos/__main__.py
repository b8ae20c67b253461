"""``make chaos`` or ``python -m bench.chaos``: kills parts of a Baton of its own and says what came
of it."""

from __future__ import annotations

import asyncio
import random
import shlex
import sys
from typing import Annotated

import typer
from rich.console import Console

from bench.chaos import report
from bench.chaos.run import SPEED, Run, play

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
console = Console(width=None if sys.stdout.isatty() else 160)


@app.command()
def main(
    minutes: Annotated[float, typer.Option(help="How long parts are killed.", min=0)] = 10,
    seed: Annotated[int | None, typer.Option(help="Plays the same misfortunes in the same order again.")] = None,
    speed: Annotated[int, typer.Option(help="How many times faster the application clock runs.", min=1)] = SPEED,
) -> None:
    """Kills parts at random instants, measures how soon all is whole, and proves that nothing is
    lost or done twice.

    Ends with 1 and the facts if anything is, or if a recovery took longer than the aim.
    """
    chosen = random.randrange(2**32) if seed is None else seed
    console.print(f"seed {chosen}: {minutes:g} minutes, a day in {86_400 / speed:g} s")
    run = asyncio.run(play(chosen, minutes * 60, _say, speed=speed))
    report.show(console, run)
    if run.violations:
        console.print(_again(run, minutes), soft_wrap=True)
        raise typer.Exit(1)


def _say(line: str) -> None:
    console.print(line, soft_wrap=True, highlight=False)


def _again(run: Run, minutes: float) -> str:
    command = shlex.join(["python", "-m", "bench.chaos", "--minutes", f"{minutes:g}", "--seed", str(run.seed)])
    return f"the same again: {command}"


if __name__ == "__main__":
    app(prog_name="python -m bench.chaos")
