"""What workflow, activities, store and API say to each other. No personal data: ids, codes, grades
and times only.

Everything here travels through Temporal payloads, so it is plain dataclasses over JSON values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from pydantic import AliasChoices
from pydantic import Field as Read

from cases.clock import WALL, ClockSpec
from cases.states import CaseKind

Json = Any
"""A JSON value (no recursive alias: dataclass decoding cannot follow one).

Instants are ISO 8601 strings in UTC, durations ISO 8601 strings, ids strings.
"""

Variables = dict[str, Json]

CaseId = Annotated[str, Read(validation_alias=AliasChoices("case_id", "lead_id"))]
"""The id of a case. Payloads that were recorded when every case was a lead call it ``lead_id``:
they are still read."""


@dataclass(frozen=True, slots=True)
class ProcessRef:
    """A deployed version of a process: BPMN process id, version counted from 1, sha256 of the
    file."""

    key: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Message:
    """One fact that the store tells a case's workflow.

    ``seq`` counts a case's messages from 1 without gaps over all its lives; the workflow applies
    them in that order exactly once, whatever order and how often they arrive.
    """

    seq: int
    kind: str
    at: datetime
    data: Variables = field(default_factory=dict[str, Json])


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """One token's place in the diagram: the element, the process it belongs to, and what it waits
    for until when."""

    process: str
    element: str
    name: str
    waits_for: str  # task, timer, message, activity, join, incident, scope
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """All that survives continue-as-new: everything else a life knows is derived from it.

    ``state`` is the interpreter's snapshot, ``next_seq`` the first message not yet applied,
    ``held`` messages that came before their turn, ``tasks`` the open user tasks (task id →
    execution), ``at`` the latest application instant that the process has seen, ``comeback`` the
    message of a customer who came back while this life was still ending. Visits are not among them:
    a run ends at rest, when all of them have been told.
    """

    state: Variables
    next_seq: int
    at: datetime
    held: tuple[Message, ...] = ()
    tasks: dict[str, str] = field(default_factory=dict[str, str])
    comeback: Message | None = None


@dataclass(frozen=True, slots=True)
class CaseInput:
    """Starts one life of a case. ``first`` is the message that brings it to life (opened, created
    or reactivated).

    A life that follows another without a pause inherits its inbox: ``next_seq`` is the first
    message that was not taken yet (without it, the one after ``first``), ``held`` are those that
    have come already. ``wakes`` makes the workflow continue as new after waking up so many times;
    without it Temporal's own suggestion (by events and bytes) decides. It is a count of our own,
    because a history's length is not the same in a replay.
    """

    case_id: CaseId
    process: ProcessRef
    called: tuple[ProcessRef, ...]
    first: Message
    clock: ClockSpec = WALL
    carried: Carried | None = None
    wakes: int | None = None
    next_seq: int | None = None
    held: tuple[Message, ...] = ()
    kind: str = CaseKind.LEAD


@dataclass(frozen=True, slots=True)
class Step:
    """The input of every activity.

    ``key`` names this execution of this element for ever: the activity's transaction stores its
    result under it, so a repeated execution returns the first result and changes nothing. ``at`` is
    the application instant.
    """

    case_id: CaseId
    key: str
    element: str
    at: datetime
    data: Variables = field(default_factory=dict[str, Json])
    kind: str = CaseKind.LEAD


@dataclass(frozen=True, slots=True)
class TaskToOpen:
    """A user task that the process waits at. ``task_id`` is derived from the step, so opening twice
    is once.

    ``why`` is a code: what a person of head office is asked for (``cases.states.HqWhy``). ``about``
    says which of the case's deadlines of this kind is the task's (``cases.deadlines.about``).
    ``execution`` is the token that waits.
    """

    task_id: str
    element: str
    kind: str
    role: str
    due: str | None = None
    why: str | None = None
    about: str = ""
    execution: str = ""


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One token's stay at an element, as far as it is new since the last rest.

    ``entered_at`` is None when the stay was told before: what is said then is that it is over, or
    (after a migration) that it goes on at another element. ``how`` it ended is "left" or
    "cancelled". ``due`` is an ISO instant.
    """

    execution: str
    process: str
    version: int
    element: str
    entered_at: datetime | None = None
    left_at: datetime | None = None
    how: str | None = None
    via: str = ""
    due: str | None = None


@dataclass(frozen=True, slots=True)
class LifeAtRest:
    """One life of a case as it rests: on which versions, where, how it got there, and all that it
    remembers.

    ``life`` is the number of its first message, ``applied`` that of the last one it has seen;
    ``snapshot`` is the interpreter's, ``place`` has the scopes around the tokens, ``outcome`` is
    the end event that was reached.
    """

    life: int
    started_at: datetime
    process: ProcessRef
    called: tuple[ProcessRef, ...]
    applied: int
    snapshot: Variables
    place: tuple[PlaceMark, ...] = ()
    visits: tuple[VisitLine, ...] = ()
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a case waits for once it has come to rest: written to the store in one transaction for
    screens to read."""

    case_id: CaseId
    at: datetime
    rest: LifeAtRest
    open: tuple[TaskToOpen, ...] = ()
    withdraw: tuple[str, ...] = ()
    ended: bool = False
    kind: str = CaseKind.LEAD


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Asks whether a deadline may take effect, and closes these tasks if so: all of them, or none.

    It may not when somebody has stated something (message number above ``applied``) that the
    process has not seen.
    """

    case_id: CaseId
    tasks: tuple[str, ...]
    at: datetime
    applied: int
    kind: str = CaseKind.LEAD


@dataclass(frozen=True, slots=True)
class Cause:
    """What a case wakes up for.

    ``what``: began · message (number ``seq``) · timer (``timer``, which counts as fired ``at``) ·
    went_on (behind a step that was done by itself).
    """

    what: str
    seq: int = 0
    timer: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WakeUp:
    """Asks the store's side to go on from here until the process only waits, in one transaction.

    ``run`` and ``number`` name it for ever: a case's wake-ups in one run of its workflow count from
    1. ``state`` is the interpreter's snapshot after the cause, ``todo`` what the process has asked
    for by then, in order; ``trace`` to ``acted`` what the store has not heard of. ``claim`` has to
    be granted first.
    """

    case_id: CaseId
    kind: str
    run: str
    number: int
    cause: Cause
    life: int
    started_at: datetime
    process: ProcessRef
    called: tuple[ProcessRef, ...]
    at: datetime
    applied: int
    state: Variables
    todo: tuple[Json, ...] = ()
    incidents: int = 0
    trace: tuple[Json, ...] = ()
    open: tuple[TaskToOpen, ...] = ()
    withdraw: tuple[str, ...] = ()
    elsewhere: tuple[VisitLine, ...] = ()
    acted: bool = False
    claim: Withdrawal | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """A step that a wake-up has done: its name within the life, and its result."""

    name: str
    result: Variables


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a wake-up has done, in order.

    ``cause`` is another than was asked for when the store had already gone on with that one, and
    the worker that told it died. ``rested``: the process waits and the store knows; otherwise its
    next step is to be done by itself. ``granted``: the claim was; if not, nothing was done.
    ``leaves_timers``: it was told to a workflow that leaves its timers alone when it has ended. One
    that was told before there was this had cancelled them, and has to do so again in a replay.
    """

    cause: Cause
    ran: tuple[Ran, ...] = ()
    rested: bool = True
    granted: bool = True
    leaves_timers: bool = False


BPMN_ERROR = "BpmnError"
"""``ApplicationError.type`` of an activity that throws a BPMN error; its first detail is the error
code."""

INPUT_REFUSED = "InputRefused"
"""``ApplicationError.type`` of an activity whose input is not what it declares; its first detail
says which and why."""

TOO_MUCH = "too_much"
"""``ApplicationError.type`` of an activity that asked for more than FEEL's bounds allow; the
incident's kind, too."""

TASK_QUEUE = "baton"

WORKFLOW = "CaseWorkflow"
"""The workflow type that lives begin as."""
