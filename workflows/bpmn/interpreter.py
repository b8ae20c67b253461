"""Runs diagrams: ``begin`` makes an instance, ``step`` applies one event. Pure: no clock, no I/O,
same in, same out.

The given state is never changed; the commands say in order what the host has to do. What a token
cannot do becomes a ``RaiseIncident`` and the token stays; what comes too late is answered with
``Refused``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from rules.feel import FeelError
from rules.feel.bounds import activation
from workflows.bpmn.catching import broadcast, subscriber, throw
from workflows.bpmn.lifecycle import ATTENDED, TRANSITIONS, Move, Phase, Stuck, after, kind_of
from workflows.bpmn.model import Data, Element, Process, Program
from workflows.bpmn.protocol import (
    ActivityDone,
    ActivityFailed,
    Command,
    ErrorThrown,
    Event,
    MessageArrived,
    RaiseIncident,
    Refused,
    Retry,
    SignalArrived,
    TaskDone,
    TimerFired,
    TokenMoved,
    VariablesCorrected,
    Visit,
)
from workflows.bpmn.run import BOUND, Run
from workflows.bpmn.state import BUFFER_CAP, ROOT, Execution, Instance, State


class NoSuchStart(ValueError):
    """The process has no start event of the kind asked for."""


def begin(
    program: Program,
    key: str,
    variables: Data,
    at: datetime,
    *,
    message: str | None = None,
    signal: str | None = None,
    start: str | None = None,
    trace: list[Visit] | None = None,
) -> tuple[State, tuple[Command, ...]]:
    """A new instance of process ``key`` at instant ``at`` (aware, UTC).

    It begins at its plain start event, or, without any start event, at whatever no flow leads to;
    with ``message`` or ``signal`` where that is awaited; with ``start`` at the element of that id.
    A process whose only start is a timer begins there: whoever calls has waited for it. ``trace``,
    if given, gets every arrival and departure of a token.

    Raises:
        KeyError: the program has no such process.
        NoSuchStart: the process cannot begin so.
    """
    process = program[key]
    first = _start(process, message, signal, start)
    run = Run(program, State(counter=1, instances={ROOT: Instance(key, dict(variables))}), at, trace)
    run.executions[ROOT] = Execution(ROOT, key, "", ROOT, Phase.ENTERING, first)
    run.queue.append(ROOT)
    with activation:
        _settle(run)
    return run.state(), tuple(run.commands)


def step(
    program: Program, state: State, event: Event, at: datetime, *, trace: list[Visit] | None = None
) -> tuple[State, tuple[Command, ...]]:
    """The state after one event at instant ``at`` (aware, UTC), and what the host has to do about
    it.

    A refused event leaves the state as it was. ``trace`` as in ``begin``.
    """
    if state.ended:
        return state, (Refused(_subject(event), "ended"),)
    run = Run(program, state, at, trace)
    with activation:
        reason = _APPLY[type(event)](run, event)
        if reason:
            return state, (Refused(_subject(event), reason),)
        _settle(run)
    return run.state(), tuple(run.commands)


def outstanding(program: Program, state: State, at: datetime) -> tuple[Command, ...]:
    """What a host has to do again that has lost everything but the snapshot: timers in order of
    firing, activities.

    Timers keep their absolute instants; activities get their data from the variables as they are
    now.
    """
    run = Run(program, state, at)
    with activation:
        for execution in state.executions.values():
            if execution.phase is Phase.ACTIVE and execution.waits == "activity":
                element = run.element(execution)
                try:
                    run.behaviour(execution, element).again(run, execution, element)
                except FeelError as problem:
                    run.commands.append(RaiseIncident(execution.id, element.id, kind_of(problem), str(problem)))
    return (*state.timers(), *run.commands)


def _settle(run: Run) -> None:
    """Moves tokens and hands out kept messages, first in first out, until nothing moves any
    more."""
    run.move()
    while run.buffer and run.steps < BOUND:
        for place, (name, data) in enumerate(run.buffer):
            found = subscriber(run, name)
            if found is not None:
                run.buffer = run.buffer[:place] + run.buffer[place + 1 :]
                run.trigger(found.owner, found.catcher, data, found.part)
                run.move()
                break
        else:
            return


def _start(process: Process, message: str | None, signal: str | None, start: str | None) -> str:
    """What it begins at; "" for a process without start events, which begins at all that no flow
    leads to."""
    if start is not None:
        kinds = ("", "message", "timer", "signal", "conditional")
        found = [e.id for kind in kinds for e in process.starts(kind) if e.id == start]
    elif message is not None or signal is not None:
        kind, name = ("message", message) if message is not None else ("signal", signal)
        found = [e.id for e in process.starts(kind) if any((t.kind, t.ref) == (kind, name) for t in e.triggers)]
    elif process.root.body.implicit:
        found = [""]
    else:
        found = [*process.root.body.starts] or [e.id for e in process.starts("timer")]
        if len(found) > 1:
            raise NoSuchStart(f"process {process.id} has several start events; say which: {', '.join(found)}")
    if not found:
        raise NoSuchStart(f"process {process.id} has no start for {start or message or signal or 'a plain start'}")
    return found[0]


# -- events: each returns the reason of a refusal, "" if it was applied --------------------------


def _activity_done(run: Run, event: ActivityDone) -> str:
    return _completed(run, event.execution, "activity", event.result)


def _task_done(run: Run, event: TaskDone) -> str:
    return _completed(run, event.execution, "task", event.data)


def _completed(run: Run, name: str, waits: str, data: Data) -> str:
    execution = run.executions.get(name)
    if execution is None:
        return _absent(run, name)
    if execution.waits != waits or execution.phase not in (Phase.ACTIVE, Phase.ACTIVE_BLOCKED):
        return "not_waiting"
    run.finish(execution, data)
    return ""


def _activity_failed(run: Run, event: ActivityFailed) -> str:
    execution = run.executions.get(event.execution)
    if execution is None:
        return _absent(run, event.execution)
    if execution.waits != "activity" or execution.phase is not Phase.ACTIVE:
        return "not_waiting"
    run.block(execution, "activity_failed", event.message)
    return ""


def _error_thrown(run: Run, event: ErrorThrown) -> str:
    execution = run.executions.get(event.execution)
    if execution is None:
        return _absent(run, event.execution)
    if execution.waits != "activity" or execution.phase not in (Phase.ACTIVE, Phase.ACTIVE_BLOCKED):
        return "not_waiting"
    # The activity has ended by throwing, so there is nothing left to cancel.
    thrower = run.executions[execution.id] = execution._replace(phase=Phase.ACTIVE_BLOCKED)
    if not throw(run, thrower, "error", event.code, event.data):
        message = f"nobody catches the error {event.code}"
        run.commands.append(RaiseIncident(execution.id, execution.element, "uncaught_error", message))
    return ""


def _timer_fired(run: Run, event: TimerFired) -> str:
    timer = run.armed.pop(event.timer, None)
    if timer is None:
        return _absent(run, event.timer)
    owner = run.executions[timer.owner]
    element = run.program[run.instances[timer.home].process].elements[timer.element]
    heard = ATTENDED if element.attached_to else (Phase.ACTIVE,)
    if owner.phase not in heard:
        return ""  # a scope that is stuck on leaving has closed its event sub-processes; the timer is simply spent
    if timer.left and element.key[0] in ("boundaryEvent", "eventStart") and not element.interrupting:
        with suppress(FeelError):  # a cycle ends where the calendar does
            run.rearm(timer)
    run.trigger(owner, element, {}, timer.part)
    return ""


def _message_arrived(run: Run, event: MessageArrived) -> str:
    if not any(event.name in process.messages for process in run.program.values()):
        return "unknown_message"
    found = subscriber(run, event.name)
    if found is not None:
        run.trigger(found.owner, found.catcher, event.data, found.part)
    elif len(run.buffer) >= BUFFER_CAP:
        return "buffer_full"
    else:
        run.buffer = (*run.buffer, (str(event.name), event.data))
    return ""


def _signal_arrived(run: Run, event: SignalArrived) -> str:
    broadcast(run, event.name, event.data)
    return ""


def _variables_corrected(run: Run, event: VariablesCorrected) -> str:
    execution = run.executions.get(event.execution)
    if execution is None:
        return _absent(run, event.execution)
    run.assign(execution, event.data)
    return ""


def _token_moved(run: Run, event: TokenMoved) -> str:
    execution = run.executions.get(event.execution)
    if execution is None:
        return _absent(run, event.execution)
    if execution.id == ROOT or run.is_round(execution, run.element(execution)) or _undoing(run, execution):
        return "not_a_token"
    process = run.program[run.instances[execution.home].process]
    target = process.elements.get(event.element)
    if target is None or not can_move(run.element(execution), target):
        return "no_such_element"
    run.cancel(execution)
    run.spawn(execution.scope, execution.home, target.id)
    return ""


def _undoing(run: Run, execution: Execution) -> bool:
    """Whether it is there to undo something, which has to be done as it is drawn."""
    if run.element(execution).for_compensation:
        return True
    while execution.scope:
        execution = run.executions[execution.scope]
        if execution.phase is Phase.CANCELLING:
            return True
    return False


def can_move(element: Element, target: Element) -> bool:
    """Whether a token may be put from one element at another: in the same scope, and where tokens
    come by flows."""
    drawn_in = not (target.attached_to or target.by_event or target.for_compensation)
    return drawn_in and target.parent == element.parent


def _retry(run: Run, event: Retry) -> str:
    execution = run.executions.get(event.execution)
    if execution is None:
        return _absent(run, event.execution)
    if execution.phase in (Phase.ENTERING, Phase.LEAVING):
        # The activation that ran out of steps left more than one token standing; they go on
        # together.
        run.queue.extend(e.id for e in run.executions.values() if e.phase in (Phase.ENTERING, Phase.LEAVING))
        return ""
    if (execution.phase, Move.RETRY) not in TRANSITIONS:
        return "not_waiting"
    retried = execution._replace(phase=after(execution.phase, Move.RETRY))
    if retried.phase is not Phase.ACTIVE:
        run.executions[retried.id] = retried
        run.queue.append(retried.id)
        return ""
    element = run.element(execution)
    run.executions[retried.id] = retried
    try:
        return "" if run.behaviour(retried, element).again(run, retried, element) else "not_waiting"
    except (FeelError, Stuck) as problem:
        run.stuck(retried, problem)
    return ""


def _absent(run: Run, name: str) -> str:
    """Ids are counted, so one that was handed out and is no more can be told from one that never
    was."""
    known = name.isascii() and name.isdigit() and len(name) < 12 and 0 < int(name) <= run.counter
    return "gone" if known else "unknown"


def _subject(event: Event) -> str:
    match event:
        case MessageArrived() | SignalArrived():
            return ""
        case TimerFired():
            return event.timer
        case _:
            return event.execution


_APPLY: Final[dict[type, Callable[[Run, Any], str]]] = {
    ActivityDone: _activity_done,
    ActivityFailed: _activity_failed,
    ErrorThrown: _error_thrown,
    TaskDone: _task_done,
    TimerFired: _timer_fired,
    MessageArrived: _message_arrived,
    SignalArrived: _signal_arrived,
    VariablesCorrected: _variables_corrected,
    TokenMoved: _token_moved,
    Retry: _retry,
}
