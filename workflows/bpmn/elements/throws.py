"""Events that tell somebody something and go on (BPMN 2.0.2, 10.5.4; 13.5.2): throw events, and
ends that throw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from workflows.bpmn.catching import broadcast, throw
from workflows.bpmn.elements.base import Behaviour
from workflows.bpmn.model import Data, Element
from workflows.bpmn.protocol import SendMessage, ThrowSignal

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution

Tell: TypeAlias = "Callable[[Run, Execution, Element, str, Data], None]"


class Pass(Behaviour):
    """An intermediate none event, a milestone; or a link, whose token goes on at the other end
    (10.5.5)."""


class Throw(Behaviour):
    """Tells everything that it names, in the order of its definitions."""

    def __init__(self, *, patient: bool = False) -> None:
        self.patient = patient

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        data = run.assigned(element.inputs, run.variables(execution))
        for trigger in element.triggers:
            THROWN[trigger.kind](run, execution, element, trigger.ref or "", data)
            if execution.id not in run.executions:
                return None  # an interrupting catcher has cancelled the thrower with its scope
        return {}


def _message(run: Run, execution: Execution, element: Element, name: str, data: Data) -> None:
    run.commands.append(SendMessage(execution.id, element.id, element.name, name, data))


def _signal(run: Run, execution: Execution, element: Element, name: str, data: Data) -> None:
    run.commands.append(ThrowSignal(execution.id, element.id, element.name, name, data))
    broadcast(run, name, data)


def _escalation(run: Run, execution: Execution, element: Element, name: str, data: Data) -> None:
    # Uncaught it simply goes on (10.5.6).
    throw(run, execution, "escalation", name, data)


THROWN: Final[Mapping[str, Tell]] = MappingProxyType(
    {"message": _message, "signal": _signal, "escalation": _escalation}
)
"""What can be told without ending anything, by kind of event definition."""
