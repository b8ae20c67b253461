"""Delivers notifications (A10): from the store's outbox to their channel, which is the log for now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from leads.actors import EVERYTHING, SYSTEM
from leads.clock import Clock
from runtime import metrics
from runtime.loop import Loop, Then
from store import notifications
from store.notifications import Pending
from store.session import Database

log = structlog.get_logger("notices")

Channel = Callable[[Pending], Awaitable[None]]
"""Hands one notification on; raising means: try again later."""

POLL = 1.0  # seconds between two looks when nothing waits
LONGEST_WAIT = timedelta(minutes=10)


async def to_log(notice: Pending) -> None:
    """The channel for now. Codes and ids only: who it is about and what it says stay in the store."""
    log.info(
        "notification",
        notification=str(notice.id),
        lead=str(notice.lead_id),
        to=str(notice.to_staff_id or notice.to_role or ""),
        code=notice.code,
    )


class Notices:
    """Delivers until stopped. Any number may run side by side: each takes what no other has locked."""

    def __init__(self, database: Database, clock: Clock, channel: Channel = to_log) -> None:
        self._database = database
        self._clock = clock
        self._channel = channel
        self._loop = Loop("notices", self._round, POLL)

    async def run(self) -> None:
        """Deliver until :meth:`stop`."""
        await self._loop.run()

    def stop(self) -> None:
        self._loop.stop()

    async def _round(self) -> Then:
        return Then.AGAIN if await self.deliver() else Then.REST

    async def deliver(self) -> int:
        """Deliver one batch; returns how many were taken. Marked in the same transaction: at least once, each."""
        async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
            batch = await notifications.take(tx)
            done = []
            for notice in batch:
                try:
                    await self._channel(notice)
                except Exception:
                    log.exception("notification not delivered", notification=str(notice.id), code=notice.code)
                    await notifications.later(tx, notice.id, self._wait(notice.attempts))
                else:
                    done.append(notice)
            await notifications.delivered(tx, [notice.id for notice in done], self._clock.now())
            waiting = await notifications.undelivered(tx)
        metrics.NOTIFICATIONS_PENDING.set(waiting)
        for notice in done:
            metrics.NOTIFICATIONS.labels(notice.code).inc()
        return len(done)

    @staticmethod
    def _wait(attempts: int) -> timedelta:
        return min(timedelta(seconds=5 * 2 ** min(attempts, 10)), LONGEST_WAIT)
