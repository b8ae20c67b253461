"""What a stated fact means to a process: the events that it is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from cases.contracts import Message
from cases.states import MessageKind
from cases.step_key import StepKey
from workflows.bpmn import Event, MessageArrived, Retry, SignalArrived, TaskDone, TokenMoved, VariablesCorrected

if TYPE_CHECKING:
    from workflows.stretch import Stretch


def events_of(message: Message, stretch: Stretch) -> tuple[Event, ...]:
    """Nothing, when it concerns what the process has left behind."""
    return _MEANINGS.get(message.kind, _arrived)(message, stretch)


def _arrived(message: Message, stretch: Stretch) -> tuple[Event, ...]:
    return (MessageArrived(message.kind, message.data),)


def _completed(message: Message, stretch: Stretch) -> tuple[Event, ...]:
    execution = stretch.execution_of(str(message.data["task_id"]))
    return () if execution is None else (TaskDone(execution, message.data),)


def _retried(message: Message, stretch: Stretch) -> tuple[Event, ...]:
    failed = StepKey.parse(str(message.data["key"]))
    if failed.life != stretch.life.first.seq:
        return ()
    corrected = message.data.get("variables")
    again = Retry(failed.execution)
    return (VariablesCorrected(failed.execution, corrected), again) if corrected else (again,)


def _corrected(message: Message, stretch: Stretch) -> tuple[Event, ...]:
    data = message.data
    if data["life"] != stretch.life.first.seq:
        return ()
    return (VariablesCorrected(data["execution"], data["variables"]),)


def _moved(message: Message, stretch: Stretch) -> tuple[Event, ...]:
    data = message.data
    return (TokenMoved(data["execution"], data["element"]),) if data["life"] == stretch.life.first.seq else ()


def _clock_moved(message: Message, stretch: Stretch) -> tuple[Event, ...]:
    return (SignalArrived(message.kind, {}),)


_MEANINGS: Final[dict[str, Callable[[Message, Stretch], tuple[Event, ...]]]] = {
    MessageKind.TASK_COMPLETED: _completed,
    MessageKind.CLOCK_MOVED: _clock_moved,
    MessageKind.INCIDENT_RETRIED: _retried,
    MessageKind.VARIABLES_CORRECTED: _corrected,
    MessageKind.TOKEN_MOVED: _moved,
}
"""Kinds of messages that are about one token; all others are the diagram's own."""
