"""One activation's private, mutable copy of the state, and ways to look around in it; nothing moves
here.

Who sees which variables: a process has its own; in it, each round of a loop or multi-instance
activity may see some of its own that hide the process's. What is written goes where the name is
known: innermost first, else to the process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from rules.feel import Expression, evaluate, handed_on
from rules.feel.bounds import spend
from workflows.bpmn.elements import REGISTRY
from workflows.bpmn.elements.base import Behaviour
from workflows.bpmn.elements.loops import LOOPS
from workflows.bpmn.lifecycle import Stuck
from workflows.bpmn.model import NOTHING_INSIDE, Assignment, Body, Data, Element, Flow, Program, Template
from workflows.bpmn.protocol import Command, Visit
from workflows.bpmn.state import ROOT, Done, Execution, Instance, State, Timer


class Workspace:
    """Copies the given state's small tables and gives the new state; the given one never
    changes."""

    __slots__ = (
        "armed",
        "at",
        "buffer",
        "changed",
        "commands",
        "counter",
        "done",
        "ended",
        "executions",
        "instances",
        "later",
        "locals",
        "notes",
        "outcome",
        "program",
        "queue",
        "steps",
        "trace",
    )

    def __init__(self, program: Program, state: State, at: datetime, trace: list[Visit] | None = None) -> None:
        self.program = program
        self.at = at
        self.counter: int = state.counter
        self.executions: dict[str, Execution] = dict(state.executions)
        self.armed: dict[str, Timer] = dict(state.armed)
        self.instances: dict[str, Instance] = dict(state.instances)
        self.locals: dict[str, Data] = dict(state.locals)
        self.notes: dict[str, Data] = dict(state.notes)
        self.done: tuple[Done, ...] = state.done
        self.buffer: tuple[tuple[str, Data], ...] = state.buffer
        self.ended = state.ended
        self.outcome = state.outcome
        self.commands: list[Command] = []
        self.trace = trace
        self.queue: deque[str] = deque()
        self.later: deque[str] = deque()
        self.changed: set[str] = set()
        self.steps: int = 0

    def state(self) -> State:
        """The state as it now is."""
        return State(
            self.counter,
            self.executions,
            self.armed,
            self.instances,
            self.buffer,
            self.ended,
            self.outcome,
            self.locals,
            self.notes,
            self.done,
        )

    # -- looking around ---------------------------------------------------------------------------

    def element(self, execution: Execution) -> Element:
        """The element that an execution stands at; the process itself for the root."""
        process = self.program[self.instances[execution.home].process]
        return process.elements.get(execution.element) or process.root

    def is_round(self, execution: Execution, element: Element) -> bool:
        """Whether it is one round of an activity that is done more than once: its scope is the same
        activity."""
        if element.loop is None:
            return False
        around = self.executions[execution.scope]
        return around.element == execution.element and around.home == execution.home

    def behaviour(self, execution: Execution, element: Element) -> Behaviour:
        """What an execution does: what its element does, or doing that again and again."""
        if element.loop is None or self.is_round(execution, element):
            return REGISTRY[element.key]
        return LOOPS[element.loop.kind]

    def home_inside(self, execution: Execution) -> str:
        """Whose variables the content of a scope uses: a called process has its own."""
        return execution.id if execution.id in self.instances else execution.home

    def body(self, execution: Execution, element: Element) -> Body:
        """What an open scope contains; empty for what is no scope, or only holds the rounds of a
        loop."""
        if execution.id in self.instances and execution.id != ROOT:
            return self.program[self.instances[execution.id].process].root.body
        if element.loop is not None and not self.is_round(execution, element):
            return NOTHING_INSIDE
        return element.body

    def boundary(self, execution: Execution, element: Element) -> tuple[str, ...]:
        """The boundary events around an execution; those of a loop are around all its rounds
        together."""
        return () if self.is_round(execution, element) else element.boundary

    def inside(self, scope: str) -> Iterator[Execution]:
        """What stands directly in a scope, oldest first."""
        return (execution for execution in self.executions.values() if execution.scope == scope)

    # -- variables --------------------------------------------------------------------------------

    def variables(self, execution: Execution) -> Data:
        """The variables that an execution's element sees. Not to be changed in place."""
        own = self.instances[execution.home].variables
        if not self.locals:
            return own
        layers = [self.locals[name] for name in self._owners(execution)]
        for layer in reversed(layers):
            own = {**own, **layer}
        return own

    def variables_inside(self, execution: Execution) -> Data:
        """The variables that the content of a scope sees."""
        inside = self.instances.get(execution.id)
        return self.variables(execution) if inside is None else inside.variables

    def assign(self, execution: Execution, values: Data) -> None:
        """Writes variables: each where its name is known, innermost first, else to the process."""
        rest = dict(values)
        for owner in self._owners(execution) if self.locals else ():
            known = {name: rest.pop(name) for name in self.locals[owner] if name in rest}
            if known:
                self.locals[owner] = {**self.locals[owner], **known}
        if rest:
            process, own = self.instances[execution.home]
            self.instances[execution.home] = Instance(process, {**own, **rest})
        self.changed.add(execution.home)

    def _owners(self, execution: Execution) -> Iterator[str]:
        """The executions with variables of their own around one, innermost first, within its
        process."""
        current = execution
        while current.id != execution.home:
            if current.id in self.locals:
                yield current.id
            current = self.executions[current.scope]

    # -- expressions ------------------------------------------------------------------------------

    def evaluated(self, expression: Expression, variables: Data) -> Any:
        """The value as FEEL gives it; ``now`` is the instant of the activation."""
        spend(expression.size.steps)
        return evaluate(expression, {**variables, "now": self.at})

    def value(self, template: Template, variables: Data) -> Any:
        """The literal or computed value as FEEL gives it."""
        return template.text if template.expression is None else self.evaluated(template.expression, variables)

    def assigned(self, assignments: Iterable[Assignment], variables: Data) -> Data:
        """The JSON values of input or output mappings, each seeing the same variables."""
        return {assignment.name: handed_on(self.value(assignment.value, variables)) for assignment in assignments}

    def true(self, condition: Expression, variables: Data, whose: str) -> bool:
        """Whether a condition is true; null (nothing known) is not.

        Raises:
            Stuck: it is neither true nor false; ``whose`` says which condition.
        """
        answer = self.evaluated(condition, variables)
        if answer is None or isinstance(answer, bool):
            return answer is True
        raise Stuck("condition_failed", f"the {whose} is neither true nor false")

    def holds(self, flow: Flow, variables: Data) -> bool:
        """Whether a flow's condition is true."""
        assert flow.condition is not None
        return self.true(flow.condition, variables, f"condition of flow {flow.id}")
