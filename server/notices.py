"""Delivers notifications (A10): from the store to the channels, each at its own pace, at least
once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence

import structlog

from cases.actors import EVERYTHING, SYSTEM
from cases.clock import Clock
from cases.ids import new_id
from cases.messages import NOTIFICATIONS
from cases.messages.languages import spoken_by
from cases.spoken import sentence
from domain import sight
from domain.kinds import said
from server import metrics
from server.channels import Channel, Log, Notice
from server.ear import RARELY, rarely
from server.loop import Loop, Then, delay
from store.engine import notifications
from store.engine.notifications import Claimed
from store.leads import views
from store.session import Database, Tx

log = structlog.get_logger("notices")

LOOK = 2.0  # seconds between two looks for what is new (``store.engine.news``)
SOON = 0.5  # seconds at least between two looks at a channel
SEND = 10.0  # seconds that a channel gets for one notice
MARK = 10.0  # seconds that the mark may take beyond that before somebody else takes a notice over
AT_ONCE = 10  # notices of one channel in flight
AT_WORK = 30.0  # seconds between two times that a worker says which channels it runs
FIRST_WAIT, LONGEST_WAIT = 5.0, 600.0  # seconds between two attempts
MOST_ATTEMPTS = 20  # two hours and more


class Notices:
    """Delivers until stopped. Any number may run side by side; a slow channel holds no connection
    and no other."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Sequence[Channel] = (Log(),),
        *,
        send: float = SEND,
        most_attempts: int = MOST_ATTEMPTS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._send, self._most_attempts = send, most_attempts
        self._owner = str(new_id())
        self._said_at_work: float | None = None
        self._news = {channel.name: asyncio.Event() for channel in channels}
        self._loops = [
            Loop("notices", self._spread, min(LOOK, rarely(clock))),
            *(self._loop(channel, self._news[channel.name]) for channel in channels),
        ]

    async def run(self) -> None:
        """Deliver until :meth:`stop`."""
        async with asyncio.TaskGroup() as group:
            for loop in self._loops:
                group.create_task(loop.run())

    def stop(self) -> None:
        for loop in self._loops:
            loop.stop()

    async def deliver(self) -> int:
        """Spread what is new and deliver one batch a channel; returns how many notices got
        through."""
        await self._spread()
        return sum([(await self._batch(channel))[1] for channel in self._channels])

    def _loop(self, channel: Channel, news: asyncio.Event) -> Loop:
        async def work() -> Then | float:
            claimed, _ = await self._batch(channel)
            return Then.AGAIN if claimed else await self._until_next(channel)

        return Loop(f"notices_{channel.name}", work, RARELY, wake=news)

    async def _until_next(self, channel: Channel) -> float:
        """How long nothing of a channel is due; what is due already is in another's hands."""
        async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
            due = await notifications.seconds_until_next(tx, channel.name)
        return RARELY if due is None else max(due, SOON)

    async def _spread(self) -> Then:
        names, now = [channel.name for channel in self._channels], time.monotonic()
        async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
            if saying := self._said_at_work is None or now - self._said_at_work >= AT_WORK:
                await notifications.at_work(tx, names)
            count = await notifications.spread(tx, names, self._clock.now(), sight.by_role())
            waiting = {name: await notifications.waiting(tx, name) for name in names}
        if saying:
            self._said_at_work = now
        for name, figures in waiting.items():
            metrics.NOTIFICATIONS_PENDING.labels(name).set(figures.pending)
            metrics.NOTIFICATIONS_OLDEST.labels(name).set(figures.oldest_seconds)
        if not count:
            return Then.REST
        for event in self._news.values():
            event.set()
        return Then.AGAIN

    async def _batch(self, channel: Channel) -> tuple[int, int]:
        """Claims in one transaction, delivers in none, marks in another; returns how many were
        claimed and sent."""
        async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
            batch = await notifications.claim(tx, channel.name, self._owner, self._send + MARK, AT_ONCE)
            names = await _names(tx, batch) if batch else {}
        if not batch:
            return 0, 0
        errors = await asyncio.gather(*(self._try(channel, one, names) for one in batch))
        done = [one for one, error in zip(batch, errors, strict=True) if error is None]
        async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
            await notifications.delivered(tx, [one.id for one in done], self._clock.now())
            for one, error in zip(batch, errors, strict=True):
                if error is not None:
                    seconds = self._next(one)
                    await notifications.failed(tx, one.id, self._owner, error, seconds, self._clock.now())
        for one, error in zip(batch, errors, strict=True):
            self._count(channel.name, one, error)
        return len(batch), len(done)

    async def _try(self, channel: Channel, one: Claimed, names: Mapping[str, str]) -> str | None:
        if one.address is None and channel.name != notifications.LOG:
            return "no_address"
        try:
            async with asyncio.timeout(self._send):
                await channel.send(_notice(one, names))
        except Exception as failure:
            return type(failure).__name__  # its text might repeat the address
        return None

    def _next(self, one: Claimed) -> float | None:
        return None if one.attempts + 1 >= self._most_attempts else delay(one.attempts, FIRST_WAIT, LONGEST_WAIT)

    def _count(self, channel: str, one: Claimed, error: str | None) -> None:
        if error is None:
            metrics.NOTIFICATIONS.labels(channel, one.code).inc()
            return
        metrics.NOTIFICATION_FAILURES.labels(channel, error).inc()
        said = {"channel": channel, "notification": str(one.notification_id), "error": error}
        if self._next(one) is None:
            metrics.NOTIFICATIONS_GIVEN_UP.labels(channel).inc()
            log.error("a notice is given up", **said, attempts=one.attempts + 1)
        else:
            log.warning("a notice waits", **said, attempt=one.attempts + 1)


def _notice(one: Claimed, names: Mapping[str, str]) -> Notice:
    language = spoken_by(one.language)
    text = sentence(NOTIFICATIONS, one.code, one.data, said(names, language), language)
    key = f"{one.notification_id}.{one.id}"
    return Notice(key, one.notification_id, one.case_id, one.to, one.code, one.address or "", text)


async def _names(tx: Tx, batch: Sequence[Claimed]) -> dict[str, str]:
    """What the people and dealers in these notices' data are called."""
    found = await views.named_in(tx, (value for one in batch for value in one.data.values()))
    return {key: named.name for key, named in found.items()}
