"""What a rehearsal shows: the path, every deadline and task, what was sent, and where it stands in
the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.contracts import PlaceMark
from workflows.bpmn.model import Data


class RehearsalEnding(StrEnum):
    """Why a rehearsal stopped."""

    ENDED = "ended"  # the process came to its end
    WAITS = "waits"  # for something that the script does not bring, and no deadline is left
    TIME = "time"  # the span is over
    TOO_LONG = "too_long"  # ``MOST`` is reached


class DeadlineFate(StrEnum):
    """What became of a deadline or a task."""

    WAITING = "waiting"
    FIRED = "fired"  # a timer went off
    DISARMED = "disarmed"  # it was no longer needed
    DONE = "done"  # the task was done; for a due: in time
    MISSED = "missed"  # the due passed before the task was done
    WITHDRAWN = "withdrawn"  # the process moved on without the task


@dataclass(frozen=True, slots=True)
class Moment:
    """A token entered or left an element, or was cancelled there. ``via`` is the flow by which it
    entered.

    What it enters and leaves has one ``execution`` of its own.
    """

    at: datetime
    execution: str
    process: str
    element: str
    name: str
    what: str
    via: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A timer, or the due of a user task: since when, until when, and what became of it at
    ``settled_at``."""

    kind: str  # timer | due
    process: str
    element: str
    name: str
    since: datetime
    due: datetime
    fate: DeadlineFate = DeadlineFate.WAITING
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A user task that was opened, and what became of it."""

    at: datetime
    process: str
    element: str
    name: str
    kind: str
    role: str
    due: str | None
    fate: DeadlineFate = DeadlineFate.WAITING
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message or signal (``kind``) that the process sent."""

    at: datetime
    process: str
    element: str
    kind: str
    name: str
    data: Data


@dataclass(frozen=True, slots=True)
class Received:
    """A message or signal of the script: ``caught``, ``kept`` for later, ``unheard``, or the reason
    against it."""

    at: datetime
    kind: str
    name: str
    fate: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """An incident: where and why a token could not go on."""

    at: datetime
    process: str
    element: str
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All that happened. ``outcome`` is the end event; ``places`` are where it stands if it has not
    ended.

    ``assumed`` are the activities that the script has no answer for, ``unused`` its entries that
    were never asked for.
    """

    began_at: datetime
    stopped_at: datetime
    ending: RehearsalEnding
    outcome: str | None
    variables: Data
    path: tuple[Moment, ...]
    deadlines: tuple[Deadline, ...]
    tasks: tuple[Opened, ...]
    sent: tuple[Sent, ...]
    received: tuple[Received, ...]
    incidents: tuple[Trouble, ...]
    places: tuple[PlaceMark, ...]
    assumed: tuple[str, ...]
    unused: tuple[str, ...]
