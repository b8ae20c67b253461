"""What a life has done since the store was last told where it rests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.contracts import CaseInput, LifeAtRest, Settlement, TaskToOpen, VisitLine, WakeUp
from workflows import visits
from workflows.bpmn import State, Visit


class Unsettled:
    """Gathers until the next rest. ``trace`` is where the interpreter notes the way, ``tasks`` are
    the open user tasks (task id → execution), ``acted``: an activity may have changed what the
    store says of the case's rest.

    ``rested`` is the state that the store knows, None in a life's first run; ``applied`` the last
    message it knows of.
    """

    def __init__(
        self, rested: State | None = None, tasks: Mapping[str, str] | None = None, applied: int | None = None
    ) -> None:
        self.tasks = dict(tasks or {})
        self.trace: list[Visit] = []
        self.acted = False
        self._rested = rested
        self._applied = applied
        self._to_open: dict[str, TaskToOpen] = {}
        self._to_withdraw: list[str] = []
        self._elsewhere: dict[str, VisitLine] = {}

    def copy(self) -> Unsettled:
        """One that may be taken further and dropped."""
        other = Unsettled(self._rested, self.tasks, self._applied)
        other.trace, other.acted = list(self.trace), self.acted
        other._to_open, other._to_withdraw = dict(self._to_open), list(self._to_withdraw)
        other._elsewhere = dict(self._elsewhere)
        return other

    def to_json(self) -> dict[str, Any]:
        """The part of a ``WakeUp`` that is kept here."""
        return {
            "trace": tuple([*visit[:4], visit.at.isoformat(), *visit[5:]] for visit in self.trace),
            "open": tuple(self._to_open.values()),
            "withdraw": tuple(self._to_withdraw),
            "elsewhere": tuple(self._elsewhere.values()),
            "acted": self.acted,
        }

    @classmethod
    def of(cls, wake: WakeUp) -> Unsettled:
        """What ``to_json`` told. Whoever asks to be told of a rest has already found that it must
        be."""
        self = cls()
        self.trace = [_visit(*row) for row in wake.trace]
        self.acted = wake.acted
        self._to_open = {task.task_id: task for task in wake.open}
        self._to_withdraw = list(wake.withdraw)
        self._elsewhere = {line.execution: line for line in wake.elsewhere}
        return self

    def open(self, task: TaskToOpen) -> None:
        """A person has to do something."""
        self.tasks[task.task_id] = task.execution
        self._to_open[task.task_id] = task

    def withdraw(self, task_id: str) -> None:
        """Nobody has to do it any more. One that the store has not heard of is told all the same:
        its deadline may have been planned."""
        self.tasks.pop(task_id, None)
        self._to_withdraw.append(task_id)

    def knows(self, task_id: str) -> bool:
        """Whether the store has heard of the task."""
        return task_id not in self._to_open

    def migrate(self, life: CaseInput, state: State) -> None:
        """What was going on goes on in the versions of ``life``."""
        self._elsewhere = visits.migrated(state, _versions(life))
        self.acted = True  # the store has to hear of the versions even if no token stands elsewhere

    def settlement(self, life: CaseInput, state: State, at: datetime, applied: int) -> Settlement | None:
        """What the store has to hear of a rest; None if it knows. ``applied`` is the last message
        that was seen.

        Also of a message that changed nothing: whoever sent it is shown that it has arrived.
        """
        if state == self._rested and applied == self._applied and not self.acted:
            return None
        return Settlement(
            case_id=life.case_id,
            at=at,
            rest=self._rest(life, state, applied),
            open=tuple(self._to_open.values()),
            withdraw=tuple(self._to_withdraw),
            ended=state.ended,
            kind=life.kind,
        )

    def settled(self, state: State, applied: int) -> None:
        """The store has heard of this rest."""
        self._to_open.clear()
        self._to_withdraw.clear()
        self._elsewhere.clear()
        self.trace.clear()
        self._rested = state
        self._applied = applied
        self.acted = False

    def _rest(self, life: CaseInput, state: State, applied: int) -> LifeAtRest:
        way = self._elsewhere | visits.lines(self.trace, state, _versions(life))
        return LifeAtRest(
            life=life.first.seq,
            started_at=life.first.at,
            process=life.process,
            called=life.called,
            applied=applied,
            snapshot=state.to_json(),
            place=state.place(scopes=True),
            visits=tuple(way.values()),
            outcome=state.outcome,
        )


def _visit(execution: str, element: str, process: str, what: str, at: str, via: str, due: str | None) -> Visit:
    return Visit(execution, element, process, what, datetime.fromisoformat(at), via, due)


def _versions(life: CaseInput) -> visits.Versions:
    return {ref.key: ref.version for ref in (life.process, *life.called)}
