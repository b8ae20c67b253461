"""Carries on what follows when dealers leave or close: their open leads, one short transaction
each."""

from __future__ import annotations

import asyncio
from uuid import UUID

import structlog

from cases.actors import EVERYTHING, SYSTEM, Actor
from cases.clock import Clock
from cases.errors import Unavailable
from domain.network.laws.departures import give_on, tell_supervisors
from domain.tables import Tables
from server.ear import rarely
from server.loop import Loop, Then
from store.network import departures
from store.network.departures import Became
from store.session import Database
from store.tables import definitions

log = structlog.get_logger("departures")

SOME = 50
"""Leads that are looked up at once; each is a transaction of its own all the same."""


class Departures:
    """Gives on until stopped. Any number may run side by side: each lead is one's, and is looked at
    once."""

    def __init__(self, database: Database, clock: Clock, wake: asyncio.Event | None = None) -> None:
        self._database = database
        self._clock = clock
        self._tables = Tables()
        self._loop = Loop("departures", self._round, rarely(clock), wake=wake)

    async def run(self) -> None:
        """Give on until :meth:`stop`."""
        await self._loop.run()

    def stop(self) -> None:
        self._loop.stop()

    async def _round(self) -> Then:
        return Then.AGAIN if await self.carry_on() else Then.REST

    async def carry_on(self) -> int:
        """Looks at some leads of each dealer that is gone, in the name of whoever said so; how many
        that were."""
        async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
            gone = await departures.going_on(tx, self._clock.now())
        return sum([await self._some(departure, actor) for departure, actor in gone])

    async def _some(self, departure: UUID, actor: Actor) -> int:
        async with self._database.transaction(actor, EVERYTHING) as tx:
            found = await departures.open_leads(tx, departure, SOME)
        given = sum([await self._one(departure, actor, lead) for lead in found])
        if not found:
            await self._end(departure, actor)
        return given

    async def _one(self, departure: UUID, actor: Actor, lead: UUID) -> int:
        try:
            async with self._database.transaction(actor, EVERYTHING) as tx:
                gone = await departures.hold(tx, departure)
                if gone is None:
                    return 0
                await self._tables.refresh(tx, await definitions.count_tables(tx))
                await give_on(tx, self._tables, gone, lead, self._clock.now())
                return 1
        except Unavailable:
            raise
        except Exception:
            # Whatever it is, one lead that cannot go on must not keep the others waiting.
            log.exception("a lead cannot go on", departure=str(departure), lead=str(lead))
        async with self._database.transaction(actor, EVERYTHING) as tx:
            if await departures.take(tx, departure, lead):
                await departures.became(tx, departure, lead, Became.STUCK)
        return 1

    async def _end(self, departure: UUID, actor: Actor) -> None:
        async with self._database.transaction(actor, EVERYTHING) as tx:
            gone = await departures.hold(tx, departure)
            if gone is None or await departures.open_leads(tx, departure, 1):
                return
            at = self._clock.now()
            await self._tables.refresh(tx, await definitions.count_tables(tx))
            await tell_supervisors(tx, self._tables, gone, at)
            await departures.done(tx, departure, at)
            log.info("a dealer is gone", departure=str(departure), why=gone.why)
