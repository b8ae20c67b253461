"""Events (BPMN 2.0.2, 10.5; 13.5): starts, ends, intermediate and boundary events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.bpmn.catching import throw
from workflows.bpmn.elements.base import Behaviour, Stuck
from workflows.bpmn.lifecycle import Move, Phase, after
from workflows.bpmn.model import Data, Element
from workflows.bpmn.protocol import SendMessage

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


class Start(Behaviour):
    """None, message or timer start: the token passes through; what came with the event is in the variables."""


class EventSubProcessStart(Behaviour):
    """The trigger of an event sub-process; ``owner`` is the open scope around it (13.5.4)."""

    def triggered(self, run: Run, owner: Execution, element: Element, data: Data) -> None:
        if element.interrupting:
            run.cancel_content(owner.id)
            for timer in [timer for timer in run.armed.values() if timer.owner == owner.id]:
                # Boundary timers of the scope stay: the scope itself is still open.
                if timer.element in run.body(owner, run.element(owner)).events:
                    run.disarm(timer)
            run.executions[owner.id] = owner._replace(phase=after(owner.phase, Move.INTERRUPT))
        run.spawn(owner.id, run.home_inside(owner), element.parent, data=data)


class End(Behaviour):
    """None end: the token is consumed. Other tokens of the scope live on."""


class TerminateEnd(Behaviour):
    """Ends everything in its own scope, and nothing outside it (13.5.6)."""

    def left(self, run: Run, execution: Execution, element: Element) -> None:
        run.cancel_content(execution.scope)


class ThrowMessage(Behaviour):
    """Message throw and message end: sends and goes on."""

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        assert element.trigger is not None and element.trigger.ref is not None
        data = run.assigned(element.inputs, run.variables(execution))
        run.commands.append(SendMessage(execution.id, element.id, element.name, element.trigger.ref, data))
        return {}


class ThrowNone(Behaviour):
    """An intermediate none event: a milestone."""


class ErrorEnd(Behaviour):
    """Throws an error; uncaught, it is an incident and the token stays here."""

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        assert element.trigger is not None
        code = element.trigger.ref or ""
        data = run.assigned(element.inputs, run.variables(execution))
        if not throw(run, execution, "error", code, data):
            raise Stuck("uncaught_error", f"nobody catches the error {code}")
        return None


class ThrowEscalation(Behaviour):
    """Escalation throw and end: tells who listens; uncaught it simply goes on (10.5.6)."""

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        assert element.trigger is not None
        data = run.assigned(element.inputs, run.variables(execution))
        throw(run, execution, "escalation", element.trigger.ref or "", data)
        # An interrupting catcher has cancelled the thrower with its scope.
        return {} if execution.id in run.executions else None


class Catch(Behaviour):
    """Waits for a message; also as the branch of an event-based gateway, whose token it then takes over."""

    waits = "message"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        return None

    def triggered(self, run: Run, owner: Execution, element: Element, data: Data) -> None:
        if owner.element == element.id:
            run.finish(owner, data)
        else:
            run.cancel(owner)
            run.spawn(owner.scope, owner.home, element.id, phase=Phase.LEAVING, data=data)


class CatchTimer(Catch):
    """Waits until an instant."""

    waits = "timer"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        planned = run.schedules_of((element,), run.variables(execution))
        run.show_due(execution, planned[0][1].due)
        run.arm(execution.id, execution.home, planned)
        return None


class Boundary(Behaviour):
    """Timer, message, error and escalation boundary events (13.5.3)."""

    def triggered(self, run: Run, owner: Execution, element: Element, data: Data) -> None:
        if element.interrupting:
            # The whole scope is cancelled before the event's own token leaves.
            run.cancel(owner)
        run.spawn(owner.scope, owner.home, element.id, phase=Phase.LEAVING, data=data)
