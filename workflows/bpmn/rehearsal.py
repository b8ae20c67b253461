"""Plays a diagram through without Temporal or a database: activities answer as a script says, and
time passes at once.

What the script leaves open is assumed: activities give an empty result, nobody does a user task.
Facts of an instant come before its deadlines, as in real life.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Final

from rules.feel import FeelError
from workflows.bpmn.interpreter import begin, step
from workflows.bpmn.minutes import Minutes
from workflows.bpmn.model import Program
from workflows.bpmn.protocol import (
    ActivityDone,
    ActivityFailed,
    ArmTimer,
    CancelActivity,
    Command,
    DisarmTimer,
    ErrorThrown,
    Event,
    MessageArrived,
    OpenTask,
    RaiseIncident,
    Refused,
    RunActivity,
    SendMessage,
    SignalArrived,
    TaskDone,
    ThrowSignal,
    TimerFired,
    WithdrawTask,
)
from workflows.bpmn.rehearsed import DeadlineFate, Rehearsal, RehearsalEnding
from workflows.bpmn.script import Answer, Happening, Prompter, Script, computed, since
from workflows.bpmn.state import ROOT, State

MOST: Final = 10_000
"""Events and visits of one rehearsal; then it is broken off."""


def rehearse(
    program: Program, key: str, script: Script, at: datetime, *, enough: Callable[[], bool] = lambda: False
) -> Rehearsal:
    """Plays process ``key`` from the instant ``at`` (aware, UTC) as the script says.

    ``enough`` is asked after each event: true breaks it off, as too many events do.

    Raises:
        KeyError: the program has no such process.
        NoSuchStart: it cannot begin in the way that the script says.
    """
    return _Stage(program, script, at, enough).play(key)


class _Stage:
    """One rehearsal in progress."""

    def __init__(self, program: Program, script: Script, at: datetime, enough: Callable[[], bool]) -> None:
        self._program = program
        self._script = script
        self._prompter = Prompter(script)
        self._minutes = Minutes(program, at)
        self._began = self._now = at
        self._state: State
        self._todo: deque[Command] = deque()
        self._numbers = count()
        self._told = 0
        self._enough = enough
        self._coming: list[tuple[datetime, int, Event]] = []

    # -- the story --------------------------------------------------------------------------------

    def play(self, key: str) -> Rehearsal:
        script = self._script
        for happening in script.happenings:
            self._plan(since(self._began, happening.after), _arrival(happening))
        how = {"message": script.message, "signal": script.signal, "start": script.start}
        self._state, commands = begin(
            self._program, key, dict(script.variables), self._now, **how, trace=self._minutes.trace
        )
        self._todo.extend(commands)
        ending = self._play_on()
        prompter = self._prompter
        return self._minutes.closed(ending, self._state, self._now, tuple(prompter.assumed), prompter.unused())

    def _play_on(self) -> RehearsalEnding:
        span = self._script.span
        until = None if span is None else since(self._began, span)
        self._work()
        while not self._state.ended:
            if self._too_long:
                return RehearsalEnding.TOO_LONG
            following = self._next()
            if following is None:
                return RehearsalEnding.WAITS
            at, event = following
            if until is not None and at > until:
                self._now = until
                return RehearsalEnding.TIME
            self._now = max(self._now, at)
            self._tell(event)
            self._work()
        return RehearsalEnding.ENDED

    def _next(self) -> tuple[datetime, Event] | None:
        """The earliest of what the script brings and what falls due; takes the former off its
        list."""
        timer = next(iter(self._state.timers()), None)
        if self._coming and (timer is None or self._coming[0][0] <= timer.due):
            at, _, event = heapq.heappop(self._coming)
            return at, event
        return None if timer is None else (timer.due, TimerFired(timer.timer))

    def _work(self) -> None:
        while self._todo and not self._too_long:
            self._perform(self._todo.popleft())

    @property
    def _too_long(self) -> bool:
        return self._told + len(self._minutes.trace) >= MOST or self._enough()

    def _plan(self, at: datetime, event: Event) -> None:
        heapq.heappush(self._coming, (at, next(self._numbers), event))

    # -- events -----------------------------------------------------------------------------------

    def _tell(self, event: Event) -> None:
        self._told += 1
        before, visits = self._state, len(self._minutes.trace)
        self._state, commands = step(self._program, before, event, self._now, trace=self._minutes.trace)
        self._todo.extend(commands)
        match event:
            case TimerFired():
                self._minutes.settled(event.timer, DeadlineFate.FIRED, self._now)
            case TaskDone():
                self._minutes.finished(event.execution, DeadlineFate.DONE, self._now)
            case MessageArrived() | SignalArrived():
                moved = len(self._minutes.trace) > visits
                fate = _fate(commands, kept=len(self._state.buffer) > len(before.buffer), moved=moved)
                kind = "message" if isinstance(event, MessageArrived) else "signal"
                self._minutes.received(kind, event.name, fate, self._now)
            case _:
                pass

    # -- commands ---------------------------------------------------------------------------------

    def _perform(self, command: Command) -> None:
        match command:
            case RunActivity():
                answer = self._prompter.answer(self._names(command.execution, command.element))
                self._tell(_ended(command, answer, self._now))
            case OpenTask():
                self._minutes.opened(command, self._now)
                deed = self._prompter.deed(self._names(command.execution, command.element))
                if deed is not None:
                    self._plan(since(self._now, deed.after), TaskDone(command.execution, deed.data))
            case WithdrawTask():
                self._minutes.finished(command.execution, DeadlineFate.WITHDRAWN, self._now)
                self._coming = [one for one in self._coming if not _concerns(one[2], command.execution)]
                heapq.heapify(self._coming)
            case ArmTimer():
                self._minutes.armed(command, self._state, self._now)
            case DisarmTimer():
                self._minutes.settled(command.timer, DeadlineFate.DISARMED, self._now)
            case CancelActivity():
                self._todo = deque(one for one in self._todo if not _runs(one, command.execution))
            case SendMessage() | ThrowSignal():
                self._minutes.sent(command, self._now)
            case RaiseIncident():
                self._minutes.stuck(command, self._now)
            case _:
                pass

    def _names(self, execution: str, element: str) -> tuple[str, ...]:
        """What a script may call an element, the most particular name first."""
        found = self._state.executions.get(execution)
        called = found is not None and found.home != ROOT
        names = (f"{self._minutes.process(execution)}/{element}", element)
        return (f"{self._state.executions[found.home].element}/{element}", *names) if found and called else names


def _ended(command: RunActivity, answer: Answer, at: datetime) -> Event:
    """How the activity ends; an answer that cannot be computed is no better than a failure."""
    if answer.failure is not None:
        return ActivityFailed(command.execution, answer.failure)
    try:
        result = computed(answer.result, command.data, at)
    except FeelError as problem:
        return ActivityFailed(command.execution, f"the script's answer: {problem}")
    if answer.error is not None:
        return ErrorThrown(command.execution, answer.error, result)
    return ActivityDone(command.execution, result)


def _fate(commands: tuple[Command, ...], *, kept: bool, moved: bool) -> str:
    """What became of a message or signal: a reason against it, or ``kept``, ``caught``,
    ``unheard``."""
    refused = next((one.reason for one in commands if isinstance(one, Refused)), "")
    return refused or ("kept" if kept else "caught" if moved else "unheard")


def _arrival(happening: Happening) -> Event:
    arrived = {"message": MessageArrived, "signal": SignalArrived}[happening.kind]
    return arrived(happening.name, happening.data)


def _runs(command: Command, execution: str) -> bool:
    return isinstance(command, RunActivity) and command.execution == execution


def _concerns(event: Event, execution: str) -> bool:
    return isinstance(event, TaskDone) and event.execution == execution
