"""All instances of one file, the messages and signals between them, and virtual time: a host that
is a few tables."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cli.conformance.stays import Stays
from cli.conformance.translation import mark_of, sets_marker, throws
from workflows.bpmn import (
    ActivityDone,
    CancelActivity,
    Command,
    ErrorThrown,
    Event,
    MessageArrived,
    NoSuchStart,
    Program,
    RaiseIncident,
    Refused,
    RunActivity,
    SendMessage,
    SignalArrived,
    State,
    ThrowSignal,
    TimerFired,
    begin,
    step,
)

Data = dict[str, Any]

MOST_EVENTS: Final = 10_000
"""A case of the suite takes a few dozen; more is a run that would never end."""


class Endless(Exception):
    """The run was cut after ``MOST_EVENTS`` events."""


@dataclass(slots=True)
class _Instance:
    process: str
    state: State


class World:
    """Runs the processes of one file. ``marks``, ``marker``, ``stays``, ``incidents`` tell what has
    become of them."""

    def __init__(self, program: Program, at: datetime) -> None:
        self._program = program
        self._now = at
        self._instances: list[_Instance] = []
        self._todo: deque[tuple[_Instance, Command]] = deque()
        self._events = 0
        self.marks: Counter[str] = Counter()
        self.marker = False
        self.stays = Stays()
        self.incidents: list[RaiseIncident] = []

    # -- what a case does -------------------------------------------------------------------------

    def start(self, process: str, variables: Data) -> None:
        """Starts a process and works until everything waits.

        Raises:
            NoSuchStart: it can only be started by an event.
            Endless: it never comes to rest.
        """
        self._begin(process, variables)
        self._come_to_rest()

    def pass_time(self, by: timedelta) -> None:
        """Lets timers fire, each at its instant, over all instances.

        Raises:
            Endless: it never comes to rest.
        """
        until = self._now + by
        while due := [timer for timer in self._timers() if timer[0] <= until]:
            self._now, number, _, timer = min(due)
            self._tell(self._instances[number], TimerFired(timer))
            self._come_to_rest()
        self._now = until

    # -- events -----------------------------------------------------------------------------------

    def _begin(self, process: str, variables: Data, *, message: str | None = None, signal: str | None = None) -> None:
        self._count()
        state, commands = begin(self._program, process, variables, self._now, message=message, signal=signal)
        instance = _Instance(process, state)
        self._instances.append(instance)
        self._hear(instance, commands)

    def _tell(self, instance: _Instance, event: Event) -> None:
        self._count()
        instance.state, commands = step(self._program, instance.state, event, self._now)
        self._hear(instance, commands)

    def _count(self) -> None:
        self._events += 1
        if self._events > MOST_EVENTS:
            raise Endless(f"no end after {MOST_EVENTS} events")

    def _timers(self) -> Iterator[tuple[datetime, int, int, str]]:
        for number, instance in enumerate(self._instances):
            for age, timer in enumerate(instance.state.timers()):
                yield timer.due, number, age, timer.timer

    # -- commands ---------------------------------------------------------------------------------

    def _hear(self, instance: _Instance, commands: tuple[Command, ...]) -> None:
        for command in commands:
            if isinstance(command, CancelActivity):
                self._forget(instance, command.execution)
            else:
                self._todo.append((instance, command))

    def _forget(self, instance: _Instance, execution: str) -> None:
        """An activity that was cancelled before its turn must leave no mark."""
        self._todo = deque(
            (owner, command)
            for owner, command in self._todo
            if not (owner is instance and isinstance(command, RunActivity) and command.execution == execution)
        )

    def _come_to_rest(self) -> None:
        while self._todo:
            instance, command = self._todo.popleft()
            obey = _OBEY.get(type(command))
            if obey is not None:
                obey(self, instance, command)

    def _run(self, instance: _Instance, command: RunActivity) -> None:
        mark = mark_of(command.activity)
        if mark is not None:
            self.marks[mark] += 1
        self.marker |= sets_marker(command.activity)
        self.stays.note(command.activity, self._now)
        if throws(command.activity):
            self._tell(instance, ErrorThrown(command.execution, str(command.data["code"])))
        else:
            self._tell(instance, ActivityDone(command.execution))

    def _send(self, sender: _Instance, command: SendMessage) -> None:
        """To whoever waits for it; else it begins a process; else it is kept by one that may wait
        for it later."""
        arrival = MessageArrived(command.message, command.data)
        others = [instance for instance in self._instances if instance is not sender]
        waiting = [instance for instance in others if self._answer(instance, arrival) == "takes"]
        if waiting:
            self._tell(waiting[0], arrival)
        elif not any(self._begins(process, command.data, message=command.message) for process in self._program):
            keeping = [instance for instance in (*others, sender) if self._answer(instance, arrival)]
            if keeping:
                self._tell(keeping[0], arrival)

    def _answer(self, instance: _Instance, arrival: MessageArrived) -> str:
        """Whether the instance takes a message now, keeps it, or (empty) has no use for it."""
        state, commands = step(self._program, instance.state, arrival, self._now)
        if any(isinstance(command, Refused) for command in commands):
            return ""
        return "keeps" if len(state.buffer) > len(instance.state.buffer) else "takes"

    def _throw(self, thrower: _Instance, command: ThrowSignal) -> None:
        for instance in list(self._instances):
            if instance is not thrower and not instance.state.ended:
                self._tell(instance, SignalArrived(command.signal, command.data))
        for process in self._program:
            self._begins(process, command.data, signal=command.signal)

    def _begins(self, process: str, data: Data, *, message: str | None = None, signal: str | None = None) -> bool:
        """Begins a process if it starts with this event; whether it does."""
        with suppress(NoSuchStart):
            self._begin(process, data, message=message, signal=signal)
            return True
        return False

    def _note_incident(self, _: _Instance, command: RaiseIncident) -> None:
        self.incidents.append(command)


_OBEY: Final[Mapping[type, Callable[[World, _Instance, Any], None]]] = {
    RunActivity: World._run,  # pyright: ignore[reportPrivateUsage]
    SendMessage: World._send,  # pyright: ignore[reportPrivateUsage]
    ThrowSignal: World._throw,  # pyright: ignore[reportPrivateUsage]
    RaiseIncident: World._note_incident,  # pyright: ignore[reportPrivateUsage]
}
"""What is done about a command; the others are nothing to a world whose timers are read from the
states."""
