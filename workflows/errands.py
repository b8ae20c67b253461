"""What a process has asked for and is yet to be done, and how it travels to whoever does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.contracts import TaskToOpen, Variables
from workflows.bpmn import ArmTimer, DisarmTimer, Ended, WithdrawTask


@dataclass(frozen=True, slots=True)
class Errand:
    """An activity that the process, or its host, has asked for.

    ``name`` is the step's within the life: the last part of its key. ``execution`` waits for the
    result; it is empty where nothing does.
    """

    activity: str
    name: str
    element: str
    data: Variables
    summary: str
    execution: str = ""
    reports: bool = False  # the host's own: it has to succeed

    @property
    def own_execution(self) -> str:
        """The execution that the step is of."""
        return self.name.partition(":")[0]


Todo = Errand | TaskToOpen | WithdrawTask | ArmTimer | DisarmTimer | Ended
TimerCommand = ArmTimer | DisarmTimer | Ended
"""What only a workflow can do."""


def written(todo: Todo) -> list[Any] | None:
    """A row of JSON values; None for what only the workflow has to do with."""
    match todo:
        case Errand():
            return ["do", *(getattr(todo, name) for name in Errand.__slots__)]
        case TaskToOpen():
            return ["open", *(getattr(todo, name) for name in TaskToOpen.__slots__)]
        case WithdrawTask():
            return ["withdraw", todo.execution]
        case _:
            return None


def read(row: list[Any]) -> Todo:
    """What ``written`` wrote."""
    kinds: Mapping[str, type[Errand | TaskToOpen | WithdrawTask]]
    kinds = {"do": Errand, "open": TaskToOpen, "withdraw": WithdrawTask}
    return kinds[row[0]](*row[1:])
