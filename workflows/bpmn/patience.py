"""Gateways that had to see what else may come: asked when all tokens of an activation stand
still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.feel import FeelError
from workflows.bpmn.elements import REGISTRY
from workflows.bpmn.lifecycle import Phase, Stuck

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


def last_to_go_on(run: Run) -> bool:
    """Lets the oldest gateway go on, or begin anew, that has seen all that can still come; False if
    there is none."""
    if not any(process.patient for process in run.program.values()):
        return False
    for execution in list(run.executions.values()):
        if execution.waits == "join" and execution.phase is Phase.ACTIVE and _complete(run, execution):
            return True
    return any(_reset(run, scope) for scope in [*run.notes])


def _complete(run: Run, execution: Execution) -> bool:
    element = run.element(execution)
    try:
        return REGISTRY[element.key].complete(run, execution, element)
    except (FeelError, Stuck) as problem:
        run.stuck(execution, problem)
        return False


def _reset(run: Run, scope: str) -> bool:
    """One that has gone on ahead of the others begins anew once nothing more can come."""
    fired = run.notes[scope].get("fired", {})
    elements = run.program[run.instances[run.home_inside(run.executions[scope])].process].elements
    return any(REGISTRY[elements[name].key].reset(run, scope, elements[name]) for name in fired)
