"""What a run shows: a row a kind of misfortune, what came in, what was found."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from bench.chaos.kills import KINDS
from bench.chaos.run import CALM, Fall, Run


def show(console: Console, run: Run) -> None:
    """Prints the run."""
    table = Table(title=f"Kills, seed {run.seed}", title_justify="left")
    for column in ("what", "times", "whole again p50 s", "max s", "aim s", "came last"):
        table.add_column(column, justify="left" if column in ("what", "came last") else "right")
    for row in rows(run):
        table.add_row(*row)
    console.print(table)
    heard = run.heard
    console.print(
        f"{len(heard.leads)} leads and {len(heard.statements)} statements acknowledged, {heard.refused} refused,"
        f" {heard.repeated} repeated with the same answer; in the store: "
        + ", ".join(f"{count} {table}" for table, count in run.counts.items())
    )
    controls = [fall.control for fall in run.falls]
    if controls:
        console.print(
            f"control: a process's imports took {min(controls):.1f} to {max(controls):.1f} s ({CALM:g} when calm; the"
            f" aims grow with it); load {run.load:.1f}"
        )
    console.print(f"violations: {len(run.violations)}")
    for violation in [*run.violations, *run.failures]:
        console.print(f"  {violation}", soft_wrap=True, markup=False, highlight=False)


def rows(run: Run) -> Iterator[tuple[str, ...]]:
    """One row for each kind that happened."""
    for kind in KINDS:
        falls = [fall for fall in run.falls if fall.kind is kind]
        if falls:
            yield kind.name, str(len(falls)), *_times(falls), _aims(falls), _last(falls)


def _times(falls: list[Fall]) -> tuple[str, str]:
    seconds = [fall.recovery.seconds for fall in falls if fall.recovery]
    if len(seconds) < len(falls):
        return (f"{statistics.median(seconds):.1f}" if seconds else "-"), "never"
    return f"{statistics.median(seconds):.1f}", f"{max(seconds):.1f}"


def _aims(falls: list[Fall]) -> str:
    low, high = (round(pick(fall.aim for fall in falls)) for pick in (min, max))
    return f"{low}" if low == high else f"{low} to {high}"


def _last(falls: list[Fall]) -> str:
    """What the longest of them waited for, once a new lead did not."""
    slowest = max(falls, key=lambda fall: fall.recovery.seconds if fall.recovery else float("inf"))
    return slowest.recovery.last if slowest.recovery else slowest.missing
