"""Notifications leave the outbox once each, wait when their channel is away, and say no names."""

from __future__ import annotations

import asyncio
from uuid import UUID

from leads.actors import EVERYTHING, SYSTEM
from runtime.notices import Notices
from store import notifications
from store.notifications import Pending
from store.session import Database
from tests.store.births import a_lead
from tests.timetravel import TestClock


class Recorder:
    """A channel that notes what it was given, and fails while told to."""

    def __init__(self) -> None:
        self.got: list[Pending] = []
        self.away = False
        self.some = asyncio.Event()

    async def __call__(self, notice: Pending) -> None:
        if self.away:
            raise ConnectionError("away")
        self.got.append(notice)
        self.some.set()


async def told(database: Database, clock: TestClock) -> UUID:
    """A lead about which its manager has to be told something."""
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        lead = await a_lead(tx)
        await notifications.notify(tx, lead, "sla_remind", clock.now(), role="dealer_manager")
    return lead


async def test_each_is_delivered_once(database: Database, clock: TestClock) -> None:
    lead = await told(database, clock)
    channel = Recorder()
    notices = Notices(database, clock, channel)
    assert await notices.deliver() == 1
    assert await notices.deliver() == 0
    assert [(one.lead_id, one.code, one.to_role) for one in channel.got] == [(lead, "sla_remind", "dealer_manager")]


async def test_two_workers_do_not_deliver_the_same(database: Database, clock: TestClock) -> None:
    for _ in range(20):
        await told(database, clock)
    channel = Recorder()
    first, second = Notices(database, clock, channel), Notices(database, clock, channel)
    await asyncio.gather(first.deliver(), second.deliver())
    await first.deliver()
    assert len(channel.got) == len({one.id for one in channel.got}) == 20


async def test_one_that_cannot_be_delivered_waits_and_holds_up_no_other(database: Database, clock: TestClock) -> None:
    # given a channel that is away
    await told(database, clock)
    channel = Recorder()
    channel.away = True
    notices = Notices(database, clock, channel)
    assert await notices.deliver() == 0

    # when it is back, a new one goes through at once, and the old one is still there for later
    channel.away = False
    await told(database, clock)
    assert await notices.deliver() == 1
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert await notifications.undelivered(tx) == 1


async def test_it_stops_when_asked(database: Database, clock: TestClock) -> None:
    await told(database, clock)
    channel = Recorder()
    notices = Notices(database, clock, channel)
    running = asyncio.create_task(notices.run())
    await asyncio.wait_for(channel.some.wait(), 10)
    notices.stop()
    await asyncio.wait_for(running, 10)
