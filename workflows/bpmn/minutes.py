"""The minutes of a rehearsal: what is noted while it plays, and what it amounts to in the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workflows.bpmn.model import Program
from workflows.bpmn.protocol import ArmTimer, OpenTask, RaiseIncident, SendMessage, ThrowSignal, Visit
from workflows.bpmn.rehearsed import (
    Deadline,
    DeadlineFate,
    Moment,
    Opened,
    Received,
    Rehearsal,
    RehearsalEnding,
    Sent,
    Trouble,
)
from workflows.bpmn.state import State


class Minutes:
    """Kept in the order of what happens; ``trace`` is filled by the interpreter."""

    def __init__(self, program: Program, began: datetime) -> None:
        self._program = program
        self._began = began
        self.trace: list[Visit] = []
        self._read = 0
        self._processes: dict[str, str] = {}  # of every execution that there ever was
        self._deadlines: dict[str, Deadline] = {}
        self._tasks: dict[str, Opened] = {}
        self._sent: list[Sent] = []
        self._received: list[Received] = []
        self._incidents: list[Trouble] = []

    def process(self, execution: str) -> str:
        """The process that an execution belongs to, also one that is no more."""
        while self._read < len(self.trace):
            visit = self.trace[self._read]
            self._processes[visit.execution] = visit.process
            self._read += 1
        return self._processes.get(execution, "")

    # -- noting -----------------------------------------------------------------------------------

    def armed(self, command: ArmTimer, state: State, at: datetime) -> None:
        """A timer runs from now on."""
        timer = state.armed.get(command.timer)
        if timer is not None:
            process = state.instances[timer.home].process
        else:  # taken back in the activation that armed it
            process = next((key for key, one in self._program.items() if command.element in one.elements), "")
        found = Deadline("timer", process, command.element, command.name, at, command.due)
        self._deadlines[command.timer] = found

    def settled(self, deadline: str, fate: DeadlineFate, at: datetime) -> None:
        """A timer, or the due of a task, is over; only the first time counts."""
        found = self._deadlines.get(deadline)
        if found is not None and found.fate is DeadlineFate.WAITING:
            self._deadlines[deadline] = replace(found, fate=fate, settled_at=at)

    def opened(self, command: OpenTask, at: datetime) -> None:
        """Somebody has something to do."""
        process = self.process(command.execution)
        what = command.element, command.name
        self._tasks[command.execution] = Opened(at, process, *what, command.kind, command.role, command.due)
        if command.due is not None:
            due = datetime.fromisoformat(command.due)
            self._deadlines[_due_of(command.execution)] = Deadline("due", process, *what, at, due)

    def finished(self, execution: str, fate: DeadlineFate, at: datetime) -> None:
        """A task is done or withdrawn, and its due with it."""
        task = self._tasks.get(execution)
        if task is None or task.fate is not DeadlineFate.WAITING:
            return
        self._tasks[execution] = replace(task, fate=fate, settled_at=at)
        due = self._deadlines.get(_due_of(execution))
        if due is not None:
            self.settled(_due_of(execution), DeadlineFate.MISSED if at > due.due else fate, at)

    def sent(self, command: SendMessage | ThrowSignal, at: datetime) -> None:
        """The process tells somebody something."""
        kind, name = ("message", command.message) if isinstance(command, SendMessage) else ("signal", command.signal)
        self._sent.append(Sent(at, self.process(command.execution), command.element, kind, name, command.data))

    def received(self, kind: str, name: str, fate: str, at: datetime) -> None:
        """A message or signal of the script has arrived."""
        self._received.append(Received(at, kind, name, fate))

    def stuck(self, command: RaiseIncident, at: datetime) -> None:
        """A token cannot go on."""
        process = self.process(command.execution)
        self._incidents.append(Trouble(at, process, command.element, command.kind, command.message))

    # -- summing up -------------------------------------------------------------------------------

    def closed(
        self, ending: RehearsalEnding, state: State, at: datetime, assumed: tuple[str, ...], unused: tuple[str, ...]
    ) -> Rehearsal:
        """All that was noted, and where it stands."""
        return Rehearsal(
            began_at=self._began,
            stopped_at=at,
            ending=ending,
            outcome=state.outcome,
            variables=state.variables,
            path=tuple(self._moment(visit) for visit in self.trace),
            deadlines=tuple(_as_of(deadline, at) for deadline in self._deadlines.values()),
            tasks=tuple(self._tasks.values()),
            sent=tuple(self._sent),
            received=tuple(self._received),
            incidents=tuple(self._incidents),
            places=state.place(),
            assumed=assumed,
            unused=unused,
        )

    def _moment(self, visit: Visit) -> Moment:
        process = self._program[visit.process]
        element = process.elements.get(visit.element, process.root)
        return Moment(visit.at, visit.execution, visit.process, visit.element, element.name, visit.what, visit.via)


def _as_of(deadline: Deadline, at: datetime) -> Deadline:
    """A due that has passed while its task lies open is missed."""
    if deadline.kind == "due" and deadline.fate is DeadlineFate.WAITING and at > deadline.due:
        return replace(deadline, fate=DeadlineFate.MISSED, settled_at=deadline.due)
    return deadline


def _due_of(execution: str) -> str:
    return f"due {execution}"
