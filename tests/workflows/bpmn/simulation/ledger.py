"""What a host would have open, running and armed by the commands alone; it has to be what the state
says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from workflows.bpmn import (
    ActivityDone,
    ActivityFailed,
    ArmTimer,
    CancelActivity,
    Command,
    DisarmTimer,
    Ended,
    ErrorThrown,
    Event,
    OpenTask,
    RaiseIncident,
    Refused,
    RunActivity,
    State,
    TaskDone,
    TimerFired,
    WithdrawTask,
)
from workflows.bpmn.lifecycle import Phase


class Ledger:
    """``gone`` are executions that waited for somebody and do so no more: their late completions
    are refused."""

    def __init__(self, *, curable: bool = False) -> None:
        self._curable = curable  # there are tokens that cannot go on until a variable is corrected
        self.tasks: set[str] = set()
        self.running: dict[str, RunActivity] = {}
        self.timers: dict[str, datetime] = {}
        self.gone: list[Event] = []
        self.unexpected: list[str] = []
        self._broken: list[str] = []

    def hear(self, event: Event | None, commands: tuple[Command, ...], state: State) -> None:
        """What happened, and what was asked for."""
        self._broken.clear()
        self.unexpected.clear()
        if commands and isinstance(commands[0], Refused):
            self._check_refusal(event, commands[0])
        else:
            self._settle(event)
        for place, command in enumerate(commands):
            self._obey(event, command, state)
            if isinstance(command, Ended) and place != len(commands) - 1:
                self._broken.append("something is asked for after the end")
        if state.ended and not any(isinstance(command, Ended | Refused) for command in commands):
            self._broken.append("it has ended without saying so")

    def wrong(self, state: State) -> Iterator[str]:
        """Where ledger and state differ, in words."""
        yield from self._broken
        active = [one for one in state.executions.values() if one.phase is Phase.ACTIVE]
        tasks = {one.id for one in active if one.waits == "task"}
        if tasks != self.tasks:
            yield f"open tasks are {sorted(self.tasks)}, the state says {sorted(tasks)}"
        running = {one.id for one in active if one.waits == "activity"}
        if running != set(self.running):
            yield f"running activities are {sorted(self.running)}, the state says {sorted(running)}"
        armed = {timer.timer: timer.due for timer in state.timers()}
        if armed != self.timers:
            yield f"armed timers are {self.timers}, the state says {armed}"
        if [*armed] != sorted(armed, key=lambda name: (armed[name], int(name))):
            yield "timers are not in the order in which they fire"

    def would_do(self, commands: Iterable[Command]) -> bool:
        """Whether doing these things leaves the same open, with nothing left out."""
        armed = {one.timer: one.due for one in commands if isinstance(one, ArmTimer)}
        running = {one.execution for one in commands if isinstance(one, RunActivity)}
        return armed == self.timers and running == set(self.running)

    def _check_refusal(self, event: Event | None, answer: Refused) -> None:
        """What is open, running or armed is never refused."""
        match event:
            case TaskDone() if event.execution in self.tasks:
                self._broken.append(f"{event} was refused: {answer}")
            case ActivityDone() | ErrorThrown() | ActivityFailed() if event.execution in self.running:
                self._broken.append(f"{event} was refused: {answer}")
            case TimerFired() if event.timer in self.timers:
                self._broken.append(f"{event} was refused: {answer}")
            case _:
                pass

    def _settle(self, event: Event | None) -> None:
        match event:
            case TaskDone():
                self.tasks.discard(event.execution)
                self.gone.append(event)
            case ActivityDone() | ErrorThrown() | ActivityFailed():
                self.running.pop(event.execution, None)
                if isinstance(event, ActivityDone):
                    self.gone.append(event)
            case TimerFired():
                self.timers.pop(event.timer, None)
                self.gone.append(event)
            case _:
                pass

    def _obey(self, event: Event | None, command: Command, state: State) -> None:
        match command:
            case OpenTask():
                self._new(command.execution in self.tasks, command)
                self.tasks.add(command.execution)
            case RunActivity():
                self._new(command.execution in self.running, command)
                self.running[command.execution] = command
            case ArmTimer():
                self._new(command.timer in self.timers, command)
                self.timers[command.timer] = command.due
            case WithdrawTask():
                self._new(command.execution not in self.tasks, command)
                self.tasks.discard(command.execution)
                self.gone.append(TaskDone(command.execution, {}))
            case CancelActivity():
                self._new(command.execution not in self.running, command)
                self.running.pop(command.execution, None)
                self.gone.append(ActivityDone(command.execution, {}))
            case DisarmTimer():
                self._new(command.timer not in self.timers, command)
                self.timers.pop(command.timer, None)
                self.gone.append(TimerFired(command.timer))
            case RaiseIncident():
                self._incident(event, command)
            case _:
                pass

    def _new(self, broken: bool, command: Command) -> None:
        if broken:
            self._broken.append(f"{command} a second time, or of something that is not there")

    def _incident(self, event: Event | None, command: RaiseIncident) -> None:
        expected = {ActivityFailed: "activity_failed", ErrorThrown: "uncaught_error"}.get(type(event))
        if command.kind != expected and not (command.kind == "condition_failed" and self._curable):
            self.unexpected.append(f"{command}")
