"""Back-tests in a worker: started when there is something to do, in processes of their own, never
in its event loop."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from uuid import UUID

import structlog

from cases.actors import EVERYTHING, SYSTEM
from server import backtest_hands, metrics
from server.ear import RARELY
from server.loop import Loop, Then
from store.session import Database
from store.tables import backtests

log = structlog.get_logger("backtests")

POLL = 1.0  # seconds between two looks at the processes that do them
MOST_PROCESSES = 2
NICENESS = 10
"""A back-test may take as long as it likes; leads may not."""
MOST_DEATHS = 3
"""Processes that die in a row without having done a part before their back-tests are given up."""

_spawn = multiprocessing.get_context("spawn")  # a fork of a process with threads and connections may hang


@dataclass(slots=True)
class _Pair:
    """One process at work and the end of the pipe on which it says what it did."""

    process: SpawnProcess
    heard: Connection

    def sizes(self) -> list[int]:
        """The sizes of the parts that it has done since it was asked last."""
        found: list[int] = []
        with contextlib.suppress(EOFError, OSError):
            while self.heard.poll():
                found.append(self.heard.recv())
        return found

    def end(self) -> None:
        """Ends it. What it was at is as if it had never begun."""
        self.process.kill()
        self.process.join()
        self.heard.close()


class Backtests:
    """Runs them until stopped. Any number of workers may share the parts of one.

    ``only`` is for a command that has asked for one and does its parts itself; ``niceness`` is that
    of the processes.
    """

    def __init__(
        self,
        database: Database,
        wake: asyncio.Event | None = None,
        *,
        only: UUID | None = None,
        poll: float = POLL,
        niceness: int = NICENESS,
    ) -> None:
        self._database = database
        self._only = only
        self._niceness = niceness
        self._pairs: list[_Pair] = []
        self._deaths = 0
        self._poll = poll
        self._loop = Loop("backtests", self._look, RARELY if wake else poll, wake=wake)

    async def run(self) -> None:
        """Work until :meth:`stop`."""
        try:
            await self._loop.run()
        finally:
            for pair in self._pairs:
                pair.end()

    def stop(self) -> None:
        self._loop.stop()

    @property
    def processes(self) -> tuple[int, ...]:
        """The ids of the processes at work."""
        return tuple(pair.process.pid or 0 for pair in self._pairs)

    async def _look(self) -> Then | float:
        async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
            wanted = await backtests.running(tx)
        metrics.BACKTESTS_RUNNING.set(len(wanted))
        self._listen()
        if wanted and self._deaths >= MOST_DEATHS:
            await self._give_up(self._only or wanted[0])
        elif wanted if self._only is None else self._only in wanted:
            while len(self._pairs) < min(MOST_PROCESSES, os.cpu_count() or 1):
                self._start()
        return self._poll if wanted or self._pairs else Then.REST

    def _listen(self) -> None:
        for pair in list(self._pairs):
            alive = pair.process.is_alive()
            sizes = pair.sizes()
            metrics.BACKTEST_DECISIONS.inc(sum(sizes))
            if sizes:
                self._deaths = 0
            if not alive:
                if pair.process.exitcode:
                    self._deaths += 1
                    log.warning("a back-test's process died", exitcode=pair.process.exitcode)
                pair.heard.close()
                self._pairs.remove(pair)

    async def _give_up(self, backtest_id: UUID) -> None:
        """A part that kills whoever takes it would be taken for ever."""
        self._deaths = 0
        async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
            await backtests.fail(tx, backtest_id, "process_died", f"{MOST_DEATHS} processes died at it")
        log.error("a back-test is given up", backtest=str(backtest_id))

    def _start(self) -> None:
        heard, speaks = _spawn.Pipe(duplex=False)
        process = _spawn.Process(
            target=backtest_hands.main, args=(self._database.url, self._only, self._niceness, speaks), daemon=True
        )
        process.start()
        speaks.close()
        self._pairs.append(_Pair(process, heard))
