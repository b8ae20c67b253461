"""One connection of a worker that hears what others write, so that its loops need not look for it
again and again.

The database says on one channel which table has got rows (``store.engine.news``), and on another
that messages wait (``store.engine.outbox``). What is said while nobody listens is lost: whoever is
woken by an ear looks by itself, too, if rarely (``RARELY``).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable
from typing import Any, Final

import asyncpg

from cases.clock import Clock
from server.loop import Loop, Then
from store.engine import news, outbox
from store.session import Database

RARELY: Final = 10.0
"""Seconds of wall time after which a loop looks although it has heard nothing: so late is found
what a lost notification would have told."""
AT_MOST: Final = 1.0
"""Seconds between two such looks where the application clock runs quickly."""
AGAIN: Final = 0.5
"""Seconds until a connection that broke is made anew."""


def rarely(clock: Clock) -> float:
    """Seconds of wall time between two looks for what only time brings: ten, or a minute of the
    application clock if that is less, yet no less than one."""
    return max(AT_MOST, min(RARELY, 60.0 / clock.spec.speed))


class Ear:
    """Wakes whoever waits for a subject: a table, or ``store.engine.outbox.CHANNEL``."""

    def __init__(self, database: Database, *, name: str = "ear", patience: float = 5.0) -> None:
        self._database = database
        self._patience = patience
        self._waiting: dict[str, list[asyncio.Event]] = defaultdict(list)
        self._connection: asyncpg.Connection | None = None
        self._broken = asyncio.Event()
        self.loop = Loop(name, self._listen, RARELY, wake=self._broken, first_delay=AGAIN)

    def on(self, *subjects: str) -> asyncio.Event:
        """An event that is set whenever something is said of one of these subjects."""
        event = asyncio.Event()
        for subject in subjects:
            self._waiting[subject].append(event)
        return event

    async def run(self) -> None:
        """Listens until ``stop``; a connection that breaks is made anew."""
        try:
            await self.loop.run()
        finally:
            if self._connection is not None:
                self._connection.terminate()

    def stop(self) -> None:
        self.loop.stop()

    async def _listen(self) -> Then:
        if self._connection is None or self._connection.is_closed():
            made = await asyncpg.connect(self._database.dsn, timeout=max(1, int(self._patience)))
            self._connection = made
            await self._or_none(self._listen_at(made))
            for events in self._waiting.values():  # what was told while nobody listened
                for event in events:
                    event.set()
        else:  # a server whose machine is gone says nothing of it
            await self._or_none(self._connection.execute("SELECT 1", timeout=self._patience))
        return Then.REST

    async def _listen_at(self, made: asyncpg.Connection) -> None:
        made.add_termination_listener(lambda *_: self._broken.set())
        for channel in (outbox.CHANNEL, news.CHANNEL):
            await made.add_listener(channel, self._heard)

    async def _or_none(self, asked: Awaitable[object]) -> None:
        """What is asked of the connection, which is given up if it cannot do it: it would be deaf
        for ever."""
        try:
            await asked
        except BaseException:
            if self._connection is not None:
                self._connection.terminate()
            self._connection = None
            raise

    def _heard(self, _connection: Any, _pid: int, channel: str, said: object) -> None:
        for event in self._waiting.get(str(said) if channel == news.CHANNEL else channel, ()):
            event.set()
