"""Plays a diagram in a test: says what happens by element id, remembers what the interpreter asked
for.

After every event it checks what must always hold: the given state is unchanged, the snapshot
restores exactly and has the same future (and a trace changes nothing), what the commands armed and
opened is what the state says, and the trace tells of every token once how it came and once how it
went.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.workflows.bpmn.diagrams import program
from workflows.bpmn import (
    ActivityDone,
    ArmTimer,
    CancelActivity,
    Command,
    DisarmTimer,
    Ended,
    ErrorThrown,
    Event,
    MessageArrived,
    OpenTask,
    Program,
    RaiseIncident,
    Refused,
    Retry,
    RunActivity,
    SendMessage,
    SignalArrived,
    State,
    TaskDone,
    ThrowSignal,
    TimerFired,
    TokenMoved,
    VariablesCorrected,
    Visit,
    WithdrawTask,
    begin,
    step,
)
from workflows.bpmn.state import ROOT

T0 = datetime(2026, 1, 1, tzinfo=UTC)


class Play:
    """One instance. ``log`` tells in short what was asked, e.g. ``open a``, ``run ship``,
    ``withdraw a``, ``end e``."""

    def __init__(
        self,
        text: str | Program,
        variables: dict[str, Any] | None = None,
        *,
        key: str = "p",
        message: str | None = None,
        signal: str | None = None,
        start: str | None = None,
    ) -> None:
        self.program = program(text) if isinstance(text, str) else text
        self.now = T0
        self.log: list[str] = []
        self.tasks: dict[str, str] = {}
        self.opened: dict[str, str] = {}  # execution → element, without those withdrawn
        self.activities: dict[str, RunActivity] = {}
        self.timers: dict[str, ArmTimer] = {}
        self.last: tuple[Command, ...] = ()
        self.trace: list[Visit] = []
        self.told = 0  # visits that have been checked
        self.state, commands = begin(
            self.program, key, variables or {}, T0, message=message, signal=signal, start=start, trace=self.trace
        )
        self._check_trace(set())
        self._hear(commands)

    # -- what happens -----------------------------------------------------------------------------

    def tell(self, event: Event) -> Play:
        before = json.dumps(self.state.to_json())
        restored = State.from_json(json.loads(before))
        assert restored == self.state
        state, commands = step(self.program, self.state, event, self.now, trace=self.trace)
        if isinstance(event, TimerFired):
            self.timers.pop(event.timer, None)
        assert json.dumps(self.state.to_json()) == before, "the given state was changed"
        assert step(self.program, restored, event, self.now) == (state, commands), "a restored state has another future"
        stood = {*self.state.executions} - {ROOT}
        self.state = state
        self._check_trace(stood)
        self._hear(commands)
        return self

    def do(self, element: str, **data: Any) -> Play:
        """The person at this user task is done."""
        return self.tell(TaskDone(self.tasks[element], data))

    def answer(self, element: str, **result: Any) -> Play:
        """The activity of this element returns."""
        return self.tell(ActivityDone(self.activities[element].execution, result))

    def throw(self, element: str, code: str, **data: Any) -> Play:
        """The activity of this element throws a BPMN error."""
        return self.tell(ErrorThrown(self.activities[element].execution, code, data))

    def send(self, name: str, **data: Any) -> Play:
        """A message arrives."""
        return self.tell(MessageArrived(name, data))

    def do_at(self, element: str, nth: int, **data: Any) -> Play:
        """The person at the n-th oldest of these user tasks is done."""
        return self.tell(TaskDone(self.at(element)[nth - 1], data))

    def answer_at(self, element: str, nth: int, **result: Any) -> Play:
        """The n-th oldest of these activities returns."""
        return self.tell(ActivityDone(self.at(element)[nth - 1], result))

    def signal(self, name: str, **data: Any) -> Play:
        """A signal comes from outside."""
        return self.tell(SignalArrived(name, data))

    def correct(self, execution: str = ROOT, **data: Any) -> Play:
        """Somebody sets variables by hand."""
        return self.tell(VariablesCorrected(execution, data))

    def shift(self, element: str, target: str) -> Play:
        """Somebody puts the token at one element at another."""
        return self.tell(TokenMoved(self.execution(element), target))

    def fire(self, element: str) -> Play:
        """The timer of this element is due."""
        timer = next(timer for timer in self.state.timers() if timer.element == element)
        self.now = max(self.now, timer.due)
        return self.tell(TimerFired(timer.timer))

    def wait(self, **duration: float) -> Play:
        """Time passes; timers fire in their order, each at its instant."""
        until = self.now + timedelta(**duration)
        while (timers := self.state.timers()) and timers[0].due <= until:
            self.fire(timers[0].element)
        self.now = until
        return self

    def retry(self, element: str) -> Play:
        """The incident at this element is retried."""
        return self.tell(Retry(self.execution(element)))

    # -- what is seen -----------------------------------------------------------------------------

    def execution(self, element: str) -> str:
        return next(e.id for e in self.state.executions.values() if e.element == element)

    def at(self, element: str) -> list[str]:
        """The executions that wait for somebody here, oldest first."""
        found = (e for e in self.state.executions.values() if e.element == element)
        return [e.id for e in found if e.waits in ("task", "activity")]

    def path(self, what: str = "entered") -> list[str]:
        """The elements that tokens have come to (or have left, or were cancelled at), in order."""
        return [visit.element for visit in self.trace if visit.what == what]

    @property
    def places(self) -> list[str]:
        """The elements at which tokens stand."""
        return [mark.element for mark in self.state.place()]

    @property
    def refused(self) -> str:
        """Why the last event was refused."""
        (command,) = self.last
        assert isinstance(command, Refused)
        return command.reason

    @property
    def incident(self) -> RaiseIncident:
        """The incident that the last event raised."""
        (found,) = [command for command in self.last if isinstance(command, RaiseIncident)]
        return found

    @property
    def variables(self) -> dict[str, Any]:
        return self.state.variables

    @property
    def due(self) -> dict[str, timedelta]:
        """The armed timers by element, as time since the beginning."""
        return {timer.element: timer.due - T0 for timer in self.state.timers()}

    # -- mechanics --------------------------------------------------------------------------------

    def _hear(self, commands: tuple[Command, ...]) -> None:
        self.last = commands
        self.log.extend(word for command in commands for word in self._obey(command))
        assert {t.timer for t in self.state.timers()} == {t.timer for t in self.timers.values()}
        waiting = {e.id for e in self.state.executions.values() if e.waits == "task"}
        assert waiting == set(self.opened) & set(self.state.executions), "a task is open that nobody waits for"
        if self.state.ended:
            assert not self.state.executions
            assert not self.timers
            assert isinstance(commands[-1], Ended | Refused)

    def _check_trace(self, before: set[str]) -> None:
        new = self.trace[self.told :]
        self.told = len(self.trace)
        came = [visit for visit in new if visit.what == "entered"]
        gone = [visit.execution for visit in new if visit.what != "entered"]
        assert len({visit.execution for visit in came} - before) == len(came), "an execution came twice"
        assert len({*gone}) == len(gone), "an execution went twice"
        standing = before | {visit.execution for visit in came}
        assert standing - {*gone} == {*self.state.executions} - {ROOT}, "a token came or went untold"
        for visit in came:
            incoming = self.program[visit.process].elements[visit.element].incoming
            assert not visit.via or visit.via in [flow.id for flow in incoming], "this flow does not lead here"

    def _obey(self, command: Command) -> Iterator[str]:
        match command:
            case OpenTask():
                self.tasks[command.element] = command.execution
                self.opened[command.execution] = command.element
                yield f"open {command.element}"
            case WithdrawTask():
                yield f"withdraw {self.opened.pop(command.execution)}"
            case RunActivity():
                self.activities[command.element] = command
                yield f"run {command.activity}"
            case CancelActivity():
                yield f"cancel {command.execution}"
            case ArmTimer():
                self.timers[command.timer] = command
                yield f"arm {command.element}"
            case DisarmTimer():
                yield f"disarm {self.timers.pop(command.timer).element}"
            case SendMessage():
                yield f"send {command.message}"
            case ThrowSignal():
                yield f"signal {command.signal}"
            case RaiseIncident():
                yield f"incident {command.element} {command.kind}"
            case Refused():
                yield f"refused {command.reason}"
            case Ended():
                yield f"end {command.outcome}"


def fresh(play: Play) -> list[str]:
    """What the last event made the interpreter ask for."""
    count = len(play.last)
    return play.log[-count:] if count else []
