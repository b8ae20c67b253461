"""Notices reach whom they are for, in their language, at least once; a channel that is away holds
up no other."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from server import metrics
from server.channels import Log, Mail, Notice
from server.notices import Notices
from store.models import ContactPoint, Notification
from store.network.network_seed import dealer_id, staff_id
from store.session import Database
from tests.store.births import a_lead
from tests.timetravel import TestClock


class Recorder:
    """A channel that notes what it was given, fails while it is away, and does not answer while it
    is silent."""

    def __init__(self, name: str = "log") -> None:
        self.name = name
        self.got: list[Notice] = []
        self.tried: list[str] = []  # keys, also of what it did not take
        self.away = self.silent = False
        self.some = asyncio.Event()

    async def send(self, notice: Notice) -> None:
        self.some.set()
        self.tried.append(notice.key)
        if self.silent:
            await asyncio.Event().wait()
        if self.away:
            raise ConnectionError("away")
        self.got.append(notice)


async def told(database: Database, clock: TestClock, **values: Any) -> UUID:
    """A lead about which somebody has to be told something."""
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        lead = await a_lead(tx)
        dealer = values.pop("dealer", None)
        await tx.session.execute(
            text("UPDATE cases SET dealer_id = :dealer WHERE id = :id"), {"dealer": dealer, "id": lead}
        )
        row = {"code": "incident", "data": {"element": "grade"}, "to_role": "dealer_manager"} | values
        tx.session.add(Notification(id=new_id(), case_id=lead, created_at=clock.now(), **row))
    return lead


async def reachable(database: Database, *codes: str, channel: str = "mail", language: str = "zh") -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        for code in codes:
            address = f"{code.lower()}@example.com"
            tx.session.add(ContactPoint(staff_id=staff_id(code), channel=channel, address=address))
            values = {"id": staff_id(code), "language": language}
            await tx.session.execute(text("UPDATE staff SET language = :language WHERE id = :id"), values)


async def rows(database: Database, columns: str) -> list[tuple[Any, ...]]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        query = text(f"SELECT {columns} FROM deliveries ORDER BY id")
        return [tuple(row) for row in await tx.session.execute(query)]


async def due_now(database: Database) -> None:
    """As if the back-off, or the lease of somebody who died, were over."""
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text("UPDATE deliveries SET due_at = now()"))


async def test_each_is_delivered_once(database: Database, clock: TestClock) -> None:
    lead = await told(database, clock)
    channel = Recorder()
    notices = Notices(database, clock, [channel])
    assert await notices.deliver() == 1
    assert await notices.deliver() == 0
    assert [(one.lead_id, one.code, one.to) for one in channel.got] == [(lead, "incident", "dealer_manager")]


async def test_two_workers_do_not_deliver_the_same(database: Database, clock: TestClock) -> None:
    for _ in range(20):
        await told(database, clock)
    channel = Recorder()
    first, second = Notices(database, clock, [channel]), Notices(database, clock, [channel])
    await asyncio.gather(first.deliver(), second.deliver())
    while await first.deliver():
        pass
    assert len(channel.got) == len({one.key for one in channel.got}) == 20


async def test_what_a_dead_deliverer_had_in_hand_is_taken_over_with_the_same_key(
    database: Database, clock: TestClock
) -> None:
    # given a deliverer that dies with a notice in hand
    await told(database, clock)
    silent, channel = Recorder(), Recorder()
    silent.silent = True
    dying = asyncio.create_task(Notices(database, clock, [silent]).deliver())
    await asyncio.wait_for(silent.some.wait(), 10)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)

    # then nobody else takes it before its lease is over, and somebody does afterwards
    other = Notices(database, clock, [channel])
    assert await other.deliver() == 0
    await due_now(database)
    assert await other.deliver() == 1
    assert [row[0] for row in await rows(database, "attempts")] == [2]
    assert silent.tried == channel.tried


async def test_one_that_cannot_be_delivered_is_given_up_in_the_end(database: Database, clock: TestClock) -> None:
    await told(database, clock)
    channel = Recorder("log")
    channel.away = True
    notices = Notices(database, clock, [channel], most_attempts=3)
    before = metrics.NOTIFICATIONS_GIVEN_UP.labels("log")._value.get()
    for attempt in (1, 2, 3):
        assert await rows(database, "attempts, given_up_at") == ([(attempt - 1, None)] if attempt > 1 else [])
        assert await notices.deliver() == 0
        await due_now(database)
    assert await rows(database, "attempts, last_error, given_up_at IS NOT NULL") == [(3, "ConnectionError", True)]
    assert metrics.NOTIFICATIONS_GIVEN_UP.labels("log")._value.get() == before + 1
    channel.away = False
    assert await notices.deliver() == 0


async def test_a_channel_that_never_answers_holds_no_connection_and_no_other(
    network: Database, clock: TestClock
) -> None:
    # given a channel that never answers, one that does, and a single database connection
    await reachable(network, "BJ01-M1", channel="silent")
    await told(network, clock, dealer=dealer_id("BJ01"))
    silent, good = Recorder("silent"), Recorder()
    silent.silent = True
    single = Database(network.url, pool_size=1, patience=5)
    notices = Notices(single, clock, [good, silent], send=0.2)
    running = asyncio.create_task(notices.run())
    try:
        # when it has a notice in hand, then the other goes on and the connection is free
        await asyncio.wait_for(silent.some.wait(), 10)
        await asyncio.wait_for(good.some.wait(), 10)
        good.some.clear()
        await told(single, clock)
        await asyncio.wait_for(good.some.wait(), 10)
    finally:
        notices.stop()
        await asyncio.wait_for(running, 10)
        await single.close()
    assert len(good.got) == 2
    assert metrics.NOTIFICATION_FAILURES.labels("silent", "TimeoutError")._value.get() > 0
    assert metrics.NOTIFICATIONS_PENDING.labels("silent")._value.get() == 1


@pytest.mark.parametrize(
    ("to", "whom"),
    [
        ({"to_role": "dealer_manager"}, ["bj01-m1@example.com"]),
        ({"to_role": "hq"}, ["hq-01@example.com"]),
        ({"to_role": "regional_manager"}, ["rm-north@example.com"]),
        ({"to_role": None, "to_staff_id": staff_id("SH01-M1")}, ["sh01-m1@example.com"]),
    ],
)
async def test_a_role_is_whoever_has_it_within_the_leads_dealer_or_region(
    network: Database, clock: TestClock, to: dict[str, Any], whom: list[str]
) -> None:
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        region = (await tx.session.execute(text("SELECT region FROM dealers WHERE code = 'BJ01'"))).scalar_one()
        managers = await tx.session.execute(text("SELECT code FROM staff WHERE role = 'regional_manager' ORDER BY 1"))
        codes = list(managers.scalars())
    await reachable(network, "BJ01-M1", "SH01-M1", "BJ01-C1", "HQ-01", *codes)
    await told(network, clock, dealer=dealer_id("BJ01"), **to)
    channel = Recorder("mail")
    await Notices(network, clock, [Log(), channel]).deliver()
    expected = [f"rm-{region.lower()}@example.com"] if to["to_role"] == "regional_manager" else whom
    assert [one.address for one in channel.got] == expected


class Box:
    """What a mail server was given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # pyright: ignore[reportArgumentType]
        return "250 OK"


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "线索处理出错，停在 grade"), ("en", "A lead is stuck at grade")]
)
async def test_a_mail_says_it_in_the_persons_language(
    network: Database, clock: TestClock, language: str, words: str
) -> None:
    await reachable(network, "HQ-01", language=language)
    await told(network, clock, to_role="hq")
    box = Box()
    async with await asyncio.get_running_loop().create_server(lambda: SMTP(box), "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await Notices(network, clock, [Mail("127.0.0.1", port, "baton@example.com")]).deliver() == 1
    (mail,) = box.mails
    assert (mail["To"], mail["Subject"]) == ("hq-01@example.com", words)
    assert mail["Message-ID"].endswith("@baton>")


async def test_it_stops_when_asked(database: Database, clock: TestClock) -> None:
    await told(database, clock)
    channel = Recorder()
    notices = Notices(database, clock, [channel])
    running = asyncio.create_task(notices.run())
    await asyncio.wait_for(channel.some.wait(), 10)
    notices.stop()
    await asyncio.wait_for(running, 10)


async def test_a_notice_for_now_goes_out_although_its_writer_s_clock_is_ahead(
    database: Database, clock: TestClock
) -> None:
    await told(database, TestClock(clock.now() + timedelta(minutes=1)))
    assert await Notices(database, clock, [Recorder()]).deliver() == 1
