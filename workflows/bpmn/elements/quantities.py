"""Start quantity (BPMN 2.0.2, 10.3.1): how many tokens an activity takes to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.bpmn.lifecycle import Phase
from workflows.bpmn.model import Element

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


def gathered(run: Run, execution: Execution, element: Element) -> bool:
    """Whether enough tokens have come, this one included; the others are then consumed, oldest
    first."""
    here = [
        token
        for token in run.inside(execution.scope)
        if token.element == element.id and token.phase is Phase.ACTIVE and token.waits == "join"
    ]
    needed = element.start_quantity - 1
    if len(here) < needed:
        return False
    for token in here[:needed]:
        run.consume(token)
    return True
