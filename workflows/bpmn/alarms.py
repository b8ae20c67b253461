"""Timers of one activation: which are due when, armed, armed again, taken back; and commands that
are taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from rules.feel.times import iso
from workflows.bpmn.model import Data, Element
from workflows.bpmn.protocol import (
    ArmTimer,
    CancelActivity,
    Command,
    DisarmTimer,
    OpenTask,
    RunActivity,
    WithdrawTask,
)
from workflows.bpmn.state import Execution, Timer
from workflows.bpmn.timing import Schedule, next_due, schedule
from workflows.bpmn.workspace import Workspace


class PlannedAlarm(NamedTuple):
    """When one trigger of an element is due."""

    element: Element
    part: int
    plan: Schedule


class Alarms(Workspace):
    """Arms and disarms."""

    __slots__ = ()

    def schedules(self, ids: Iterable[str], home: str, variables: Data) -> list[PlannedAlarm]:
        """When the timers among these elements would be due if they were armed now.

        Raises:
            FeelError: one of them has no such instant.
        """
        elements: Mapping[str, Element] = self.program[self.instances[home].process].elements
        return self.schedules_of((elements[name] for name in ids), variables)

    def schedules_of(self, elements: Iterable[Element], variables: Data) -> list[PlannedAlarm]:
        """As ``schedules``, for elements of a process that is only about to be called."""
        return [
            PlannedAlarm(element, part, schedule(trigger.timer, self.value(trigger.when, variables), self.at))
            for element in elements
            for part, trigger in enumerate(element.triggers)
            if trigger.timer is not None and trigger.when is not None
        ]

    def arm(self, owner: str, home: str, planned: Iterable[PlannedAlarm]) -> None:
        """Arms timers that wake, interrupt, or fire beside an execution."""
        for element, part, plan in planned:
            self._arm(Timer(self.new_id(), owner, element.id, home, element.name, *plan, part=part))

    def rearm(self, timer: Timer) -> None:
        """Arms the next instant of a cycle that has just fired."""
        assert timer.anchor is not None
        nth = timer.nth + 1
        left = timer.left - 1 if timer.left > 0 else timer.left
        due = next_due(timer.period, timer.anchor, nth)
        self._arm(timer._replace(id=self.new_id(), due=due, left=left, nth=nth))

    def disarm(self, timer: Timer) -> None:
        """Takes a timer back."""
        del self.armed[timer.id]
        self.take_back(ArmTimer, timer.id, DisarmTimer(timer.id))

    def disarm_all(self, owner: str, elements: Iterable[str] | None = None) -> None:
        """Takes back an execution's timers; only those of some elements if given."""
        wanted = None if elements is None else set(elements)
        for timer in [timer for timer in self.armed.values() if timer.owner == owner]:
            if wanted is None or timer.element in wanted:
                self.disarm(timer)

    def show_due(self, execution: Execution, due: datetime) -> None:
        """What a screen shows as the token's deadline."""
        self.executions[execution.id] = execution._replace(due=iso(due, in_utc=True))

    def take_back(self, asked: type[Command], subject: str, undo: Command) -> None:
        """Undoes a command; one of this very activation that nobody has seen is not given in the
        first place."""
        for place, command in enumerate(self.commands):
            if type(command) is asked and _subject(command) == subject:
                del self.commands[place]
                return
        self.commands.append(undo)

    def take_back_activity(self, execution: Execution) -> None:
        """The process no longer waits for an activity."""
        self.take_back(RunActivity, execution.id, CancelActivity(execution.id))

    def take_back_task(self, execution: Execution) -> None:
        """A task that the process has left."""
        self.take_back(OpenTask, execution.id, WithdrawTask(execution.id))

    def new_id(self) -> str:
        """Ids are counted: the same history gives the same ids."""
        self.counter += 1
        return str(self.counter)

    def _arm(self, timer: Timer) -> None:
        self.armed[timer.id] = timer
        self.commands.append(ArmTimer(timer.id, timer.element, timer.name, timer.due))


def _subject(command: Command) -> str:
    match command:
        case ArmTimer():
            return command.timer
        case RunActivity() | OpenTask():
            return command.execution
        case _:
            return ""
