"""Carries facts from the store to Temporal: starts workflows and sends signals, at least once, in
each case's order.

Runs in the worker. A notification from PostgreSQL wakes it, a slow poll catches what a lost one
would have missed. A batch is claimed, delivered and marked in one transaction: when the relay dies
on the way, the locks go with its connection and somebody else delivers the batch again, which start
and signal both stand (DESIGN, idea 1).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from weakref import WeakKeyDictionary

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetStickyTaskQueueRequest
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from cases.actors import EVERYTHING, SYSTEM
from cases.clock import Clock
from cases.contracts import TASK_QUEUE, WORKFLOW, CaseInput, Message, ProcessRef
from cases.errors import BatonError
from cases.ids import workflow_id
from cases.states import BIRTHS, STARTING
from server import loop
from server.ear import Ear
from server.loop import Loop, Then
from server.temporal import FORGOTTEN, TAKEN_OVER
from store.engine import delivery
from store.engine.delivery import Claimed
from store.engine.outbox import CHANNEL
from store.session import Database, Tx
from store.tables import definitions

log = structlog.get_logger("relay")

SIGNAL = "tell"
AWAY = "temporal_unavailable"
"""``last_error`` of a message that Temporal could not be reached for."""

_AWAY_CODES = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})


class Metrics:
    """What ``/metrics`` shows of the relay."""

    def __init__(self, registry: CollectorRegistry | None) -> None:
        self.pending = Gauge("baton_outbox_pending", "Messages that wait for delivery", registry=registry)
        self.oldest = Gauge("baton_outbox_oldest_seconds", "Age of the oldest waiting message", registry=registry)
        self.delivered = Counter("baton_outbox_delivered", "Messages delivered", ["kind"], registry=registry)
        self.failures = Counter("baton_outbox_failures", "Failed attempts", ["error"], registry=registry)


_metrics: WeakKeyDictionary[CollectorRegistry, Metrics] = WeakKeyDictionary()


def _metrics_for(registry: CollectorRegistry) -> Metrics:
    # Prometheus refuses a name twice, and one process may run several relays.
    if registry not in _metrics:
        _metrics[registry] = Metrics(registry)
    return _metrics[registry]


@dataclass(frozen=True, slots=True)
class Pace:
    """How the relay works, in seconds of wall time: batch size, batches at a time, patience,
    back-off."""

    batch: int = 32
    lanes: int = 2
    poll: float = 5.0  # what a lost notification would have told, or a relay that died had in hand, waits so long
    call: float = 5.0  # a call to Temporal, with all that the SDK tries again; as long may a batch hold a connection
    first_delay: float = 0.5  # after a first failure; doubles with every further one
    longest_delay: float = 5.0  # with the next start of what was away, all that is lost after an outage
    measure: float = 5.0
    fresh: float = FORGOTTEN.total_seconds()  # after its start, in which it frees whom it tells from a dead worker

    def delay(self, attempts: int) -> float:
        """Exponential back-off with jitter, so that what failed together does not come back
        together."""
        return loop.delay(attempts, self.first_delay, self.longest_delay)


class Relay:
    """One relay; any number may run side by side.

    ``client`` must use the workers' data converter. ``clock`` goes into each workflow's input.
    Without an ``ear`` of the worker it has one of its own.
    """

    def __init__(
        self,
        db: Database,
        client: Client,
        *,
        clock: Clock,
        ear: Ear | None = None,
        pace: Pace | None = None,
        task_queue: str = TASK_QUEUE,
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        self._db = db
        self._client = client
        self._clock = clock
        self._pace = pace or Pace()
        self._task_queue = task_queue
        self._metrics = _metrics_for(registry)
        heard = ear or Ear(db, name="relay_ear", patience=self._pace.call)
        self._own = () if ear else (heard,)
        self._loops = [
            self._loop("relay_measure", self._measure, self._pace.measure),
            *(
                self._loop(f"relay_{lane}", self._lane, self._pace.poll, heard.on(CHANNEL))
                for lane in range(1, self._pace.lanes + 1)
            ),
        ]
        self._begun = time.monotonic()
        self._closures: dict[tuple[ProcessRef, frozenset[ProcessRef]], tuple[ProcessRef, ...]] = {}
        self._was_away = True  # for all it knows: what one before it put off would wait although Temporal is back

    async def run(self) -> None:
        """Delivers until ``stop`` is called; finishes the batches in hand first. Outages end by
        themselves."""
        async with asyncio.TaskGroup() as group:
            for one in (*self._loops, *self._own):
                group.create_task(one.run())

    def stop(self) -> None:
        """Asks ``run`` to come to an end."""
        for one in (*self._loops, *self._own):
            one.stop()

    def _loop(self, name: str, work: loop.Work, poll: float, wake: asyncio.Event | None = None) -> Loop:
        pace = self._pace
        return Loop(name, work, poll, wake=wake, first_delay=pace.first_delay, longest_delay=pace.longest_delay)

    async def drain(self) -> int:
        """Delivers until nothing is due; returns how many messages were delivered. For tests and
        commands."""
        total = 0
        while True:
            count, done = await self._one_batch()
            total += done
            if not count:
                return total

    # -- delivery

    async def _lane(self) -> Then | float:
        claimed, done = await self._one_batch()
        if not claimed:
            return await self._until_next()
        if claimed and not done:
            return Then.RETREAT  # nothing gets through: spare both sides
        # What was delivered has freed its cases' next messages.
        return Then.AGAIN if done == claimed else self._pace.first_delay

    async def _until_next(self) -> float:
        """How long nothing is due: what failed is tried again on time, whoever failed."""
        async with self._db.transaction(SYSTEM, EVERYTHING) as tx:
            due = await delivery.seconds_until_next(tx)
        # What is due already is in another's hands, or behind what is.
        return self._pace.poll if due is None else max(due, self._pace.first_delay)

    async def _one_batch(self) -> tuple[int, int]:
        """Claims, delivers and marks one batch; returns how many were claimed and how many got
        through."""
        async with self._db.transaction(SYSTEM, EVERYTHING) as tx:
            batch = await delivery.claim(tx, self._pace.batch)
            if not batch:
                return 0, 0
            called = await self._called(tx, batch)
            results = await asyncio.gather(*(self._deliver(one, called) for one in batch))
            notes = {one.id: note for one, (note, error) in zip(batch, results, strict=True) if error is None}
            failures = [
                (one.id, error, self._pace.delay(one.attempts))
                for one, (_, error) in zip(batch, results, strict=True)
                if error is not None
            ]
            if notes:
                await delivery.delivered(tx, notes)
            if failures:
                await delivery.failed(tx, failures)
            if notes and self._was_away:
                await delivery.hasten(tx, AWAY)
        self._was_away = any(error == AWAY for _, error, _ in failures)
        for one in batch:
            if one.id in notes:
                self._metrics.delivered.labels(one.kind).inc()
        for _, error, _ in failures:
            self._metrics.failures.labels(error).inc()
        if failures:
            errors = sorted({error for _, error, _ in failures})
            log.warning("messages not delivered", count=len(failures), errors=errors)
        return len(batch), len(notes)

    async def _deliver(
        self, one: Claimed, called: Mapping[int, tuple[ProcessRef, ...] | str]
    ) -> tuple[str | None, str | None]:
        """Delivers one message; returns (note, None) when it got through, (None, error) when it did
        not."""
        try:
            # ``rpc_timeout`` bounds one attempt; the SDK goes on trying for ten seconds
            # (RetryConfig).
            async with asyncio.timeout(self._pace.call):
                message = Message(one.seq, one.kind, one.at, dict(one.data))
                if one.kind not in STARTING:
                    return await self._signal(one, message), None
                pinned = called[one.id]
                if isinstance(pinned, str):
                    return None, pinned
                start = CaseInput(str(one.case_id), pinned[0], pinned[1:], message, self._clock.spec, kind=one.of)
                return await self._start(one, message, start), None
        except TimeoutError:
            return None, AWAY
        except RPCError as failure:
            return None, AWAY if failure.status in _AWAY_CODES else f"temporal_{failure.status.name.lower()}"
        except Exception as failure:
            return None, type(failure).__name__  # its text might repeat the payload

    async def _start(self, one: Claimed, message: Message, start: CaseInput) -> str | None:
        returns = one.kind not in BIRTHS
        try:
            await self._client.start_workflow(
                WORKFLOW,
                start,
                id=workflow_id(one.case_id, one.of),
                task_queue=self._task_queue,
                task_timeout=TAKEN_OVER,
                # A first life begins once, whatever became of it since; a further one follows an
                # ended run.
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE
                if returns
                else WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.UNSPECIFIED,
                # A run that is just closing gets the message and must look at it before it ends;
                # only if it has ended does a new run start, which then knows the message from its
                # input, too.
                start_signal=SIGNAL if returns else None,
                start_signal_args=[message] if returns else [],
                static_summary=f"{one.of} {one.case_id}",
                # The first task comes with the answer if the worker beside this relay has a slot: a
                # quarter of Temporal's work for a lead that comes alone. A start with a signal
                # cannot.
                request_eager_start=not returns,
                rpc_timeout=timedelta(seconds=self._pace.call),
            )
        except WorkflowAlreadyStartedError:
            return "already_started"
        return None

    async def _signal(self, one: Claimed, message: Message) -> str | None:
        handle = self._client.get_workflow_handle(workflow_id(one.case_id, one.of))
        try:
            if time.monotonic() - self._begun < self._pace.fresh:
                await self._free(handle.id)
            await handle.signal(SIGNAL, message, rpc_timeout=timedelta(seconds=self._pace.call))
        except RPCError as failure:
            if failure.status is not RPCStatusCode.NOT_FOUND:
                raise
            # Its start was delivered before (order), so the run has ended; there is nobody left to
            # tell.
            return "workflow_ended"
        return None

    async def _free(self, workflow: str) -> None:
        """What a workflow is told next goes to any worker: the one that has it in memory may have
        died, and a task would wait in that one's own queue."""
        asked = ResetStickyTaskQueueRequest(
            namespace=self._client.namespace, execution=WorkflowExecution(workflow_id=workflow)
        )
        with suppress(RPCError):  # what is wrong, the signal is told, too
            await self._client.workflow_service.reset_sticky_task_queue(
                asked, timeout=timedelta(seconds=self._pace.call)
            )

    async def _called(self, tx: Tx, batch: tuple[Claimed, ...]) -> dict[int, tuple[ProcessRef, ...] | str]:
        """For each life that starts in this batch: its process and what that calls, pinned.

        A case's first life runs on the version that its birth recorded, a further one on the
        newest.
        """
        starting = [one for one in batch if one.kind in STARTING]
        if not starting:
            return {}
        newest = {key: ref for key, (ref, _) in (await definitions.newest_refs(tx)).items()}
        deployed = frozenset(newest.values())
        if any(known != deployed for _, known in self._closures):  # nobody asks for those any more
            self._closures = {key: called for key, called in self._closures.items() if key[1] == deployed}
        found: dict[int, tuple[ProcessRef, ...] | str] = {}
        for one in starting:
            again = one.kind not in BIRTHS
            process = newest.get(one.process.key, one.process) if again else one.process
            if (process, deployed) not in self._closures:
                try:
                    self._closures[process, deployed] = await definitions.closure(tx, process)
                except BatonError as failure:
                    found[one.id] = failure.code
                    continue
            found[one.id] = (process, *self._closures[process, deployed])
        return found

    # -- measuring

    async def _measure(self) -> Then:
        async with self._db.transaction(SYSTEM, EVERYTHING) as tx:
            backlog = await delivery.backlog(tx)
        self._metrics.pending.set(backlog.pending)
        self._metrics.oldest.set(backlog.oldest_seconds)
        return Then.REST
