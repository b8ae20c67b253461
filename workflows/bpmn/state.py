"""The state of one process instance: immutable to the outside, small, and exactly restorable from
its snapshot.

Executions form one tree: the root scope, tokens and open scopes in it, and what stands inside
those. A called process is part of the tree of its caller; it only has variables of its own. An
activity that is done more than once is a scope of its element, in which each round is an execution
of the same element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from cases.contracts import PlaceMark
from workflows.bpmn.lifecycle import WAITING, Phase
from workflows.bpmn.model import Data
from workflows.bpmn.protocol import ArmTimer

VERSION: Final = 2
READABLE: Final = frozenset({1, 2})
"""Version 1 knew no loops, no compensation and no locals; all that it says means the same in
version 2."""

ROOT: Final = "1"
BUFFER_CAP: Final = 100
"""Messages kept for a subscription that may open later; the next one is refused."""


class SnapshotRefused(ValueError):
    """The snapshot was written by a version of the interpreter that this one cannot read."""


class Execution(NamedTuple):
    """A token at an element, or an open scope.

    ``home`` is the execution whose process the element belongs to (the root, or a call activity's);
    ``via`` the flow it came by, which a parallel join counts; ``waits`` and ``due`` are what a
    screen shows. ``data`` is the result that is still to be written, while a token is leaving.
    """

    id: str
    element: str
    scope: str
    home: str
    phase: Phase
    via: str = ""
    waits: str = ""
    name: str = ""
    due: str | None = None
    data: Data | None = None


class Timer(NamedTuple):
    """An armed timer. A cycle's instants are anchor + n periods (``nth`` = now); ``left`` -1
    repeats without end."""

    id: str
    owner: str  # the execution that it can wake, interrupt, or fire beside
    element: str
    home: str  # whose process the element belongs to
    name: str
    due: datetime
    left: int = 0
    period: str = ""
    anchor: datetime | None = None
    nth: int = 0
    part: int = 0  # which of the element's triggers


class Done(NamedTuple):
    """An activity that is done and can be undone (BPMN 2.0.2, 10.7): by its handler, or part by
    part.

    ``scope`` is the execution in which it was done, ``local`` what only it could see.
    """

    execution: str
    element: str
    scope: str
    handler: str = ""
    local: Data | None = None
    inside: tuple[Done, ...] = ()

    def to_json(self) -> list[Any]:
        """The record as a (nested) list."""
        return [*self[:5], [inner.to_json() for inner in self.inside]]

    @staticmethod
    def from_json(row: list[Any]) -> Done:
        """The record that was written as such a list."""
        execution, element, scope, handler, local, inside = row
        return Done(execution, element, scope, handler, local, tuple(Done.from_json(inner) for inner in inside))


class Instance(NamedTuple):
    """A running process, called or root: its id and its variables."""

    process: str
    variables: Data


@dataclass(frozen=True, slots=True)
class State:
    """One process instance at rest. Made by ``begin`` and ``step`` only; treat every field as
    read-only.

    ``locals`` are variables that only what is inside an execution sees, ``notes`` what an element
    has to remember about an execution (how far a loop has come, which conditions were true), both
    by execution; ``done`` can be undone.
    """

    counter: int
    executions: Mapping[str, Execution] = field(default_factory=dict[str, Execution])
    armed: Mapping[str, Timer] = field(default_factory=dict[str, Timer])
    instances: Mapping[str, Instance] = field(default_factory=dict[str, Instance])
    buffer: tuple[tuple[str, Data], ...] = ()
    ended: bool = False
    outcome: str | None = None
    locals: Mapping[str, Data] = field(default_factory=dict[str, Data])
    notes: Mapping[str, Data] = field(default_factory=dict[str, Data])
    done: tuple[Done, ...] = ()

    @property
    def variables(self) -> Data:
        """The variables of the root process; they outlive its end."""
        return self.instances[ROOT].variables

    def place(self, *, scopes: bool = False) -> tuple[PlaceMark, ...]:
        """Where the tokens are, oldest first: ``waits_for`` is task, timer, message, activity, join
        or incident.

        With ``scopes`` also the sub-processes and call activities around them (``waits_for`` =
        scope).
        """
        return tuple(self._marks(scopes))

    def _marks(self, scopes: bool) -> Iterator[PlaceMark]:
        for execution in self.executions.values():
            healthy = execution.phase in WAITING
            if healthy and (execution.id == ROOT or (execution.waits == "scope" and not scopes)):
                continue
            waits = execution.waits if healthy else "incident"
            process = self.instances[execution.home].process
            yield PlaceMark(process, execution.element, execution.name, waits, execution.due)

    def timers(self) -> tuple[ArmTimer, ...]:
        """The armed timers in the order in which they fire: by due instant, then by age. Deadlines
        are absolute."""
        armed = sorted(self.armed.values(), key=lambda timer: (timer.due, int(timer.id)))
        return tuple(ArmTimer(timer.id, timer.element, timer.name, timer.due) for timer in armed)

    def to_json(self) -> dict[str, Any]:
        """A compact snapshot of JSON values; fields that say nothing are left out."""
        told: dict[str, Any] = {
            "v": VERSION,
            "n": self.counter,
            "i": {key: [instance.process, instance.variables] for key, instance in self.instances.items()},
        }
        if self.executions:
            told["x"] = [_trimmed(_execution_row(execution)) for execution in self.executions.values()]
        if self.armed:
            told["t"] = [_trimmed(_timer_row(timer)) for timer in self.armed.values()]
        if self.buffer:
            told["b"] = [[name, data] for name, data in self.buffer]
        if self.locals:
            told["l"] = dict(self.locals)
        if self.notes:
            told["m"] = dict(self.notes)
        if self.done:
            told["d"] = [one.to_json() for one in self.done]
        if self.ended:
            told["end"] = True
        if self.outcome is not None:
            told["out"] = self.outcome
        return told

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> State:
        """The state that wrote this snapshot.

        Raises:
            SnapshotRefused: it was written in another version of the format.
        """
        if told.get("v") not in READABLE:
            raise SnapshotRefused(f"snapshot version {told.get('v')!r}; this interpreter reads up to {VERSION}")
        executions = (_execution(row) for row in told.get("x", ()))
        timers = (_timer(row) for row in told.get("t", ()))
        return State(
            counter=told["n"],
            executions={execution.id: execution for execution in executions},
            armed={timer.id: timer for timer in timers},
            instances={key: Instance(row[0], row[1]) for key, row in told["i"].items()},
            buffer=tuple((row[0], row[1]) for row in told.get("b", ())),
            ended=told.get("end", False),
            outcome=told.get("out"),
            locals=told.get("l", {}),
            notes=told.get("m", {}),
            done=tuple(Done.from_json(row) for row in told.get("d", ())),
        )


def _execution_row(execution: Execution) -> list[Any]:
    return [*execution[:4], execution.phase.value, *execution[5:]]


def _execution(row: list[Any]) -> Execution:
    return Execution._make([*row[:4], Phase(row[4]), *row[5:], *_EXECUTION_REST[len(row) - 6 :]])


def _timer_row(timer: Timer) -> list[Any]:
    anchor = timer.anchor.isoformat() if timer.anchor else None
    return [*timer[:5], timer.due.isoformat(), timer.left, timer.period, anchor, timer.nth, timer.part]


def _timer(row: list[Any]) -> Timer:
    full: list[Any] = [*row, *_TIMER_REST[len(row) - 6 :]]
    full[5] = datetime.fromisoformat(full[5])
    full[8] = datetime.fromisoformat(full[8]) if full[8] else None
    return Timer._make(full)


_EXECUTION_REST: Final = ("", "", None, None)
_TIMER_REST: Final = (0, "", None, 0, 0)
_SILENT: Final = ("", None, 0)


def _trimmed(row: list[Any]) -> list[Any]:
    """The row without its trailing defaults; the first five say who and where and always stay."""
    while len(row) > 6 and row[-1] in _SILENT:
        row.pop()
    return row
