"""Events that are waited for (BPMN 2.0.2, 10.5.4; 13.5.2-3): catch events in the flow, and at the
boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.bpmn.elements.base import Behaviour
from workflows.bpmn.lifecycle import Phase
from workflows.bpmn.model import Data, Element

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


class Catch(Behaviour):
    """Waits for its event; also as the branch of an event-based gateway, whose token it then takes
    over."""

    def __init__(self, waits: str) -> None:
        self.waits = waits

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        planned = run.schedules_of((element,), run.variables(execution))
        if planned:
            run.show_due(execution, min(one.plan.due for one in planned))
            run.arm(execution.id, execution.home, planned)
        return None

    def triggered(self, run: Run, owner: Execution, element: Element, data: Data) -> None:
        if owner.element == element.id:
            run.finish(owner, data)
        else:
            run.cancel(owner)
            run.spawn(owner.scope, owner.home, element.id, phase=Phase.LEAVING, data=data)


class Boundary(Behaviour):
    """Boundary events of any kind but compensation, which nobody waits for (13.5.3)."""

    def triggered(self, run: Run, owner: Execution, element: Element, data: Data) -> None:
        if element.interrupting:
            # The whole scope is cancelled before the event's own token leaves.
            run.cancel(owner)
        run.spawn(owner.scope, owner.home, element.id, phase=Phase.LEAVING, data=data)


class CompensationBoundary(Behaviour):
    """Says which activity undoes another; no token ever comes here."""
