"""Carries one process instance on Temporal: turns the interpreter's commands into timers and activities, and back.

The interpreter is pure; everything that touches Temporal for a process is here. What a life has to remember is one
``Carried``, so continue-as-new loses no timer, task, message or called process (called processes run inside the same
state). The host works through commands one at a time: each activity is one short transaction, and a fixed order makes
replay and outcome the same whatever arrives together.
"""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

from leads.clock import ClockSpec
from leads.contracts import BPMN_ERROR, Carried, PlaceMark, Settlement, Step, TaskToOpen, Variables, Withdrawal
from workflows.bpmn import (
    ActivityDone,
    ArmTimer,
    CancelActivity,
    Command,
    DisarmTimer,
    Ended,
    ErrorThrown,
    Event,
    OpenTask,
    Program,
    RaiseIncident,
    Refused,
    RunActivity,
    SendMessage,
    State,
    TimerFired,
    WithdrawTask,
    begin,
    step,
)

START_TO_CLOSE = timedelta(seconds=20)
PATIENCE = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=15)
)
"""An activity is retried until the store answers; only errors that no retry mends come back (as non-retryable)."""

PROMPT = timedelta(minutes=1)
"""A timer that fires within this much wall time of its due instant counts as fired *at* that instant: the machinery's
lag is not business time. After a longer outage the present instant counts."""


class InfrastructureBroken(Exception):
    """A step that the host itself needs failed for good; fails the workflow *task*, so it is retried and seen."""


class ProcessHost:
    """One process instance of one lead."""

    def __init__(self, lead_id: str, life: int, program: Program, clock: ClockSpec) -> None:
        self._lead_id = lead_id
        self._life = life
        self._program = program
        self._clock = clock
        self._todo: deque[Command] = deque()
        self._to_open: dict[str, TaskToOpen] = {}
        self._to_withdraw: list[str] = []
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._fired: dict[str, datetime] = {}
        self._tasks: dict[str, str] = {}
        self._place: tuple[PlaceMark, ...] = ()
        self._acted = False  # an activity may have changed what the store says of the lead's rest
        self._settlements = 0
        self._incidents = 0
        self.state: State
        self.at: datetime

    # -- life ------------------------------------------------------------------------------------------------------

    def start(self, key: str, variables: Variables, at: datetime, message: str | None) -> None:
        """Begins the process ``key`` at its none start, or at the start event of ``message``."""
        self.at = at
        self.state, commands = begin(self._program, key, variables, at, message=message)
        self._todo.extend(commands)

    def resume(self, carried: Carried) -> None:
        """Goes on where the previous run stopped; overdue timers fire at once, in the order of their instants."""
        self.at = carried.at
        self.state = State.from_json(carried.state)
        self._tasks = dict(carried.tasks)
        self._place = carried.place
        for timer in self.state.timers():
            self._arm(timer.timer, timer.name, timer.due)

    def carry(self) -> Carried:
        """What the next run needs; call it at rest. The inbox is the caller's."""
        return Carried(state=self.state.to_json(), next_seq=0, at=self.at, tasks=dict(self._tasks), place=self._place)

    @property
    def ended(self) -> bool:
        return self.state.ended

    @property
    def timer_due(self) -> bool:
        """Whether a timer has fired that the process has not been told of."""
        return bool(self._fired)

    def execution_of(self, task_id: str) -> str | None:
        """The execution that waits for this task; None when the process has moved on."""
        return self._tasks.get(task_id)

    # -- events ----------------------------------------------------------------------------------------------------

    def tell(self, event: Event, at: datetime) -> None:
        """Applies one fact. Instants never run backwards within an instance."""
        self.at = max(self.at, at)
        self.state, commands = step(self._program, self.state, event, self.at)
        self._todo.extend(commands)

    def waits_for(self, event: Event) -> bool:
        """Whether the process would do something with this event now, rather than refuse or keep it."""
        state, commands = step(self._program, self.state, event, self.at)
        return len(state.buffer) == len(self.state.buffer) and not any(isinstance(one, Refused) for one in commands)

    async def tell_timers(self, applied: int) -> bool:
        """Applies the earliest fired timer; False when it has to wait because a person was faster.

        A deadline that ends open tasks, or that comes late after an outage, must ask the store first: what somebody
        stated before it, up to message ``applied`` unseen by the process, comes first. The step is then not taken.
        """
        timer = min(self._fired, key=lambda fired: (self._fired[fired], len(fired), fired))
        due = self._fired[timer]
        late = self.now() - due > PROMPT * self._clock.speed
        at = max(self.at, self.now() if late else due)
        state, commands = step(self._program, self.state, TimerFired(timer), at)
        ending = tuple(self._task_id(command.execution) for command in commands if isinstance(command, WithdrawTask))
        settled = tuple(task for task in ending if task not in self._to_open)
        if (settled or late) and not await self._win(settled, at, applied):
            return False
        del self._fired[timer]
        self._timers.pop(timer, None)
        self.at, self.state = at, state
        self._todo.extend(commands)
        return True

    # -- commands --------------------------------------------------------------------------------------------------

    async def come_to_rest(self) -> None:
        """Works until the process only waits, then tells the store what it waits for."""
        while self._todo:
            await self._perform(self._todo.popleft())
        await self._settle()

    async def _perform(self, command: Command) -> None:
        match command:
            case RunActivity():
                await self._run(command)
            case SendMessage():
                data: Variables = {"message": command.message, **command.data}
                await self._local("send_message", self._step(command.execution, command.element, data), command.name)
            case OpenTask():
                task = TaskToOpen(
                    self._task_id(command.execution), command.element, command.kind, command.role, command.due
                )
                self._tasks[task.task_id] = command.execution
                self._to_open[task.task_id] = task
            case WithdrawTask():
                self._withdraw(self._task_id(command.execution))
            case ArmTimer():
                self._arm(command.timer, command.name, command.due)
            case DisarmTimer():
                self._disarm(command.timer)
            case RaiseIncident():
                await self._report(command.execution, command.element, command.kind, command.message)
            case CancelActivity():
                self._forget(command.execution)
            case Refused():
                workflow.logger.info("event came too late", extra={"reason": command.reason})
            case Ended():
                for timer in list(self._timers):
                    self._disarm(timer)

    async def _run(self, command: RunActivity) -> None:
        done = self._step(command.execution, command.element, command.data)
        self._acted = True
        try:
            result = await self._local(command.activity, done, command.name or command.element)
        except FailureError as failure:
            kind, code = meaning(failure)
            if kind == BPMN_ERROR:
                self.tell(ErrorThrown(command.execution, code, {}), self.at)
            else:
                await self._report(command.execution, command.element, "activity_failed", f"{command.activity}: {kind}")
            return
        self.tell(ActivityDone(command.execution, result), self.at)

    async def _local(self, activity: str, argument: Step, summary: str) -> Variables:
        result: Variables = await workflow.execute_local_activity(
            activity,
            argument,
            result_type=dict,
            start_to_close_timeout=START_TO_CLOSE,
            retry_policy=PATIENCE,
            summary=summary,
        )
        return result

    async def _report(self, execution: str, element: str, kind: str, message: str) -> None:
        """Makes a step that could not be done visible; the process waits there until it is retried."""
        self._incidents += 1
        failed = self._key(execution)
        # Under the failed step's own key its result would be stored, and the retry would find that and do nothing.
        key = f"{failed}:incident:{workflow.info().run_id}:{self._incidents}"
        data: Variables = {"failed": failed, "element": element, "kind": kind, "message": message}
        try:
            await self._local("record_incident", Step(self._lead_id, key, element, self.at, data), f"incident: {kind}")
        except FailureError as failure:
            raise InfrastructureBroken("record_incident") from failure

    # -- rest ------------------------------------------------------------------------------------------------------

    async def _settle(self) -> None:
        place = self.state.place()
        if not (self._acted or self._to_open or self._to_withdraw or place != self._place or self.ended):
            return
        self._settlements += 1
        settlement = Settlement(
            lead_id=self._lead_id,
            key=f"{self._lead_id}:{self._life}:{workflow.info().run_id}:rest:{self._settlements}",
            at=self.at,
            open=tuple(self._to_open.values()),
            withdraw=tuple(self._to_withdraw),
            place=place,
            ended=self.ended,
        )
        await self._infrastructure("settle", settlement, bool, "at rest")
        self._to_open.clear()
        self._to_withdraw.clear()
        self._place = place
        self._acted = False

    async def _win(self, tasks: tuple[str, ...], at: datetime, applied: int) -> bool:
        withdrawal = Withdrawal(self._lead_id, tasks, at, applied)
        return await self._infrastructure("withdraw", withdrawal, bool, "deadline ends tasks")

    async def _infrastructure(self, activity: str, argument: Settlement | Withdrawal, kind: type, summary: str) -> bool:
        try:
            return await workflow.execute_local_activity(
                activity,
                argument,
                result_type=kind,
                start_to_close_timeout=START_TO_CLOSE,
                retry_policy=PATIENCE,
                summary=summary,
            )
        except FailureError as failure:
            raise InfrastructureBroken(activity) from failure

    # -- small mechanics ---------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The application instant of this workflow task."""
        return self._clock.at(workflow.now())

    def _step(self, execution: str, element: str, data: Variables) -> Step:
        return Step(self._lead_id, self._key(execution), element, self.at, data)

    def _key(self, execution: str) -> str:
        return f"{self._lead_id}:{self._life}:{execution}"

    def _task_id(self, execution: str) -> str:
        return str(uuid5(NAMESPACE_OID, self._key(execution)))

    def _withdraw(self, task_id: str) -> None:
        self._tasks.pop(task_id, None)
        if self._to_open.pop(task_id, None) is None:
            self._to_withdraw.append(task_id)

    def _forget(self, execution: str) -> None:
        self._todo = deque(
            todo for todo in self._todo if not (isinstance(todo, RunActivity) and todo.execution == execution)
        )

    def _arm(self, timer: str, name: str, due: datetime) -> None:
        async def wait() -> None:
            await workflow.sleep(self._clock.wall_until(due, self.now()), summary=name)
            self._fired[timer] = due

        self._timers[timer] = asyncio.create_task(wait())

    def _disarm(self, timer: str) -> None:
        self._fired.pop(timer, None)
        waiting = self._timers.pop(timer, None)
        if waiting is not None:
            waiting.cancel()


def meaning(failure: FailureError) -> tuple[str, str]:
    """The type of a local activity's failure and, for a BPMN error, its code; a cancelled workflow stays cancelled.

    The failure of a local activity comes as itself or wrapped, depending on how it was retried.
    """
    if is_cancelled_exception(failure):
        raise failure
    cause = failure.cause if isinstance(failure, ActivityError) else failure
    if not isinstance(cause, ApplicationError):
        return type(cause).__name__, ""
    return cause.type or "ApplicationError", str(cause.details[0]) if cause.details else ""
