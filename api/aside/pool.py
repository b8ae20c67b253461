"""The processes beside one API process: how many, who waits for them, and what ends them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, Generic, ParamSpec, Self, TypeVar

import structlog

from api.aside import frames
from api.aside.hand import OUT_OF_MEMORY
from api.aside.limits import Limits, TooCostly, too_costly
from api.metrics import ASIDE_BUSY, ASIDE_ENDED, ASIDE_SECONDS, ASIDE_WAITING
from cases.errors import Unavailable

log = structlog.get_logger(__name__)

P = ParamSpec("P")
Result = TypeVar("Result")

MOST_WORKS: Final = 500
"""Then a process makes room for a new one, so that memory in fragments does not count against later
work."""
START_SECONDS: Final = 60.0
_HAND_SECONDS: Final = 10.0
_TOLD_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Parts(Generic[Result]):
    """What a generator gave; ``cut`` is the limit that ended it, None if it came to its end."""

    found: tuple[Result, ...]
    cut: TooCostly | None


@dataclass(slots=True)
class _Hand:
    """One process, and the way to it."""

    pid: int
    handle: int
    reader: StreamReader
    writer: StreamWriter
    works: int = 0

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        self.close()

    def close(self) -> None:
        """It ends by itself once nobody speaks to it."""
        self.writer.close()
        os.close(self.handle)


class Pool:
    """Does work in other processes under ``limits``. Starts them when first needed, or by ``async
    with``.

    What work gives back, and what it raises, has to be picklable; what it is given as well.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._free = asyncio.Semaphore(self.limits.processes)
        self._idle: list[_Hand] = []
        self._waiting = 0
        self._starting = asyncio.Lock()
        self._nursery: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._listening: asyncio.Task[None] | None = None
        self._ends: dict[int, int] = {}
        self._news = asyncio.Condition()

    # -- its life ---------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        await self._started()
        self._idle += [await self._hand() for _ in range(self.limits.processes)]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends every process. Work in progress has been cancelled before, with the requests that
        wanted it."""
        while self._idle:
            self._idle.pop().kill()
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        control, self._control = self._control, None
        if control is not None:
            control.close()
        nursery, self._nursery = self._nursery, None
        if nursery is not None:
            nursery.kill()  # with it, the kernel ends all that it has forked
            await asyncio.to_thread(nursery.wait)

    # -- work -------------------------------------------------------------------------------------

    async def run(self, work: Callable[P, Result], *given: P.args, **_: P.kwargs) -> Result:
        """What ``work`` gives, or raises.

        Raises:
            TooCostly: it exceeded a limit and was ended.
            Unavailable: too many others wait already.
        """
        async with self._answers(work, given) as answers:
            async for kind, value in answers:
                if kind == "done":
                    return value
        raise AssertionError("every work ends with an answer")

    async def parts(self, work: Callable[P, Generator[Result]], *given: P.args, **_: P.kwargs) -> Parts[Result]:
        """What the generator ``work`` gave, up to its end or to a limit. Raises ``Unavailable``,
        and what it raises."""
        found: list[Result] = []
        try:
            async with self._answers(work, given) as answers:
                async for kind, value in answers:
                    if kind == "part":
                        found.append(value)
        except TooCostly as cut:
            return Parts(tuple(found), cut)
        return Parts(tuple(found), None)

    @asynccontextmanager
    async def _answers(
        self, work: Callable[..., Any], given: tuple[Any, ...]
    ) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
        """The answers of a process that nobody else has meanwhile; one that did not come to its end
        is ended."""
        await self._turn()
        try:
            hand = await self._free_hand()
        except BaseException:
            self._free.release()
            raise
        began = time.perf_counter()
        ASIDE_BUSY.inc()
        done = False
        try:
            async with asyncio.timeout(self.limits.seconds):
                hand.writer.write(frames.packed((work, given, self.limits.cpu_seconds)))
                yield self._heard(hand)
            done = True
        except TimeoutError:
            raise self._ended("too_slow") from None
        except (IncompleteReadError, ConnectionError):
            raise self._ended(await self._cause(hand.pid)) from None
        except TooCostly as over:
            done = over.code != "too_slow"  # it said so itself, and is well
            raise
        except asyncio.CancelledError:
            self._ended("cancelled")
            raise
        except Exception:
            done = True  # what the work raised
            raise
        finally:
            self._release(hand, done)
            ASIDE_SECONDS.observe(time.perf_counter() - began)
            ASIDE_BUSY.dec()

    async def _turn(self) -> None:
        if self._waiting >= self.limits.waiting and self._free.locked():
            ASIDE_ENDED.labels("queue_full").inc()
            raise Unavailable("too_busy")
        self._waiting += 1
        ASIDE_WAITING.inc()
        try:
            async with asyncio.timeout(self.limits.patience):
                await self._free.acquire()
        except TimeoutError:
            ASIDE_ENDED.labels("queue_slow").inc()
            raise Unavailable("too_busy") from None
        finally:
            self._waiting -= 1
            ASIDE_WAITING.dec()

    async def _heard(self, hand: _Hand) -> AsyncIterator[tuple[str, Any]]:
        while True:
            kind, value = await frames.read(hand.reader)
            if kind == "raised":
                raise value
            if kind == "limit":
                raise self._ended(value)
            yield kind, value
            if kind == "done":
                return

    def _release(self, hand: _Hand, done: bool) -> None:
        hand.works += 1
        if not done:
            hand.kill()
        elif hand.works >= MOST_WORKS:
            hand.close()
        else:
            self._idle.append(hand)
        self._free.release()

    def _ended(self, code: str) -> TooCostly:
        ASIDE_ENDED.labels(code).inc()
        return too_costly(code, self.limits)

    # -- processes --------------------------------------------------------------------------------

    async def _started(self) -> socket.socket:
        async with self._starting:
            if self._control is not None and self._nursery is not None and self._nursery.poll() is None:
                return self._control
            await self.close()
            control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            control.setblocking(False)
            with theirs:
                command = [sys.executable, "-m", "api.aside.nursery", str(theirs.fileno()), str(self.limits.megabytes)]
                self._nursery = subprocess.Popen(  # noqa: ASYNC220 - it forks and returns
                    command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
                )
            async with asyncio.timeout(START_SECONDS):
                if await asyncio.get_running_loop().sock_recv(control, 16) != b"ready":
                    raise RuntimeError("the processes for heavy work cannot be started")
            self._control = control
            self._listening = asyncio.create_task(self._listen(control))
            return control

    async def _free_hand(self) -> _Hand:
        """One that waits for work, else a new one. Raises ``Unavailable`` when none can be made."""
        while self._idle:
            hand = self._idle.pop()
            if not hand.reader.at_eof():
                return hand
            hand.kill()  # it ended while it had nothing to do
        try:
            return await self._hand()
        except (OSError, EOFError, TimeoutError) as failure:  # TimeoutError: the machine is overloaded
            log.error("no process for heavy work", error=type(failure).__name__)
            raise Unavailable("too_busy") from failure

    async def _hand(self) -> _Hand:
        control = await self._started()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            socket.send_fds(control, [b"fork"], [theirs.fileno()])
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        try:
            async with asyncio.timeout(_HAND_SECONDS):
                _, pid = await frames.read(reader)
            return _Hand(pid, os.pidfd_open(pid), reader, writer)
        except BaseException:
            writer.close()
            raise

    async def _listen(self, control: socket.socket) -> None:
        """Notes how processes ended."""
        while told := await asyncio.get_running_loop().sock_recv(control, 64):
            pid, code = map(int, told.split())
            async with self._news:
                self._ends[pid] = code
                while len(self._ends) > 100:
                    del self._ends[next(iter(self._ends))]
                self._news.notify_all()

    async def _cause(self, pid: int) -> str:
        """Which limit a process met that is gone."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_TOLD_SECONDS), self._news:
                await self._news.wait_for(lambda: pid in self._ends)
        code = self._ends.pop(pid, None)
        if code != -signal.SIGXCPU:
            log.warning("a process for heavy work ended", exit_code=code)
        return _CAUSES.get(code, "work_broken")


_CAUSES: Final[dict[int | None, str]] = {
    -signal.SIGXCPU: "too_slow",
    OUT_OF_MEMORY: "too_much_memory",
    -signal.SIGKILL: "too_much_memory",  # by the kernel, for want of memory: ours are told apart before
}
