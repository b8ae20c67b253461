"""What must hold of every state at rest, whatever happened to the instance."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.bpmn import Element, Program, State
from workflows.bpmn.lifecycle import Phase
from workflows.bpmn.state import ROOT, Execution

RESTING = frozenset({Phase.ACTIVE, Phase.INTERRUPTED, Phase.CANCELLING})
STUCK = frozenset({Phase.ENTERING_BLOCKED, Phase.ACTIVE_BLOCKED, Phase.LEAVING_BLOCKED})
HEARD = {"message": "message", "signal": "signal", "condition": "conditional"}


def wrong(program: Program, state: State) -> Iterator[str]:
    """All that is wrong with a state, in words."""
    if state.ended:
        yield from _left_over(state)
        return
    if ROOT not in state.executions:
        yield "the process is gone, but has not ended"
    yield from _tree(state)
    yield from _without_owner(program, state)
    for execution in state.executions.values():
        yield from _lost(program, state, execution)
    yield from _deaf(program, state)
    yield from _interrupted_in_vain(program, state)


def _left_over(state: State) -> Iterator[str]:
    for name in ("executions", "armed", "buffer", "locals", "notes", "done"):
        if getattr(state, name):
            yield f"{name} are left over at the end: {getattr(state, name)}"
    if set(state.instances) != {ROOT}:
        yield "a called process is left over at the end"


def _tree(state: State) -> Iterator[str]:
    ids = list(state.executions)
    if ids != sorted(ids, key=int) or any(int(name) > state.counter for name in ids):
        yield f"executions are not in order of age: {ids}"
    for execution in state.executions.values():
        if execution.id == ROOT:
            continue
        if execution.scope not in state.executions or int(execution.scope) >= int(execution.id):
            yield f"{execution} stands in no older scope"
        elif state.executions[execution.scope].waits != "scope":
            yield f"{execution} stands in what is no scope"
        if execution.home not in state.executions or execution.home not in state.instances:
            yield f"{execution} belongs to no process that runs"


def _without_owner(program: Program, state: State) -> Iterator[str]:
    for name, instance in state.instances.items():
        if name not in state.executions:
            yield f"{instance.process} runs, but nothing calls it"
    for timer in state.armed.values():
        owner = state.executions.get(timer.owner)
        if owner is None or timer.home not in state.instances:
            yield f"{timer} has no owner"
        elif timer.element not in _catchers(program, state, owner):
            yield f"{timer} is armed beside {owner}, which does not listen to it"
    for owner in (*state.locals, *state.notes):
        if owner not in state.executions:
            yield f"variables or notes of {owner}, which is gone"
    for done in state.done:
        if done.scope not in state.executions:
            yield f"{done} could be undone in a scope that is gone"


def _lost(program: Program, state: State, execution: Execution) -> Iterator[str]:
    """A token that nothing can ever move again, as far as it can be seen from itself alone."""
    inside = [other for other in state.executions.values() if other.scope == execution.id]
    if execution.phase in STUCK:
        return
    if execution.phase not in RESTING:
        yield f"{execution} is neither at rest nor stuck"
        return
    element = element_of(program, state, execution)
    match execution.waits:
        case "scope":
            found = bool(inside)
        case "timer":
            found = any(timer.owner == execution.id and timer.element == element.id for timer in state.armed.values())
        case "message" | "signal" | "condition":
            found = any(one.kind == HEARD[execution.waits] for one in element.listens)
        case "event":
            targets = {element.id, *(flow.target for flow in element.outgoing)}
            armed = any(timer.owner == execution.id and timer.element in targets for timer in state.armed.values())
            found = armed or any(one.catcher in targets for one in element.listens)
        case "join":
            found = element.tag.endswith("Gateway") or element.start_quantity > 1
        case "task" | "activity":
            found = element.tag.endswith("Task")
        case _:
            found = False
    if not found:
        yield f"{execution} waits for nothing that could come"


def _deaf(program: Program, state: State) -> Iterator[str]:
    """Armed timers are for executions that are in a state to hear them."""
    for timer in state.armed.values():
        owner = state.executions.get(timer.owner)
        if owner is not None and owner.phase is Phase.CANCELLING:
            yield f"{timer} is armed beside {owner}, which is being cancelled"


def _interrupted_in_vain(program: Program, state: State) -> Iterator[str]:
    """An interrupting event sub-process replaces what was in its scope before it."""
    for handler in state.executions.values():
        element = element_of(program, state, handler)
        if element.by_event and element.interrupting:
            for other in state.executions.values():
                if other.scope == handler.scope and int(other.id) < int(handler.id):
                    yield f"{other} lives on beside {handler}, which interrupts"


def stalled(program: Program, state: State) -> Iterator[str]:
    """Scopes in which every token waits for another one: impossible in a well-formed diagram."""
    scopes: dict[str, list[Execution]] = {}
    for execution in state.executions.values():
        scopes.setdefault(execution.scope, []).append(execution)
    for scope, inside in scopes.items():
        if scope and all(one.waits == "join" and one.phase is Phase.ACTIVE for one in inside):
            yield f"all tokens in {scope} wait for one another: {inside}"


def element_of(program: Program, state: State, execution: Execution) -> Element:
    """The element at which an execution stands."""
    process = program[state.instances[execution.home].process]
    return process.root if execution.id == ROOT else process.elements[execution.element]


def _catchers(program: Program, state: State, owner: Execution) -> set[str]:
    element = element_of(program, state, owner)
    inside = state.instances[owner.id].process if owner.id in state.instances else ""
    body = program[inside].root.body if inside else element.body
    return {element.id, *element.boundary, *(flow.target for flow in element.outgoing), *body.events}
