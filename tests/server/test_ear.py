"""What is written wakes the loop that waits for it; what a lost notification would have told is
found all the same, within a bounded time."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from cases.clock import ClockSpec, SystemClock
from cases.ids import new_id
from server import ear as ears
from server.ear import RARELY, Ear, rarely
from server.loop import Loop, Then
from server.notices import Notices
from server.versions import Versions
from store.engine import batches, news, outbox
from store.engine.batches import BatchKind
from store.models import Backtest, Departure
from store.network.network_seed import dealer_id
from store.session import Database, Tx
from store.tables import definitions
from tests.server.test_loop import loops_of
from tests.server.test_notices import Recorder, told
from tests.store.births import AT, a_lead
from tests.timetravel import TestClock
from workflows import definitions as loaded


async def _write(tx: Tx, subject: str) -> None:
    """Whatever a loop waits for."""
    lead = await a_lead(tx)
    period = {"since": AT, "until": AT, "asked_at": AT, "asked_by": "system"}
    match subject:
        case news.BACKTESTS:
            tx.session.add(Backtest(id=new_id(), key="grade", xml=b"", sha256="", state="waiting", **period))
        case news.BATCHES:
            await batches.create(tx, BatchKind.RETRY, AT, "x", {}, 1)
        case news.DEFINITIONS:
            await definitions.deploy_process(tx, "a", "a", b"<a/>", [], AT, "system")
        case news.DEPARTURES:
            leaving = {"why": "dealer_closed", "at": AT, "by": "system"}
            tx.session.add(Departure(id=new_id(), dealer_id=dealer_id("BJ01"), **leaving))
        case _:
            await outbox.tell(tx, lead, "lead_created", AT)


SUBJECTS = (news.BACKTESTS, news.BATCHES, news.DEFINITIONS, news.DEPARTURES, outbox.CHANNEL)


@asynccontextmanager
async def _listening(ear: Ear) -> AsyncIterator[None]:
    running = asyncio.create_task(ear.run())
    try:
        yield
    finally:
        ear.stop()
        await running


async def _set(event: asyncio.Event) -> None:
    """Well before anybody would look by himself."""
    async with asyncio.timeout(RARELY / 2):
        await event.wait()
    event.clear()


@pytest.mark.parametrize("subject", SUBJECTS)
async def test_what_is_written_wakes_who_waits_for_it_and_nobody_else(network: Database, subject: str) -> None:
    ear = Ear(network)
    events = {one: ear.on(one) for one in SUBJECTS}
    async with _listening(ear):
        for event in events.values():
            await _set(event)  # what was told before it listened is looked for
        async with network.transaction(SYSTEM, EVERYTHING) as tx:
            await _write(tx, subject)
        await _set(events[subject])
        assert not any(event.is_set() for event in events.values())


async def test_a_connection_that_breaks_is_made_anew_and_who_waits_looks(database: Database) -> None:
    ear = Ear(database)
    event = ear.on(news.BATCHES)
    async with _listening(ear):
        await _set(event)
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            listeners = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname ="
            )
            await tx.session.execute(text(f"{listeners} current_database()"))
        await _set(event)  # something may have been said meanwhile
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            await _write(tx, news.BATCHES)
        await _set(event)


async def test_a_connection_whose_server_is_silent_is_given_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ears, "RARELY", 0.05)
    ear = Ear(database, patience=0.2)
    event = ear.on(news.BATCHES)
    async with _listening(ear):
        await _set(event)
        first = ear._connection
        assert first is not None
        # when its half of the connection stands still, as if its machine were gone
        server = first.get_server_pid()
        os.kill(server, signal.SIGSTOP)
        try:
            await _set(event)  # by another connection, which looks for what was said meanwhile
            assert ear._connection is not first
            async with database.transaction(SYSTEM, EVERYTHING) as tx:
                await _write(tx, news.BATCHES)
            await _set(event)
        finally:
            os.kill(server, signal.SIGCONT)


async def test_what_a_lost_notification_would_have_told_is_found(
    database: Database, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given loops that nobody wakes, whose rest is short here
    monkeypatch.setattr(ears, "RARELY", 0.05)
    monkeypatch.setattr(ears, "AT_MOST", 0.05)
    channel = Recorder()
    notices = Notices(database, clock, [channel])
    running = asyncio.create_task(notices.run())
    # when something is written
    await told(database, clock)
    # then it is done
    async with asyncio.timeout(RARELY / 2):
        await channel.some.wait()
    notices.stop()
    await running


def test_no_loop_rests_longer_than_it_may_take_to_find_what_was_lost(database: Database) -> None:
    assert max(loop._poll for loop in loops_of(database).values()) == RARELY == 10


@pytest.mark.parametrize(("speed", "seconds"), [(1, 10), (6, 10), (12, 5), (60, 1), (8640, 1)])
def test_where_the_clock_runs_quickly_it_is_looked_more_often(speed: float, seconds: float) -> None:
    assert rarely(SystemClock(ClockSpec(wall=AT, app=AT, speed=speed))) == seconds


async def test_a_round_says_for_how_long_nothing_is_due() -> None:
    rounds = list[float]()

    async def work() -> Then | float:
        rounds.append(asyncio.get_running_loop().time())
        if len(rounds) == 3:
            loop.stop()
        return 0.01

    loop = Loop("sometimes", work, poll=RARELY)
    async with asyncio.timeout(RARELY / 2):
        await loop.run()
    assert len(rounds) == 3


async def test_what_is_deployed_is_loaded_when_it_is_heard_of(database: Database, clock: TestClock) -> None:
    deployed = asyncio.Event()
    versions = Versions(database, clock, news=deployed)
    xml = (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" isExecutable="true">'
        b'<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"/>'
        b"</process></definitions>"
    )
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        ref = await definitions.deploy_process(tx, "p", "p", xml, [], AT, "system")
    await versions._look()
    with pytest.raises(loaded.NotLoaded):
        loaded.program([ref])
    deployed.set()
    await versions._look()
    assert loaded.program([ref])
