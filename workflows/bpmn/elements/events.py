"""Events that begin and end (BPMN 2.0.2, 10.5.2-3; 13.5): starts, starts of event sub-processes,
ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.bpmn.catching import throw
from workflows.bpmn.elements.base import Behaviour
from workflows.bpmn.lifecycle import Move, Stuck, after
from workflows.bpmn.model import Data, Element

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


class Start(Behaviour):
    """Any start event: the token passes through; what came with the event is in the variables."""


class EventSubProcessStart(Behaviour):
    """The trigger of an event sub-process; ``owner`` is the open scope around it (13.5.4)."""

    def triggered(self, run: Run, owner: Execution, element: Element, data: Data) -> None:
        if element.interrupting:
            run.cancel_content(owner.id)
            # Boundary timers of the scope stay: the scope itself is still open.
            run.disarm_all(owner.id, run.body(owner, run.element(owner)).events)
            current = run.executions[owner.id]
            run.executions[owner.id] = current._replace(phase=after(current.phase, Move.INTERRUPT))
        run.spawn(owner.id, run.home_inside(owner), element.parent, data=data)


class End(Behaviour):
    """None end: the token is consumed. Other tokens of the scope live on."""


class TerminateEnd(Behaviour):
    """Ends everything in its own scope, and nothing outside it (13.5.6)."""

    def left(self, run: Run, execution: Execution, element: Element) -> None:
        run.cancel_content(execution.scope)


class ErrorEnd(Behaviour):
    """Throws an error; uncaught, it is an incident and the token stays here."""

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        assert element.trigger is not None
        code = element.trigger.ref or ""
        data = run.assigned(element.inputs, run.variables(execution))
        if not throw(run, execution, "error", code, data):
            raise Stuck("uncaught_error", f"nobody catches the error {code}")
        return None
