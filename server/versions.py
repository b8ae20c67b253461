"""The process versions that a worker has in memory: the newest from the start, older ones when a
lead asks for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from contextlib import suppress
from typing import Final

import structlog

from cases.actors import EVERYTHING, SYSTEM
from cases.clock import Clock
from cases.errors import NotFound
from server import metrics
from server.ear import RARELY
from server.loop import Loop, Then
from store.engine import incidents
from store.session import Database, Tx
from store.tables import definitions as deployed
from workflows import bpmn
from workflows import definitions as loaded
from workflows.definitions import MOST

log = structlog.get_logger("versions")

LOOK: Final = 0.25
"""Seconds between two looks at which versions are asked for in vain."""
MISSING: Final = 2.0
"""Seconds until a version that was found nowhere is sought again."""


async def load_newest(database: Database, known: Collection[str] = (), most: int = MOST) -> set[str]:
    """Take the newest version of every process into memory, so that leads find it there; gives
    their hashes. Of all versions ``most`` stay there.

    Those ``known`` are passed over. One that this Baton cannot read any more must not keep the
    others from working: it is said when a lead wants it.
    """
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        newest = {ref.sha256 for ref, _ in (await deployed.newest_refs(tx)).values()}
        for sha256 in newest.difference(known):
            with suppress(bpmn.ModelRefused):
                await _load(tx, sha256, most)
    return newest


class Versions:
    """Loads what is deployed from now on, and what leads have asked for in vain, until stopped.

    One that is deployed nowhere is said: by a metric, and by an incident at each lead that waits
    for it. ``most`` versions stay in memory: more than the leads at work at once run on.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        known: Collection[str] = (),
        news: asyncio.Event | None = None,
        *,
        most: int = MOST,
    ) -> None:
        self._database = database
        self._most = most
        self._clock = clock
        self._known = set(known)
        self._missing: dict[str, float] = {}
        self._news = news or asyncio.Event()
        self._looked = time.monotonic()
        self._loop = Loop("versions", self._look, LOOK)

    async def run(self) -> None:
        """Load until :meth:`stop`."""
        await self._loop.run()

    def stop(self) -> None:
        self._loop.stop()

    async def _look(self) -> Then:
        now = time.monotonic()
        if self._news.is_set() or now - self._looked >= RARELY:
            self._news.clear()
            self._looked = now
            self._known = await load_newest(self._database, self._known, self._most)
        for sha256 in [one for one in loaded.wanted() if self._missing.get(one, 0) <= now]:
            found = await load_or_say(self._database, self._clock, sha256, self._most)
            self._missing.pop(sha256, None)
            if not found:
                self._missing[sha256] = now + MISSING
        metrics.DEFINITIONS_MISSING.set(len(self._missing))
        return Then.REST


async def load_or_say(database: Database, clock: Clock, sha256: str, most: int = MOST) -> bool:
    """Take a version into memory; False if it is nowhere, and then every lead that runs on it has
    an incident."""
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        try:
            await _load(tx, sha256, most)
        except (NotFound, bpmn.ModelRefused):
            news = await incidents.definition_missing(tx, sha256, clock.now())
            if news:
                log.error("a process version is deployed nowhere, or cannot be read", sha256=sha256, leads=news)
            return False
        await incidents.definition_found(tx, sha256, clock.now())
        return True


async def _load(tx: Tx, sha256: str, most: int) -> None:
    version = await deployed.by_sha(tx, sha256)
    loaded.keep(sha256, bpmn.read(version.xml).processes.values(), most)
    metrics.DEFINITIONS.set(loaded.kept())
