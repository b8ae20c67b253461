"""Gateways that decide by themselves or by counting (BPMN 2.0.2, 10.6; 13.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.bpmn.elements.base import Behaviour
from workflows.bpmn.lifecycle import Phase, Stuck
from workflows.bpmn.model import Data, Element, Flow

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


class ExclusiveGateway(Behaviour):
    """One flow: the first whose condition is true, in document order, or else the default."""

    def choose(self, run: Run, element: Element, variables: Data) -> tuple[Flow, ...]:
        if not element.conditional:
            return element.outgoing[:1]
        default: tuple[Flow, ...] = ()
        for flow in element.outgoing:
            if flow.id == element.default:
                default = (flow,)
            elif flow.condition is None or run.holds(flow, variables):
                return (flow,)
        if not default:
            raise Stuck("condition_failed", "no outgoing flow has a true condition, and there is no default flow")
        return default


class ParallelGateway(Behaviour):
    """Waits for a token on every incoming flow, then gives one to every outgoing flow; conditions
    do not count.

    Tokens are counted per incoming flow: a second one on the same flow is kept for the next round.
    One that was put here by hand came by none and stands for any that is missing.
    """

    waits = "join"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        if len(element.incoming) < 2:
            return {}
        here = [
            token
            for token in run.inside(execution.scope)
            if token.element == element.id and token.phase is Phase.ACTIVE
        ]
        first = {execution.via or execution.id: execution}
        for token in here:
            if token.via and token.via == execution.via:
                return None
            first.setdefault(token.via or token.id, token)
        if len(first) < len(element.incoming):
            return None
        for token in first.values():
            if token.id != execution.id:
                run.consume(token)
        return {}

    def choose(self, run: Run, element: Element, variables: Data) -> tuple[Flow, ...]:
        return element.outgoing


class EventBasedGateway(Behaviour):
    """Waits at all its events at once; the first that occurs takes the token, the others are
    disarmed."""

    waits = "event"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        targets = [flow.target for flow in element.outgoing]
        planned = run.schedules(targets, execution.home, run.variables(execution))
        if planned:
            run.show_due(execution, min(one.plan.due for one in planned))
        run.arm(execution.id, execution.home, planned)
        return None
