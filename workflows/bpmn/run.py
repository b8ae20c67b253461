"""One activation in progress: the queue of tokens that move, the scopes that they fill and empty.

Nothing here knows a BPMN element by name: what differs is asked of the behaviours in the registry.
Order is fixed: tokens move first in, first out; a throw that everybody shall hear waits until all
others stand still; after that the gateways go on that had to see what else may come. What is
cancelled goes innermost and youngest first.
"""

from __future__ import annotations

from typing import Final

from rules.feel import FeelError
from workflows.bpmn.alarms import Alarms
from workflows.bpmn.catching import together, weigh_conditions
from workflows.bpmn.elements import REGISTRY
from workflows.bpmn.elements.compensation import remember
from workflows.bpmn.elements.loops import LOOPS
from workflows.bpmn.elements.quantities import gathered
from workflows.bpmn.lifecycle import Move, Phase, Stuck, after, kind_of
from workflows.bpmn.model import SCOPES, Data, Element, Process
from workflows.bpmn.patience import last_to_go_on
from workflows.bpmn.protocol import Ended, RaiseIncident, Visit
from workflows.bpmn.state import ROOT, Execution

BOUND: Final = 5_000
"""Automatic steps of one activation; more is taken for a loop that would never rest."""

MOST_TOKENS: Final = 5_000
"""Tokens and scopes of one instance; with more nothing moves on by itself. A step may add a
thousand at once, and each of them would be copied with every event."""


class Run(Alarms):
    """Moves tokens until each waits, is stuck or is gone."""

    __slots__ = ()

    # -- tokens -----------------------------------------------------------------------------------

    def spawn(
        self,
        scope: str,
        home: str,
        element: str,
        *,
        via: str = "",
        phase: Phase = Phase.ENTERING,
        data: Data | None = None,
        local: Data | None = None,
        waits: str = "",
    ) -> str:
        """A token at an element, to be moved in its turn; one that ``waits`` has arrived already.

        ``local`` is what only it and its content will see.
        """
        name = self.new_id()
        if waits:
            phase = Phase.ACTIVE
        self.executions[name] = Execution(name, element, scope, home, phase, via, waits, data=data)
        if local:
            self.locals[name] = local
        if self.trace is not None:
            process = self.instances[home].process
            self.trace.append(Visit(name, element, process, "entered", self.at, via))
        if not waits:
            self.queue.append(name)
        return name

    def finish(self, execution: Execution, data: Data) -> None:
        """It has got what it waited for: it leaves with this result in its turn."""
        name, at, scope, home, phase, via, waits, shown, due, _ = self.executions[execution.id]
        leaving = after(phase, Move.FINISH)
        self.executions[name] = Execution(name, at, scope, home, leaving, via, waits, shown, due, data)
        self.queue.append(name)

    def trigger(self, owner: Execution, element: Element, data: Data, part: int = 0) -> None:
        """The event that ``element`` catches has occurred while ``owner`` was listening."""
        brought = together(self, owner, element, part, data) if element.key[1] == "parallelMultiple" else data
        if brought is not None:
            REGISTRY[element.key].triggered(self, owner, element, brought)

    def consume(self, execution: Execution) -> None:
        """A token that others go on for; it is gone."""
        self._gone(execution, "left")

    def stuck(self, execution: Execution, problem: FeelError | Stuck) -> None:
        """The token cannot go on by itself."""
        self.block(execution, kind_of(problem), str(problem))

    def block(self, execution: Execution, kind: str, message: str) -> None:
        """The token stays where it is until it is retried."""
        self.executions[execution.id] = execution._replace(
            phase=after(execution.phase, Move.FAIL), name=self.element(execution).name
        )
        self.commands.append(RaiseIncident(execution.id, execution.element, kind, message))

    def move(self) -> None:
        """Moves all tokens until none can; stops at the bound of automatic steps."""
        self._weigh()
        while self.queue or self.later or last_to_go_on(self):
            if not self.queue and not self.later:
                continue  # a gateway has only begun anew
            waited = not self.queue
            execution = self.executions.get(self.later.popleft() if waited else self.queue.popleft())
            if execution is None:  # cancelled since it was queued
                continue
            element = self.element(execution)
            if REGISTRY[element.key].patient and execution.phase is Phase.ENTERING and not waited:
                self.later.append(execution.id)
                continue
            if self.steps >= BOUND:
                message = f"{BOUND} automatic steps in one activation: a loop without a wait"
                return self._break_off(execution, "endless_loop", message)
            if len(self.executions) > MOST_TOKENS and execution.phase is Phase.ENTERING:
                message = f"more than {MOST_TOKENS} tokens in one instance: branches or rounds that multiply"
                return self._break_off(execution, "too_many_tokens", message)
            self.steps += 1
            self._step(execution, element)
            if self.changed:
                self._weigh()

    def _break_off(self, execution: Execution, kind: str, message: str) -> None:
        """All that still moves stays where it is, until the incident is retried."""
        self.commands.append(RaiseIncident(execution.id, execution.element, kind, message))
        self.queue.clear()
        self.later.clear()

    def _weigh(self) -> None:
        changed, self.changed = self.changed, set()
        if changed and any(process.watches for process in self.program.values()):
            weigh_conditions(self, changed)

    def _step(self, execution: Execution, element: Element) -> None:
        try:
            if execution.phase is Phase.ENTERING:
                self._enter(execution, element)
            else:
                self._leave(execution, element)
        except (FeelError, Stuck) as problem:
            self.stuck(self.executions[execution.id], problem)

    def _enter(self, execution: Execution, element: Element) -> None:
        behaviour = self.behaviour(execution, element)
        around = self.boundary(execution, element)
        if element.start_quantity > 1 and not (self.is_round(execution, element) or gathered(self, execution, element)):
            self._wait(execution, element, "join")
            return
        beside = self.schedules(around, execution.home, self.variables(execution)) if around else ()
        result = behaviour.enter(self, execution, element)
        # Built by position, not with _replace: this is the hottest line of the interpreter.
        name, at, scope, home, phase, via, *_ = execution
        if result is not None:
            finished = Execution(name, at, scope, home, after(phase, Move.FINISH), via, data=result)
            self.executions[name] = finished
            self._leave(finished, element)
        elif name in self.executions:  # a throw may have cancelled the thrower
            self._wait(execution, element, behaviour.waits)
            if beside:
                self.arm(name, home, beside)
            if element.watches or (name in self.instances and self._called(name).root.watches):
                weigh_conditions(self, {home, name}, only=name)

    def _wait(self, execution: Execution, element: Element, waits: str) -> None:
        name, at, scope, home, phase, via, *_ = execution
        due = self.executions[name].due
        self.executions[name] = Execution(name, at, scope, home, after(phase, Move.WAIT), via, waits, element.name, due)

    def _leave(self, execution: Execution, element: Element) -> None:
        behaviour = self.behaviour(execution, element)
        variables = self.variables(execution)
        changes = behaviour.write(self, execution, element, variables)
        if changes:
            variables = {**variables, **changes}
        rounds = LOOPS[element.loop.kind] if element.loop is not None and self.is_round(execution, element) else None
        flows = behaviour.choose(self, element, variables) if rounds is None else ()
        go_on = rounds.round_done(self, execution, element, variables) if rounds is not None else None
        if element.compensable:
            remember(self, execution, element)
        if element.tag in SCOPES:
            # What a sub-process tells the outside must not be kept under a name that only its
            # inside knew.
            self.locals.pop(execution.id, None)
        if changes:
            self.assign(execution, changes)
        self._gone(execution, "left")
        scope, home = execution.scope, execution.home
        for flow in flows:
            for _ in range(element.completion_quantity):
                self.spawn(scope, home, flow.target, via=flow.id)
        behaviour.left(self, execution, element)
        if execution.id == ROOT:
            self._end()
        elif go_on is not None:
            go_on()
        elif not flows:
            if not element.by_event:
                self._note_outcome(execution)
            self.content_left(scope)

    def _gone(self, execution: Execution, what: str) -> None:
        del self.executions[execution.id]
        if self.armed or self.locals or self.notes or self.done or execution.id in self.instances:
            self._release(execution.id)
        if self.trace is not None and execution.id != ROOT:
            process = self.instances[execution.home].process
            left = Visit(execution.id, execution.element, process, what, self.at, execution.via, execution.due)
            self.trace.append(left)

    # -- scopes -----------------------------------------------------------------------------------

    def content_left(self, scope: str) -> None:
        """Something in a scope is gone; when nothing is left in it, its element says what comes
        next.

        Armed triggers alone do not keep a scope open.
        """
        if scope in self.executions and next(self.inside(scope), None) is None:
            around = self.executions[scope]
            element = self.element(around)
            self.behaviour(around, element).emptied(self, around, element)

    def _called(self, name: str) -> Process:
        return self.program[self.instances[name].process]

    def _note_outcome(self, execution: Execution) -> None:
        """The instance's outcome is the last end on its own level, or in what interrupted that
        level."""
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
        self.done = ()
        self.commands.append(Ended(self.outcome or "", self.instances[ROOT].variables))

    def cancel(self, execution: Execution) -> None:
        """Ends an execution with all that is in it."""
        self.cancel_content(execution.id, itself=True)

    def cancel_content(self, scope: str, *, itself: bool = False) -> None:
        """Ends all that is in a scope (tasks, activities, timers, called processes), innermost and
        youngest first."""
        doomed = {scope}
        found = [self.executions[scope]] if itself else []
        # A scope is always older than its content, so one pass in order of age finds all of it.
        for execution in self.executions.values():
            if execution.scope in doomed:
                doomed.add(execution.id)
                found.append(execution)
        for execution in reversed(found):
            if execution.phase is Phase.ACTIVE and execution.waits != "join":
                element = self.element(execution)
                self.behaviour(execution, element).withdraw(self, execution, element)
            self._gone(execution, "cancelled")

    def _release(self, owner: str) -> None:
        """Drops what hung on an execution that is no more: timers, variables, notes, what could be
        undone in it."""
        if self.armed:
            self.disarm_all(owner)
        self.locals.pop(owner, None)
        self.notes.pop(owner, None)
        if owner != ROOT:
            self.instances.pop(owner, None)
        if self.done:
            self.done = tuple(done for done in self.done if done.scope != owner)
