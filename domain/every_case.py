"""What the diagrams of every kind of case may name: tasks with their deadlines, tables, messages,
the machinery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from cases.deadlines import Counting
from cases.kind import Kind, Offered, offered
from cases.signatures import Field, codes
from cases.states import HqWhy, Role, Rung
from cases.task_kind import TaskKindDeclared

FOLLOW_UP: Final = "follow_up"
"""What a lead's diagram calls a follow-up; whether it is the first or a next one is read off the
history."""
SUPERSEDED: Final = "superseded"
"""What climbing gives when the deadline has ended meanwhile."""
NONE: Final = "none"
"""What climbing gives when no rung was due."""
PASSED_ON: Final = "passed_on"
"""What climbing gives when the task, and it alone, is somebody else's now: it is open, and the
ladder goes on."""

_RUNG_AT = Field("rung_at", "instant")
_ABOUT = Field("about", "string")


def activities(kinds: Iterable[Kind], opened: Iterable[str] = ()) -> Mapping[str, Offered]:
    """By name; of tasks they know those that diagrams of these kinds of case may open. ``opened``:
    the kinds of case that any diagram may open."""
    kinds = tuple(kinds)
    tasks = {one.kind: one for kind in kinds for one in kind.tasks}
    outcomes = dict.fromkeys(code for one in tasks.values() for code in one.codes())
    role = codes("role", *(one for one in Role if any(one in kind.roles for kind in kinds)))
    chased = codes("kind", *tasks, FOLLOW_UP, required=True)
    return {
        "decide": offered("intake", takes=(Field("decision", "string", required=True),), open_ended=True),
        "plan_task": offered(
            "tasks",
            takes=(
                chased,
                role,
                codes("why", *HqWhy),
                _ABOUT,
                Field("hours", "number"),
                codes("calendar", *Counting),
                Field("due", "instant"),
            ),
            gives=(
                codes("kind", *tasks, required=True),
                Field("due", "instant", required=True),
                _ABOUT,
                _RUNG_AT,
                codes("outcome", *outcomes),
            ),
            reaches=tuple(spared(tasks.values())),
        ),
        "climb": offered(
            "tasks",
            takes=(chased, role, _ABOUT, Field("asks_hq", "boolean")),
            gives=(codes("action", *Rung, PASSED_ON, SUPERSEDED, NONE, required=True), _RUNG_AT),
        ),
        "open_case": offered(
            "machinery",
            takes=(codes("kind", *opened, required=True), Field("facts", "context")),
            gives=(Field("case", "string", required=True),),
        ),
        "send_message": offered("machinery", takes=(Field("message"), codes("role", *Role))),
        "throw_signal": offered("machinery", takes=(Field("signal"),)),
        "record_incident": offered(
            "machinery",
            takes=(
                *(Field(name, "string", required=True) for name in ("element", "kind", "failed")),
                Field("message", "string"),
            ),
        ),
        "record_migration": offered(
            "machinery", takes=(Field("batch", "string", required=True), Field("reasons", "list"))
        ),
    }


def spared(tasks: Iterable[TaskKindDeclared]) -> dict[str, str]:
    """Those that reach a customer, with the outcome where that customer must not be called."""
    return {one.kind: one.spared for one in tasks if one.spared is not None}
