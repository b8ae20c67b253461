"""Scopes: the process itself, sub-processes, event sub-processes, call activities (BPMN 2.0.2, 10.3.5-6; 13.3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.bpmn.elements.base import Behaviour, Stuck
from workflows.bpmn.lifecycle import Phase
from workflows.bpmn.model import Data, Element
from workflows.bpmn.state import Instance

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


class Root(Behaviour):
    """The process itself. ``via`` names the start event that it begins at."""

    waits = "scope"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        planned = run.schedules(element.body.events, execution.home, run.variables(execution))
        run.arm(execution.id, execution.home, planned)
        run.spawn(execution.id, execution.home, execution.via)
        return None


class SubProcess(Behaviour):
    """An embedded sub-process: shares the variables of its process; done when nothing is left in it."""

    waits = "scope"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        planned = run.schedules(element.body.events, execution.home, run.variables(execution))
        run.arm(execution.id, execution.home, planned)
        if element.by_event:
            # Its start event has already occurred: the token only has to leave it, with what came.
            run.spawn(
                execution.id, execution.home, element.body.starts[0], phase=Phase.LEAVING, data=execution.data or {}
            )
        else:
            run.spawn(execution.id, execution.home, element.body.starts[0])
        return None


class CallActivity(Behaviour):
    """Runs another process inside this instance, with its own variables: inputs go in, outputs come out."""

    waits = "scope"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        called = run.program.get(element.work.called)
        if called is None or not called.root.body.starts:
            raise Stuck("condition_failed", f"there is no process {element.work.called} with a plain start")
        variables = run.assigned(element.inputs, run.variables(execution))
        body = called.root.body
        planned = run.schedules_of((called.elements[name] for name in body.events), variables)
        run.instances[execution.id] = Instance(called.id, variables)
        run.arm(execution.id, execution.id, planned)
        run.spawn(execution.id, execution.id, body.starts[0])
        return None

    def write(self, run: Run, execution: Execution, element: Element, variables: Data) -> Data:
        if not element.outputs:
            return variables
        inside = run.instances[execution.id].variables
        return {**variables, **run.assigned(element.outputs, {**variables, **inside})}
