"""Refused submissions are emptied when their time is over: nobody's customer, so nobody would ever erase them."""

from __future__ import annotations

from datetime import timedelta

from cases.actors import EVERYTHING, SYSTEM
from cases.clock import Clock
from server.loop import Loop, Then
from store import refused
from store.session import Database

POLL = 600.0  # seconds between two looks
SOME = 500
"""Submissions that one transaction empties."""


class Keeping:
    """Empties until stopped; ``days`` is how long a refused submission keeps what was sent."""

    def __init__(self, database: Database, clock: Clock, days: int) -> None:
        self._database = database
        self._clock = clock
        self._lasts = timedelta(days=days)
        self._loop = Loop("keeping", self._round, POLL)

    async def run(self) -> None:
        """Empty until :meth:`stop`."""
        await self._loop.run()

    def stop(self) -> None:
        self._loop.stop()

    async def _round(self) -> Then:
        return Then.AGAIN if await self.empty() else Then.REST

    async def empty(self) -> int:
        """Empties some of those whose time is over; how many that were."""
        async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
            return await refused.empty_old(tx, self._clock.now() - self._lasts, SOME)
