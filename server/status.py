"""Does it run? One line a part, from outside, without touching anything."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

import asyncpg  # pyright: ignore[reportMissingTypeStubs]
import httpx

from server import home, temporal
from server.problems import StartProblem
from server.settings import READY, Settings

PATIENCE = 3.0  # seconds that each part gets to answer

Part = Literal["database", "temporal", "worker", "api"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one part said; ``remark`` is what an operator should do."""

    part: Part
    well: bool
    where: str
    remark: str = ""


async def ask(settings: Settings, parts: tuple[Part, ...]) -> list[Answer]:
    """Ask the parts side by side; no answer in time is an answer."""

    async def one(part: Part) -> Answer:
        where, question = _QUESTIONS[part](settings)
        try:
            said = await asyncio.wait_for(question(), PATIENCE)
        except (OSError, RuntimeError, StartProblem, httpx.HTTPError, asyncpg.PostgresError, asyncpg.InterfaceError):
            said = False
        return Answer(part, said is not False, where, said if isinstance(said, str) else "")

    return list(await asyncio.gather(*(one(part) for part in parts)))


def holder(settings: Settings) -> str | None:
    """The ``baton up`` that holds the data directory, if one does."""
    return home.held(settings.home)


Question = tuple[str, Callable[[], Awaitable[bool | str]]]
"""Where a part is, and what asks it: whether it is well, or a remark of one that is."""


def _database(settings: Settings) -> Question:
    async def question() -> bool:
        connection = await asyncpg.connect(settings.database().replace("postgresql+asyncpg://", "postgresql://", 1))
        await connection.close()
        return True

    return "external" if settings.database_url else f"in {settings.home}", question


def _temporal(settings: Settings) -> Question:
    async def question() -> bool:
        return await temporal.answers(await temporal.connect(settings))

    return settings.temporal_target, question


def _worker(settings: Settings) -> Question:
    url = settings.metrics_url

    async def question() -> bool:
        return "\nbaton_worker_up 1.0" in (await _get(url)).text

    return url, question


def _api(settings: Settings) -> Question:
    async def question() -> bool | str:
        answer = await _get(settings.api_url + READY)
        return answer.is_success and _NETWORK.get(answer.json()["network"], True)

    return settings.api_url, question


_NETWORK = {
    "no_head_office": "the network has nobody of head office: baton network begin CODE NAME",
    "no_dealers": "the network has no dealers, leads wait: baton network import FILE (docs/how-to/keep-the-network.md)",
}


async def _get(url: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        return await client.get(url)


_QUESTIONS: dict[Part, Callable[[Settings], Question]] = {
    "database": _database,
    "temporal": _temporal,
    "worker": _worker,
    "api": _api,
}
PARTS: tuple[Part, ...] = ("database", "temporal", "worker", "api")


def parts(named: str | None) -> tuple[Part, ...]:
    """The part of that name, or all of them.

    Raises:
        StartProblem: there is none of that name.
    """
    found: tuple[Part, ...] = tuple(part for part in PARTS if named is None or part == named)
    if not found:
        raise StartProblem(f"there is no part {named!r}", f"choose one of {', '.join(PARTS)}")
    return found
