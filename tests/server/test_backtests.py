"""Back-tests in a worker: processes of their own, none left behind, nothing lost with one that is
killed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import psutil
import pytest
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from server import metrics
from server.backtests import Backtests
from store.session import Database
from store.tables import backtests
from tests.store.decided import asked, graded, outcome


@asynccontextmanager
async def running(database: Database) -> AsyncIterator[Backtests]:
    runner = Backtests(database, poll=0.05, niceness=0)
    task = asyncio.create_task(runner.run())
    try:
        yield runner
    finally:
        runner.stop()
        await task


async def until(what: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await what():  # noqa: ASYNC110  (another process does it)
            await asyncio.sleep(0.02)


@dataclass
class Trial:
    """A back-test of ten decisions, and the lock that keeps whoever tries it from writing what was
    found."""

    database: Database
    id: UUID

    async def kill(self, runner: Backtests) -> int:
        """Kills the process that is at it, in the middle of its work; gives its id."""
        async with self.database.transaction(SYSTEM, EVERYTHING) as tx:
            await tx.session.execute(text("LOCK TABLE backtest_lines IN SHARE MODE"))
            await until(self._at_work)
            (victim,) = runner.processes
            os.kill(victim, signal.SIGKILL)
        return victim

    async def ended(self) -> bool:
        async with self.database.transaction(SYSTEM, EVERYTHING) as tx:
            return (await backtests.one(tx, self.id)).ended_at is not None

    async def _at_work(self) -> bool:
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'backtest_lines'::regclass")
        async with self.database.connect() as connection:
            return bool((await connection.execute(waiting)).scalar())


@pytest.fixture
async def trial(database: Database, monkeypatch: pytest.MonkeyPatch) -> Trial:
    monkeypatch.setattr("server.backtests.MOST_PROCESSES", 1)
    await graded(database, *range(6, 16))
    return Trial(database, (await asked(database)).id)


async def test_a_process_that_is_killed_at_work_loses_nothing_and_none_is_left_behind(trial: Trial) -> None:
    before = metrics.BACKTEST_DECISIONS._value.get()

    async with running(trial.database) as runner:
        victim = await trial.kill(runner)
        await until(trial.ended)
        (heir,) = runner.processes

    state, whole, lines = await outcome(trial.database, trial.id)
    assert (state, whole["leads"], len(lines), heir != victim) == ("done", 10, 5, True)
    assert metrics.BACKTEST_DECISIONS._value.get() - before in (0, 10)  # said by the process, or ended with it
    assert not psutil.pid_exists(heir)


async def test_what_kills_whoever_takes_it_is_given_up_with_a_reason(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.backtests.MOST_DEATHS", 0)  # as if so many had died

    async with running(trial.database):
        await until(trial.ended)

    async with trial.database.transaction(SYSTEM, EVERYTHING) as tx:
        failed = await backtests.one(tx, trial.id)
    assert (failed.state, failed.problem and failed.problem["code"]) == ("failed", "process_died")
