"""Compensation (BPMN 2.0.2, 10.7; 13.5.5): undoing what is done, the latest first, one handler
after the other.

The throw event's execution becomes a scope in which the handlers run; the token leaves it when the
last is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workflows.bpmn.elements.base import Behaviour
from workflows.bpmn.lifecycle import Move, Phase, after
from workflows.bpmn.model import Data, Element
from workflows.bpmn.state import Done

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


def remember(run: Run, execution: Execution, element: Element) -> None:
    """An activity is done: what undoes it is kept as long as its scope is open.

    With a handler that is the handler; a sub-process without one is undone part by part; so is a
    loop, by its rounds.
    """
    inside = tuple(done for done in run.done if done.scope == execution.id)
    whole = element.loop is not None and not run.is_round(execution, element)
    handler = "" if whole else element.handler or element.body.compensation
    run.done = tuple(done for done in run.done if done.scope != execution.id)
    if handler or inside:
        local = run.locals.get(execution.id)
        run.done = (*run.done, Done(execution.id, element.id, execution.scope, handler, local, inside))


class ThrowCompensation(Behaviour):
    """Compensation throw and end: undoes one activity, or all that is done in its scope, and waits
    for that."""

    waits = "scope"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        assert element.trigger is not None
        activity = element.trigger.ref
        return None if _undo(run, execution, _scope_of(run, execution, activity), activity) else {}

    def emptied(self, run: Run, execution: Execution, element: Element) -> None:
        if not _next(run, execution):
            run.finish(execution, {})


class CancelEnd(Behaviour):
    """Cancels its transaction (10.3.5): ends what runs in it, undoes what is done, leaves by the
    cancel event."""

    waits = "scope"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        transaction = _transaction(run, execution)
        if transaction is None or transaction.phase is Phase.CANCELLING:
            return {}  # reached while undoing: the transaction is done, or being cancelled already
        _lift(run, transaction)
        run.cancel_content(transaction.id)
        run.disarm_all(transaction.id)
        run.executions[transaction.id] = transaction._replace(phase=after(transaction.phase, Move.CANCEL))
        name = run.spawn(transaction.id, execution.home, element.id, waits=self.waits)
        undoing = run.executions[name]
        if not _undo(run, undoing, transaction.id, None):
            self.emptied(run, undoing, element)
        return None

    def emptied(self, run: Run, execution: Execution, element: Element) -> None:
        if _next(run, execution):
            return
        transaction = run.executions[execution.scope]
        element = run.element(transaction)
        elements = run.program[run.instances[transaction.home].process].elements
        caught = (elements[name] for name in element.boundary)
        # The boundary of a transaction that is done more than once is around all its rounds.
        owner = run.executions[transaction.scope] if run.is_round(transaction, element) else transaction
        run.trigger(owner, next(event for event in caught if event.key[1] == "cancel"), {})


def _scope_of(run: Run, execution: Execution, activity: str | None) -> str:
    """What a throw undoes: its own scope; in an event sub-process the scope around it, unless
    ``activity`` is beside.

    Both are visible from there (10.7.1).
    """
    scope = run.executions[execution.scope]
    beside = any((done.scope, done.element) == (scope.id, activity) for done in run.done)
    return scope.scope if run.element(scope).by_event and not beside else scope.id


def _transaction(run: Run, execution: Execution) -> Execution | None:
    """The nearest transaction that is open around it."""
    around = run.executions.get(execution.scope)
    while around is not None and run.element(around).tag != "transaction":
        around = run.executions.get(around.scope)
    return around


def _lift(run: Run, transaction: Execution) -> None:
    """What is done in sub-processes that are still open is undone, too, when their transaction is
    cancelled."""
    seen: dict[str, Data] = {transaction.id: {}}
    for execution in run.executions.values():  # a scope is older than its content
        if execution.scope in seen:
            seen[execution.id] = {**seen[execution.scope], **run.locals.get(execution.id, {})}
    run.done = tuple(
        done._replace(scope=transaction.id, local=_merged(seen[done.scope], done.local)) if done.scope in seen else done
        for done in run.done
    )


def _undo(run: Run, undoing: Execution, scope: str, activity: str | None) -> bool:
    """Begins to undo what is done in a scope; False if there is nothing to undo."""
    wanted = [done for done in run.done if done.scope == scope and activity in (None, done.element)]
    run.done = tuple(done for done in run.done if done not in wanted)
    steps = [step for done in reversed(wanted) for step in _handlers(done)]
    run.notes[undoing.id] = {**run.notes.get(undoing.id, {}), "undo": [step.to_json() for step in steps]}
    return _next(run, undoing)


def _handlers(done: Done, around: Data | None = None) -> Iterator[Done]:
    """The handlers that undo it, the latest first, each with what its activity saw."""
    local = _merged(around, done.local)
    if done.handler:
        yield done._replace(local=local)
    else:
        for inner in reversed(done.inside):
            yield from _handlers(inner, local)


def _merged(around: Data | None, local: Data | None) -> Data | None:
    return {**(around or {}), **(local or {})} or None


def _next(run: Run, undoing: Execution) -> bool:
    """Begins the next handler, with what its activity saw; False if all are done."""
    note = run.notes[undoing.id]
    if not note["undo"]:
        return False
    step = Done.from_json(note["undo"][0])
    run.notes[undoing.id] = {**note, "undo": note["undo"][1:]}
    # An event sub-process that compensates its parent may undo the parent's parts in turn; the next
    # handler may not.
    rest = (done for done in run.done if done.scope != undoing.id)
    run.done = (*rest, *(inner._replace(scope=undoing.id) for inner in step.inside))
    run.spawn(undoing.id, undoing.home, step.handler, local=step.local)
    return True
