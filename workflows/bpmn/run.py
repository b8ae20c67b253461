"""One activation in progress: a private, mutable copy of the state, the queue of tokens that move, the commands.

Nothing here knows a BPMN element by name: what differs is asked of the behaviours in the registry. Order is fixed:
tokens move first in, first out; what is cancelled goes innermost and youngest first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from rules.feel import FeelError, evaluate, to_json
from rules.feel.times import iso
from workflows.bpmn.elements import REGISTRY
from workflows.bpmn.elements.base import Behaviour, Stuck
from workflows.bpmn.lifecycle import Move, Phase, after
from workflows.bpmn.model import Assignment, Body, Data, Element, Flow, Program, Template
from workflows.bpmn.protocol import ArmTimer, Command, DisarmTimer, Ended, RaiseIncident
from workflows.bpmn.state import ROOT, Execution, Instance, State, Timer
from workflows.bpmn.timing import Schedule, next_due, schedule

BOUND: Final = 1_000
"""Automatic steps of one activation; more is taken for a loop that would never rest."""


class Run:
    """Copies the given state's small tables, works on them, and gives the new state; the given one never changes."""

    __slots__ = (
        "armed",
        "at",
        "buffer",
        "commands",
        "counter",
        "ended",
        "executions",
        "instances",
        "outcome",
        "program",
        "queue",
        "steps",
    )

    def __init__(self, program: Program, state: State, at: datetime) -> None:
        self.program = program
        self.at = at
        self.counter = state.counter
        self.executions = dict(state.executions)
        self.armed = dict(state.armed)
        self.instances = dict(state.instances)
        self.buffer = state.buffer
        self.ended = state.ended
        self.outcome = state.outcome
        self.commands: list[Command] = []
        self.queue: deque[str] = deque()
        self.steps = 0

    def state(self) -> State:
        """The state as it now is."""
        return State(self.counter, self.executions, self.armed, self.instances, self.buffer, self.ended, self.outcome)

    # -- looking around ----------------------------------------------------------------------------------------------

    def element(self, execution: Execution) -> Element:
        """The element that an execution stands at; the process itself for the root."""
        process = self.program[self.instances[execution.home].process]
        return process.elements.get(execution.element) or process.root

    def home_inside(self, execution: Execution) -> str:
        """Whose variables the content of a scope uses: a called process has its own."""
        return execution.id if execution.id in self.instances else execution.home

    def body(self, execution: Execution, element: Element) -> Body:
        """What an open scope contains; empty for what is no scope."""
        if execution.id in self.instances and execution.id != ROOT:
            return self.program[self.instances[execution.id].process].root.body
        return element.body

    def variables(self, execution: Execution) -> Data:
        """The variables that an execution's element sees."""
        return self.instances[execution.home].variables

    # -- expressions -------------------------------------------------------------------------------------------------

    def value(self, template: Template, variables: Data) -> Any:
        """The literal or computed value as FEEL gives it."""
        if template.expression is None:
            return template.text
        return evaluate(template.expression, {**variables, "now": self.at})

    def assigned(self, assignments: Iterable[Assignment], variables: Data) -> Data:
        """The JSON values of input or output mappings, each seeing the same variables."""
        return {assignment.name: to_json(self.value(assignment.value, variables)) for assignment in assignments}

    def holds(self, flow: Flow, variables: Data) -> bool:
        """Whether a flow's condition is true; null (nothing known) is not."""
        assert flow.condition is not None
        answer = evaluate(flow.condition, {**variables, "now": self.at})
        if answer is None or isinstance(answer, bool):
            return answer is True
        raise Stuck("condition_failed", f"the condition of flow {flow.id} is neither true nor false")

    # -- tokens ------------------------------------------------------------------------------------------------------

    def new_id(self) -> str:
        self.counter += 1
        return str(self.counter)

    def spawn(
        self,
        scope: str,
        home: str,
        element: str,
        *,
        via: str = "",
        phase: Phase = Phase.ENTERING,
        data: Data | None = None,
    ) -> None:
        """A token at an element, to be moved in its turn."""
        name = self.new_id()
        self.executions[name] = Execution(name, element, scope, home, phase, via, data=data)
        self.queue.append(name)

    def finish(self, execution: Execution, data: Data) -> None:
        """It has got what it waited for: it leaves with this result in its turn."""
        self.executions[execution.id] = execution._replace(phase=after(execution.phase, Move.FINISH), data=data)
        self.queue.append(execution.id)

    def trigger(self, owner: Execution, element: Element, data: Data) -> None:
        """The event that ``element`` catches has occurred while ``owner`` was listening."""
        REGISTRY[element.key].triggered(self, owner, element, data)

    def show_due(self, execution: Execution, due: datetime) -> None:
        """What a screen shows as the token's deadline."""
        self.executions[execution.id] = execution._replace(due=iso(due, in_utc=True))

    def block(self, execution: Execution, kind: str, message: str) -> None:
        """The token stays where it is until it is retried."""
        self.executions[execution.id] = execution._replace(
            phase=after(execution.phase, Move.FAIL), name=self.element(execution).name
        )
        self.commands.append(RaiseIncident(execution.id, execution.element, kind, message))

    def move(self) -> None:
        """Moves all tokens until each waits, is stuck or is gone; stops at the bound of automatic steps."""
        while self.queue:
            execution = self.executions.get(self.queue.popleft())
            if execution is None:  # cancelled since it was queued
                continue
            if self.steps >= BOUND:
                message = f"{BOUND} automatic steps in one activation: a loop without a wait"
                self.commands.append(RaiseIncident(execution.id, execution.element, "endless_loop", message))
                self.queue.clear()
                return
            self.steps += 1
            element = self.element(execution)
            behaviour = REGISTRY[element.key]
            try:
                if execution.phase is Phase.ENTERING:
                    self._enter(execution, element, behaviour)
                else:
                    self._leave(execution, element, behaviour)
            except FeelError as problem:
                self.block(self.executions[execution.id], "condition_failed", str(problem))
            except Stuck as problem:
                self.block(self.executions[execution.id], problem.kind, str(problem))

    def _enter(self, execution: Execution, element: Element, behaviour: Behaviour) -> None:
        beside = self.schedules(element.boundary, execution.home, self.variables(execution)) if element.boundary else ()
        result = behaviour.enter(self, execution, element)
        # Built by position, not with _replace: this is the hottest line of the interpreter.
        name, at, scope, home, phase, via, *_ = execution
        if result is not None:
            finished = Execution(name, at, scope, home, after(phase, Move.FINISH), via, data=result)
            self.executions[name] = finished
            self._leave(finished, element, behaviour)
        elif entered := self.executions.get(name):  # a throw may have cancelled the thrower
            self.executions[name] = Execution(
                name, at, scope, home, after(phase, Move.WAIT), via, behaviour.waits, element.name, entered.due
            )
            if beside:
                self.arm(name, home, beside)

    def _leave(self, execution: Execution, element: Element, behaviour: Behaviour) -> None:
        before = self.instances[execution.home]
        variables = behaviour.write(self, execution, element, before.variables)
        flows = behaviour.choose(self, element, variables)
        if variables is not before.variables:
            self.instances[execution.home] = Instance(before.process, variables)
        del self.executions[execution.id]
        if self.armed or execution.id in self.instances:
            self._release({execution.id})
        scope, home = execution.scope, execution.home
        for flow in flows:
            self.spawn(scope, home, flow.target, via=flow.id)
        behaviour.left(self, execution, element)
        if execution.id == ROOT:
            self._end()
        elif not flows:
            if not element.by_event:
                self._note_outcome(execution)
            self._complete_if_empty(scope)

    # -- scopes ------------------------------------------------------------------------------------------------------

    def _complete_if_empty(self, scope: str) -> None:
        """A scope is complete when nothing is left in it; armed triggers alone do not keep it open."""
        if not any(execution.scope == scope for execution in self.executions.values()):
            self.finish(self.executions[scope], {})

    def _note_outcome(self, execution: Execution) -> None:
        """The instance's outcome is the last end on its own level, or in what interrupted that level."""
        scope = self.executions[execution.scope]
        while scope.id != ROOT:
            element = self.element(scope)
            if not (element.by_event and element.interrupting):
                return
            scope = self.executions[scope.scope]
        self.outcome = execution.element

    def _end(self) -> None:
        self.ended = True
        self.buffer = ()
        self.commands.append(Ended(self.outcome or "", self.instances[ROOT].variables))

    def cancel(self, execution: Execution) -> None:
        """Ends an execution with all that is in it."""
        self.cancel_content(execution.id, itself=True)

    def cancel_content(self, scope: str, *, itself: bool = False) -> None:
        """Ends all that is in a scope (tasks, activities, timers, called processes), innermost and youngest first."""
        doomed = {scope}
        found = [self.executions[scope]] if itself else []
        # A scope is always older than its content, so one pass in order of age finds all of it.
        for execution in self.executions.values():
            if execution.scope in doomed:
                doomed.add(execution.id)
                found.append(execution)
        if not itself:
            doomed.discard(scope)
        for execution in reversed(found):
            if execution.phase is Phase.ACTIVE:
                element = self.element(execution)
                REGISTRY[element.key].withdraw(self, execution, element)
            del self.executions[execution.id]
        self._release(doomed)

    def _release(self, owners: set[str]) -> None:
        """Disarms the timers of executions that are no more and forgets the variables of called processes."""
        for timer in [timer for timer in self.armed.values() if timer.owner in owners] if self.armed else ():
            self.disarm(timer)
        for owner in owners:
            if owner != ROOT and owner in self.instances:
                del self.instances[owner]

    # -- timers ------------------------------------------------------------------------------------------------------

    def schedules(self, ids: Iterable[str], home: str, variables: Data) -> list[tuple[Element, Schedule]]:
        """When the timers among these elements would be due if they were armed now.

        Raises:
            FeelError: one of them has no such instant.
        """
        elements: Mapping[str, Element] = self.program[self.instances[home].process].elements
        return self.schedules_of((elements[name] for name in ids), variables)

    def schedules_of(self, elements: Iterable[Element], variables: Data) -> list[tuple[Element, Schedule]]:
        """As ``schedules``, for elements of a process that is only about to be called."""
        found: list[tuple[Element, Schedule]] = []
        for element in elements:
            trigger = element.trigger
            if trigger is not None and trigger.timer is not None and trigger.when is not None:
                found.append((element, schedule(trigger.timer, self.value(trigger.when, variables), self.at)))
        return found

    def arm(self, owner: str, home: str, planned: Iterable[tuple[Element, Schedule]]) -> None:
        """Arms timers that wake, interrupt, or fire beside an execution."""
        for element, plan in planned:
            self._arm(Timer(self.new_id(), owner, element.id, home, element.name, *plan))

    def rearm(self, timer: Timer) -> None:
        """Arms the next instant of a cycle that has just fired."""
        assert timer.anchor is not None
        nth = timer.nth + 1
        left = timer.left - 1 if timer.left > 0 else timer.left
        due = next_due(timer.period, timer.anchor, nth)
        self._arm(timer._replace(id=self.new_id(), due=due, left=left, nth=nth))

    def disarm(self, timer: Timer) -> None:
        """Takes a timer back."""
        del self.armed[timer.id]
        self.commands.append(DisarmTimer(timer.id))

    def _arm(self, timer: Timer) -> None:
        self.armed[timer.id] = timer
        self.commands.append(ArmTimer(timer.id, timer.element, timer.name, timer.due))
