"""Carries one process instance on Temporal: turns the interpreter's commands into timers and
activities, and back.

The interpreter is pure; everything that touches Temporal for a process is here. What a life has to
remember is one ``Carried``, so continue-as-new loses no timer, task, message or called process
(called processes run inside the same state). The host works through commands one at a time: each
activity is one short transaction, and a fixed order makes replay and outcome the same whatever
arrives together.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from temporalio import workflow
from temporalio.exceptions import FailureError

from cases.contracts import (
    BPMN_ERROR,
    INPUT_REFUSED,
    TOO_MUCH,
    Carried,
    CaseInput,
    Message,
    ProcessRef,
    Step,
    TaskToOpen,
    Variables,
    Withdrawal,
)
from cases.states import BIRTHS
from cases.step_key import StepKey
from workflows import definitions, steps
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
    RaiseIncident,
    Refused,
    RunActivity,
    SendMessage,
    State,
    ThrowSignal,
    TimerFired,
    Visit,
    WithdrawTask,
    begin,
    step,
)
from workflows.bpmn.migration import DoesNotFit, Plan, Reason, migrate
from workflows.unsettled import Unsettled

PROMPT = timedelta(minutes=1)
"""A timer that fires within this much wall time of its due instant counts as fired *at* that
instant: the machinery's lag is not business time. After a longer outage the present instant
counts."""


class ProcessHost:
    """One process instance of one case. ``life`` is what its next run begins with: a migration
    changes the versions.

    Raises ``NotLoaded`` when a version that the life names is not in memory yet.
    """

    def __init__(self, life: CaseInput) -> None:
        self.life = life
        self._program = definitions.program((life.process, *life.called))
        self._todo: deque[Command] = deque()
        self._unsettled = Unsettled()
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._fired: dict[str, datetime] = {}
        self._incidents = 0
        self.state: State
        self.at: datetime

    # -- life -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begins the life's process at its none start, or at the start event of the message that
        brings it back."""
        first = self.life.first
        message = None if first.kind in BIRTHS else first.kind
        self.at = first.at
        self.state, commands = begin(
            self._program, self.life.process.key, first.data, first.at, message=message, trace=self._unsettled.trace
        )
        self._hear(commands)

    def resume(self, carried: Carried) -> None:
        """Goes on where the previous run stopped; overdue timers fire at once, in the order of
        their instants."""
        self.at = carried.at
        self.state = State.from_json(carried.state)
        self._unsettled = Unsettled(self.state, carried.tasks, carried.next_seq - 1)
        for timer in self.state.timers():
            self._arm(timer.timer, timer.name, timer.due)

    def carry(self) -> Carried:
        """What the next run needs; call it at rest. The inbox is the caller's."""
        return Carried(state=self.state.to_json(), next_seq=0, at=self.at, tasks=dict(self._unsettled.tasks))

    @property
    def ended(self) -> bool:
        return self.state.ended

    @property
    def timer_due(self) -> bool:
        """Whether a timer has fired that the process has not been told of."""
        return bool(self._fired)

    def execution_of(self, task_id: str) -> str | None:
        """The execution that waits for this task; None when the process has moved on."""
        return self._unsettled.tasks.get(task_id)

    # -- events -----------------------------------------------------------------------------------

    def tell(self, event: Event, at: datetime) -> None:
        """Applies one fact. Instants never run backwards within an instance."""
        self.at = max(self.at, at)
        self.state, commands = step(self._program, self.state, event, self.at, trace=self._unsettled.trace)
        self._hear(commands)

    async def migrate(self, message: Message) -> None:
        """Goes on in other versions as the message's plan says, or stays where it is; says which,
        and why.

        Raises ``NotLoaded`` before anything has changed when a version is not in memory yet.
        """
        data = message.data
        process, *called = (ProcessRef(**ref) for ref in (data["process"], *data["called"]))
        program = definitions.program((process, *called))
        self.at = max(self.at, message.at)
        try:
            if data["life"] != self.life.first.seq:
                raise DoesNotFit((Reason(process.key, "", "ended"),))
            state, commands = migrate(
                self._program, program, self.state, Plan(data["plan"]), self.at, trace=self._unsettled.trace
            )
        except DoesNotFit as problem:
            reasons = [reason.to_json() for reason in problem.reasons]
        else:
            reasons = []
            self.life = replace(self.life, process=process, called=tuple(called))
            self._unsettled.migrate(self.life, state)
            self._program, self.state = program, state
            self._hear(commands)
        answer: Variables = {"batch": data["batch"], "reasons": reasons}
        summary = "does not fit" if reasons else "migrated"
        await steps.note("record_migration", self._step(f"migrated:{message.seq}", process.key, answer), summary)

    def waits_for(self, event: Event) -> bool:
        """Whether the process would do something with this event now, rather than refuse or keep
        it."""
        state, commands = step(self._program, self.state, event, self.at)
        return len(state.buffer) == len(self.state.buffer) and not any(isinstance(one, Refused) for one in commands)

    async def tell_timers(self, applied: int) -> bool:
        """Applies the earliest fired timer; False when it has to wait because a person was faster.

        A deadline that ends open tasks, or that comes late after an outage, must ask the store
        first: what somebody stated before it, up to message ``applied`` unseen by the process,
        comes first. The step is then not taken.
        """
        timer = min(self._fired, key=lambda fired: (self._fired[fired], len(fired), fired))
        due = self._fired[timer]
        late = self.now() - due > PROMPT * self.life.clock.speed
        at = max(self.at, self.now() if late else due)
        trace: list[Visit] = []
        state, commands = step(self._program, self.state, TimerFired(timer), at, trace=trace)
        ending = tuple(self._task_id(command.execution) for command in commands if isinstance(command, WithdrawTask))
        settled = tuple(task for task in ending if self._unsettled.knows(task))
        if settled or late:
            claim = Withdrawal(self.life.case_id, settled, at, applied, self.life.kind)
            if not await steps.ask("withdraw", claim, "deadline ends tasks"):
                return False
        del self._fired[timer]
        self._timers.pop(timer, None)
        self.at, self.state = at, state
        self._unsettled.trace.extend(trace)
        self._hear(commands)
        return True

    # -- commands ---------------------------------------------------------------------------------

    def _hear(self, commands: Iterable[Command]) -> None:
        for command in commands:
            if isinstance(command, CancelActivity):
                self._forget(command.execution)  # before its turn comes, or a cancelled step would still be done
            else:
                self._todo.append(command)

    async def come_to_rest(self, applied: int) -> None:
        """Works until the process only waits, then tells the store; ``applied`` is the last message
        it has seen."""
        while self._todo:
            await self._perform(self._todo.popleft())
        await self._unsettled.settle(self.life, self.state, self.at, applied)

    async def _perform(self, command: Command) -> None:
        match command:
            case RunActivity():
                await self._run(command)
            case SendMessage():
                await self._send("send_message", command, {"message": command.message, **command.data})
            case ThrowSignal():
                await self._send("throw_signal", command, {"signal": command.signal, **command.data})
            case OpenTask():
                opened = self._task_id(command.execution)
                said = (command.kind, command.role, command.due, command.why, command.about or "")
                self._unsettled.open(TaskToOpen(opened, command.element, *said), command.execution)
            case WithdrawTask():
                self._unsettled.withdraw(self._task_id(command.execution))
            case ArmTimer():
                self._arm(command.timer, command.name, command.due)
            case DisarmTimer():
                self._disarm(command.timer)
            case RaiseIncident():
                await self._report(command.execution, command.element, command.kind, command.message)
            case CancelActivity():
                pass  # has taken effect when it was heard
            case Refused():
                workflow.logger.info("event came too late", extra={"reason": command.reason})
            case Ended():
                for timer in list(self._timers):
                    self._disarm(timer)

    async def _run(self, command: RunActivity) -> None:
        done = self._step(command.execution, command.element, command.data)
        self._unsettled.acted = True
        try:
            result = await steps.perform(command.activity, done, command.name or command.element)
        except FailureError as failure:
            kind, code = steps.meaning(failure)
            if kind == BPMN_ERROR:
                self.tell(ErrorThrown(command.execution, code, {}), self.at)
            else:
                told = TOO_MUCH if kind == TOO_MUCH else "activity_failed"
                why = code if kind == INPUT_REFUSED else kind
                await self._report(command.execution, command.element, told, f"{command.activity}: {why}")
            return
        self.tell(ActivityDone(command.execution, result), self.at)

    async def _send(self, activity: str, command: SendMessage | ThrowSignal, data: Variables) -> None:
        await steps.perform(activity, self._step(command.execution, command.element, data), command.name)

    async def _report(self, execution: str, element: str, kind: str, message: str) -> None:
        """Makes a step that could not be done visible; the process waits there until it is
        retried."""
        self._incidents += 1
        failed = self._key(execution)
        # Under the failed step's own key its result would be stored, and the retry would find that
        # and do nothing.
        key = f"{failed}:incident:{workflow.info().run_id}:{self._incidents}"
        data: Variables = {"failed": failed, "element": element, "kind": kind, "message": message}
        step = Step(self.life.case_id, key, element, self.at, data, self.life.kind)
        await steps.note("record_incident", step, f"incident: {kind}")

    # -- small mechanics --------------------------------------------------------------------------

    def now(self) -> datetime:
        """The application instant of this workflow task."""
        return self.life.clock.at(workflow.now())

    def _step(self, execution: str, element: str, data: Variables) -> Step:
        return Step(self.life.case_id, self._key(execution), element, self.at, data, self.life.kind)

    def _key(self, execution: str) -> str:
        return str(StepKey(self.life.case_id, self.life.first.seq, execution))

    def _task_id(self, execution: str) -> str:
        return str(uuid5(NAMESPACE_OID, self._key(execution)))

    def _forget(self, execution: str) -> None:
        self._todo = deque(
            todo for todo in self._todo if not (isinstance(todo, RunActivity) and todo.execution == execution)
        )

    def _arm(self, timer: str, name: str, due: datetime) -> None:
        async def wait() -> None:
            await workflow.sleep(self.life.clock.wall_until(due, self.now()), summary=name)
            self._fired[timer] = due

        self._timers[timer] = asyncio.create_task(wait())

    def _disarm(self, timer: str) -> None:
        self._fired.pop(timer, None)
        waiting = self._timers.pop(timer, None)
        if waiting is not None:
            waiting.cancel()
