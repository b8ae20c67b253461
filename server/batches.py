"""Tells the leads of migrations and bulk retries, a bounded number in each transaction, so that
nobody waits long."""

from __future__ import annotations

import asyncio
from uuid import UUID

import structlog

from cases.actors import EVERYTHING, SYSTEM, Actor
from cases.clock import Clock
from cases.errors import Unavailable
from domain.programs import Programs
from domain.repairs.telling import tell_some
from server.ear import rarely
from server.loop import Loop, Then
from store.engine import batches
from store.session import Database

log = structlog.get_logger("batches")


class Batches:
    """Tells until stopped. Any number may run side by side: each batch is one's at a time."""

    def __init__(self, database: Database, clock: Clock, wake: asyncio.Event | None = None) -> None:
        self._database = database
        self._clock = clock
        self._programs = Programs()
        self._loop = Loop("batches", self._round, rarely(clock), wake=wake)

    async def run(self) -> None:
        """Tell until :meth:`stop`."""
        await self._loop.run()

    def stop(self) -> None:
        self._loop.stop()

    async def _round(self) -> Then:
        return Then.AGAIN if await self.tell() else Then.REST

    async def tell(self) -> int:
        """Tell some leads of each batch, in the name of whoever ordered it; returns how many items
        that were."""
        async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
            waiting = await batches.untold(tx)
        return sum([await self._tell(batch_id, actor) for batch_id, actor in waiting])

    async def _tell(self, batch_id: UUID, actor: Actor) -> int:
        try:
            async with self._database.transaction(actor, EVERYTHING) as tx:
                batch = await batches.hold(tx, batch_id)
                return 0 if batch is None else await tell_some(tx, batch, self._clock.now(), self._programs)
        except Unavailable:
            raise
        except Exception:
            # Whatever it is, one batch that cannot be told must not keep the others waiting.
            log.exception("a batch cannot be told", batch=str(batch_id))
            return 0
