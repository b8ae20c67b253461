"""What every BPMN element can be asked: one interface of lifecycle steps, so that the interpreter knows no element.

An element is a stateless behaviour. It evaluates everything that can fail before it changes anything, so that a token
that is stuck can simply be retried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from workflows.bpmn.model import Data, Element, Flow

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


class Stuck(Exception):
    """The token cannot go on; becomes ``RaiseIncident`` of this kind and the token stays where it is."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


class Behaviour:
    """An element that is done as soon as it is reached; the others override what differs."""

    waits: ClassVar[str] = ""
    """What a token here waits for: task, timer, message, activity, join or scope."""

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        """A token arrives (or is retried). Returns the result if the element is done at once, None if it waits.

        Raises:
            FeelError, Stuck: it cannot begin; nothing has been changed.
        """
        return {}

    def again(self, run: Run, execution: Execution, element: Element) -> bool:
        """A retry while it waits: asks once more for what it waits for. False if there is nothing to ask for."""
        return False

    def withdraw(self, run: Run, execution: Execution, element: Element) -> None:
        """It is cancelled while it waits: takes back what it had asked for."""

    def triggered(self, run: Run, owner: Execution, element: Element, data: Data) -> None:
        """The event that this element catches has occurred; ``owner`` is the execution that was listening."""
        raise NotImplementedError(element.key)

    def write(self, run: Run, execution: Execution, element: Element, variables: Data) -> Data:
        """The variables after its result: by its output mappings, else everything merged. Never changes in place.

        Raises:
            FeelError: an output mapping failed.
        """
        result = execution.data or {}
        if element.outputs:
            return {**variables, **run.assigned(element.outputs, {**variables, **result})}
        return {**variables, **result} if result else variables

    def choose(self, run: Run, element: Element, variables: Data) -> tuple[Flow, ...]:
        """The flows that get a token (BPMN 2.0.2, 13.3.1): unconditional ones, true ones, or else the default.

        Raises:
            FeelError, Stuck: a condition failed, or no flow can be taken.
        """
        if not element.conditional:
            return element.outgoing
        met = [flow for flow in element.outgoing if flow.condition is not None and run.holds(flow, variables)]
        if not met:
            met = [flow for flow in element.outgoing if flow.id == element.default]
        free = [flow for flow in element.outgoing if flow.condition is None and flow.id != element.default]
        if not met and not free:
            raise Stuck("condition_failed", "no outgoing flow has a true condition, and there is no default flow")
        return tuple(flow for flow in element.outgoing if flow in met or flow in free)

    def left(self, run: Run, execution: Execution, element: Element) -> None:
        """The token has left; its scope may be about to complete."""
