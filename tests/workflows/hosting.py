"""Lets a small diagram live as a real workflow on the real server, with a store that is a few
dicts.

What the host asks of the store is recorded, so that a test reads what a lead waits for. Every run
ends by replaying the history that it made.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from temporalio import activity
from temporalio.client import WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from cases.contracts import (
    Advanced,
    CaseInput,
    LifeAtRest,
    Message,
    ProcessRef,
    Ran,
    Settlement,
    Step,
    VisitLine,
    WakeUp,
    Withdrawal,
)
from cases.states import MessageKind
from tests.timetravel import A_MOMENT, by_hand, travel
from tests.workflows.bpmn.diagrams import definitions as drawn
from workflows import definitions
from workflows.case import CaseWorkflow, FormerCaseWorkflow
from workflows.errands import Errand
from workflows.stretch import Stretch

RUNNER = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules("cases", "workflows", "rules")
)
WAYS = (CaseWorkflow, FormerCaseWorkflow)
"""How lives go on: a wake-up is one activity, or each step is one."""
Answer = Callable[[Step], dict[str, Any]]


@dataclass
class Store:
    """What the activities did: steps in order, tasks by status, the last place, the way there as
    the store keeps it."""

    answers: dict[str, Answer] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    instants: list[datetime] = field(default_factory=list)
    tasks: dict[str, str] = field(default_factory=dict)
    elements: dict[str, str] = field(default_factory=dict)
    place: list[str] = field(default_factory=list)
    incidents: list[tuple[str, str, str]] = field(default_factory=list)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    migrations: list[list[dict[str, Any]]] = field(default_factory=list)
    signals: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    visits: dict[str, VisitLine] = field(default_factory=dict)
    rests: list[LifeAtRest] = field(default_factory=list)
    ended: bool = False
    told: dict[tuple[str, int], Advanced] = field(default_factory=dict)
    leaves_timers: bool = True

    def open_task(self, element: str) -> str:
        """The id of the one open task at an element."""
        (found,) = [task for task, status in self.tasks.items() if status == "open" and self.elements[task] == element]
        return found

    @property
    def path(self) -> list[tuple[str, str | None]]:
        """Every visit in order: the element, and how it ended."""
        return [(self.visits[one].element, self.visits[one].how) for one in sorted(self.visits, key=int)]

    def _note(self, line: VisitLine) -> None:
        known = self.visits.get(line.execution)
        if line.entered_at is not None:
            self.visits[line.execution] = line
        elif known is not None:
            self.visits[line.execution] = replace(line, entered_at=known.entered_at, via=known.via)

    def activities(self, *more: Callable[..., Any]) -> list[Callable[..., Any]]:
        """What the host asks for, ``work``, and ``more`` that diagrams name."""

        @activity.defn(name="settle")
        async def settle(what: Settlement) -> bool:
            for task in what.open:
                self.tasks.setdefault(task.task_id, "open")
                self.elements[task.task_id] = task.element
            for task_id in what.withdraw:
                self.tasks[task_id] = "withdrawn"
            for line in what.rest.visits:
                self._note(line)
            self.rests.append(what.rest)
            self.place = [mark.element for mark in what.rest.place if mark.waits_for != "scope"]
            self.ended = what.ended
            return True

        @activity.defn(name="withdraw")
        async def withdraw(what: Withdrawal) -> bool:
            if self.taken & set(what.tasks):
                return False
            self.tasks.update(dict.fromkeys(what.tasks, "withdrawn"))
            return True

        @activity.defn(name="record_incident")
        async def record_incident(step: Step) -> dict[str, Any]:
            self.incidents.append((str(step.data["failed"]), step.element, str(step.data["kind"])))
            return {}

        @activity.defn(name="work")
        async def work(step: Step) -> dict[str, Any]:
            if step.key not in self.results:  # as the real ones do: Temporal may run a step again
                self.results[step.key] = self.answers.get(step.element, lambda _: {})(step)
                self.steps.append(step.element)
                self.instants.append(step.at)
            return self.results[step.key]

        @activity.defn(name="record_migration")
        async def record_migration(step: Step) -> dict[str, Any]:
            self.migrations.append(step.data["reasons"])
            return {}

        @activity.defn(name="throw_signal")
        async def throw_signal(step: Step) -> dict[str, Any]:
            self.signals.append(step.data)
            return {}

        @activity.defn(name="send_message")
        async def send_message(step: Step) -> dict[str, Any]:
            self.sent.append(step.data)
            return {}

        steps = (record_incident, record_migration, throw_signal, send_message, work, *more)
        by_name = {name_of(one): one for one in steps}

        async def go_on(wake: WakeUp) -> Advanced:
            if wake.claim is not None and not await withdraw(wake.claim):
                return Advanced(wake.cause, granted=False)
            stretch, ran = Stretch.of(wake), list[Ran]()
            while (todo := stretch.next()) is not None:
                if not isinstance(todo, Errand):
                    continue
                try:
                    result = await by_name[todo.activity](stretch.step(todo))
                except ApplicationError:  # is done by itself
                    return Advanced(wake.cause, tuple(ran), rested=False)
                ran.append(Ran(todo.name, result))
                stretch.done(todo, result)
            settlement = stretch.settlement()
            assert settlement is not None
            await settle(settlement)
            return Advanced(wake.cause, tuple(ran))

        @activity.defn(name="advance")
        async def advance(wake: WakeUp) -> Advanced:
            named = (wake.run, wake.number)
            if named in self.told:
                return self.told[named]
            told = replace(await go_on(wake), leaves_timers=self.leaves_timers)
            if told.granted:  # of a claim that is not granted nothing is kept
                self.told[named] = told
            return told

        return [settle, withdraw, advance, *steps]


def name_of(run: Callable[..., Any]) -> str:
    """What Temporal calls an activity."""
    definition = activity._Definition.from_callable(run)
    assert definition is not None
    return str(definition.name)


@dataclass
class Life:
    """One workflow under test; its messages are numbered as the outbox would."""

    env: WorkflowEnvironment
    handle: WorkflowHandle[Any, Any]
    store: Store
    born: datetime
    seq: int = 1

    def message(self, kind: str, at: datetime | None = None, **data: Any) -> Message:
        """The next message of this lead, not yet delivered."""
        self.seq += 1
        return Message(self.seq, kind, at or self.born, data)

    async def tell(self, *messages: Message) -> None:
        for message in messages:
            await self.handle.signal(CaseWorkflow.tell, message)

    async def done(self, element: str, at: datetime | None = None, **data: Any) -> None:
        """Somebody completes the open task at an element."""
        await self.tell(self.message(MessageKind.TASK_COMPLETED, at, task_id=self.store.open_task(element), **data))

    async def pass_time(self, by: timedelta) -> bool:
        return await travel(self.env, self.handle.id, by + A_MOMENT)

    async def rest(self) -> list[str]:
        """Waits until all that was sent has been worked off; gives the places of the tokens."""
        for _ in range(400):
            if await self.handle.query(CaseWorkflow.settled) is not None:
                break
        marks = await self.handle.query(CaseWorkflow.place)
        return [mark.element for mark in marks]


def deploy(text: str, version: int = 1, *, loaded: bool = True) -> tuple[ProcessRef, ...]:
    """What a diagram's processes are called, the first one first; unless ``loaded``, no worker has
    them in memory."""
    processes = drawn(text).processes
    sha = hashlib.sha256(text.encode()).hexdigest()
    if loaded:
        definitions.keep(sha, processes.values())
    return tuple(ProcessRef(key, version, sha) for key in processes)


@asynccontextmanager
async def living(
    env: WorkflowEnvironment,
    text: str,
    *,
    answers: dict[str, Answer] | None = None,
    way: type[CaseWorkflow] = CaseWorkflow,
    **options: Any,
) -> AsyncIterator[Life]:
    """Runs a diagram as a lead; afterwards the history is replayed, which must go as it went."""
    main, *called = deploy(text)
    store = Store(answers=answers or {})
    queue = f"q-{uuid4()}"
    born = datetime.now(UTC).replace(microsecond=0)
    life = CaseInput(
        case_id=str(uuid4()),
        process=main,
        called=tuple(called),
        first=Message(1, MessageKind.LEAD_CREATED, born, {}),
        **options,
    )
    async with Worker(
        env.client,
        task_queue=queue,
        workflows=WAYS,
        activities=store.activities(),
        workflow_runner=RUNNER,
    ):
        handle = await by_hand(env).start_workflow(way.run, life, id=f"lead-{life.case_id}", task_queue=queue)
        lived = Life(env, handle, store, born)
        yield lived
        if (await handle.describe()).status == 1:
            await handle.terminate("test is over")
    await replay(lived)


async def replay(life: Life) -> None:
    """The history made must replay; each run of a continued workflow on its own."""
    replayer = Replayer(workflows=WAYS, workflow_runner=RUNNER, data_converter=life.env.client.data_converter)
    runs = [one async for one in life.env.client.list_workflows(f'WorkflowId = "{life.handle.id}"')]
    for one in runs:
        history = await life.env.client.get_workflow_handle(one.id, run_id=one.run_id).fetch_history()
        await replayer.replay_workflow(history)


def refuses(kind: str) -> Answer:
    """An activity that fails for good."""

    def answer(step: Step) -> dict[str, Any]:
        raise ApplicationError(kind, type=kind, non_retryable=True)

    return answer


def throws(code: str) -> Answer:
    """An activity that throws a BPMN error."""

    def answer(step: Step) -> dict[str, Any]:
        raise ApplicationError("bpmn error", code, type="BpmnError", non_retryable=True)

    return answer
