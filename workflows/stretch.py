"""A life between two rests: where its process stands, what it has asked for and is yet to be done,
and what the store has not heard of.

It is pure. The host goes through it in a workflow, ``activities.ahead`` in a transaction: both come
by the same errands in the same order, because both ask the same program.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from cases.contracts import (
    BPMN_ERROR,
    INPUT_REFUSED,
    TOO_MUCH,
    Carried,
    CaseInput,
    Cause,
    Message,
    ProcessRef,
    Settlement,
    Step,
    TaskToOpen,
    Variables,
    WakeUp,
    Withdrawal,
)
from cases.states import BIRTHS, STARTING, MessageKind
from cases.step_key import StepKey
from workflows import definitions, errands
from workflows.bpmn import (
    ActivityDone,
    CancelActivity,
    Command,
    ErrorThrown,
    Event,
    MessageArrived,
    OpenTask,
    RaiseIncident,
    Refused,
    RunActivity,
    SendMessage,
    State,
    ThrowSignal,
    TimerFired,
    WithdrawTask,
    begin,
    step,
)
from workflows.bpmn.migration import DoesNotFit, Plan, Reason, migrate
from workflows.errands import Errand, TimerCommand, Todo
from workflows.meanings import events_of
from workflows.unsettled import Unsettled


class Stretch:
    """One process instance of one case. ``life`` is what its next run begins with: a migration
    changes the versions.

    Raises ``NotLoaded`` when a version that the life names is not in memory yet.
    """

    def __init__(self, life: CaseInput, run: str, applied: int) -> None:
        self.life = life
        self.applied = applied
        self.comeback: Message | None = None
        self.state: State
        self.at: datetime
        self._run = run
        self._program = definitions.program((life.process, *life.called))
        self._todo: deque[Todo] = deque()
        self._unsettled = Unsettled()
        self._incidents = 0

    # -- beginnings -------------------------------------------------------------------------------

    @classmethod
    def begun(cls, life: CaseInput, run: str, applied: int) -> Stretch:
        """The life's process at its none start, or at the start event of the message that brings it
        back."""
        self = cls(life, run, applied)
        first = life.first
        message = None if first.kind in BIRTHS else first.kind
        self.at = first.at
        self.state, commands = begin(
            self._program, life.process.key, first.data, first.at, message=message, trace=self._unsettled.trace
        )
        self._hear(commands)
        return self

    @classmethod
    def resumed(cls, life: CaseInput, carried: Carried, run: str, applied: int) -> Stretch:
        """Goes on where the previous run stopped."""
        self = cls(life, run, applied)
        self.at = carried.at
        self.state = State.from_json(carried.state)
        self.comeback = carried.comeback
        self._unsettled = Unsettled(self.state, carried.tasks, carried.next_seq - 1)
        return self

    @classmethod
    def of(cls, wake: WakeUp) -> Stretch:
        """As the workflow saw it when it asked (``wake_up``): enough to come to the same rest."""
        first = Message(wake.life, "", wake.started_at)
        life = CaseInput(wake.case_id, wake.process, wake.called, first, kind=wake.kind)
        self = cls(life, wake.run, wake.applied)
        self.at = wake.at
        self.state = State.from_json(wake.state)
        self._todo.extend(errands.read(row) for row in wake.todo)
        self._unsettled = Unsettled.of(wake)
        self._incidents = wake.incidents
        return self

    def copy(self) -> Stretch:
        """One that may be taken further and dropped."""
        other = object.__new__(Stretch)
        other.__dict__.update(self.__dict__)
        other._todo, other._unsettled = deque(self._todo), self._unsettled.copy()
        return other

    # -- what happens -----------------------------------------------------------------------------

    def take(self, message: Message) -> None:
        """Applies the next fact that the store has committed. Raises ``NotLoaded`` before anything
        has changed when it names a version that is not in memory yet."""
        self.applied = message.seq
        if message.kind == MessageKind.MIGRATED:
            self._migrate(message)
        elif message.kind in STARTING and not self.waits_for(MessageArrived(message.kind, message.data)):
            self.comeback = message
        else:
            for event in events_of(message, self):
                self.tell(event, message.at)

    def tell(self, event: Event, at: datetime) -> None:
        """Applies one event. Instants never run backwards within an instance."""
        self.at = max(self.at, at)
        self.state, commands = step(self._program, self.state, event, self.at, trace=self._unsettled.trace)
        self._hear(commands)

    def _migrate(self, message: Message) -> None:
        """Goes on in other versions as the message's plan says, or stays where it is; an errand
        says which, and why.

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
        name = f"migrated:{message.seq}"
        self._todo.appendleft(Errand("record_migration", name, process.key, answer, summary, reports=True))

    def waits_for(self, event: Event) -> bool:
        """Whether the process would do something with this event now, rather than refuse or keep
        it."""
        state, commands = step(self._program, self.state, event, self.at)
        return len(state.buffer) == len(self.state.buffer) and not any(isinstance(one, Refused) for one in commands)

    def execution_of(self, task_id: str) -> str | None:
        """The execution that waits for this task; None when the process has moved on."""
        return self._unsettled.tasks.get(task_id)

    def fire(self, timer: str, at: datetime, *, late: bool) -> Withdrawal | None:
        """Applies a timer; gives what has to be asked first.

        A deadline that ends open tasks, or that comes late after an outage, must ask the store:
        what somebody stated before it and the process has not seen comes first.
        """
        self.tell(TimerFired(timer), at)
        ending = [self._task_id(one.execution) for one in self._todo if isinstance(one, WithdrawTask)]
        settled = tuple(task for task in ending if self._unsettled.knows(task))
        if not (settled or late):
            return None
        return Withdrawal(self.life.case_id, settled, self.at, self.applied, self.life.kind)

    # -- errands ----------------------------------------------------------------------------------

    def next(self) -> Errand | TimerCommand | None:
        """What is to be done next by somebody else; None when the process only waits."""
        while self._todo:
            todo = self._todo.popleft()
            match todo:
                case TaskToOpen():
                    self._unsettled.open(todo)
                case WithdrawTask():
                    self._unsettled.withdraw(self._task_id(todo.execution))
                case Errand():
                    self._unsettled.acted |= bool(todo.execution)
                    return todo
                case _:
                    return todo
        return None

    def step(self, errand: Errand) -> Step:
        """The errand as an activity's input."""
        return Step(self.life.case_id, self._key(errand.name), errand.element, self.at, errand.data, self.life.kind)

    def done(self, errand: Errand, result: Variables) -> None:
        """It was done."""
        if errand.execution:
            self.tell(ActivityDone(errand.execution, result), self.at)

    def failed(self, errand: Errand, kind: str, code: str) -> None:
        """It failed for good: a BPMN error that the diagram may catch, or an incident at which the
        process waits until it is retried."""
        if kind == BPMN_ERROR and errand.execution:
            self.tell(ErrorThrown(errand.execution, code, {}), self.at)
            return
        told = TOO_MUCH if kind == TOO_MUCH else "activity_failed"
        why = code if kind == INPUT_REFUSED else kind
        message = f"{errand.activity}: {why}"
        self._todo.appendleft(self._report(errand.own_execution, errand.element, told, message))

    # -- rests ------------------------------------------------------------------------------------

    def settlement(self) -> Settlement | None:
        """What the store has to hear of this rest; None if it knows."""
        return self._unsettled.settlement(self.life, self.state, self.at, self.applied)

    def settled(self) -> None:
        """The store has heard of it."""
        self._unsettled.settled(self.state, self.applied)

    def carry(self) -> Carried:
        """What the next run needs; call it at rest. The inbox is the caller's."""
        tasks = dict(self._unsettled.tasks)
        return Carried(state=self.state.to_json(), next_seq=0, at=self.at, tasks=tasks, comeback=self.comeback)

    @property
    def words(self) -> str:
        """What the next step is called on screens, or that there is none."""
        return next((one.summary for one in self._todo if isinstance(one, Errand)), "at rest")

    def wake_up(self, number: int, cause: Cause, claim: Withdrawal | None) -> WakeUp | None:
        """All that somebody else needs to go on from here; None when nothing is to be done or
        told."""
        asks = any(not isinstance(one, TimerCommand) for one in self._todo)
        if not asks and claim is None and self.settlement() is None:
            return None
        life = self.life
        return WakeUp(
            case_id=life.case_id,
            kind=life.kind,
            run=self._run,
            number=number,
            cause=cause,
            life=life.first.seq,
            started_at=life.first.at,
            process=life.process,
            called=life.called,
            at=self.at,
            applied=self.applied,
            state=self.state.to_json(),
            todo=tuple(row for one in self._todo if (row := errands.written(one)) is not None),
            incidents=self._incidents,
            claim=claim,
            **self._unsettled.to_json(),
        )

    # -- small mechanics --------------------------------------------------------------------------

    def _hear(self, commands: Iterable[Command]) -> None:
        for command in commands:
            match command:
                case CancelActivity():  # before its turn comes, or a cancelled step would still be done
                    self._forget(command.execution)
                case RunActivity():
                    summary = command.name or command.element
                    execution = command.execution
                    self._ask(command.activity, execution, command.element, command.data, summary, execution)
                case SendMessage():
                    data = {"message": command.message, **command.data}
                    self._ask("send_message", command.execution, command.element, data, command.name)
                case ThrowSignal():
                    data = {"signal": command.signal, **command.data}
                    self._ask("throw_signal", command.execution, command.element, data, command.name)
                case RaiseIncident():
                    self._todo.append(self._report(command.execution, command.element, command.kind, command.message))
                case OpenTask():
                    opened = self._task_id(command.execution)
                    said = (command.kind, command.role, command.due, command.why, command.about or "")
                    self._todo.append(TaskToOpen(opened, command.element, *said, execution=command.execution))
                case Refused():
                    pass  # came too late
                case _:
                    self._todo.append(command)

    def _ask(self, activity: str, name: str, element: str, data: Variables, summary: str, execution: str = "") -> None:
        self._todo.append(Errand(activity, name, element, data, summary, execution))

    def _report(self, execution: str, element: str, kind: str, message: str) -> Errand:
        """Makes a step that could not be done visible."""
        self._incidents += 1
        # Under the failed step's own name its result would be stored, and the retry would find that
        # and do nothing.
        name = f"{execution}:incident:{self._run}:{self._incidents}"
        data: Variables = {"failed": self._key(execution), "element": element, "kind": kind, "message": message}
        return Errand("record_incident", name, element, data, f"incident: {kind}", reports=True)

    def _forget(self, execution: str) -> None:
        self._todo = deque(one for one in self._todo if not (isinstance(one, Errand) and one.execution == execution))

    def _key(self, name: str) -> str:
        return str(StepKey(self.life.case_id, self.life.first.seq, name))

    def _task_id(self, execution: str) -> str:
        return str(uuid5(NAMESPACE_OID, self._key(execution)))
