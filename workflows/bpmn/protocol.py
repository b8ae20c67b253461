"""What the host tells the interpreter (events), and what the interpreter asks of the host
(commands).

Instants are aware UTC datetimes of the application clock, data are JSON values, ids are short
strings that a counter in the state hands out: the same history gives the same ids.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from workflows.bpmn.model import Data

# -- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActivityDone:
    """An activity has returned its result."""

    execution: str
    result: Data = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class ActivityFailed:
    """An activity was given up: a technical failure, which is never a BPMN error. Answered with
    ``RaiseIncident``.

    A host that records such incidents itself need not send it; ``Retry`` works either way.
    """

    execution: str
    message: str


@dataclass(frozen=True, slots=True)
class ErrorThrown:
    """An activity threw a BPMN error with a code."""

    execution: str
    code: str
    data: Data = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class TaskDone:
    """A person has completed a user task."""

    execution: str
    data: Data = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class TimerFired:
    """An armed timer is due."""

    timer: str


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """A message for this instance. Two equal messages are two messages: whoever delivers them
    removes duplicates."""

    name: str
    data: Data = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class SignalArrived:
    """A signal from outside this instance: everything that listens to it now gets it, and then it
    is gone."""

    name: str
    data: Data = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class VariablesCorrected:
    """Somebody has set variables by hand, in the process that this execution belongs to ("1" is the
    root)."""

    execution: str
    data: Data


@dataclass(frozen=True, slots=True)
class TokenMoved:
    """Somebody has put a token elsewhere in its scope: what it was doing is cancelled, there it
    begins anew."""

    execution: str
    element: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Try that token again: a failed activity runs again, a failed expression is evaluated
    again."""

    execution: str


Event: TypeAlias = (
    ActivityDone
    | ActivityFailed
    | ErrorThrown
    | TaskDone
    | TimerFired
    | MessageArrived
    | SignalArrived
    | VariablesCorrected
    | TokenMoved
    | Retry
)

# -- commands -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RunActivity:
    """Run an activity and tell its result with ``ActivityDone``. The same execution may be asked
    for again (retry)."""

    execution: str
    element: str
    name: str
    activity: str
    data: Data


@dataclass(frozen=True, slots=True)
class CancelActivity:
    """The process no longer waits for this activity; a late result is refused."""

    execution: str


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A person has to do something; ``due`` is an ISO 8601 instant, ``why`` a code that says what
    it is asked for, ``about`` which of several deadlines of its kind is its own."""

    execution: str
    element: str
    name: str
    kind: str
    role: str
    due: str | None
    why: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawTask:
    """The process has moved on; the task is no longer wanted."""

    execution: str


@dataclass(frozen=True, slots=True)
class ArmTimer:
    """Tell ``TimerFired`` at ``due``; at once, if that is past."""

    timer: str
    element: str
    name: str
    due: datetime


@dataclass(frozen=True, slots=True)
class DisarmTimer:
    """The timer is no longer wanted."""

    timer: str


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Send and forget."""

    execution: str
    element: str
    name: str
    message: str
    data: Data


@dataclass(frozen=True, slots=True)
class ThrowSignal:
    """Tell other instances; what listens in this one has already been served."""

    execution: str
    element: str
    name: str
    signal: str
    data: Data


@dataclass(frozen=True, slots=True)
class RaiseIncident:
    """A token cannot go on and stays where it is until ``Retry``.

    ``kind``: activity_failed | uncaught_error | condition_failed | too_much | endless_loop. The
    message names codes and expressions, never values of variables.
    """

    execution: str
    element: str
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The event had no effect.

    ``reason``: gone (it ended or was cancelled) | unknown (there never was one) | not_waiting (it
    waits for something else) | ended (the instance is over) | unknown_message (nothing in the
    program catches it) | buffer_full | no_such_element (a token cannot be moved there) |
    not_a_token (it is no token that can be moved). ``execution`` is the execution or timer the
    event named, "" for a message or signal.
    """

    execution: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The instance is over: nothing is armed, open or running. ``outcome`` is the id of the end
    event."""

    outcome: str
    variables: Data


Command: TypeAlias = (
    RunActivity
    | CancelActivity
    | OpenTask
    | WithdrawTask
    | ArmTimer
    | DisarmTimer
    | SendMessage
    | ThrowSignal
    | RaiseIncident
    | Refused
    | Ended
)

# -- what a path is made of -----------------------------------------------------------------------


class Visit(NamedTuple):
    """A token's arrival at an element, or its departure; an execution visits one element once.

    ``what``: entered | left | cancelled. ``via`` is the flow by which it came, ``due`` the deadline
    it had.
    """

    execution: str
    element: str
    process: str
    what: str
    at: datetime
    via: str = ""
    due: str | None = None
