"""What a life has done since the store was last told where it rests; telling it is one activity,
``settle``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from temporalio import workflow

from cases.contracts import CaseInput, LifeAtRest, Settlement, TaskToOpen, VisitLine
from workflows import steps, visits
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
        self._settlements = 0

    def open(self, task: TaskToOpen, execution: str) -> None:
        """A person has to do something."""
        self.tasks[task.task_id] = execution
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

    async def settle(self, life: CaseInput, state: State, at: datetime, applied: int) -> None:
        """Tells the store where the life rests, unless it knows; ``applied`` is the last message
        that was seen.

        Also of a message that changed nothing: whoever sent it is shown that it has arrived. Raises
        ``InfrastructureBroken``.
        """
        if state == self._rested and applied == self._applied and not self.acted:
            return
        self._settlements += 1
        settlement = Settlement(
            case_id=life.case_id,
            key=f"{life.case_id}:{life.first.seq}:{workflow.info().run_id}:rest:{self._settlements}",
            at=at,
            rest=self._rest(life, state, applied),
            open=tuple(self._to_open.values()),
            withdraw=tuple(self._to_withdraw),
            ended=state.ended,
            kind=life.kind,
        )
        await steps.ask("settle", settlement, "at rest")
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


def _versions(life: CaseInput) -> visits.Versions:
    return {ref.key: ref.version for ref in (life.process, *life.called)}
