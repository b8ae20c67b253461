"""Whether a Baton is whole: every part answers, a new lead gets its task, and all that was stated
has taken effect."""

from __future__ import annotations

import asyncio
import itertools
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import asyncpg
import httpx

from bench.stack import Stack
from server.settings import READY

LOOK: Final = 0.2  # seconds between two looks
PATIENCE: Final = 180.0
YOUNG: Final = 2.0
"""Seconds that the oldest waiting message may be old when all is well."""

_LATE = (
    "SELECT count(*) FROM outbox WHERE delivered_at IS NULL AND created_at < clock_timestamp() - interval '1 s' * $1"
)
_WITHOUT_EFFECT = """
    SELECT count(*) FROM outbox o
    WHERE o.created_at <= $1 AND o.last_error IS DISTINCT FROM 'workflow_ended'
      AND NOT EXISTS (
        SELECT FROM instances i WHERE i.case_id = o.case_id
          AND (i.applied >= o.seq OR i.ended_at IS NOT NULL AND o.kind NOT IN ('lead_created', 'reactivated')))
"""
_HAS_TASK = "SELECT count(*) FROM tasks WHERE case_id = $1"


@dataclass(frozen=True, slots=True)
class Recovery:
    """Seconds from a misfortune until everything was whole, and when each of its signs was seen
    first."""

    seconds: float
    signs: dict[str, float]

    @property
    def last(self) -> str:
        """What kept it waiting."""
        return max(self.signs, key=lambda sign: self.signs[sign], default="")


class Whole:
    """Measures with leads of its own ("probes")."""

    def __init__(self, stack: Stack, seed: int) -> None:
        self._stack = stack
        self._seed = seed
        self._numbers = itertools.count(1)

    async def again(self) -> Recovery:
        """Wait until all is whole; counts from now.

        Raises:
            TimeoutError: it is not after ``PATIENCE`` seconds; its text says what is missing.
        """
        since, asked = time.monotonic(), datetime.now(UTC)
        signs: dict[str, float] = {}
        probe = asyncio.create_task(self._probe())
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=3) as http:
                while True:
                    await self._look(http, probe, asked, signs, since)
                    if len(signs) == len(SIGNS):
                        return Recovery(time.monotonic() - since, signs)
                    if time.monotonic() - since > PATIENCE:
                        raise TimeoutError(f"never: {', '.join(sign for sign in SIGNS if sign not in signs)}")
                    await asyncio.sleep(LOOK)
        finally:
            probe.cancel()

    async def _look(
        self, http: httpx.AsyncClient, probe: asyncio.Task[str], asked: datetime, signs: dict[str, float], since: float
    ) -> None:
        """Note when each sign is seen; one that is lost again counts from anew."""
        seen = await self._parts(http) | await self._facts(probe, asked)
        for sign in SIGNS:
            if sign not in seen:
                signs.pop(sign, None)
            else:
                signs.setdefault(sign, time.monotonic() - since)

    async def _parts(self, http: httpx.AsyncClient) -> set[str]:
        seen: set[str] = set()
        with suppress(httpx.HTTPError):
            answer = await http.get(self._stack.api + READY)
            if answer.is_success:
                seen |= {"api"} | ({"temporal"} if answer.json()["temporal"] == "ok" else set())
        with suppress(httpx.HTTPError):
            if "\nbaton_worker_up 1.0" in (await http.get(self._stack.metrics)).text:
                seen.add("worker")
        return seen

    async def _facts(self, probe: asyncio.Task[str], asked: datetime) -> set[str]:
        seen: set[str] = set()
        try:
            connection = await asyncpg.connect(self._stack.database, timeout=3, command_timeout=3)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return seen
        try:
            if not await connection.fetchval(_LATE, YOUNG):
                seen.add("outbox")
            if not await connection.fetchval(_WITHOUT_EFFECT, asked):
                seen.add("what was stated before")
            if probe.done() and await connection.fetchval(_HAS_TASK, probe.result()):
                seen.add("a new lead")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return set()
        finally:
            connection.terminate()
        return seen

    async def _probe(self) -> str:
        """Send a new lead until it is accepted; gives its id."""
        number = next(self._numbers)
        body = {
            "name": "周敏", "phone": f"1779{self._seed % 10_000 * 1_000 + number:07}", "city": "北京", "model": "傲虎",
            "budget": "25-30万", "purchase_time": "两周内", "channel": "maker.vertical.dongchedi",
        }  # fmt: skip
        headers = {"Idempotency-Key": f"probe-{self._seed}-{number}"}
        async with httpx.AsyncClient(base_url=self._stack.api, trust_env=False, timeout=5) as http:
            while True:
                with suppress(httpx.HTTPError):
                    answer = await http.post("/api/v1/leads", json=body, headers=headers)
                    if answer.is_success:
                        return str(answer.json()["lead_id"])
                await asyncio.sleep(LOOK)


SIGNS: Final = ("api", "temporal", "worker", "outbox", "what was stated before", "a new lead")
