"""The town that the demo plays in: the API, what its screens show, and the leads that people work
on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import httpx

from cli.demo.customers import Submission
from cli.demo.paths import marks_of

Json = dict[str, Any]

GLANCE: Final = 0.1
"""Wall seconds between two looks at what the screens show."""

TRIES: Final = 5


class Api:
    """Baton's HTTP API as any client sees it."""

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=f"{url}/api/v1", trust_env=False, timeout=20, headers={"Accept-Language": "zh"}
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def get(self, path: str, **query: Any) -> Any:
        """What a screen shows; None when it cannot be read at the moment."""
        try:
            answer = await self._client.get(path, params=query)
        except httpx.HTTPError:
            return None
        return answer.json() if answer.is_success else None

    async def say(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, actor: str | None = None
    ) -> Json:
        """Makes a statement; the answer, or the problem with its ``code``. Outages are waited
        for."""
        headers = {"Baton-Actor": actor} if actor else {}
        for number in range(TRIES):
            try:
                answer = await self._client.request(method, path, json=body, headers=headers)
            except httpx.HTTPError:
                await asyncio.sleep(GLANCE * 2**number)
                continue
            if answer.status_code not in (429, 503):
                return answer.json() if answer.content else {}
            await asyncio.sleep(max(GLANCE * 2**number, _asked_pause(answer)))
        return {"code": "unavailable"}


def _asked_pause(answer: httpx.Response) -> float:
    """Seconds that the API asks to wait; 0 if it does not."""
    said = answer.headers.get("retry-after", "")
    return float(said) if said.isascii() and said.isdigit() else 0.0


class Town:
    """Everything that the simulated people can see: open tasks, leads, histories. ``look`` keeps it
    fresh."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.tasks: dict[str, list[Json]] = {}
        self.leads: dict[str, Json] = {}
        self.histories: dict[str, list[list[str]]] = {}
        self._read: dict[str, int] = {}
        self._changed = asyncio.Event()

    async def look(self) -> None:
        """Reads the inbox and the list of leads once."""
        tasks, leads = await asyncio.gather(self._all("/tasks", status="open"), self._all("/leads"))
        if tasks is not None:
            by_lead: dict[str, list[Json]] = {}
            for task in tasks:
                by_lead.setdefault(str(task["lead_id"]), []).append(task)
            self.tasks = by_lead
        for lead in leads or ():
            self.leads[str(lead["id"])] = lead
        self._announce()

    async def change(self) -> None:
        """Waits for the next time that anything new can be seen."""
        await self._changed.wait()

    def _announce(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def news(self, lead_id: str) -> list[Json]:
        """What has happened to a lead since the last time, oldest first."""
        page = await self.api.get(f"/leads/{lead_id}/timeline", after=self._read.get(lead_id, 0))
        entries: list[Json] = page["items"] if page else []
        for entry in entries:
            self._read[lead_id] = max(self._read.get(lead_id, 0), int(entry["number"]))
            self.histories.setdefault(lead_id, []).append(marks_of(entry))
        return entries

    async def _all(self, path: str, **query: Any) -> list[Json] | None:
        found: list[Json] = []
        cursor: str | None = None
        while True:
            page = await self.api.get(path, limit=200, **query, **({"cursor": cursor} if cursor else {}))
            if page is None:
                return None
            found += page["items"]
            cursor = page.get("next")
            if cursor is None:
                return found


class Case:
    """One lead in the hands of a story."""

    def __init__(self, town: Town, lead_id: str, submission: Submission) -> None:
        self.town = town
        self.id = lead_id
        self.submission = submission

    @property
    def line(self) -> Json:
        return self.town.leads.get(self.id, {})

    @property
    def owner(self) -> str | None:
        owner = self.line.get("owner")
        return owner["code"] if owner else None

    @property
    def dealer(self) -> str | None:
        dealer = self.line.get("dealer")
        return dealer["code"] if dealer else None

    async def until(self, holds: Callable[[], Any]) -> None:
        """Waits for something that can be seen."""
        while not holds():
            await self.town.change()

    async def is_now(self, status: str) -> None:
        await self.until(lambda: self.line.get("status") == status)

    async def saw(self, mark: str, times: int = 1) -> None:
        """Waits until the lead's history has a mark (``cli.demo.paths``)."""
        await self.until(lambda: sum(mark in marks for marks in self.town.histories.get(self.id, ())) >= times)

    async def task(self, kind: str) -> Json:
        """Waits for an open task; ``follow_up`` is the first or a next one."""

        def found() -> list[Json]:
            return [task for task in self.town.tasks.get(self.id, ()) if task["kind"].endswith(kind)]

        await self.until(found)
        return found()[0]

    async def answer(self, kind: str, statement: str, actor: str | None = None, **body: Any) -> Json:
        """Completes the open task of a kind as soon as there is one; a task that went away is
        waited for anew."""
        while True:
            task = await self.task(kind)
            said = await self.say(statement, actor or self._person(task), task_id=task["id"], **body)
            if "code" not in said:
                self.town.tasks.pop(self.id, None)
                return said
            await asyncio.sleep(GLANCE * 5)

    async def say(self, statement: str, actor: str, **body: Any) -> Json:
        """Makes a statement about the lead."""
        return await self.town.api.say("POST", f"/leads/{self.id}/{statement}", body, actor)

    def _person(self, task: Json) -> str:
        if task.get("owner"):
            return task["owner"]["code"]
        if task["role"] == "call_centre":
            return "CC-01"
        return f"{task['dealer']['code']}-M1" if task.get("dealer") else "HQ-01"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
