"""An instance that fits is carried over: everything that names an element gets its new name, timers
follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workflows.bpmn.catching import weigh_conditions
from workflows.bpmn.interpreter import step
from workflows.bpmn.lifecycle import Phase
from workflows.bpmn.migration.fitting import followed, parts_of, process_of, waits_for_flows
from workflows.bpmn.migration.plan import Plan
from workflows.bpmn.migration.timers import follow
from workflows.bpmn.model import Data, Program
from workflows.bpmn.protocol import Command, VariablesCorrected, Visit
from workflows.bpmn.run import Run
from workflows.bpmn.state import ROOT, Done, Execution, State
from workflows.bpmn.workspace import Workspace


def carried(
    old: Program, new: Program, state: State, plan: Plan, at: datetime, trace: list[Visit] | None
) -> tuple[State, tuple[Command, ...]]:
    """The state in the new version, once all that can go on there has gone on.

    Raises:
        DoesNotFit: a timer that is new cannot be armed.
    """
    renamed = _Renaming(old, new, state, plan).state()
    run = Run(new, renamed, at, trace)
    follow(Workspace(old, state, at), run, plan)
    run.queue.extend(_asked_again(old, state, run))
    run.move()
    weigh_conditions(run, set(run.instances))
    run.move()
    if not run.buffer or run.ended:
        return run.state(), tuple(run.commands)
    # An event that changes nothing hands out the messages that were kept for what listens only now.
    settled, commands = step(new, run.state(), VariablesCorrected(ROOT, {}), at, trace=trace)
    return settled, (*run.commands, *commands)


class _Renaming:
    """The same instance in the new version's names, before anything is armed, taken back or goes
    on."""

    def __init__(self, old: Program, new: Program, state: State, plan: Plan) -> None:
        self._old = old
        self._new = new
        self._state = state
        self._plan = plan

    def state(self) -> State:
        return replace(
            self._state,
            executions={name: self._execution(one) for name, one in self._state.executions.items()},
            notes={name: self._note(name, note) for name, note in self._state.notes.items()},
            done=tuple(self._done(record, self._inside(record.scope)) for record in self._state.done),
        )

    def _execution(self, execution: Execution) -> Execution:
        if execution.id == ROOT:
            return execution
        process = self._state.instances[execution.home].process
        before = self._old[process].elements[execution.element]
        after = self._new[process].elements[self._plan.target(process, execution.element)]
        via = followed(before, after, execution.via, self._plan, process) or "" if execution.via else ""
        return execution._replace(element=after.id, via=via, name=after.name if execution.name else "")

    def _done(self, record: Done, likely: str) -> Done:
        process = process_of(self._old, record, likely)
        return record._replace(
            element=self._plan.target(process, record.element),
            handler=self._plan.target(process, record.handler) if record.handler else "",
            inside=tuple(self._done(inner, inside) for inner, inside in parts_of(self._old, record, process)),
        )

    def _inside(self, scope: str) -> str:
        home = scope if scope in self._state.instances else self._state.executions[scope].home
        return self._state.instances[home].process

    def _note(self, name: str, note: Data) -> Data:
        """What an element remembers about an execution; only some of it names elements or flows."""
        around, inside = self._state.instances[self._state.executions[name].home].process, self._inside(name)
        found = dict(note)
        if "heard" in note:
            found["heard"] = {self._either(around, inside, catcher): parts for catcher, parts in note["heard"].items()}
        if "true" in note:
            pairs = [pair.rsplit("/", 1) for pair in note["true"]]
            found["true"] = [f"{self._either(around, inside, catcher)}/{part}" for catcher, part in pairs]
        if "fired" in note:
            fired = {gateway: self._flows(inside, gateway, flows) for gateway, flows in note["fired"].items()}
            found["fired"] = {
                self._plan.target(inside, gateway): flows for gateway, flows in fired.items() if flows is not None
            }
        if "undo" in note:
            found["undo"] = [self._done(Done.from_json(row), around).to_json() for row in note["undo"]]
        return found

    def _either(self, around: str, inside: str, catcher: str) -> str:
        """A catcher is beside the execution or in it; both only for a call, whose two processes
        differ."""
        process = around if catcher in self._old[around].elements else inside
        return self._plan.target(process, catcher)

    def _flows(self, process: str, gateway: str, flows: list[str]) -> list[str] | None:
        before = self._old[process].elements[gateway]
        after = self._new[process].elements.get(self._plan.target(process, gateway))
        if after is None or after.key != before.key:
            return None
        found = (followed(before, after, flow, self._plan, process) for flow in flows)
        return [flow for flow in found if flow]


# -- joins ---------------------------------------------------------------------------------------


def _asked_again(old: Program, state: State, run: Run) -> list[str]:
    """The tokens at joins whose flows are others now: one may have all its tokens already, or be a
    join no more.

    They arrive there once more, since that is when a join counts: the youngest counts for all.
    """
    again: dict[tuple[str, str, str], Execution] = {}
    for execution in state.executions.values():
        process = old[state.instances[execution.home].process]
        before = process.elements.get(execution.element, process.root)
        after = run.element(run.executions[execution.id])
        if waits_for_flows(execution, before) and len(before.incoming) != len(after.incoming):
            each = execution.id if len(after.incoming) < 2 else ""
            again[execution.scope, execution.element, each] = run.executions[execution.id]
    for execution in again.values():
        run.executions[execution.id] = execution._replace(phase=Phase.ENTERING)
    return [execution.id for execution in again.values()]
