"""One simulated instance: tells it what happens and checks after every step what must always hold.

A step is taken four times: with a trace, without one, from a restored snapshot, and by a twin that
has been restored before every single step. All four have to agree, and the given state has to stay
as it was.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.workflows.bpmn.diagrams import program
from tests.workflows.bpmn.play import T0
from tests.workflows.bpmn.simulation import flows, invariants
from tests.workflows.bpmn.simulation.ledger import Ledger
from workflows.bpmn import Command, Event, Refused, State, TimerFired, TokenMoved, Visit, begin, outstanding, step
from workflows.bpmn.state import ROOT


class Subject:
    """Begins at once. ``steps`` are what it was told, ``executed`` counts the elements that tokens
    have entered."""

    def __init__(
        self,
        text: str,
        variables: dict[str, Any] | None = None,
        *,
        blocks: Sequence[tuple[str, str]] = (),
        cures: dict[str, Any] | None = None,
        undoes: Sequence[tuple[str, str]] = (),
        **start: Any,
    ) -> None:
        self.text, self.variables, self.start = text, variables or {}, start
        self.blocks, self.cures, self.undoes = blocks, cures or {}, undoes
        self.program = program(text)
        self.now = T0
        self.steps: list[Event] = []
        self.trace: list[Visit] = []
        self._seen = 0
        self.ledger = Ledger(curable=bool(self.cures))
        self.executed: Counter[str] = Counter()
        self.disturbed = False  # a token was moved by hand: the diagram no longer says that all goes well
        self.state, self.last = begin(self.program, "p", self.variables, self.now, trace=self.trace, **start)
        assert begin(self.program, "p", self.variables, self.now, **start) == (self.state, self.last), "a trace matters"
        self.twin = _restored(self.state)
        self._check(None)

    def tell(self, event: Event) -> tuple[Command, ...]:
        """One thing happens; a timer fires at its instant or, overdue, now."""
        self.steps.append(event)
        if isinstance(event, TimerFired) and event.timer in self.state.armed:
            self.now = max(self.now, self.state.armed[event.timer].due)
        self.disturbed = self.disturbed or isinstance(event, TokenMoved)
        before, written = self.state, json.dumps(self.state.to_json())
        state, commands = step(self.program, before, event, self.now, trace=self.trace)
        assert json.dumps(before.to_json()) == written, "the given state was changed"
        assert step(self.program, before, event, self.now) == (state, commands), "a trace matters"
        assert step(self.program, _restored(before), event, self.now) == (state, commands), "a snapshot forgets"
        self.twin, told = step(self.program, _restored(self.twin), event, self.now)
        assert (self.twin, told) == (state, commands), "snapshots drift"
        if isinstance(commands[0] if commands else None, Refused):
            assert state is before and len(commands) == 1, "a refused event had an effect"
        else:
            name = getattr(event, "timer", getattr(event, "execution", None))
            assert name is None or name in {*before.executions, *before.armed}, "a late event had an effect"
        self.state, self.last = state, commands
        self._check(event)
        return commands

    def pass_time(self, by: timedelta) -> None:
        """Time passes and nothing happens, as if the machinery were late."""
        self.now += by

    @property
    def paste(self) -> str:
        """What has been done so far, as a test."""
        given = {**self.start, "cures": self.cures, "blocks": self.blocks, "undoes": self.undoes}
        start = "".join(f", {name}={value!r}" for name, value in given.items() if value)
        indented = "\n".join(f"        {line}" for line in self.text.splitlines())
        told = "\n".join(f"    subject.tell({one!r})" for one in self.steps)
        begun = (
            f'    subject = Subject(\n        """\n{indented}\n        """,\n        {self.variables!r}{start},\n    )'
        )
        events = ", ".join(sorted({type(one).__name__ for one in self.steps}))
        imports = f"from {Subject.__module__} import Subject\nfrom workflows.bpmn import {events}\n\n\n"
        return f"\n{imports if events else ''}def test_found() -> None:\n{begun}\n{told}\n"

    # -- what must always hold --------------------------------------------------------------------

    def _check(self, event: Event | None) -> None:
        self.ledger.hear(event, self.last, self.state)
        fresh, self._seen = self.trace[self._seen :], len(self.trace)
        problems = [*invariants.wrong(self.program, self.state), *self.ledger.wrong(self.state), *self._untraced()]
        problems += flows.outlived(self.program, fresh)
        if not self.disturbed:
            problems += [*invariants.stalled(self.program, self.state), *self.ledger.unexpected]
            problems += flows.unbalanced(self.program, self.trace)
            problems += flows.leaking(self.program, self.trace, self.blocks)
            if self.state.ended and all(visit.what != "cancelled" or self._raced(visit) for visit in self.trace):
                problems += flows.not_undone(self.program, self.trace, self.undoes)
        assert not problems, "\n".join(problems)
        assert self.twin == self.state == _restored(self.state)
        if not self.state.ended:
            self._check_outstanding()

    def _check_outstanding(self) -> None:
        again = outstanding(self.program, self.state, self.now)
        assert self.ledger.would_do(again), f"a host that lost everything would do something else: {again}"

    def _raced(self, visit: Visit) -> bool:
        return self.program[visit.process].elements[visit.element].tag == "eventBasedGateway"

    def _untraced(self) -> list[str]:
        """Every stay has one arrival and at most one departure; who has not departed is there."""
        entered = {visit.execution: visit for visit in self.trace if visit.what == "entered"}
        gone = [visit for visit in self.trace if visit.what != "entered"]
        self.executed = Counter(visit.element for visit in entered.values())
        problems = [f"departed twice: {name}" for name, n in Counter(v.execution for v in gone).items() if n > 1]
        if len(entered) + len(gone) != len(self.trace):
            problems.append("somebody arrived twice")
        for visit in gone:
            came = entered.get(visit.execution)
            if came is None or came[1:3] != visit[1:3] or came.at > visit.at or came.via != visit.via:
                problems.append(f"{visit} does not fit its arrival {came}")
        there = set(entered) - {visit.execution for visit in gone}
        if there != set(self.state.executions) - {ROOT}:
            problems.append(f"the trace says {sorted(there)}, the state {sorted(self.state.executions)}")
        return problems


def _restored(state: State) -> State:
    return State.from_json(json.loads(json.dumps(state.to_json())))
