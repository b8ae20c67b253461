"""Gateways that wait for what can still come (BPMN 2.0.2, 13.4.3 and 13.4.5): inclusive and
complex.

What can still come, the diagram says: ``Element.arrivals`` tells which incoming flows a token at
any element of the scope can reach. So they are asked only when all tokens of an activation stand
still.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.bpmn.elements.base import Behaviour
from workflows.bpmn.lifecycle import Phase
from workflows.bpmn.model import Data, Element

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


class InclusiveGateway(Behaviour):
    """Waits for every token that can still come; then every flow whose condition is true gets one,
    or the default."""

    waits = "join"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        return {} if len(element.incoming) < 2 else None

    def complete(self, run: Run, execution: Execution, element: Element) -> bool:
        here = _waiting(run, execution.scope, element)
        if _more_can_come(run, execution.scope, element, set(here)):
            return False
        for token in here.values():
            if token.id != execution.id:
                run.consume(token)
        run.finish(execution, {})
        return True


class ComplexGateway(Behaviour):
    """Goes on as soon as its activation condition is true; what comes later in the same round is
    consumed.

    The condition may ask for ``activationCount``, the number of tokens that have come. The flows
    that have brought a token in this round are noted at the scope, until no other can bring one any
    more.
    """

    waits = "join"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        if len(element.incoming) < 2:
            return {}
        fired = _fired(run, execution.scope)
        if element.id in fired and execution.via not in fired[element.id]:
            flows = [*fired[element.id], execution.via] if execution.via else fired[element.id]
            _note(run, execution.scope, {**fired, element.id: flows})
            run.consume(execution)
            run.content_left(execution.scope)
        return None

    def again(self, run: Run, execution: Execution, element: Element) -> bool:
        return True  # its condition is asked again as soon as all tokens stand still

    def complete(self, run: Run, execution: Execution, element: Element) -> bool:
        condition, fired = element.work.activation, _fired(run, execution.scope)
        if condition is None or element.id in fired or _is_stuck(run, execution.scope, element):
            return False
        here = _waiting(run, execution.scope, element)
        variables = {**run.variables(execution), "activationCount": len(here)}
        if not run.true(condition, variables, "activation condition"):
            return False
        for token in here.values():
            if token.id != execution.id:
                run.consume(token)
        run.finish(execution, {})
        _note(run, execution.scope, {**fired, element.id: sorted(token.via for token in here.values() if token.via)})
        return True

    def reset(self, run: Run, scope: str, element: Element) -> bool:
        fired = _fired(run, scope)
        if _more_can_come(run, scope, element, set(fired[element.id])):
            return False
        _note(run, scope, {name: flows for name, flows in fired.items() if name != element.id})
        return True


def _waiting(run: Run, scope: str, element: Element) -> dict[str, Execution]:
    """The oldest token that waits here on each incoming flow; one that was put here by hand counts
    by itself."""
    found: dict[str, Execution] = {}
    for token in run.inside(scope):
        if token.element == element.id and token.phase is Phase.ACTIVE:
            found.setdefault(token.via or token.id, token)
    return found


def _is_stuck(run: Run, scope: str, element: Element) -> bool:
    """Whether its condition has failed: asked for fewer tokens than have come, it would say
    something else."""
    return any(e.element == element.id and e.phase is Phase.ACTIVE_BLOCKED for e in run.inside(scope))


def _more_can_come(run: Run, scope: str, element: Element, marked: set[str]) -> bool:
    """Whether a token elsewhere in the scope can still reach an incoming flow that has none yet.

    One that can as well reach a flow that has, or has brought, a token already does not count
    (tables 13.3 and 13.5).
    """
    missing, arrivals = {flow.id for flow in element.incoming} - marked, element.arrivals
    if not missing or arrivals is None:
        return False
    reaches = (arrivals.of(token.element) for token in run.inside(scope) if token.element != element.id)
    return any(reach & missing and not reach & marked for reach in reaches)


def _fired(run: Run, scope: str) -> dict[str, list[str]]:
    return run.notes.get(scope, {}).get("fired", {})


def _note(run: Run, scope: str, fired: dict[str, list[str]]) -> None:
    rest = {name: value for name, value in run.notes.get(scope, {}).items() if name != "fired"}
    run.notes[scope] = {**rest, "fired": fired} if fired else rest
    if not run.notes[scope]:
        del run.notes[scope]
