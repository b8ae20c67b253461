"""What a worker does again and again: one way to wait, to be woken, to fail and to stop, for all of
its loops.

A round may fail in any way and the loop goes on: the failure is counted (``baton_loop_failures``),
logged once a kind until a round succeeds, and waited out with exponential back-off and jitter. Only
cancellation from outside ends it.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from enum import Enum, auto

import structlog

from cases.errors import BatonError, Unavailable
from server import metrics

log = structlog.get_logger("loop")


class Then(Enum):
    """What follows a round that did not fail."""

    AGAIN = auto()  # more may wait
    REST = auto()  # nothing waits: until somebody wakes the loop, or the poll is over
    RETREAT = auto()  # nothing got through: like a failure, without being one


Work = Callable[[], Awaitable[Then | float]]
"""A round. A number is REST, for at most so many seconds: something is due by then."""


def delay(attempts: int, first: float, longest: float) -> float:
    """Exponential back-off in seconds, with jitter, so that what failed together does not come back
    together."""
    return min(longest, first * 2 ** min(attempts, 16)) * random.uniform(0.5, 1.0)


class Loop:
    """Does ``work`` until stopped; ``name`` is its label in metrics and logs.

    ``poll`` is how many seconds of wall time it rests; ``wake`` ends a rest early. Back-off begins
    at ``first_delay`` and doubles up to ``longest_delay``.
    """

    def __init__(
        self,
        name: str,
        work: Work,
        poll: float,
        *,
        wake: asyncio.Event | None = None,
        first_delay: float = 0.5,
        longest_delay: float = 5.0,
    ) -> None:
        self.name = name
        self._work = work
        self._poll = poll
        self._wake = wake or asyncio.Event()
        self._first_delay, self._longest_delay = first_delay, longest_delay
        self._stopping = asyncio.Event()
        self._succeeded = time.monotonic()
        self._troubles = 0
        self._said: set[str] = set()

    async def run(self) -> None:
        """Round after round until :meth:`stop`; the round in hand is finished."""
        metrics.LOOP_AGE.labels(self.name).set_function(lambda: time.monotonic() - self._succeeded)
        while not self._stopping.is_set():
            self._wake.clear()
            then = await self._round()
            if then is Then.RETREAT:
                self._troubles += 1
                await _wait(self._stopping, delay(self._troubles - 1, self._first_delay, self._longest_delay))
                continue
            self._troubles = 0
            if then is not Then.AGAIN and not self._stopping.is_set():
                await _wait(self._wake, self._poll if then is Then.REST else min(float(then), self._poll))

    def stop(self) -> None:
        """Asks ``run`` to come to an end after the round in hand."""
        self._stopping.set()
        self._wake.set()

    async def _round(self) -> Then | float:
        try:
            then = await self._work()
        except BaseException as failure:
            if _ends(failure):
                raise
            self._say(failure)
            return Then.RETREAT
        self._succeeded = time.monotonic()
        if self._said:
            log.info("loop goes on", loop=self.name)
            self._said.clear()
        return then

    def _say(self, failure: BaseException) -> None:
        kind = failure.code if isinstance(failure, BatonError) else type(failure).__name__
        metrics.LOOP_FAILURES.labels(self.name, kind).inc()
        if kind in self._said:
            return
        self._said.add(kind)
        if isinstance(failure, Unavailable):
            log.warning("loop waits", loop=self.name, code=failure.code)
        else:
            log.error("loop stumbled", loop=self.name, error=kind, exc_info=failure)


def _ends(failure: BaseException) -> bool:
    """Whether the process or whoever runs the loop wants it to end. A round may raise a
    cancellation of its own."""
    if isinstance(failure, BaseExceptionGroup):
        return failure.subgroup((KeyboardInterrupt, SystemExit)) is not None
    if isinstance(failure, asyncio.CancelledError):
        task = asyncio.current_task()
        return task is None or task.cancelling() > 0
    return isinstance(failure, (KeyboardInterrupt, SystemExit, GeneratorExit))


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
