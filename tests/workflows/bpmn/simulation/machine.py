"""The simulation: hypothesis draws a diagram and then, rule by rule, what happens to it.

A failure prints the diagram and everything that was done as a test to paste, beside hypothesis' own
blob.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.workflows.bpmn.simulation import moves, walk
from tests.workflows.bpmn.simulation.drawing import HALT, diagrams
from tests.workflows.bpmn.simulation.subject import Subject
from tests.workflows.bpmn.simulation.writer import Drawn, Names
from workflows.bpmn import (
    ActivityDone,
    ActivityFailed,
    ErrorThrown,
    Event,
    MessageArrived,
    Refused,
    Retry,
    SignalArrived,
    TaskDone,
    TimerFired,
    TokenMoved,
    VariablesCorrected,
)
from workflows.bpmn.lifecycle import Phase
from workflows.bpmn.state import ROOT

PICK = st.integers(0, 40)
NUMBER = st.integers(0, 2)
CAMPAIGN = int(os.environ.get("BATON_SIMULATE", "0"))
"""How many diagrams a long campaign plays, each time others; without it the tests play the same few
every time."""

SHORT = settings(max_examples=200, stateful_step_count=14, derandomize=True)
LONG = settings(max_examples=CAMPAIGN or 1, stateful_step_count=30, database=None)
EFFORT = settings(
    LONG if CAMPAIGN else SHORT,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Simulation(RuleBasedStateMachine):
    """One instance of a random diagram."""

    def __init__(self) -> None:
        super().__init__()
        self.subject: Subject
        self.names = Names()

    @initialize(drawn=diagrams(), n=NUMBER)
    def begin(self, drawn: Drawn, n: int) -> None:
        self.names = drawn.names
        note(drawn.text)
        self.subject = walk.begun(drawn, n)

    # -- what happens -----------------------------------------------------------------------------

    def lives(self) -> bool:
        return not self.subject.state.ended

    def tell(self, event: Event) -> Any:
        with self.told():
            return self.subject.tell(event)

    @contextmanager
    def told(self) -> Iterator[None]:
        try:
            yield
        except Exception:
            note(self.subject.paste)
            raise

    def waiting(self, *waits: str) -> list[str]:
        active = (Phase.ACTIVE, Phase.ACTIVE_BLOCKED)
        return [e.id for e in self.subject.state.executions.values() if e.waits in waits and e.phase in active]

    @precondition(lambda self: self.waiting("task"))
    @rule(pick=PICK, n=NUMBER)
    def complete_a_task(self, pick: int, n: int) -> None:
        self.tell(TaskDone(_picked(self.waiting("task"), pick), {"n": n}))

    @precondition(lambda self: self.waiting("activity"))
    @rule(pick=PICK, n=NUMBER)
    def answer_an_activity(self, pick: int, n: int) -> None:
        self.tell(ActivityDone(_picked(self.waiting("activity"), pick), {"n": n}))

    @precondition(lambda self: self.waiting("activity"))
    @rule(pick=PICK, which=PICK)
    def throw_an_error(self, pick: int, which: int) -> None:
        code = _picked([*self.names.errors, "nobody knows"], which)
        self.tell(ErrorThrown(_picked(self.waiting("activity"), pick), code, {"n": 0}))

    @precondition(lambda self: self.waiting("activity"))
    @rule(pick=PICK, retried=st.booleans())
    def fail_an_activity(self, pick: int, retried: bool) -> None:
        execution = _picked(self.waiting("activity"), pick)
        self.tell(ActivityFailed(execution, "it broke"))
        if retried:
            self.tell(Retry(execution))

    @precondition(lambda self: self.lives() and self.subject.state.armed)
    @rule(late=st.booleans())
    def fire_the_earliest_timer(self, late: bool) -> None:
        if late:
            self.subject.pass_time(timedelta(hours=3))
        (event,) = moves.next_timer(self.subject)
        self.tell(event)

    @precondition(lambda self: self.lives())
    @rule(pick=PICK, again=st.booleans())
    def send_a_message(self, pick: int, again: bool) -> None:
        event = MessageArrived(_picked([*self.names.messages, "nobody knows"], pick), {"n": pick % 3})
        for _ in range(1 + again):
            self.tell(event)

    @precondition(lambda self: self.lives())
    @rule(pick=PICK)
    def send_a_signal(self, pick: int) -> None:
        self.tell(SignalArrived(_picked([*self.names.signals, "nobody knows"], pick), {"n": pick % 3}))

    @precondition(lambda self: bool(moves.listened_to(self.subject)))
    @rule(pick=PICK)
    def what_somebody_waits_for_occurs(self, pick: int) -> None:
        self.tell(_picked(moves.listened_to(self.subject), pick))

    @precondition(lambda self: self.lives())
    @rule(pick=PICK, which=PICK, value=st.sampled_from([True, False, None, "neither"]))
    def correct_a_variable(self, pick: int, which: int, value: object) -> None:
        execution = _picked([*self.subject.state.executions], pick)
        self.tell(VariablesCorrected(execution, {_picked([*self.names.conditions, "k"], which): value}))

    @precondition(lambda self: self.lives())
    @rule(pick=PICK, which=PICK, often=st.integers(0, 3))
    def move_a_token(self, pick: int, which: int, often: int) -> None:
        # Rarely: a diagram in which somebody has moved tokens no longer promises to end.
        if often == 0:
            elements = [name for process in self.subject.program.values() for name in process.elements]
            self.tell(TokenMoved(_picked([*self.subject.state.executions], pick), _picked(elements, which)))

    @precondition(lambda self: self.subject.ledger.gone)
    @rule(pick=PICK)
    def be_late(self, pick: int) -> None:
        event = _picked(self.subject.ledger.gone, pick)
        name = event.timer if isinstance(event, TimerFired) else event.execution
        if name not in self.subject.state.executions:
            (answer,) = self.tell(event)
            assert answer == Refused(name, "ended" if self.subject.state.ended else "gone")

    @precondition(lambda self: self.lives())
    @rule(kind=st.sampled_from([TaskDone, ActivityDone, Retry, TimerFired]), pick=PICK)
    def say_nonsense(self, kind: Callable[[str], Event], pick: int) -> None:
        state = self.subject.state
        name = _picked(["", "x", "0", "²", "9" * 20, str(state.counter + 1), ROOT, *state.executions], pick)
        if name not in state.executions or state.executions[name].waits == "scope":
            (answer,) = self.tell(kind(name))
            assert isinstance(answer, Refused)

    @precondition(lambda self: not self.lives())
    @rule()
    def come_after_the_end(self) -> None:
        assert self.tell(MessageArrived("hello", {})) == (Refused("", "ended"),)

    @precondition(lambda self: self.lives() and HALT in self.subject.program["p"].messages)
    @rule(seldom=st.integers(0, 5))
    def halt(self, seldom: int) -> None:
        if seldom or not any(e.element == "all" for e in self.subject.state.executions.values()):
            return
        self.tell(MessageArrived(HALT, {}))
        state = self.subject.state
        with self.told():
            assert [mark.element for mark in state.place(scopes=True)] == ["rest"], "something survived"
            assert not (state.armed or state.notes or state.locals or state.done)
            assert set(state.instances) == {ROOT}

    # -- and in the end ---------------------------------------------------------------------------

    def teardown(self) -> None:
        if not hasattr(self, "subject"):
            return
        with self.told():
            ended = moves.finish(self.subject)
            assert ended or self.subject.disturbed, "it does not come to its end"


def _picked(among: list[Any], pick: int) -> Any:
    return among[pick % len(among)]
