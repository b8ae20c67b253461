"""Well-behaved clients: each request has a key of its own and is repeated under it until it is
answered.

What they were told is kept: it is what the store has to have in the end, once each.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import httpx

from cli.demo.customers import Customers, Submission
from cli.demo.people import SeenTask, decide

Json = dict[str, Any]

TRY_AGAIN: Final = (0.2, 0.5, 1.0, 2.0)
"""Seconds before the first, second … repetition of a request that was not answered."""
NOT_NOW: Final = frozenset({429, 503})
"""Answers that ask for a repetition."""
SAID_AGAIN: Final = 0.2
"""How many requests are sent once more although they were answered."""
MARKED: Final = {"win": "number", "confirm": "comment"}
"""Where a statement takes the words of a person, if not in its ``content``."""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer that a client got. ``token`` is in what the request said and nowhere else."""

    statement: str
    token: str
    lead_id: str


@dataclass
class Heard:
    """All that the clients were told, and what should never have been answered."""

    leads: list[Told] = field(default_factory=list[Told])
    statements: list[Told] = field(default_factory=list[Told])
    refused: int = 0
    repeated: int = 0
    wrong: list[str] = field(default_factory=list[str])
    unanswered: dict[str, str] = field(default_factory=dict[str, str])


class Clients:
    """Channels that send leads, people who work on them. ``run`` goes on until ``stop``; then open
    requests end."""

    def __init__(self, api: str, seed: int, *, pause: float = 1.0) -> None:
        self.heard = Heard()
        self._http = httpx.AsyncClient(base_url=f"{api}/api/v1", trust_env=False, timeout=15)
        self._seed = seed
        self._pause = pause
        self._dice = random.Random(seed)
        self._customers = Customers(seed)
        self._numbers = itertools.count(1)
        self._handled: set[str] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Sends and states until ``stop``, then waits for what is unanswered."""
        async with asyncio.TaskGroup() as group:
            for action in (self._single, self._batch, self._people, self._supervisors, self._hunters):
                group.create_task(self._for_ever(action))
        await asyncio.gather(*self._busy)
        await self._http.aclose()

    def stop(self) -> None:
        self._stopping.set()

    async def _for_ever(self, action: Callable[[], Awaitable[float]]) -> None:
        while not self._stopping.is_set():
            pause = await action() * self._pause
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    # -- channels ---------------------------------------------------------------------------------

    async def _single(self) -> float:
        token, lead = self._lead()
        self._go(self._send(token, lead))
        return self._dice.uniform(0.6, 1.8)

    async def _send(self, token: str, lead: Submission) -> None:
        answer = await self._ask("/leads", lead, None, token)
        self._note_lead(token, answer)

    async def _batch(self) -> float:
        leads = [self._lead() for _ in range(5)]
        self._go(self._send_together(leads))
        return self._dice.uniform(8, 16)

    def burst(self, count: int) -> None:
        """Sends so many leads at once."""
        self._go(self._send_together([self._lead() for _ in range(count)]))

    async def _send_together(self, leads: list[tuple[str, Submission]]) -> None:
        body = {"leads": [lead for _, lead in leads]}
        answer = await self._ask("/leads:batch", body, None, self._token())
        for (token, _), row in zip(leads, (answer or {}).get("rows", ()), strict=False):
            self._note_lead(token, row)

    def _lead(self) -> tuple[str, Submission]:
        token, turn = self._token(), self._dice.random()
        make = self._customers.clear if turn < 0.6 else self._customers.patient if turn < 0.8 else self._customers.vague
        return token, make(note=token)

    def _note_lead(self, token: str, answer: Mapping[str, Any] | None) -> None:
        if answer and answer.get("verdict") in ("created", "duplicate"):
            self.heard.leads.append(Told(str(answer["verdict"]), token, str(answer["lead_id"])))

    # -- people -----------------------------------------------------------------------------------

    async def _people(self) -> float:
        for task in await self._read("/tasks", status="open"):
            if task["id"] not in self._handled and self._dice.random() < 0.5:
                self._handled.add(task["id"])
                self._go(self._act(task))
        return 1.0

    async def _act(self, task: Json) -> None:
        owner, dealer = task.get("owner"), task.get("dealer")
        seen = SeenTask(
            kind=task["kind"],
            role=task["role"],
            owner=owner["code"] if owner else None,
            dealer=dealer["code"] if dealer else None,
            span=timedelta(hours=1),
            stage=self._dice.choice((None, "invited", "visited")),
        )
        act, token = decide(seen, self._dice), self._token()
        body = dict(act.body) | {"task_id": task["id"]}
        mark = MARKED.get(act.statement, "content")
        await asyncio.sleep(self._dice.uniform(0, 2))
        await self._state(act.statement, task["lead_id"], body | {mark: token}, act.actor, token)

    async def _supervisors(self) -> float:
        tasks = await self._read("/tasks", status="open", role="consultant")
        for task in self._dice.sample(tasks, k=min(1, len(tasks))):
            if owner := (task.get("owner") or {}).get("code"):
                dealer, _, _ = owner.partition("-")
                others = [f"{dealer}-C{number}" for number in (1, 2, 3) if not owner.endswith(str(number))]
                token = self._token()
                body = {"to_staff": self._dice.choice(others), "reason": token}
                self._go(self._state("reassign", task["lead_id"], body, f"{dealer}-M1", token))
        return self._dice.uniform(2, 6)

    async def _hunters(self) -> float:
        for lead in await self._read("/leads", status="pool"):
            dealer = lead["dealer"]["code"] if lead.get("dealer") else self._dice.choice(("BJ01", "SH01", "GZ01"))
            self._go(self._state("claim", lead["id"], None, f"{dealer}-C{self._dice.randint(1, 3)}", self._token()))
        return self._dice.uniform(3, 6)

    async def _state(self, statement: str, lead_id: str, body: Json | None, actor: str, token: str) -> None:
        if await self._ask(f"/leads/{lead_id}/{statement}", body, actor, token) is not None:
            self.heard.statements.append(Told(statement, token, lead_id))

    # -- asking -----------------------------------------------------------------------------------

    async def _read(self, path: str, **query: str) -> list[Json]:
        """What a screen shows; nothing while it cannot be read."""
        try:
            answer = await self._http.get(path, params=query | {"limit": "200"})
        except httpx.HTTPError:
            return []
        return answer.json()["items"] if answer.is_success else []

    async def _ask(self, path: str, body: Json | None, actor: str | None, key: str) -> Json | None:
        """The answer to a request, sent as often as it takes; None for one that was refused."""
        headers = {"Idempotency-Key": key} | ({"Baton-Actor": actor} if actor else {})
        self.heard.unanswered[key] = path
        answer = await self._answered(path, body, headers)
        del self.heard.unanswered[key]
        if answer.status_code >= 500:
            self.heard.wrong.append(f"{path} was answered with {answer.status_code}: {answer.text[:300]}")
            return None
        if not answer.is_success:
            self.heard.refused += 1
            return None
        if self._dice.random() < SAID_AGAIN:
            again = await self._answered(path, body, headers)
            self.heard.repeated += 1
            if (again.status_code, again.json()) != (answer.status_code, answer.json()):
                self.heard.wrong.append(f"{path} under {key} got two answers: {answer.text[:300]} / {again.text[:300]}")
        return answer.json()

    async def _answered(self, path: str, body: Json | None, headers: Mapping[str, str]) -> httpx.Response:
        for number in itertools.count():
            with suppress(httpx.HTTPError):
                answer = await self._http.post(path, json=body, headers=headers)
                if answer.status_code not in NOT_NOW:
                    return answer
            await asyncio.sleep(TRY_AGAIN[min(number, len(TRY_AGAIN) - 1)])
        raise AssertionError

    def _token(self) -> str:
        return f"chaos-{self._seed}-{next(self._numbers)}"

    def _go(self, act: Awaitable[None]) -> None:
        task = asyncio.ensure_future(act)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
