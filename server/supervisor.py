"""``baton up``: everything of one machine as one tree, started in order, kept alive, stopped in
order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType

import httpx
from pydantic import SecretStr

from server import ports
from server.children import Child, Plan
from server.home import Home
from server.problems import StartProblem
from server.reserve import Reserve
from server.restarts import Restarts
from server.servers import Postgres, Temporal, temporal_answers
from server.settings import READY, Settings

TRIES = 3
"""How often a part may die before its first answer."""

Alongside = Callable[[Settings], Awaitable[None]]
"""Something that runs once all is ready and ends with it (the demo). When it returns, all stops."""


@dataclass
class Part:
    """One part of the tree: how it runs, and how to know that it answers."""

    plan: Plan
    ready: Callable[[], Awaitable[None]]
    child: Child | None = None
    restarts: Restarts = field(default_factory=Restarts)
    reserve: Reserve = field(default_factory=lambda: Reserve(None))
    keeper: asyncio.Task[None] | None = field(default=None, repr=False)


def run(settings: Settings, alongside: Alongside | None = None) -> int:
    """Run until Ctrl-C, SIGTERM or SIGHUP; returns the exit code. Problems come as one line on
    stderr."""
    try:
        with Home(settings.home) as home:
            return asyncio.run(_Supervisor(settings, home).run(alongside))
    except StartProblem as problem:
        _say(problem.line())
        return 1


class _Supervisor:
    def __init__(self, settings: Settings, home: Home) -> None:
        self.settings = settings
        self.home = home
        self.parts: list[Part] = []  # in the order of their start
        self.stopping = asyncio.Event()

    async def run(self, alongside: Alongside | None) -> int:
        self._listen()
        cleaned = await asyncio.to_thread(self.home.clean, self.settings.stop_timeout + 5)
        if cleaned:
            _say(f"ended what a killed Baton had left running: {', '.join(cleaned)}")
        ports.check(ports.wanted(self.settings, temporal=self.settings.temporal_address is None))
        work = asyncio.create_task(self._work(alongside))
        stop = asyncio.create_task(self.stopping.wait())
        try:
            await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            for task in (work, stop):
                task.cancel()
            await asyncio.gather(work, stop, return_exceptions=True)
            await self._stop_all()
        return 0

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()

        def asked() -> None:
            if self.stopping.is_set():  # asked twice: no more patience
                for part in self.parts:
                    if part.child is not None:
                        part.child.kill()
            self.stopping.set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, asked)

    # -- the story --------------------------------------------------------------------------------

    async def _work(self, alongside: Alongside | None) -> None:
        started = time.monotonic()
        # It drags in most of Baton: meanwhile the servers start.
        importing = asyncio.create_task(asyncio.to_thread(import_module, "server.first_start"))
        settings = await self._servers(importing)
        first_start = await importing
        _say("bringing up to date")
        await first_start.complete(settings, _say)
        await self._ours(settings)
        self.home.say(f"process {os.getpid()}, {settings.api_url}")
        sys.stdout.write(_ready_line(settings, time.monotonic() - started))
        sys.stdout.flush()
        if alongside is None:
            await asyncio.Event().wait()
        else:
            await alongside(settings)

    async def _servers(self, importing: asyncio.Task[ModuleType]) -> Settings:
        """Start the servers that the settings do not bring; returns the settings with their
        addresses."""

        async def after_importing(ready: Callable[[], Awaitable[None]]) -> None:
            # Two threads that import temporalio, one from its middle, lock each other out.
            await asyncio.wait({importing})
            await ready()

        settings, waits = self.settings, []
        if settings.database_url is None:
            postgres = Postgres(settings.home, settings.stop_timeout)
            if not postgres.data.exists():
                _say(f"making the database in {postgres.data}")
            await asyncio.to_thread(postgres.prepare)
            waits.append(await self._start(Part(postgres.plan(), postgres.ready)))
            settings = settings.model_copy(update={"database_url": SecretStr(postgres.url)})
        if settings.temporal_address is None:
            temporal = Temporal(settings.home, settings.temporal_port, settings.temporal_ui_port, settings.stop_timeout)
            temporal.prepare()
            _say("starting temporal")
            waits.append(await self._start(Part(temporal.plan(), lambda: after_importing(temporal.ready))))
            settings = settings.model_copy(update={"temporal_address": settings.temporal_target})
        else:
            target, namespace = settings.temporal_target, settings.namespace
            answer = after_importing(lambda: temporal_answers(target, namespace))
            waits.append(self._within("Temporal", answer))
        await _all(waits)
        return settings

    async def _ours(self, settings: Settings) -> None:
        """Start API and worker side by side. They get ``stop_timeout`` to finish and a little to
        say goodbye."""
        if settings.log_format == "auto" and sys.stderr.isatty():
            settings = settings.model_copy(update={"log_format": "console"})  # theirs is a pipe, but people read it
        env = settings.environment()
        patience = settings.stop_timeout + 2
        me = (sys.executable, "-P", "-m", "cli")  # -P: the current directory may have a cli of its own
        worker = Part(
            # Where both want a core, people's statements go before steps, which can wait.
            Plan("worker", [*me, "worker"], env, stop_timeout=patience, nice=5),
            lambda: _answers(settings.metrics_url),
            reserve=Reserve(Plan("worker", [*me, "worker", "--in-reserve"], env, stop_timeout=patience, nice=5)),
        )
        api = Part(Plan("api", [*me, "api"], env, stop_timeout=patience), lambda: _answers(settings.api_url + READY))
        await _all([await self._start(worker), await self._start(api)])

    # -- keeping alive ----------------------------------------------------------------------------

    async def _start(self, part: Part) -> Awaitable[None]:
        """Start a part and keep it; returns what waits until it answers."""
        await self._spawn(part)
        self.parts.append(part)
        return self._first_answer(part)

    async def _spawn(self, part: Part) -> None:
        part.child = await part.reserve.take() or await Child.start(part.plan)
        self.home.record(part.plan.name, part.child.pid, part.plan.stop_signal)

    async def _first_answer(self, part: Part) -> None:
        """Wait until a new part answers, then keep it.

        Temporal takes ports of its own choice, and somebody may be faster: a part that dies is
        tried again a few times. After that it is a StartProblem.
        """
        for _ in range(TRIES - 1):
            if await self._answered(part) is None:
                break
            await self._spawn(part)
        else:
            if (code := await self._answered(part)) is not None:
                where = f"see {part.plan.log}" if part.plan.log else "see its last lines above"
                raise StartProblem(f"{part.plan.name} ended while starting (code {code})", where)
        _works(part)
        part.keeper = asyncio.create_task(self._keep(part))

    async def _answered(self, part: Part) -> int | None:
        """None as soon as a part answers, or the exit code if it ends before."""
        assert part.child is not None
        death = asyncio.create_task(part.child.wait())
        answer = asyncio.ensure_future(self._within(part.plan.name, part.ready()))
        try:
            await asyncio.wait({death, answer}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                return death.result()
            answer.result()
            return None
        finally:
            death.cancel()
            answer.cancel()
            await asyncio.gather(death, answer, return_exceptions=True)

    async def _within(self, name: str, answer: Awaitable[None]) -> None:
        try:
            await asyncio.wait_for(answer, self.settings.start_timeout)
        except TimeoutError:
            problem = f"{name} does not answer after {self.settings.start_timeout:g} s"
            raise StartProblem(problem, f"see {self.settings.home / 'log'}, or raise BATON_START_TIMEOUT") from None

    async def _keep(self, part: Part) -> None:
        """Restart a part whenever it dies."""
        while part.child is not None:
            code = await part.child.wait()
            if self.stopping.is_set():
                return
            pause = part.restarts.pause(time.monotonic())
            _say(f"{part.plan.name} ended (code {code}); starting it again in {pause:g} s")
            await asyncio.sleep(pause)
            part.child.kill()  # what it may have left in its session
            try:
                await self._spawn(part)
            except OSError as error:
                _say(f"{part.plan.name} cannot be started ({error.strerror})")
                continue
            again = asyncio.create_task(self._say_when_back(part))
            await part.child.wait()
            again.cancel()

    async def _say_when_back(self, part: Part) -> None:
        await part.ready()
        _works(part)
        _say(f"{part.plan.name} runs again")

    async def _stop_all(self) -> None:
        """Last started, first stopped: the API takes nothing more, the worker drains, then the
        servers."""
        self.stopping.set()
        for part in reversed(self.parts):
            if part.keeper is not None:
                part.keeper.cancel()
                await asyncio.gather(part.keeper, return_exceptions=True)
            await part.reserve.end()
            if part.child is not None:
                await part.child.stop()
                self.home.forget(part.plan.name)


def _works(part: Part) -> None:
    part.restarts.answered(time.monotonic())
    part.reserve.fill()


async def _answers(url: str) -> None:
    """Return once ``url`` answers with a 2xx."""
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(url)).is_success:
                    return
            await asyncio.sleep(0.1)


async def _all(waits: list[Awaitable[None]]) -> None:
    """Wait for all; the first problem ends the waiting."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _ready_line(settings: Settings, seconds: float) -> str:
    urls = [f"API docs {settings.api_url}/docs"]
    if settings.temporal_target.startswith("127.0.0.1:"):
        urls.append(f"Temporal UI http://127.0.0.1:{settings.temporal_ui_port}")
    urls.append(f"metrics {settings.metrics_url}")
    return f"ready in {seconds:.1f} s: {' · '.join(urls)}\n"


def _say(text: str) -> None:
    sys.stderr.write(text if text.endswith("\n") else text + "\n")
    sys.stderr.flush()
