"""Scopes: the process itself, sub-processes, event sub-processes, call activities (BPMN 2.0.2,
10.3.5-6; 13.3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.bpmn.elements.base import Behaviour
from workflows.bpmn.lifecycle import Phase, Stuck
from workflows.bpmn.model import Data, Element
from workflows.bpmn.state import Instance

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


class Root(Behaviour):
    """The process itself. ``via`` names what it begins at; without, it is whatever it begins at by
    itself."""

    waits = "scope"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        planned = run.schedules(element.body.events, execution.home, run.variables(execution))
        run.arm(execution.id, execution.home, planned)
        elements = run.program[run.instances[execution.home].process].elements
        for name in (execution.via,) if execution.via else element.body.starts:
            # A catch that instantiates has already got its event.
            phase = Phase.ENTERING if elements[name].trigger is None or _starts(elements[name]) else Phase.LEAVING
            run.spawn(execution.id, execution.home, name, phase=phase)
        return None


class SubProcess(Behaviour):
    """An embedded sub-process or transaction: shares the variables of its process; done when
    nothing is left in it."""

    waits = "scope"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        variables = run.variables(execution)
        planned = run.schedules(element.body.events, execution.home, variables)
        if element.inputs:
            run.locals[execution.id] = {**run.locals.get(execution.id, {}), **run.assigned(element.inputs, variables)}
        run.arm(execution.id, execution.home, planned)
        for name in element.body.starts:
            if element.by_event:
                # Its start event has already occurred: the token only has to leave it, with what
                # came.
                data = execution.data or {}
                run.spawn(execution.id, execution.home, name, phase=Phase.LEAVING, data=data)
            else:
                run.spawn(execution.id, execution.home, name)
        return None

    def write(self, run: Run, execution: Execution, element: Element, variables: Data) -> Data:
        return run.assigned(element.outputs, variables)


class CallActivity(Behaviour):
    """Runs another process inside this instance, with its own variables: inputs go in, outputs come
    out."""

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
        for name in body.starts:
            run.spawn(execution.id, execution.id, name)
        return None

    def write(self, run: Run, execution: Execution, element: Element, variables: Data) -> Data:
        return run.assigned(element.outputs, run.instances[execution.id].variables)


def _starts(element: Element) -> bool:
    return element.tag == "startEvent"
