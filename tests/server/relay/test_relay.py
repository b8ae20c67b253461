"""What the store was told reaches Temporal: once started, in order, at least once, whoever is down
meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import text
from temporalio.api.enums.v1 import TaskQueueKind
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import worker
from cases.actors import EVERYTHING, SYSTEM
from cases.clock import SystemClock
from cases.contracts import CaseInput, ProcessRef
from cases.ids import workflow_id
from cases.states import MessageKind
from server.relay import Pace, Relay
from server.settings import Settings
from server.temporal import TAKEN_OVER
from store import migrate
from store.engine import outbox
from store.session import Database
from store.tables import definitions
from tests.server.relay.listener import Listener
from tests.servers import TemporalServer, private_postgres
from tests.store.births import AT, some_leads
from tests.timetravel import by_hand

RUNNER = SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules("cases"))
QUICK = Pace(poll=0.05, first_delay=0.02, longest_delay=0.2, call=2.0)


async def _deploy(database: Database) -> tuple[str, int, str]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.deploy_process(tx, "sale", "在经销商", b"<s/>", [], AT, "system")
        lead = await definitions.deploy_process(tx, "lead", "销售线索", b"<l/>", ["sale"], AT, "system")
    return lead.key, lead.version, lead.sha256


async def _leads(database: Database, count: int = 1) -> list[UUID]:
    process = await _deploy(database)
    leads = await some_leads(database, count, process=process)
    for lead in leads:
        await _tell(database, lead, MessageKind.LEAD_CREATED)
    return leads


async def _tell(database: Database, lead: UUID, kind: MessageKind) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await outbox.tell(tx, lead, kind, AT, {"grade": "H"})


async def _deliver_again(database: Database) -> None:
    """As if the relay had died between delivery and its mark."""
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text("UPDATE outbox SET delivered_at = NULL, next_attempt_at = now()"))


async def _outbox(database: Database, column: str) -> list[object]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        query = text(f"SELECT {column} FROM outbox ORDER BY case_id, seq")
        return list((await tx.session.execute(query)).scalars())


async def _until(condition: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 (another process decides)
            await asyncio.sleep(0.05)


async def _all_delivered(database: Database) -> bool:
    return None not in await _outbox(database, "delivered_at")


@asynccontextmanager
async def _running(relay: Relay) -> AsyncIterator[None]:
    running = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        relay.stop()
        await asyncio.wait_for(running, 15)


def _relay(database: Database, client: Client, queue: str, registry: CollectorRegistry | None = None) -> Relay:
    registry = registry or CollectorRegistry()
    return Relay(database, client, clock=SystemClock(), pace=QUICK, task_queue=queue, registry=registry)


@pytest.fixture
async def client(temporal: WorkflowEnvironment, request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    client = by_hand(temporal)
    async with Worker(client, task_queue=request.node.name, workflows=[Listener], workflow_runner=RUNNER):
        yield client


@pytest.fixture
def queue(request: pytest.FixtureRequest) -> str:
    return str(request.node.name)


async def _told(client: Client, lead: UUID) -> list[str]:
    return await client.get_workflow_handle(workflow_id(lead)).query(Listener.told)


async def test_starts_with_pinned_processes_and_signals_in_order(
    database: Database, client: Client, queue: str
) -> None:
    # given a lead with a fact after its birth, and a newer version of a called process
    (lead,) = await _leads(database)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        sale = await definitions.deploy_process(tx, "sale", "在经销商", b"<s2/>", [], AT, "system")
    await _tell(database, lead, MessageKind.REGRADED)
    # when the relay drains the outbox
    assert await _relay(database, client, queue).drain() == 2
    # then the workflow knows both, and runs on what was newest
    assert await _told(client, lead) == ["lead_created", "regraded"]
    start: CaseInput = await client.get_workflow_handle(workflow_id(lead)).query(Listener.start)
    assert start.called == (sale.ref,)
    assert isinstance(start.process, ProcessRef)
    assert start.first.at == AT


async def test_everything_delivered_twice_changes_nothing(database: Database, client: Client, queue: str) -> None:
    (lead,) = await _leads(database)
    await _tell(database, lead, MessageKind.REGRADED)
    relay = _relay(database, client, queue)
    await relay.drain()
    first = (await client.get_workflow_handle(workflow_id(lead)).describe()).run_id
    await _deliver_again(database)
    assert await relay.drain() == 2
    assert await _told(client, lead) == ["lead_created", "regraded"]
    assert (await client.get_workflow_handle(workflow_id(lead)).describe()).run_id == first
    assert await _outbox(database, "last_error") == ["already_started", None]


async def test_an_ended_lead_is_not_started_again_and_keeps_no_message_waiting(
    database: Database, client: Client, queue: str
) -> None:
    (lead,) = await _leads(database)
    await _tell(database, lead, MessageKind.ERASED)
    relay = _relay(database, client, queue)
    await relay.drain()
    handle = client.get_workflow_handle(workflow_id(lead))
    assert await handle.result() == ["lead_created", "erased"]
    await _tell(database, lead, MessageKind.REGRADED)
    await _deliver_again(database)
    assert await relay.drain() == 3
    assert await _outbox(database, "last_error") == ["already_started", "workflow_ended", "workflow_ended"]
    assert (await handle.describe()).status == WorkflowExecutionStatus.COMPLETED


async def test_a_return_tells_the_running_life_or_starts_the_next(
    database: Database, client: Client, queue: str
) -> None:
    (lead,) = await _leads(database)
    relay = _relay(database, client, queue)
    await _tell(database, lead, MessageKind.REACTIVATED)
    await relay.drain()
    assert await _told(client, lead) == ["lead_created", "reactivated"]
    # its life ends; the next return starts another with that message
    await _tell(database, lead, MessageKind.ERASED)
    await relay.drain()
    await client.get_workflow_handle(workflow_id(lead)).result()
    await _tell(database, lead, MessageKind.REACTIVATED)
    await relay.drain()
    assert await _told(client, lead) == ["reactivated"]
    start: CaseInput = await client.get_workflow_handle(workflow_id(lead)).query(Listener.start)
    assert start.first.seq == 4


async def test_a_missing_called_process_is_said_and_delivered_once_it_is_there(
    database: Database, client: Client, queue: str
) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        lead_process = await definitions.deploy_process(tx, "lead", "线索", b"<l/>", ["sale"], AT, "system")
    (lead,) = await some_leads(database, 1, process=("lead", 1, lead_process.sha256))
    await _tell(database, lead, MessageKind.LEAD_CREATED)
    relay = _relay(database, client, queue)
    assert await relay.drain() == 0
    assert await _outbox(database, "last_error") == ["process_not_found"]
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.deploy_process(tx, "sale", "在经销商", b"<s/>", [], AT, "system")
    async with _running(relay):
        await _until(lambda: _all_delivered(database))
    assert await _told(client, lead) == ["lead_created"]


async def test_runs_awake_by_notification_measures_and_stops(database: Database, client: Client, queue: str) -> None:
    registry = CollectorRegistry()
    slow_poll = Pace(poll=60, measure=0.02)
    relay = Relay(database, client, clock=SystemClock(), pace=slow_poll, task_queue=queue, registry=registry)
    async with _running(relay):
        leads = await _leads(database, 5)
        await _until(lambda: _all_delivered(database), 10)  # well before the poll
    assert [await _told(client, lead) for lead in leads] == [["lead_created"]] * 5
    assert registry.get_sample_value("baton_outbox_delivered_total", {"kind": "lead_created"}) == 5
    assert registry.get_sample_value("baton_outbox_pending") is not None


async def test_two_relays_side_by_side_start_each_lead_once(database: Database, client: Client, queue: str) -> None:
    registry = CollectorRegistry()
    one, other = _relay(database, client, queue, registry), _relay(database, client, queue, registry)
    async with _running(one), _running(other):
        leads = await _leads(database, 20)
        for lead in leads:
            await _tell(database, lead, MessageKind.REGRADED)
        await _until(lambda: _all_delivered(database))
    assert [await _told(client, lead) for lead in leads] == [["lead_created", "regraded"]] * 20
    assert await _outbox(database, "attempts") == [1] * 40


async def test_temporal_away_for_a_while(database: Database, tmp_path: Path, queue: str) -> None:
    # given a Temporal of our own that stops
    server = TemporalServer(tmp_path)
    server.start()
    client = await Client.connect(server.address, data_converter=pydantic_data_converter)
    registry = CollectorRegistry()
    try:
        async with _running(_relay(database, client, queue, registry)):
            (before,) = await _leads(database)
            await _until(lambda: _all_delivered(database))
            server.stop()
            # when leads arrive meanwhile
            during = await _leads(database, 5)

            async def tried() -> bool:
                return "temporal_unavailable" in await _outbox(database, "last_error")

            await _until(tried)
            # then each starts exactly once after its return
            await asyncio.to_thread(server.start)
            await _until(lambda: _all_delivered(database))
        for lead in (before, *during):
            description = await client.get_workflow_handle(workflow_id(lead)).describe()
            assert description.status == WorkflowExecutionStatus.RUNNING
            assert description.history_length == 2
        assert (registry.get_sample_value("baton_outbox_failures_total", {"error": "temporal_unavailable"}) or 0) > 0
    finally:
        server.stop()


class Line:
    """A way to a server on which nothing comes through any more once it is dead, though it stays
    open."""

    def __init__(self, target: str) -> None:
        self._host, self._port = target.split(":")
        self._pipes: set[asyncio.Task[None]] = set()
        self.dead = False

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, int(self._port))
        self._pipes |= {asyncio.create_task(self._pipe(*way)) for way in ((reader, back), (there, writer))}

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if not self.dead:
                writer.write(data)
        writer.close()

    async def end(self) -> None:
        for pipe in self._pipes:
            pipe.cancel()
        await asyncio.gather(*self._pipes, return_exceptions=True)


async def test_a_batch_holds_its_connection_no_longer_than_a_call_may_take(
    database: Database, temporal: WorkflowEnvironment, queue: str
) -> None:
    # given a Temporal that answered when the client came, and does not any more
    line = Line(temporal.client.service_client.config.target_host)
    server = await asyncio.start_server(line.take, "127.0.0.1", 0)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    line.dead = True
    await _leads(database, 3)
    relay = Relay(
        database,
        client,
        clock=SystemClock(),
        pace=Pace(call=0.3),
        task_queue=queue,
        registry=CollectorRegistry(),
    )
    # when a batch is tried, then it has failed long before the SDK would give up (ten seconds)
    try:
        async with asyncio.timeout(5):
            assert await relay.drain() == 0
    finally:
        server.close()
        await line.end()
    assert await _outbox(database, "last_error") == ["temporal_unavailable"] * 3


async def test_what_a_dead_relay_had_put_off_goes_with_the_first_that_gets_through(
    database: Database, client: Client, queue: str
) -> None:
    # given what a relay that died has put off because Temporal was away, and a message that is due
    waiting, due = await _leads(database, 2)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        later = "UPDATE outbox SET last_error = 'temporal_unavailable', next_attempt_at = now() + interval '1 h'"
        await tx.session.execute(text(f"{later} WHERE case_id = :lead"), {"lead": waiting})

    assert await _relay(database, client, queue).drain() == 2

    assert [await _told(client, lead) for lead in (waiting, due)] == [["lead_created"]] * 2


async def test_the_worker_beside_the_relay_begins_at_once_and_any_other_when_it_comes(
    database: Database, client: Client, queue: str
) -> None:
    async def was_eager() -> bool:
        history = await client.get_workflow_handle(workflow_id(lead)).fetch_history()
        started = history.events[0].workflow_execution_started_event_attributes
        return started.eager_execution_accepted

    # given a worker with the relay's client, then the first task comes with the answer
    (lead,) = await _leads(database)
    await _relay(database, client, queue).drain()
    assert await was_eager()

    # given none at this queue, then the first that comes takes it
    (lead,) = await _leads(database)
    await _relay(database, client, f"{queue}-elsewhere").drain()
    assert not await was_eager()
    async with Worker(client, task_queue=f"{queue}-elsewhere", workflows=[Listener], workflow_runner=RUNNER):
        assert await _told(client, lead) == ["lead_created"]


async def test_a_lead_is_given_to_another_worker_soon(database: Database, client: Client, queue: str) -> None:
    (lead,) = await _leads(database)

    await _relay(database, client, queue).drain()

    history = await client.get_workflow_handle(workflow_id(lead)).fetch_history()
    started = history.events[0].workflow_execution_started_event_attributes
    assert started.workflow_task_timeout.ToTimedelta() == TAKEN_OVER
    # and a worker's own queue is no better place to wait for a worker that is dead
    settings = Settings(worker_sticky_seconds=1.5)
    config = worker.build(client, database, settings, task_queue=f"{queue}-of-it").config()
    assert config.get("sticky_queue_schedule_to_start_timeout") == timedelta(seconds=1.5)


@pytest.mark.parametrize(
    ("fresh", "kind"), [(60.0, TaskQueueKind.TASK_QUEUE_KIND_NORMAL), (0.0, TaskQueueKind.TASK_QUEUE_KIND_STICKY)]
)
async def test_a_new_relay_frees_whom_it_tells_from_a_worker_that_died(
    database: Database, client: Client, queue: str, fresh: float, kind: TaskQueueKind
) -> None:
    # given a lead that a worker has in memory
    (lead,) = await _leads(database)
    await _relay(database, client, queue).drain()
    handle = client.get_workflow_handle(workflow_id(lead))
    assert await _told(client, lead) == ["lead_created"]
    # when it is told something by a relay that has just begun, or by one that runs for long
    await _tell(database, lead, MessageKind.REGRADED)
    pace = replace(QUICK, fresh=fresh)
    relay = Relay(database, client, clock=SystemClock(), pace=pace, task_queue=queue, registry=CollectorRegistry())
    assert await relay.drain() == 1
    # then its task is any worker's, or goes to the one that has the lead
    assert await _told(client, lead) == ["lead_created", "regraded"]
    scheduled = [
        event.workflow_task_scheduled_event_attributes.task_queue.kind
        async for event in handle.fetch_history_events()
        if event.HasField("workflow_task_scheduled_event_attributes")
    ]
    assert scheduled[-1] == kind


async def test_postgresql_away_for_a_while(client: Client, queue: str) -> None:
    with private_postgres() as server:
        url = server.url("relay")
        await migrate.create_database(url)
        await migrate.upgrade(url)
        database = Database(url, pool_size=5)
        try:
            async with _running(_relay(database, client, queue)):
                await _leads(database)
                await _until(lambda: _all_delivered(database))
                await asyncio.to_thread(server.stop)
                await asyncio.to_thread(server.start)
                (lead,) = await _leads(database)
                await _until(lambda: _all_delivered(database))
            assert await _told(client, lead) == ["lead_created"]
        finally:
            await database.close()


async def test_a_stopped_relay_finishes_its_batch(database: Database, client: Client, queue: str) -> None:
    leads = await _leads(database, 30)
    relay = _relay(database, client, queue)
    async with _running(relay):
        await _outbox(database, "attempts")  # a moment, in which the first batch is claimed
    # nothing is half delivered: what is marked is there, what is not marked can be delivered by the
    # next relay
    await _relay(database, client, queue).drain()
    assert [await _told(client, lead) for lead in leads] == [["lead_created"]] * 30


def test_back_off_grows_with_jitter_up_to_its_limit() -> None:
    pace = Pace(first_delay=1, longest_delay=10)
    assert all(0.5 <= pace.delay(0) <= 1 for _ in range(50))
    assert all(5 <= pace.delay(100) <= 10 for _ in range(50))
    assert Pace().delay(100) <= 5
