"""What must hold of any bytes: problems by name, or a diagram that begins, moves on and is
restored.

Nothing may raise but the declared: ``ModelRefused`` on reading, ``NoSuchStart`` on beginning.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from random import Random
from typing import Final

from workflows.bpmn import (
    ActivityDone,
    Definitions,
    ErrorThrown,
    Event,
    MessageArrived,
    ModelRefused,
    NoSuchStart,
    Process,
    Program,
    RaiseIncident,
    SignalArrived,
    State,
    TaskDone,
    TimerFired,
    begin,
    closure,
    outstanding,
    read,
    step,
    validate,
)
from workflows.bpmn.checks.codes import CODES
from workflows.bpmn.difference import difference
from workflows.bpmn.interchange import load, report
from workflows.bpmn.lifecycle import Phase

AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
STEPS: Final = 6


def tried(xml: bytes, dice: Random) -> bool:
    """Reads, reports, writes back, compares and plays; whether the file was accepted.

    Raises:
        AssertionError: a problem says too little, or a snapshot forgets.
        Exception: whatever should not have been raised.
    """
    _reported(xml)
    try:
        definitions = read(xml)
    except ModelRefused as refusal:
        assert refusal.problems
        for problem in refusal.problems:
            assert problem.code in CODES and problem.message and str(problem)
        return False
    _compared(definitions)
    for key in definitions.processes:
        with suppress(NoSuchStart):
            _played(definitions, key, dice)
    return True


def _reported(xml: bytes) -> None:
    try:
        document = load(xml)
    except ModelRefused:
        return
    written = document.write()
    assert load(written).write() == written
    assert all(finding.tag for finding in report(xml))


def _compared(definitions: Definitions) -> None:
    validate(definitions, activities=(), decisions=(), processes=(), at=AT)
    processes: list[Process] = [*definitions.processes.values()]
    for process in processes:
        assert bool(difference(processes[0], process)) == (process is not processes[0])


def _played(definitions: Definitions, key: str, dice: Random) -> None:
    try:
        program = closure(definitions.processes, key)
    except KeyError:
        return  # it calls what is in another file: nobody would deploy it alone
    starts: list[str | None] = [None]
    starts += [start.id for kind in ("message", "timer", "signal") for start in program[key].starts(kind)]
    state, commands = begin(program, key, {"n": dice.randrange(3)}, AT, start=dice.choice(starts))
    for _ in range(STEPS):
        state = _restored(state)
        if state.ended or any(isinstance(one, RaiseIncident) and one.kind == "endless_loop" for one in commands):
            break
        assert outstanding(program, state, AT) is not None
        event = dice.choice(_possible(program, state))
        state, commands = step(program, state, event, AT)


def _possible(program: Program, state: State) -> list[Event]:
    found: list[Event] = [TimerFired(timer.timer) for timer in state.timers()]
    for one in state.executions.values():
        if one.phase is Phase.ACTIVE and one.waits == "task":
            found.append(TaskDone(one.id, {"n": 1}))
        elif one.phase is Phase.ACTIVE and one.waits == "activity":
            found += [ActivityDone(one.id, {"n": 2}), ErrorThrown(one.id, "E")]
    heard = sorted({name for process in program.values() for name in process.messages})
    return [*found, *(MessageArrived(name) for name in heard), SignalArrived("s")]


def _restored(state: State) -> State:
    restored = State.from_json(json.loads(json.dumps(state.to_json())))
    assert restored == state, "a snapshot forgets"
    return restored
