"""The interpreter by itself: how fast it steps, what a big diagram costs, how large a snapshot is,
what reading costs.

In this process, without Temporal or a database. The floor of the steps is a function call that
copies the same tables.
"""

from __future__ import annotations

import json
import statistics
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime

from bench.drawn import fan, line, wide
from bench.report import Cell, Result
from workflows.bpmn import (
    ActivityDone,
    Event,
    OpenTask,
    Program,
    RunActivity,
    State,
    TaskDone,
    Visit,
    begin,
    closure,
    read,
    step,
    validate,
)

T0 = datetime(2026, 1, 1, tzinfo=UTC)
TOKENS = 100
VERSIONS = 500


def measure(*, instances: int, rounds: int) -> Result:
    """Steps a second of three diagrams, snapshots, and reading."""
    small, big, many = _program(line(10), "line"), _program(wide(29), "wide"), _program(fan(TOKENS), "fan")
    rows = (
        _stepping("a line of ten service tasks", small, "line", instances, rounds),
        _stepping(f"a diagram of {_nodes(big)} nodes", big, "wide", max(instances // 20, 1), rounds),
        _stepping(f"{TOKENS} tokens in one instance", many, "fan", max(instances // 100, 1), rounds),
    )
    steps = {str(row["diagram"]): float(row["events/s"] or 0) for row in rows}
    fewest, most = min(steps.values()), max(steps.values())
    state, _ = begin(many, "fan", {}, T0)
    snapshot = len(json.dumps(state.to_json(), separators=(",", ":")).encode())
    reading, memory = _reading(line(10), VERSIONS)
    checked = _seconds(lambda: validate(read(wide(29))), rounds)
    return Result(
        "engine",
        "The interpreter alone, of one core",
        rows,
        {
            "events_per_second": steps["a line of ten service tasks"],
            "slowest_to_fastest": fewest / most,
            "snapshot_bytes_of_100_tokens": snapshot,
            "read_500_seconds": reading,
        },
        (
            f"snapshot of {TOKENS} tokens: {snapshot:,} bytes of JSON",
            f"a diagram of {_nodes(big)} nodes is read and checked in {1000 * checked:.0f} ms",
            f"{VERSIONS} versions of the small diagram are read in {reading:.2f} s and take {memory:.1f} MB",
        ),
    )


def _program(xml: bytes, key: str) -> Program:
    return closure(read(xml).processes, key)


def _nodes(program: Program) -> int:
    return sum(len(process.elements) for process in program.values())


def _stepping(name: str, program: Program, key: str, instances: int, rounds: int) -> dict[str, Cell]:
    events = visits = 0

    def play() -> None:
        nonlocal events, visits
        events = visits = 0
        for _ in range(instances):
            told, seen = _through(program, key)
            events += told
            visits += seen

    took = _seconds(play, rounds)
    return {
        "diagram": name,
        "events/s": events / took,
        "visits/s": visits / took,
        "instances/s": instances / took,
        "µs an event": 1e6 * took / events,
    }


def _through(program: Program, key: str) -> tuple[int, int]:
    """One instance from its start to its end; how many events it was told and how many elements
    were visited."""
    trace: list[Visit] = []
    state, commands = begin(program, key, {"n": 0}, T0, trace=trace)
    events, todo = 1, list(commands)
    while todo and not state.ended:
        command = todo.pop(0)
        event: Event
        if isinstance(command, RunActivity):
            event = ActivityDone(command.execution, {})
        elif isinstance(command, OpenTask):
            event = TaskDone(command.execution, {})
        else:
            continue
        state, commands = step(program, state, event, T0, trace=trace)
        events += 1
        todo.extend(commands)
    assert state.ended and not State.from_json(state.to_json()).executions
    return events, sum(1 for visit in trace if visit.what == "entered")


def _reading(xml: bytes, count: int) -> tuple[float, float]:
    """Seconds to read so many versions, each a file of its own, and the megabytes that they
    stay."""
    files = [xml.replace(b"bench", b"bench %d" % number, 1) for number in range(count)]
    took = _seconds(lambda: [read(file) for file in files], 1)
    tracemalloc.start()  # slows reading, so it is read once more
    kept = [read(file) for file in files]
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(kept) == count
    return took, size / 2**20


def _seconds(work: Callable[[], object], rounds: int) -> float:
    def once() -> float:
        begun = time.process_time()
        work()
        return time.process_time() - begun

    return statistics.median(once() for _ in range(rounds))
