"""Process instances of ten steps, created and finished, against bare workflows that do each step as
a local activity.

Both sides run on the same server, each with a worker of its own whose activities do nothing: what
is compared is the interpreter and its host with a workflow that was written by hand.
"""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psutil
import uvloop
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from bench.drawn import line
from bench.report import Cell, Result, spread
from bench.shape import shape_of
from bench.stack import Stack, cpu_of, helper, spent
from cases.contracts import Advanced, CaseInput, Message, ProcessRef, Ran, Settlement, Step, WakeUp
from cases.states import MessageKind
from server.temporal import data_converter
from workflows import definitions
from workflows.bpmn import read
from workflows.case import CaseWorkflow
from workflows.errands import Errand
from workflows.stretch import Stretch

QUEUE = "ten-steps"
STEPS = 10
LANES = 16
PATIENCE = 300.0
_XML = line(STEPS)
_SHA = hashlib.sha256(_XML).hexdigest()


@activity.defn(name="work")
async def work(what: Step) -> dict[str, Any]:
    """A step without work."""
    return {}


@activity.defn(name="settle")
async def settle(what: Settlement) -> bool:
    """A rest that nobody reads."""
    return True


@activity.defn(name="advance")
async def advance(wake: WakeUp) -> Advanced:
    """A wake-up whose steps have no work."""
    stretch, ran = Stretch.of(wake), list[Ran]()
    while (todo := stretch.next()) is not None:
        if isinstance(todo, Errand):
            ran.append(Ran(todo.name, {}))
            stretch.done(todo, {})
    return Advanced(wake.cause, tuple(ran))


@workflow.defn
class TenSteps:
    """The same steps, written by hand: a local activity each, and one where an instance tells how
    it rests."""

    @workflow.run
    async def run(self, first: Step) -> str:
        limit = timedelta(seconds=20)
        for _ in range(STEPS + 1):
            await workflow.execute_local_activity("work", first, result_type=dict, start_to_close_timeout=limit)
        return "end"


async def compare(stack: Stack, *, count: int, rounds: int) -> Result:
    """Instances and bare workflows in turn; medians, and the median of the ratios."""
    client = await Client.connect(stack.temporal, data_converter=data_converter)
    pairs: list[tuple[dict[str, float], dict[str, float]]] = []
    async with helper("bench.instances", stack.temporal) as process:
        worker = psutil.Process(process.pid)
        for number in range(rounds + 1):  # the first is the warm-up
            ours = await _side(stack, client, worker, count, CaseWorkflow.run, _lead)
            bare = await _side(stack, client, worker, count, TenSteps.run, _step)
            if number:
                pairs.append((ours, bare))
        shape = await shape_of(client.get_workflow_handle(await _one(client, CaseWorkflow.run, _lead)))
        floor = await shape_of(client.get_workflow_handle(await _one(client, TenSteps.run, _step)))
    assert (shape.local_activities, floor.local_activities) == (1, STEPS + 1)
    ratio = statistics.median(ours["per second"] / bare["per second"] for ours, bare in pairs)
    rows = (_row("instances", [ours for ours, _ in pairs]), _row("bare workflows", [bare for _, bare in pairs]))
    return Result(
        "instances",
        f"Ten-step instances created and finished ÷ bare workflows: {ratio:.2f}",
        rows,
        {"ratio": ratio, "instances_per_second": float(rows[0]["per second"] or 0)},
        (
            f"medians of {rounds} rounds of {count}; {shape.local_activities} local activity against"
            f" {floor.local_activities}; CPU in ms each",
        ),
    )


async def _side(
    stack: Stack, client: Client, worker: psutil.Process, count: int, run: Any, argument: Any
) -> dict[str, float]:
    numbers = iter(range(count))

    async def lane() -> None:
        for _ in numbers:
            await client.execute_workflow(run, argument(), id=f"ten-{uuid4()}", task_queue=QUEUE)

    def cpu() -> dict[str, float]:
        return {"worker": cpu_of(worker), "temporal": stack.cpu()["temporal"]}

    before, begun = cpu(), time.perf_counter()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(lane() for _ in range(LANES)))
    took = time.perf_counter() - begun
    used = {part: 1000 * seconds / count for part, seconds in spent(before, cpu()).items()}
    return {"per second": count / took, **used}


async def _one(client: Client, run: Any, argument: Any) -> str:
    name = f"ten-{uuid4()}"
    await client.execute_workflow(run, argument(), id=name, task_queue=QUEUE)
    return name


def _lead() -> CaseInput:
    first = Message(1, MessageKind.LEAD_CREATED, datetime.now(UTC), {})
    return CaseInput(str(uuid4()), ProcessRef("line", 1, _SHA), (), first)


def _step() -> Step:
    return Step(str(uuid4()), "key", "s0", datetime.now(UTC))


def _row(name: str, sides: list[dict[str, float]]) -> dict[str, Cell]:
    rates = [side["per second"] for side in sides]
    middle = {key: statistics.median(side[key] for side in sides) for key in sides[0]}
    return {"side": name, "per second": middle.pop("per second"), "spread": spread(rates), **middle}


async def serve(address: str) -> None:
    """The worker of both sides, until it is ended."""
    definitions.keep(_SHA, read(_XML).processes.values())
    client = await Client.connect(address, data_converter=data_converter)
    await Worker(
        client,
        task_queue=QUEUE,
        workflows=[CaseWorkflow, TenSteps],
        activities=[work, settle, advance],
        max_concurrent_workflow_tasks=100,
        workflow_runner=UnsandboxedWorkflowRunner(),  # this and the next as Baton's
        max_workflow_task_external_storage_concurrency=1,
    ).run()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1]))
