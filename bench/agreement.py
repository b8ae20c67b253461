"""``make agree``: a million random decisions by both evaluators, then some by 16 threads at once;
none may differ.

Over the shipped tables and random ones. By every other table, and half the time in threads,
durable-rules is asked for each decision, else once for each combination of positions. What the
process holds in memory is read on the way: a worker decides for months, so a long run must not grow
by more than ``MOST_BYTES`` a decision.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random
from typing import Annotated

import psutil
import typer

import rules
from bench.remembering import each_time
from bench.tables import random_table
from rules import Decision, engine, reference, tables
from rules.agreement import Disagreement, EvaluatorAnswer, compare, said
from rules.model import Table
from rules.sampling import samples

MOST_BYTES = 5.0
JUDGED_FROM = 500_000
"""Decisions from which on growth is a fault: in fewer, what the tables of the moment take weighs
more."""
THREADS = 16
ROUNDS = 5
"""So often each table comes while memory is watched. What the tables of the moment take goes up and
down by megabytes, so only readings at the same tables in different rounds say whether deciding
leaves something behind."""

ASKED = 100
"""Decisions that a table is asked for in a row, in the first part."""

SHIPPED_SHARE = 0.25
HOT = 0.95
"""Share of the threads' decisions that goes to half of their tables; the others push rulesets out
now and then."""

SWITCH = 1e-5
"""Seconds after which a thread has to make room for another: far fewer than usual, to find
races."""


@dataclass(slots=True)
class Tally:
    """What came of it. ``engines`` counts tables by the evaluator that carries them."""

    decisions: int = 0
    tables: int = 0
    engines: Counter[str] = field(default_factory=Counter[str])
    differences: list[Disagreement] = field(default_factory=list[Disagreement])
    held: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """After so many decisions the process had so many bytes; about a hundred readings."""

    @property
    def grown(self) -> float:
        """Bytes a decision by which the process grows from the second round to the last, at the
        same tables."""
        parts = {round(100 * done / self.decisions): size for done, size in self.held}
        apart = 100 - 100 * 2 // ROUNDS
        more = [
            parts[part + apart] - size for part, size in parts.items() if part + apart in parts and part > 100 // ROUNDS
        ]
        return sum(more) / len(more) / (apart / 100 * self.decisions) if more else 0.0


def agree(count: int, seed: int, *, watched: bool = True) -> Tally:
    """``count`` decisions by both evaluators, a quarter of them by shipped tables, the others by
    random ones.

    ``watched``: each table comes ``ROUNDS`` times, memory is read on the way, and progress shown.
    """
    dice, tally, began = Random(seed), Tally(), time.perf_counter()
    # An odd number of tables: each is then asked both ways, in turn.
    known = islice(_drawn(dice), count // (ASKED * ROUNDS) | 1) if watched else _drawn(dice)
    for visit, decision in enumerate(_again_and_again(known, tally)):
        asked = min(ASKED, count - tally.decisions)
        with nullcontext() if visit % 2 else each_time():
            tally.differences += compare(decision, samples(decision, asked, dice.randrange(2**32)))
        before = tally.decisions
        tally.decisions += asked
        if watched and _passed(before, tally.decisions, count / 100):
            tally.held.append((tally.decisions, resident()))
        if watched and _passed(before, tally.decisions, count / 10):
            _tell(tally, time.perf_counter() - began)
        if tally.decisions >= count:
            break
    return tally


def _again_and_again(known: Iterator[Decision], tally: Tally) -> Iterator[Decision]:
    """Each decision as it comes, counted; then all of them from the first again."""
    met: list[Decision] = []
    for decision in known:
        tally.tables += 1
        tally.engines[_carrier(decision)] += 1
        met.append(decision)
        yield decision
    yield from cycle(met)


def _passed(before: int, after: int, mark: float) -> bool:
    return before // mark < after // mark


def agree_in_threads(count: int, seed: int, threads: int = THREADS) -> Tally:
    """``count`` decisions by so many threads at once, on more tables than rulesets are kept; the
    reference judges."""
    dice, tally = Random(seed), Tally()
    known: list[tuple[Decision, list[tuple[dict[str, object], EvaluatorAnswer]]]] = []
    for decision in islice(_drawn(dice), engine.MOST_RULESETS * 3 // 2):
        asked = samples(decision, 20, dice.randrange(2**32))
        known.append((decision, [(inputs, said(reference.decide, decision, inputs)) for inputs in asked]))
    half = len(known) // 2

    def work(number: int) -> list[Disagreement]:
        own, found = Random(seed + number), list[Disagreement]()
        for _ in range(count // threads // 2):
            decision, cases = own.choice(known[:half] if own.random() < HOT else known[half:])
            inputs, expected = own.choice(cases)
            answer = said(tables.decide, decision, inputs)
            if answer != expected:
                found.append(Disagreement(decision.key, inputs, answer, expected))
        return found

    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        for asked in (each_time, nullcontext):
            with asked(), ThreadPoolExecutor(threads) as pool:
                for found in pool.map(work, range(threads)):
                    tally.differences += found
    finally:
        sys.setswitchinterval(interval)
    tally.decisions, tally.tables = count // threads // 2 * threads * 2, len(known)
    return tally


def resident() -> int:
    """Bytes of this process in memory, what waits to be collected aside."""
    gc.collect()
    return psutil.Process().memory_info().rss


def _drawn(dice: Random) -> Iterator[Decision]:
    shipped = [one for file in rules.shipped() for one in rules.read_table(file.read_bytes())]
    while True:
        yield dice.choice(shipped) if dice.random() < SHIPPED_SHARE else random_table(dice)


def _carrier(decision: Decision) -> str:
    return "durable-rules" if isinstance(decision.logic, Table) and engine.carries(decision.logic) else "reference"


def _tell(tally: Tally, seconds: float) -> None:
    typer.echo(
        f"{tally.decisions:>9,} decisions, {tally.tables:,} tables, {len(tally.differences)} differences, "
        f"{resident() / 2**20:.1f} MB, {tally.decisions / seconds:,.0f}/s"
    )


def main(
    count: Annotated[int, typer.Option(help="Random decisions; a tenth as many again by threads.")] = 1_000_000,
    seed: Annotated[int | None, typer.Option(help="Plays a run again.")] = None,
) -> None:
    """Both evaluators on random decisions. Ends with 1 if they differ, or if memory grows."""
    seed = Random().randrange(2**32) if seed is None else seed
    typer.echo(f"seed {seed}")
    alone = agree(count, seed)
    together = agree_in_threads(count // 10, seed)
    differences = [*alone.differences, *together.differences]
    for difference in differences[:20]:
        typer.echo(str(difference))
    by = ", ".join(f"{count:,} by {name}" for name, count in sorted(alone.engines.items()))
    typer.echo(f"one thread: {alone.decisions:,} decisions, {alone.tables:,} tables ({by})")
    typer.echo(f"{THREADS} threads: {together.decisions:,} decisions, {together.tables} tables")
    typer.echo(f"differences: {len(differences)}")
    typer.echo(f"memory: {alone.grown:.2f} bytes a decision")
    if differences or (count >= JUDGED_FROM and alone.grown > MOST_BYTES):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
