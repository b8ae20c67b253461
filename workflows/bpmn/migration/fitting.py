"""What stands in an instance, held against a new version: each thing needs a place of its kind, in
its own scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workflows.bpmn.lifecycle import Phase
from workflows.bpmn.migration.plan import Plan, alike
from workflows.bpmn.migration.reasons import Reason
from workflows.bpmn.model import Element, Program
from workflows.bpmn.state import ROOT, Done, Execution, State

JOINS: Final = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})
"""Tags of elements that ask by which flow a waiting token came."""


def misfits(old: Program, new: Program, state: State, plan: Plan) -> tuple[Reason, ...]:
    """Everything that has no place in the new version, oldest token first, each once."""
    if state.ended:
        return (Reason(state.instances[ROOT].process, "", "ended"),)
    return tuple(dict.fromkeys(_Fitting(old, new, state, plan).found()))


def followed(before: Element, after: Element, via: str, plan: Plan, process: str) -> str | None:
    """The flow into the new element that stands for one into the old: of the same id, or the one
    from its source."""
    if any(flow.id == via for flow in after.incoming):
        return via
    source = next((plan.target(process, flow.source) for flow in before.incoming if flow.id == via), None)
    found = [flow.id for flow in after.incoming if flow.source == source]
    return found[0] if len(found) == 1 else None


def process_of(program: Program, record: Done, likely: str) -> str:
    """The process that a done activity belongs to.

    It is the likely one, unless undoing has lifted the record out of its call: then whoever has
    such an element.
    """
    if record.element in program[likely].elements:
        return likely
    return next(key for key, process in program.items() if record.element in process.elements)


def parts_of(program: Program, record: Done, process: str) -> Iterator[tuple[Done, str]]:
    """What was done inside a done activity, with the process that it likely belongs to.

    What a call has done is its own process's, but the rounds of a call in a loop are the caller's.
    """
    element = program[process].elements[record.element]
    for inner in record.inside:
        rounds = element.loop is not None and inner.element == record.element
        yield inner, process if rounds else element.work.called or process


class _Fitting:
    def __init__(self, old: Program, new: Program, state: State, plan: Plan) -> None:
        self._old = old
        self._new = new
        self._state = state
        self._plan = plan

    def found(self) -> Iterator[Reason]:
        for name, (process, _) in self._state.instances.items():
            if process not in self._new:
                yield Reason(self._calling(name), self._state.executions[name].element, "process_gone", process)
        for execution in self._state.executions.values():
            process = self._state.instances[execution.home].process
            if execution.id != ROOT and process in self._new:
                yield from self._token(execution, process)
        for record in self._state.done:
            scope = self._state.executions[record.scope]
            home = scope.id if scope.id in self._state.instances else scope.home
            yield from self._undone(record, self._state.instances[home].process)
        for name, note in self._state.notes.items():
            process = self._state.instances[self._state.executions[name].home].process
            for row in note.get("undo", ()):
                yield from self._undone(Done.from_json(row), process)

    def _calling(self, instance: str) -> str:
        return self._state.instances[self._state.executions[instance].home].process

    def _token(self, execution: Execution, process: str) -> Iterator[Reason]:
        before = self._old[process].elements[execution.element]
        target = self._plan.target(process, before.id)
        after = self._new[process].elements.get(target)

        def reason(code: str, detail: str = "") -> Reason:
            return Reason(process, before.id, code, target, detail)

        if after is None:
            yield reason("element_gone")
            return
        if not alike(before, after):
            yield reason("other_kind", _kinds(before, after))
            return
        if after.parent != (before.parent and self._plan.target(process, before.parent)):
            yield reason("other_scope")
        inside = self._state.instances.get(execution.id)
        if inside is not None and after.work.called != inside.process:
            yield reason("other_call", after.work.called)
        if waits_for_flows(execution, before) and not followed(before, after, execution.via, self._plan, process):
            yield reason("flow_gone", execution.via)

    def _undone(self, record: Done, likely: str) -> Iterator[Reason]:
        """What is done must still be there to be undone, and so must what undoes it."""
        process = process_of(self._old, record, likely)
        if process not in self._new:
            return
        before = self._old[process].elements[record.element]
        target = self._plan.target(process, record.element)
        after = self._new[process].elements.get(target)
        handler = self._plan.target(process, record.handler) if record.handler else ""
        if after is None or not alike(before, after):
            yield Reason(process, record.element, "undone_gone", target, target)
        elif handler and handler not in (after.handler, after.body.compensation):
            yield Reason(process, record.element, "undone_gone", target, handler)
        for inner, inside in parts_of(self._old, record, process):
            yield from self._undone(inner, inside)


def waits_for_flows(execution: Execution, element: Element) -> bool:
    """Whether it stands at a gateway that counts it by the flow that it came by."""
    return element.tag in JOINS and execution.waits == "join" and execution.phase is Phase.ACTIVE


def _kinds(before: Element, after: Element) -> str:
    one, other = (f"{' '.join(part for part in element.key if part)}" for element in (before, after))
    loops = [f", {element.loop.kind}" if element.loop else "" for element in (before, after)]
    return f"{one}{loops[0]} → {other}{loops[1]}"
