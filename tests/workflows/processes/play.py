"""Plays a shipped process through without Temporal or a database: activities are answered from a
table.

``Play`` is the host in miniature. It answers each activity at once, keeps the open tasks and the
armed timers, and lets the clock pass from one deadline to the next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from workflows.bpmn import (
    ActivityDone,
    ArmTimer,
    Command,
    DisarmTimer,
    Ended,
    MessageArrived,
    OpenTask,
    Process,
    RaiseIncident,
    Refused,
    RunActivity,
    SignalArrived,
    TaskDone,
    TimerFired,
    WithdrawTask,
    begin,
    read,
    step,
)
from workflows.bpmn.run import Run
from workflows.processes import shipped

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday, nine o'clock in Shanghai."""

Answer = Mapping[str, Any] | Callable[[datetime, dict[str, Any]], Mapping[str, Any]]


@cache
def program() -> dict[str, Process]:
    """All shipped processes."""
    return {key: process for xml in shipped().values() for key, process in read(xml).processes.items()}


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


@contextmanager
def watching() -> Iterator[set[tuple[str, str]]]:
    """Collects (process, sequence flow) of every flow that a token takes, for as long as the block
    lasts."""
    original = Run.spawn
    taken: set[tuple[str, str]] = set()

    def spawn(self: Run, scope: str, home: str, element: str, *, via: str = "", **rest: Any) -> None:
        if via:
            taken.add((self.instances[home].process, via))
        original(self, scope, home, element, via=via, **rest)

    Run.spawn = spawn  # pyright: ignore[reportAttributeAccessIssue]
    try:
        yield taken
    finally:
        Run.spawn = original


class Play:
    """One instance of a shipped process under a fake host.

    ``answers`` maps an activity to its result, to a function of instant and data, or to a list of
    either that is used up from the front, the last one staying.
    """

    def __init__(
        self,
        key: str,
        answers: Mapping[str, Answer | list[Answer]] | None = None,
        *,
        message: str | None = None,
        **variables: Any,
    ) -> None:
        self.at = START
        self.ran: list[tuple[str, dict[str, Any]]] = []
        self.done_at: list[tuple[str, datetime]] = []
        self.tasks: dict[str, OpenTask] = {}
        self.timers: dict[str, ArmTimer] = {}
        self.ended: Ended | None = None
        self._todo: deque[Command] = deque()
        self._answers = {name: list(a) if isinstance(a, list) else [a] for name, a in (answers or {}).items()}
        self._state, commands = begin(program(), key, variables, self.at, message=message)
        self._obey(commands)

    # -- what happens to it -----------------------------------------------------------------------

    def complete(self, outcome: str, *, kind: str | None = None, after: timedelta = timedelta(0), **data: Any) -> None:
        """A person completes the one open task (of that kind), some time after the last event."""
        self.pass_time(after)
        (task,) = [task for task in self.tasks.values() if kind in (None, task.kind)]
        del self.tasks[task.execution]
        self._tell(TaskDone(task.execution, {"outcome": outcome, **data}))

    def hear(self, name: str, *, after: timedelta = timedelta(0), **data: Any) -> None:
        """A message arrives."""
        self.pass_time(after)
        self._tell(MessageArrived(name, data))

    def moves_clocks(self, *, after: timedelta = timedelta(0)) -> None:
        """A deadline of the case stands still, or goes on."""
        self.pass_time(after)
        self._tell(SignalArrived("clock_moved", {}))

    def next_deadline(self) -> str:
        """The clock goes on to the earliest timer, which fires; returns the element that it belongs
        to."""
        timer = min(self.timers.values(), key=lambda timer: (timer.due, int(timer.timer)))
        del self.timers[timer.timer]
        self.at = max(self.at, timer.due)
        self._tell(TimerFired(timer.timer))
        return timer.element

    def pass_time(self, time: timedelta) -> None:
        """The clock goes on; what falls due on the way happens."""
        until = self.at + time
        while self.timers and min(timer.due for timer in self.timers.values()) < until:
            self.next_deadline()
        self.at = until

    # -- what can be seen -------------------------------------------------------------------------

    @property
    def outcome(self) -> str:
        """The end event that was reached; empty while the process runs."""
        return self.ended.outcome if self.ended else ""

    @property
    def variables(self) -> Mapping[str, Any]:
        return self.ended.variables if self.ended else self._state.variables

    @property
    def waits_at(self) -> set[str]:
        """The elements where tokens wait."""
        return {mark.element for mark in self._state.place()}

    @property
    def task(self) -> OpenTask:
        """The one open task."""
        (task,) = self.tasks.values()
        return task

    @property
    def activities(self) -> list[str]:
        """The activities that ran, in order."""
        return [name for name, _ in self.ran]

    def deadline(self, element: str) -> datetime:
        """When the timer of this element will fire."""
        (timer,) = [timer for timer in self.timers.values() if timer.element == element]
        return timer.due

    def data_of(self, activity: str) -> dict[str, Any]:
        """The input of the last run of an activity."""
        return [data for name, data in self.ran if name == activity][-1]

    def instants_of(self, activity: str) -> list[timedelta]:
        """When an activity ran, counted from the start."""
        return [at - START for name, at in self.done_at if name == activity]

    # -- the host in miniature --------------------------------------------------------------------

    def _tell(self, event: Any) -> None:
        self._state, commands = step(program(), self._state, event, self.at)
        self._obey(commands)

    def _obey(self, commands: tuple[Command, ...]) -> None:
        idle = not self._todo
        self._todo.extend(commands)
        while idle and self._todo:
            self._perform(self._todo[0])
            self._todo.popleft()

    def _perform(self, command: Command) -> None:
        match command:
            case RunActivity():
                self.ran.append((command.activity, command.data))
                self.done_at.append((command.activity, self.at))
                self._tell(ActivityDone(command.execution, dict(self._answer(command))))
            case OpenTask():
                self.tasks[command.execution] = command
            case WithdrawTask():
                del self.tasks[command.execution]
            case ArmTimer():
                self.timers[command.timer] = command
            case DisarmTimer():
                self.timers.pop(command.timer, None)
            case Ended():
                self.ended = command
            case RaiseIncident() | Refused():
                raise AssertionError(command)
            case _:
                pass

    def _answer(self, command: RunActivity) -> Mapping[str, Any]:
        left = self._answers.get(command.activity, [{}])
        answer = left.pop(0) if len(left) > 1 else left[0]
        return answer(self.at, command.data) if callable(answer) else answer
