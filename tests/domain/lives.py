"""What tests without HTTP speak with: a clock, a lead that a channel sent, a life that runs, a
speaker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from cases.actors import EVERYTHING, Actor
from domain.leads.intake import receiving
from domain.speaker import Speaker
from store.network import people
from store.session import Database, Tx
from tests.api.lives import Life, living
from tests.timetravel import MORNING, TestClock

CLOCK: Final = TestClock(MORNING)
SENT = {"name": "华桂珍", "phone": "139 8159 0830", "model": "傲虎", "channel": "maker.vertical.dongchedi"}
PROCESS = "start -> a:user -> b:user -> end"


@dataclass
class Store:
    """What lives need of a desk: no app."""

    database: Database
    clock: TestClock = CLOCK

    async def created(self) -> UUID:
        async with self.database.transaction(Actor("channel", "file"), EVERYTHING) as tx:
            return await sent(tx)


async def sent(tx: Tx) -> UUID:
    """A lead from a channel."""
    (received,) = await receiving.receive(tx, Speaker(None, CLOCK), [SENT])
    assert received.lead_id is not None
    return received.lead_id


async def life_in(database: Database) -> Life:
    return await living(cast(Any, Store(database)), PROCESS, {"n": 1})


async def speaker(tx: Tx, code: str | None) -> Speaker:
    return Speaker(None if code is None else await people.person(tx, code), CLOCK, "en")
