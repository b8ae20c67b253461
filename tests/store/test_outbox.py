"""Messages are numbered per lead without gaps, live and die with their transaction, and wake the
relay."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import NotFound
from cases.ids import new_id
from cases.states import MessageKind
from store.engine import delivery, outbox
from store.session import Database
from tests.store.births import AT, a_lead, some_leads


async def _tell(database: Database, lead: object, kind: MessageKind = MessageKind.REGRADED) -> int:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return await outbox.tell(tx, str(lead), kind, AT, {"grade": "H"})


async def test_counts_per_lead_from_one(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        one, other = await a_lead(tx), await a_lead(tx)
        assert await outbox.tell(tx, one, MessageKind.LEAD_CREATED, AT) == 1
        assert await outbox.tell(tx, one, MessageKind.REGRADED, AT, {"grade": "A"}) == 2
        assert await outbox.tell(tx, other, MessageKind.LEAD_CREATED, AT) == 1


async def test_a_rolled_back_message_leaves_no_gap(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await _tell(database, lead)
    with pytest.raises(RuntimeError):
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            assert await outbox.tell(tx, lead, MessageKind.REGRADED, AT) == 2
            raise RuntimeError
    assert await _tell(database, lead) == 2


async def test_fifty_at_once_get_fifty_numbers(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    assert sorted(await asyncio.gather(*(_tell(database, lead) for _ in range(50)))) == list(range(1, 51))


async def test_an_unknown_lead_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        await _tell(database, new_id())


async def test_notifies_at_commit(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    heard = asyncio.Event()
    listener = await asyncpg.connect(database.dsn)
    await listener.add_listener(outbox.CHANNEL, lambda *_: heard.set())
    await _tell(database, lead)
    await asyncio.wait_for(heard.wait(), 5)
    await listener.close()


async def test_only_the_lowest_undelivered_message_of_a_lead_is_claimed(database: Database) -> None:
    one, other = await some_leads(database, 2)
    for lead in (one, one, other, one):
        await _tell(database, lead)

    async def claimed() -> list[tuple[object, int]]:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            batch = await delivery.claim(tx, 10)
            await delivery.delivered(tx, {message.id: None for message in batch} or {0: None})
            return [(message.case_id, message.seq) for message in batch]

    assert await claimed() == [(one, 1), (other, 1)]
    assert await claimed() == [(one, 2)]
    assert await claimed() == [(one, 3)]
    assert await claimed() == []


async def test_two_relays_never_claim_the_same_lead(database: Database) -> None:
    one, other = await some_leads(database, 2)
    for lead in (one, one, other):
        await _tell(database, lead)
    async with database.transaction(SYSTEM, EVERYTHING) as first:
        assert [message.case_id for message in await delivery.claim(first, 1)] == [one]
        async with database.transaction(SYSTEM, EVERYTHING) as second:
            assert [message.case_id for message in await delivery.claim(second, 10)] == [other]


async def test_a_failed_message_backs_off_and_holds_back_its_lead(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await _tell(database, lead)
    await _tell(database, lead)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        (message,) = await delivery.claim(tx, 10)
        await delivery.failed(tx, [(message.id, "temporal_unavailable", 3600.0)])
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert await delivery.claim(tx, 10) == ()
        assert (await delivery.backlog(tx)).pending == 2
        # when the cause is gone, it is due at once
        await delivery.hasten(tx, "temporal_unavailable")
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        (again,) = await delivery.claim(tx, 10)
        assert (again.seq, again.attempts) == (1, 1)
        error = (await tx.session.execute(text("SELECT last_error FROM outbox WHERE seq = 1"))).scalar_one()
        assert error == "temporal_unavailable"
