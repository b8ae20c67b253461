"""Decisions a second: Baton's against durable-rules' own ``post``, GoRules zen and the plain
evaluator, by table size.

Run as ``python -m bench.decisions COUNT ROUNDS`` in a process of its own, because durable-rules can
take a process with it.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence

import rules
from bench import rivals
from bench.remembering import each_time
from bench.report import Cell, Result
from bench.rivals import Inputs, timed
from bench.stack import helper
from bench.tables import first_file, unique_file, wide_cases, wide_table
from rules import engine
from rules.compiler import compile_table
from rules.evaluation import evaluate
from rules.feel import to_json
from rules.model import Decision, Matched

SHIPPED = ("grade", "escalation-ladder")
SIZES = (10, 100, 1_000)
CASES = 200
PATIENCE = 600.0
_FILES = {"U": unique_file, "F": first_file}
Rows = tuple[Mapping[str, Cell], ...]


async def measure(*, count: int, rounds: int, sizes: Sequence[int] = SIZES) -> tuple[Result, ...]:
    """All of them against each other, ``rounds`` times ``count`` decisions each; then tables of
    these sizes."""
    async with helper("bench.decisions", *map(str, (count, rounds, *sizes))) as child:
        answer, _ = await asyncio.wait_for(child.communicate(), PATIENCE)
    if child.returncode:
        raise RuntimeError(f"measuring decisions ended with {child.returncode}")
    found = {name: tuple(rows) for name, rows in json.loads(answer).items()}
    return _rates(found["rates"], count, rounds), _sizes(found["sizes"]), _shares(found["shares"])


def _rates(rows: Rows, count: int, rounds: int) -> Result:
    least = {name: min(float(row[name] or 0) for row in rows) for name in ("÷ post", "÷ zen")}
    return Result(
        "decisions",
        f"Decisions ÷ durable-rules' post: {least['÷ post']:.2f} or more; ÷ GoRules zen: {least['÷ zen']:.2f} or more",
        rows,
        {
            "ratio": least["÷ post"],
            "ratio_to_zen": least["÷ zen"],
            "decisions_per_second": float(rows[0]["rules.decide/s"] or 0),
        },
        (
            f"medians of {rounds} rounds of {count:,}, in seconds of CPU time",
            '"each time": durable-rules is asked for every decision; else it is asked once for each combination of'
            " positions. ÷ post is of the former",
        ),
    )


def _sizes(rows: Rows) -> Result:
    return Result(
        "decisions_by_size",
        "Decision tables of 6 inputs by their number of rows",
        rows,
        {"p99_us_of_the_largest": max(float(row["p99 µs"] or 0) for row in rows if row["rows"] == rows[-1]["rows"])},
        (
            "build, in CPU time: reading the file, compiling it, a decision; zen: its form made and read, a decision",
            'then single decisions in wall time; "each time" as above',
        ),
    )


def _shares(rows: Rows) -> Result:
    return Result(
        "decisions_shares",
        "Where the time of one decision goes, in µs of CPU time",
        rows,
        {"durable_rules_share": float(rows[0]["durable-rules"] or 0) / float(rows[0]["each time"] or 1)},
        ("FEEL and result: values, types, hit policy, outputs, beside an evaluator that costs nothing; best of ten",),
    )


def compare(name: str, decision: Decision, asked: Sequence[Inputs], *, count: int, rounds: int) -> Mapping[str, Cell]:
    """One table in every way."""
    ways = {
        "ours": rivals.ours(decision, asked),
        "post": rivals.post(name, decision, asked),
        "zen": rivals.gorules(decision, asked),
        "plain": rivals.plain(decision, asked),
    }
    for way in ways.values():
        way(len(asked))  # warm-up; all of them have to answer
    taken: dict[str, list[float]] = {key: [] for key in (*ways, "each")}
    for _ in range(rounds):
        with each_time():
            taken["each"].append(timed(ways["ours"], count).cpu)
        for key, way in ways.items():
            taken[key].append(timed(way, count if key != "plain" else max(1, count // 10)).cpu)
    table = rivals.table_of(decision)
    median = {key: statistics.median(values) for key, values in taken.items()}
    return {
        "table": name,
        "rows × inputs": f"{len(table.rules)} × {len(table.columns)}",
        "rules": len(compile_table(table).rows),
        "rules.decide/s": median["ours"],
        "each time/s": median["each"],
        "post/s": median["post"],
        "zen/s": median["zen"],
        "plain/s": median["plain"],
        "÷ post": _ratio(taken["each"], taken["post"]),
        "÷ zen": _ratio(taken["ours"], taken["zen"]),
        "each time ÷ zen": _ratio(taken["each"], taken["zen"]),
        "÷ plain": _ratio(taken["ours"], taken["plain"]),
    }


def by_size(policy: str, rows: int, *, count: int) -> Mapping[str, Cell]:
    """How long a table of so many rows takes until it first answers, and then."""
    file, cases = _FILES[policy](rows), wide_cases(rows, CASES)
    begun = time.process_time()
    (decision,) = rules.read_table(file)
    read = time.process_time()
    assert engine.carries(rivals.table_of(decision))
    compiled = time.process_time()
    rules.decide(decision, cases[0])
    first = time.process_time()
    zen = rivals.zen_of(decision)
    zen(cases[0])
    zen_built = time.process_time() - first
    rivals.gorules(decision, cases)  # raises if it decides otherwise
    with each_time():
        each = _latencies(lambda inputs: rules.decide(decision, inputs), cases, count)
    ours = _latencies(lambda inputs: rules.decide(decision, inputs), cases, count)
    theirs = _latencies(zen, cases, count)
    return {
        "policy": policy,
        "rows": rows,
        "read ms": 1e3 * (read - begun),
        "compile ms": 1e3 * (compiled - read),
        "first µs": 1e6 * (first - compiled),
        "zen build ms": 1e3 * zen_built,
        "median µs": _percentile(ours, 50),
        "p99 µs": _percentile(ours, 99),
        "each time median": _percentile(each, 50),
        "each time p99": _percentile(each, 99),
        "zen median": _percentile(theirs, 50),
        "zen p99": _percentile(theirs, 99),
    }


def shares(rows: int, *, count: int) -> Mapping[str, Cell]:
    """One decision taken apart."""
    decision, asked = wide_table(rows), wide_cases(rows, CASES)
    table = rivals.table_of(decision)
    plan = compile_table(table)
    values = [tuple(column.expression.run(inputs) for column in table.columns) for inputs in asked]
    nothing = Matched((0,), "durable-rules")
    ways = {
        "FEEL and result": rivals.cycled(lambda inputs: evaluate(decision, inputs, lambda *_: nothing), asked),
        "positions": rivals.cycled(plan.positions, values),
        "durable-rules": rivals.native(decision, asked),
    }
    ours = rivals.ours(decision, asked)
    for way in (ours, *ways.values()):
        way(len(asked))
    with each_time():
        each = _least(ours, count)
    taken = {name: _least(way, count) for name, way in ways.items()}
    return {
        "rows": rows,
        "kept answer": _least(ours, count),
        "each time": each,
        **taken,
        "the door": each - sum(taken.values()),
    }


def _least(way: rivals.Decide, count: int) -> float:
    """Microseconds of CPU time that a decision takes in the best of ten stretches: what others do
    beside it aside."""
    return min(1e6 / timed(way, max(1, count // 10)).cpu for _ in range(10))


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def _latencies(decide: Callable[[Inputs], object], asked: Sequence[Inputs], count: int) -> list[float]:
    """Microseconds of each decision, in order of length."""
    found: list[float] = []
    for number in range(count):
        inputs = asked[number % len(asked)]
        begun = time.perf_counter_ns()
        decide(inputs)
        found.append((time.perf_counter_ns() - begun) / 1e3)
    return sorted(found)


def _percentile(ordered: Sequence[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _main(count: int, rounds: int, *sizes: int) -> None:
    tables = {"generated": (wide_table(60), wide_cases(60, CASES)), **{key: shipped(key) for key in SHIPPED}}
    found = {
        "rates": [compare(name, *table, count=count, rounds=rounds) for name, table in tables.items()],
        "sizes": [by_size(policy, rows, count=count) for policy in _FILES for rows in sizes],
        "shares": [shares(rows, count=count) for rows in (60, *sizes[1:])],
    }
    sys.stdout.write(json.dumps(found))


def shipped(key: str) -> tuple[Decision, Sequence[Inputs]]:
    """A table that comes with Baton, and the cases that its author wrote down as examples, as JSON
    values."""
    decisions = [one for file in rules.shipped() for one in rules.read_table(file.read_bytes())]
    decision = next(one for one in decisions if one.key == key)
    return decision, [{name: to_json(given.run({})) for name, given in example.given} for example in decision.examples]


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:]))
