"""Lets a process of the suite live as a real workflow on the real server; its scripts are
activities."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from temporalio import activity
from temporalio.client import WorkflowExecutionStatus
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from cases.contracts import BPMN_ERROR, CaseInput, Message, ProcessRef, Step
from cases.states import MessageKind
from cli.conformance.stays import Stays
from cli.conformance.translation import mark_of, sets_marker, throws
from tests.timetravel import by_hand
from tests.workflows.hosting import RUNNER, WAYS, Life, Store, replay
from workflows import definitions as loaded
from workflows.bpmn import Definitions, closure
from workflows.case import CaseWorkflow


@dataclass
class Marks:
    """What the activities of one life have left; a step that Temporal runs again leaves nothing
    twice."""

    left: Counter[str] = field(default_factory=Counter[str])
    marker: bool = False
    stays: Stays = field(default_factory=Stays)
    _steps: set[str] = field(default_factory=set[str])

    def activities(self, definitions: Definitions) -> list[Callable[..., Any]]:
        """One for each script of the file."""
        elements = (element for process in definitions.processes.values() for element in process.elements.values())
        return [self._script(name) for name in {e.work.activity for e in elements} - {""}]

    def _script(self, name: str) -> Callable[..., Any]:
        @activity.defn(name=name)
        async def run(step: Step) -> dict[str, Any]:
            if step.key not in self._steps:
                self._steps.add(step.key)
                mark = mark_of(name)
                self.left.update([mark] if mark else [])
                self.marker |= sets_marker(name)
                self.stays.note(name, step.at)
            if throws(name):
                code = str(step.data["code"])
                raise ApplicationError(code, code, type=BPMN_ERROR, non_retryable=True)
            return {}

        return run


@dataclass
class Played:
    """One process that lives, and the marks it has left so far."""

    life: Life
    marks: Marks

    @property
    def incidents(self) -> set[str]:
        return {kind for _, _, kind in self.life.store.incidents}

    async def rest(self) -> None:
        """Waits until all that can be done now is done, or the process has ended."""
        for _ in range(400):
            if not await self._running() or await self.life.handle.query(CaseWorkflow.settled) is not None:
                return
        raise AssertionError("the workflow never comes to rest")

    async def end(self) -> None:
        """Ends what still waits: a token that nothing will ever move."""
        if await self._running():
            await self.life.handle.terminate("test is over")

    async def _running(self) -> bool:
        return (await self.life.handle.describe()).status == WorkflowExecutionStatus.RUNNING


@asynccontextmanager
async def playing(
    env: WorkflowEnvironment, definitions: Definitions, key: str, variables: dict[str, Any]
) -> AsyncIterator[Played]:
    """Runs a process of a file with these variables; afterwards its history is replayed, which must
    go as it went."""
    program = closure(definitions.processes, key)
    sha = hashlib.sha256(f"{definitions.id} {key}".encode()).hexdigest()
    loaded.keep(sha, program.values())
    store, marks = Store(), Marks()
    queue = f"q-{uuid4()}"
    born = datetime.now(UTC).replace(microsecond=0)
    life = CaseInput(
        case_id=str(uuid4()),
        process=ProcessRef(key, 1, sha),
        called=tuple(ProcessRef(called, 1, sha) for called in program if called != key),
        first=Message(1, MessageKind.LEAD_CREATED, born, variables),
    )
    async with Worker(
        env.client,
        task_queue=queue,
        workflows=WAYS,
        activities=store.activities(*marks.activities(definitions)),
        workflow_runner=RUNNER,
    ):
        handle = await by_hand(env).start_workflow(CaseWorkflow.run, life, id=f"lead-{life.case_id}", task_queue=queue)
        played = Played(Life(env, handle, store, born), marks)
        await played.rest()
        yield played
        await played.end()
    await replay(played.life)
