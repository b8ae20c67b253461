"""What workflow, activities, store and API say to each other. No personal data: ids, codes, grades and times only.

Everything here travels through Temporal payloads, so it is plain dataclasses over JSON values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leads.clock import WALL, ClockSpec

Json = Any
"""A JSON value (no recursive alias: dataclass decoding cannot follow one).

Instants are ISO 8601 strings in UTC, durations ISO 8601 strings, ids strings.
"""

Variables = dict[str, Json]


@dataclass(frozen=True, slots=True)
class ProcessRef:
    """A deployed version of a process: BPMN process id, version counted from 1, sha256 of the file."""

    key: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Message:
    """One fact that the store tells a lead's workflow.

    ``seq`` counts a lead's messages from 1 without gaps over all its lives; the workflow applies them in that
    order exactly once, whatever order and how often they arrive.
    """

    seq: int
    kind: str
    at: datetime
    data: Variables = field(default_factory=dict[str, Json])


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """One token's place in the diagram: the element, the process it belongs to, and what it waits for until when."""

    process: str
    element: str
    name: str
    waits_for: str  # task, timer, message, activity, join, incident, scope
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """All that survives continue-as-new: everything else a life knows is derived from it.

    ``state`` is the interpreter's snapshot, ``next_seq`` the first message not yet applied, ``held`` messages that
    came before their turn, ``tasks`` the open user tasks (task id → execution), ``place`` what was last settled,
    ``at`` the latest application instant that the process has seen, ``comeback`` the message of a customer who came
    back while this life was still ending.
    """

    state: Variables
    next_seq: int
    at: datetime
    held: tuple[Message, ...] = ()
    tasks: dict[str, str] = field(default_factory=dict[str, str])
    place: tuple[PlaceMark, ...] = ()
    comeback: Message | None = None


@dataclass(frozen=True, slots=True)
class LeadInput:
    """Starts one life of a lead. ``first`` is the message that brings it to life (created or reactivated).

    ``wakes`` makes the workflow continue as new after waking up so many times; without it Temporal's own suggestion
    (by events and bytes) decides. It is a count of our own, because a history's length is not the same in a replay.
    """

    lead_id: str
    process: ProcessRef
    called: tuple[ProcessRef, ...]
    first: Message
    clock: ClockSpec = WALL
    carried: Carried | None = None
    wakes: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The input of every activity.

    ``key`` names this execution of this element for ever: the activity's transaction stores its result under it, so
    a repeated execution returns the first result and changes nothing. ``at`` is the application instant.
    """

    lead_id: str
    key: str
    element: str
    at: datetime
    data: Variables = field(default_factory=dict[str, Json])


@dataclass(frozen=True, slots=True)
class TaskToOpen:
    """A user task that the process waits at. ``task_id`` is derived from the step, so opening twice is once."""

    task_id: str
    element: str
    kind: str
    role: str
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a lead waits for once it has come to rest: written to the store in one transaction for screens to read."""

    lead_id: str
    key: str
    at: datetime
    open: tuple[TaskToOpen, ...] = ()
    withdraw: tuple[str, ...] = ()
    place: tuple[PlaceMark, ...] = ()
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Asks whether a deadline may take effect, and closes these tasks if so: all of them, or none.

    It may not when somebody has stated something (message number above ``applied``) that the process has not seen.
    """

    lead_id: str
    tasks: tuple[str, ...]
    at: datetime
    applied: int


BPMN_ERROR = "BpmnError"
"""``ApplicationError.type`` of an activity that throws a BPMN error; its first detail is the error code."""

TASK_QUEUE = "baton"
