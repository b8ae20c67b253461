"""What can happen to a simulated instance now, and how it is brought to its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.workflows.bpmn.simulation.invariants import STUCK, element_of
from tests.workflows.bpmn.simulation.subject import Subject
from workflows.bpmn import (
    ActivityDone,
    Event,
    MessageArrived,
    Retry,
    SignalArrived,
    TaskDone,
    TimerFired,
    VariablesCorrected,
)
from workflows.bpmn.lifecycle import Phase
from workflows.bpmn.model import Trigger


def at_work(subject: Subject) -> list[Event]:
    """What people and machines can finish, oldest first."""
    return [*_finishing(subject, {"n": 0})]


def _finishing(subject: Subject, data: dict[str, Any]) -> Iterator[Event]:
    for execution in subject.state.executions.values():
        if execution.phase is Phase.ACTIVE and execution.waits == "task":
            yield TaskDone(execution.id, data)
        elif execution.phase is Phase.ACTIVE and execution.waits == "activity":
            yield ActivityDone(execution.id, data)
        elif execution.phase in STUCK:
            if execution.phase is not Phase.ACTIVE_BLOCKED and subject.cures:
                yield VariablesCorrected(execution.id, subject.cures)
            yield Retry(execution.id)


def next_timer(subject: Subject) -> list[Event]:
    """The timer that is due first, as a host would tell it."""
    return [TimerFired(timer.timer) for timer in subject.state.timers()[:1]]


def awaited(subject: Subject) -> list[Event]:
    """What the tokens in the flow wait for that comes from outside, the oldest token's first.

    What would only begin a handler is left out: each would bring new tokens that wait.
    """
    found: list[Event] = []
    for execution in subject.state.executions.values():
        if execution.phase is not Phase.ACTIVE or execution.waits not in ("message", "signal", "condition", "event"):
            continue
        element = element_of(subject.program, subject.state, execution)
        elements = subject.program[subject.state.instances[execution.home].process].elements
        for catcher in (element, *(elements[flow.target] for flow in element.outgoing)):
            for trigger in catcher.triggers if catcher is element or execution.waits == "event" else ():
                found += _occurring(execution.id, trigger)
    return found


def listened_to(subject: Subject) -> list[Event]:
    """All that somebody listens to now: tokens, boundaries, handlers."""
    found: list[Event] = []
    for execution in subject.state.executions.values():
        called = subject.state.instances.get(execution.id)
        element = element_of(subject.program, subject.state, execution)
        body = subject.program[called.process].root.body if called is not None else element.body
        inside = next((one.id for one in subject.state.executions.values() if one.scope == execution.id), execution.id)
        for owner, listens in ((execution.id, element.listens), (inside, body.listens)):
            for process in subject.program.values():
                catchers = (process.elements[one.catcher] for one in listens if one.catcher in process.elements)
                found += [one for catcher in catchers for t in catcher.triggers for one in _occurring(owner, t)]
    return found


def _occurring(execution: str, trigger: Trigger) -> list[Event]:
    match trigger.kind:
        case "message":
            return [MessageArrived(trigger.ref or "")]
        case "signal":
            return [SignalArrived(trigger.ref or "")]
        case "conditional":
            assert trigger.condition is not None
            facts = [dict.fromkeys(trigger.condition.names, value) for value in (False, True)]
            return [VariablesCorrected(execution, fact) for fact in facts]
        case _:
            return []


def finish(subject: Subject, *, patience: int = 600) -> bool:
    """Lets everything happen that can: work first, then in turns a timer and one thing from
    outside.

    Whether it has ended then. One that stands still earlier, or does not end in ``patience`` steps,
    has not.
    """
    for turn in range(patience):
        if subject.state.ended:
            return True
        todo = at_work(subject)[:2]
        outside = [] if todo else awaited(subject)
        if not todo and outside and turn % 3:
            todo = [outside[turn // 3 % min(len(outside), 8)]]
        todo = todo or next_timer(subject) or outside[:1]
        if not todo:
            return False
        subject.tell(todo[0])
        if isinstance(todo[0], VariablesCorrected) and isinstance(todo[-1], Retry):
            subject.tell(todo[-1])
    return subject.state.ended
