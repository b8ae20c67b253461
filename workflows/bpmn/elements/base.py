"""What every BPMN element can be asked: one interface of lifecycle steps, so that the interpreter
knows no element.

An element is a stateless behaviour. It evaluates everything that can fail before it changes
anything, so that a token that is stuck can simply be retried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.bpmn.lifecycle import Stuck
from workflows.bpmn.model import Data, Element, Flow

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


class Behaviour:
    """An element that is done as soon as it is reached; the others override what differs."""

    waits: str = ""
    """What a token here waits for: task, timer, message, signal, condition, event, activity, join
    or scope."""

    patient: bool = False
    """It begins only when all other tokens of the activation stand still, so that whoever comes to
    listen hears it."""

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        """A token arrives (or is retried). Returns the result if the element is done at once, None
        if it waits.

        Raises:
            FeelError, Stuck: it cannot begin; nothing has been changed.
        """
        return {}

    def again(self, run: Run, execution: Execution, element: Element) -> bool:
        """A retry while it waits: asks once more for what it waits for. False if there is nothing
        to ask for."""
        return False

    def withdraw(self, run: Run, execution: Execution, element: Element) -> None:
        """It is cancelled while it waits: takes back what it had asked for."""

    def triggered(self, run: Run, owner: Execution, element: Element, data: Data) -> None:
        """The event that this element catches has occurred; ``owner`` is the execution that was
        listening."""
        raise NotImplementedError(element.key)

    def write(self, run: Run, execution: Execution, element: Element, variables: Data) -> Data:
        """What its result changes: by its output mappings, else every value of it.

        Raises:
            FeelError: an output mapping failed.
        """
        result = execution.data or {}
        changes = run.assigned(element.outputs, {**variables, **result}) if element.outputs else result
        if element.copies:
            changes = {**changes, **run.assigned(element.copies, {**variables, **result})}
        return changes

    def choose(self, run: Run, element: Element, variables: Data) -> tuple[Flow, ...]:
        """The flows that get a token (BPMN 2.0.2, 13.3.1), in document order.

        Those without a condition always do; beside them those whose condition is true, or else the
        default.

        Raises:
            FeelError, Stuck: a condition failed, or no flow can be taken.
        """
        if not element.conditional:
            return element.outgoing
        asked = [flow for flow in element.outgoing if flow.condition is not None and flow.id != element.default]
        true = {flow.id for flow in asked if run.holds(flow, variables)} or {element.default}
        met = tuple(
            flow
            for flow in element.outgoing
            if flow.id in true or (flow.condition is None and flow.id != element.default)
        )
        if not met:
            raise Stuck("condition_failed", "no outgoing flow has a true condition, and there is no default flow")
        return met

    def left(self, run: Run, execution: Execution, element: Element) -> None:
        """The token has left; its scope may be about to complete."""

    def emptied(self, run: Run, execution: Execution, element: Element) -> None:
        """Nothing is left in it: a scope is done."""
        run.finish(execution, {})

    def complete(self, run: Run, execution: Execution, element: Element) -> bool:
        """All tokens stand still and one waits here: goes on if nothing more can come; True if it
        does."""
        return False

    def reset(self, run: Run, scope: str, element: Element) -> bool:
        """It has gone on ahead of the others: begins anew if nothing more can come; True if it
        does."""
        return False
