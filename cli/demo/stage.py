"""Runs the demo beside a running Baton: publishes the demo tables, lets the leads in, keeps
everybody busy."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cases.actors import EVERYTHING, SYSTEM
from cases.clock import SystemClock
from cases.parties import Party
from cli.demo import SHOW, SPEED, tables
from cli.demo.cast import CAST, Scene, Story
from cli.demo.customers import Customers
from cli.demo.people import SeenTask, Temperament, by_day, decide, temperament
from cli.demo.screen import Screen
from cli.demo.town import GLANCE, Api, Json, Town, instant
from server.settings import Settings
from store.engine import clock
from store.network import demo_stage, groundwork, hours
from store.session import Database, Tx

SEED: Final = 20_261_121
BETWEEN_STORIES: Final = 0.25
BETWEEN_LEADS: Final = 1.2
"""Wall seconds. A hundred leads in two minutes leave a small machine time to breathe."""
READERS: Final = 8
"""Histories read at once."""


class DemoStage:
    """The demo's director. ``seconds`` of wall time, or until Ctrl-C."""

    def __init__(self, seconds: float | None, screen: Screen | None = None) -> None:
        self._seconds = seconds
        self._screen = screen or Screen()
        self._dice = random.Random(SEED)
        self._clock = SystemClock()
        self._crowd: set[str] = set()
        self._handled: set[str] = set()
        self._busy: set[asyncio.Task[None]] = set()

    async def play(self, settings: Settings) -> None:
        """Runs until its time is up; then all of Baton stops with it."""
        await self._prepare(settings)
        api = Api(settings.api_url)
        town = Town(api)
        actions: tuple[Callable[[Town], Awaitable[None]], ...] = (
            self._look,
            self._tell,
            self._stories,
            self._leads,
            self._people,
            self._close,
        )
        running = [asyncio.create_task(self._guarded(action, town)) for action in actions]
        try:
            if self._seconds is None:
                await asyncio.gather(*running)
            else:
                await asyncio.sleep(self._seconds)
                if self._seconds < SHOW:
                    self._paths(town)
        finally:
            for task in (*running, *self._busy):
                task.cancel()
            await asyncio.gather(*running, *self._busy, return_exceptions=True)
            await api.close()

    # -- before the curtain -----------------------------------------------------------------------

    async def _prepare(self, settings: Settings) -> None:
        database = Database(settings.database(), pool_size=1)
        try:
            async with database.transaction(SYSTEM, EVERYTHING) as tx:
                self._clock = SystemClock(await clock.load(tx))
                now = self._clock.now()
                await demo_stage.prepare(tx, now)
                await tables.publish(tx, now)
                await _work_on_holidays(tx, now)
        finally:
            await database.close()
        self._screen.say(f"演示：一天 = {86_400 / SPEED:g} 秒。以下表已发布演示版，其余照常：")
        for table in tables.TABLES:
            self._screen.say(f"  · {table.said}", style="")

    # -- what goes on all the time ----------------------------------------------------------------

    async def _look(self, town: Town) -> None:
        while True:
            await town.look()
            await asyncio.sleep(GLANCE * 2)

    async def _tell(self, town: Town) -> None:
        """Prints what is new in every lead's history, in the order in which it happened."""
        turn = asyncio.Semaphore(READERS)

        async def news(lead_id: str) -> list[tuple[str, Json]]:
            async with turn:
                return [(lead_id, entry) for entry in await town.news(lead_id)]

        while True:
            found = await asyncio.gather(*(news(lead_id) for lead_id in list(town.leads)))
            events = [event for events in found for event in events]
            for lead_id, entry in sorted(events, key=lambda event: (event[1]["at"], event[1]["number"])):
                self._screen.happened(town.leads[lead_id], entry)
            await asyncio.sleep(GLANCE * 5)

    async def _leads(self, town: Town) -> None:
        """Channels send leads; the crowd looks after those."""
        for submission in Customers(SEED + 1).stream():
            answer = await town.api.say("POST", "/leads", submission)
            if answer.get("verdict") == "created":
                self._crowd.add(str(answer["lead_id"]))
            elif answer.get("code") == "lead_rejected":
                reason = (answer.get("errors") or answer.get("problems") or [{}])[0].get("message", "")
                self._screen.say(f"           ✗ 拒收：{reason}", style="dim")
            await asyncio.sleep(BETWEEN_LEADS * self._dice.uniform(0.5, 1.5))

    async def _stories(self, town: Town) -> None:
        customers = Customers(SEED)
        for story in CAST:
            self._go(self._story(story, Scene(town, customers, self._dice)))
            await asyncio.sleep(BETWEEN_STORIES)

    async def _story(self, story: Story, scene: Scene) -> None:
        """When its script is over, everybody else looks after its leads, which would be forgotten
        otherwise."""
        await story(scene)
        self._crowd.update(scene.sent)

    async def _people(self, town: Town) -> None:
        """Everybody in the crowd looks into their inbox and decides; some consultants hunt in the
        pool."""
        while True:
            for lead_id in self._crowd & town.tasks.keys():
                for task in town.tasks[lead_id]:
                    if task["id"] not in self._handled:
                        self._handled.add(task["id"])
                        self._go(self._act(town, lead_id, task))
            for lead_id in self._crowd:
                line = town.leads.get(lead_id, {})
                if line.get("status") == "pool" and f"claim {lead_id}" not in self._handled:
                    self._handled.add(f"claim {lead_id}")
                    self._go(self._hunt(town, lead_id, line))
            await asyncio.sleep(GLANCE * 2)

    async def _close(self, town: Town) -> None:
        await asyncio.sleep(SHOW)
        self._paths(town)

    # -- single acts ------------------------------------------------------------------------------

    async def _act(self, town: Town, lead_id: str, task: Json) -> None:
        opened = instant(task["opened_at"])
        span = instant(task["due_at"]) - opened if task.get("due_at") else timedelta(days=1)
        owner, dealer = task.get("owner"), task.get("dealer")
        seen = SeenTask(
            kind=task["kind"],
            role=task["role"],
            owner=owner["code"] if owner else None,
            dealer=dealer["code"] if dealer else None,
            span=max(span, timedelta(hours=1)),
            stage=town.leads.get(lead_id, {}).get("stage"),
        )
        if seen.role == "consultant" and seen.owner and temperament(seen.owner) is Temperament.SILENT:
            return
        act = decide(seen, self._dice)
        now = self._clock.now()
        await asyncio.sleep((by_day(now + act.after, self._dice) - now).total_seconds() / SPEED)
        await town.api.say("POST", f"/leads/{lead_id}/{act.statement}", {**act.body, "task_id": task["id"]}, act.actor)

    async def _hunt(self, town: Town, lead_id: str, line: Json) -> None:
        await asyncio.sleep(self._dice.uniform(0.5, 4))
        dealer = line["dealer"]["code"] if line.get("dealer") else self._dice.choice(("BJ01", "SH01", "GZ01"))
        for number in (1, 2, 3):
            await town.api.say("POST", f"/leads/{lead_id}/claim", None, f"{dealer}-C{number}")

    def _go(self, act: Awaitable[None]) -> None:
        async def contained() -> None:
            # One person's mishap must not end everybody's demo.
            try:
                await act
            except (KeyError, ValueError) as mishap:
                self._screen.say(f"           演示脚本出错：{type(mishap).__name__} {mishap}", style="red")

        task = asyncio.create_task(contained())
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    async def _guarded(self, action: Callable[[Town], Awaitable[None]], town: Town) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await action(town)

    def _paths(self, town: Town) -> None:
        missing = self._screen.paths(town.histories.values(), town.leads.values())
        if missing and self._seconds is None:
            self._screen.say("演示继续，Ctrl-C 结束。", style="dim")


async def _work_on_holidays(tx: Tx, now: datetime) -> None:
    """A week in which all are away would be most of a demo."""
    for team, week in groundwork.usual_hours().items():
        await hours.keep(tx, Party(team), replace(week, holidays=True, since=now.date()))
