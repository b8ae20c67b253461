"""A worker's loops go on whatever a round raises, say it once a kind, count it, and end only when
they are asked to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from cases.clock import SystemClock
from cases.errors import Unavailable
from server import metrics
from server.backtests import Backtests
from server.batches import Batches
from server.departures import Departures
from server.ear import Ear
from server.loop import Loop, Then, delay
from server.notices import Notices
from server.relay import Pace, Relay
from server.versions import Versions
from store.session import Database
from tests.timetravel import TestClock


class Final(BaseException):
    """Of no kind that anybody foresees."""


ERRORS: dict[str, Callable[[], BaseException]] = {
    "database_unavailable": lambda: Unavailable("database_unavailable"),
    "OSError": lambda: OSError("no route"),
    "ConnectionDoesNotExistError": lambda: asyncpg.ConnectionDoesNotExistError("gone"),
    "RuntimeError": lambda: RuntimeError("a mistake"),
    "KeyError": lambda: KeyError("a mistake"),
    "TimeoutError": lambda: TimeoutError(),
    "ExceptionGroup": lambda: ExceptionGroup("several", [ValueError(), OSError()]),
    "BaseExceptionGroup": lambda: BaseExceptionGroup("several", [Final(), asyncio.CancelledError()]),
    "CancelledError": lambda: asyncio.CancelledError(),  # of a part that was cancelled inside, not of the loop
    "Final": lambda: Final(),
}


def failures(loop: str, error: str) -> float:
    return metrics.LOOP_FAILURES.labels(loop, error)._value.get()


def loops_of(database: Database) -> dict[str, Loop]:
    """Every loop of a worker, by name."""
    clock = TestClock(SystemClock().now())
    relay = Relay(database, None, clock=clock, pace=Pace(lanes=2), registry=CollectorRegistry())  # pyright: ignore[reportArgumentType]
    parts = (
        Notices(database, clock),
        Batches(database, clock),
        Departures(database, clock),
        Backtests(database),
        Versions(database, clock),
    )
    loops = [
        *relay._loops,
        Ear(database).loop,
        *(loop for part in parts for loop in getattr(part, "_loops", None) or [part._loop]),
    ]
    return {loop.name: loop for loop in loops}


NAMES = (
    "ear",
    "relay_measure",
    "relay_1",
    "relay_2",
    "notices",
    "notices_log",
    "batches",
    "departures",
    "backtests",
    "versions",
)


def test_these_are_all_loops(database: Database) -> None:
    assert set(loops_of(database)) == set(NAMES)


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("name", NAMES)
async def test_a_round_may_fail_in_any_way(
    name: str, error: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a loop of the worker whose first two rounds fail
    loop = next(loop for key, loop in loops_of(database).items() if key == name)
    rounds = 0

    async def work() -> Then:
        nonlocal rounds
        rounds += 1
        if rounds <= 2:
            raise ERRORS[error]()
        loop.stop()
        return Then.REST

    monkeypatch.setattr(loop, "_work", work)
    monkeypatch.setattr(loop, "_first_delay", 0.001)
    before = failures(loop.name, error)

    # when it runs
    with capture_logs() as said:
        async with asyncio.timeout(10):
            await loop.run()

    # then both are counted, one is said, and the third went well
    assert rounds == 3
    assert failures(loop.name, error) == before + 2
    assert [line["event"] for line in said if line["log_level"] in ("warning", "error")] == [
        "loop waits" if error == "database_unavailable" else "loop stumbled"
    ]
    assert metrics.LOOP_AGE.labels(loop.name)._value is not None


async def test_a_cancellation_from_outside_ends_it() -> None:
    inside = asyncio.Event()

    async def work() -> Then:
        inside.set()
        await asyncio.Event().wait()
        return Then.REST

    running = asyncio.create_task(Loop("cancelled", work, 1).run())
    await inside.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_stop_lets_the_round_in_hand_finish_and_begins_no_other() -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()
    done: list[int] = []

    async def work() -> Then:
        inside.set()
        await go_on.wait()
        done.append(1)
        return Then.AGAIN

    loop = Loop("stopped", work, 60)
    running = asyncio.create_task(loop.run())
    await inside.wait()
    loop.stop()
    go_on.set()
    await asyncio.wait_for(running, 10)
    assert done == [1]


async def test_a_resting_loop_is_woken() -> None:
    wake = asyncio.Event()
    rounds: asyncio.Queue[int] = asyncio.Queue()

    async def work() -> Then:
        await rounds.put(1)
        return Then.REST

    loop = Loop("woken", work, 600, wake=wake)
    running = asyncio.create_task(loop.run())
    async with asyncio.timeout(10):
        await rounds.get()
        wake.set()
        await rounds.get()
        loop.stop()
        await running


@pytest.mark.parametrize("mark", [1, 5])
def test_back_off_grows_with_jitter_up_to_its_limit(mark: int) -> None:
    assert all(mark * 0.5 <= delay(0, mark, 100) <= mark for _ in range(50))
    assert all(50 <= delay(100, mark, 100) <= 100 for _ in range(50))
