"""Timers that are read well but can hardly be meant: never due, due at once, or repeating in
vain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from rules.feel import FeelError
from rules.feel.syntax import Literal
from workflows.bpmn.checks.found import Found, short
from workflows.bpmn.checks.waiting import waiting
from workflows.bpmn.model import Element, Process, TimerKind, Trigger
from workflows.bpmn.timing import Schedule, next_due, schedule

_ANY_TIME: Final = datetime(2020, 1, 1, tzinfo=UTC)
_CATCHING_ONCE: Final = frozenset({"boundaryEvent", "eventStart"})


def lengths(process: Process, element: Element) -> Iterator[Found]:
    """Durations of nothing, and cycles where the first instant ends the waiting."""
    for trigger in _timers(element):
        if trigger.timer is TimerKind.CYCLE and _once(element, trigger):
            message = "only the first time of this cycle counts; use timeDuration, or an event that does not interrupt"
            yield Found(element, "cycle_once", message)
        planned = _literal(trigger, _ANY_TIME) if trigger.timer is TimerKind.DURATION else None
        if planned is not None and planned.due <= _ANY_TIME:
            yield Found(element, "zero_timer", "this duration is over at once; give a longer one or remove the timer")


def never_due(process: Process) -> Iterator[Found]:
    """Timers that run only while nothing waits, or beside a condition that is always true."""
    rests = waiting(process)
    for element in process.elements.values():
        if element.tag == "eventBasedGateway":
            yield from _beside_truth(process, element)
        elif any(_timers(element)):
            if element.attached_to in rests.passing:
                message = f"{short(element.attached_to)} never waits, so the timer never fires; remove the timer"
                yield Found(element, "timer_never", message)
            elif element.key[0] == "eventStart" and _around(process, element) not in rests.resting:
                message = "nothing around it ever waits, so the timer never fires; remove this event sub-process"
                yield Found(element, "timer_never", message)


def past(processes: Mapping[str, Process], at: datetime) -> Iterator[Found]:
    """Dates that were over when the diagram was deployed, at ``at``."""
    for process in processes.values():
        for element in process.elements.values():
            for trigger in _timers(element):
                planned = None if trigger.timer is TimerKind.DURATION else _literal(trigger, at)
                if planned is not None and _last(planned) < at:
                    message = "its time is past already, so it never fires or fires at once; give a later date"
                    yield Found(element, "past_timer", message)


def _beside_truth(process: Process, gateway: Element) -> Iterator[Found]:
    targets = [process.elements[flow.target] for flow in gateway.outgoing]
    true = next((target for target in targets if any(map(_always, target.triggers))), None)
    if true is not None:
        for target in targets:
            if target is not true and any(_timers(target)):
                message = f"the condition of {short(true.id)} is always true, so the timer never fires; remove one"
                yield Found(target, "timer_never", message)


def _timers(element: Element) -> Iterator[Trigger]:
    return (trigger for trigger in element.triggers if trigger.kind == "timer" and trigger.when is not None)


def _always(trigger: Trigger) -> bool:
    condition = trigger.condition
    return condition is not None and isinstance(condition.node, Literal) and condition.node.value is True


def _around(process: Process, start: Element) -> str:
    """The scope in which the event sub-process of this start event listens."""
    return process.elements[start.parent].parent


def _once(element: Element, trigger: Trigger) -> bool:
    if element.key[0] not in _CATCHING_ONCE or not element.interrupting:
        return False
    planned = _literal(trigger, _ANY_TIME)
    return planned is None or planned.left != 0


def _literal(trigger: Trigger, at: datetime) -> Schedule | None:
    """When a timer would be due that is armed at ``at``; None if that is computed, or cannot be
    read."""
    if trigger.timer is None or trigger.when is None or trigger.when.expression is not None:
        return None
    try:
        return schedule(trigger.timer, trigger.when.text, at)
    except FeelError:
        return None  # refused on reading


def _last(planned: Schedule) -> datetime:
    """The last instant of a schedule; of an endless one, the end of the calendar."""
    if planned.left < 0:
        return datetime.max.replace(tzinfo=UTC)
    if planned.anchor is None:
        return planned.due
    try:
        return next_due(planned.period, planned.anchor, planned.nth + planned.left)
    except FeelError:
        return datetime.max.replace(tzinfo=UTC)  # beyond the calendar
