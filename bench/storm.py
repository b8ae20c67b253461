"""Sends leads, statements and probes at a given rate, whether the API keeps up or not, from a
process of its own.

Run as ``python -m bench.storm JOB`` (JSON of ``Storm``); it prints JSON of ``Seen``. An open loop:
what comes late is counted from the instant at which it was due, and nothing waits for the answer
before it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, field
from itertools import cycle
from urllib.parse import urlsplit

import uvloop

from bench.load import read_answer, request
from bench.samples import a_lead
from bench.stack import helper

PATIENCE = 20.0
"""Seconds after which an answer is not waited for any more."""


@dataclass(frozen=True)
class Storm:
    """``leads`` a second for ``seconds``; beside them ``statements`` about ``known`` leads by
    ``actor``, ``probes``."""

    url: str
    first: int
    seconds: float
    leads: float
    statements: float
    probes: float
    known: list[str]
    actor: str


@dataclass
class Flow:
    """One kind of request: how long each answered one took, in milliseconds, and what became of the
    others."""

    sent: int = 0
    milliseconds: list[float] = field(default_factory=list[float])
    shed: int = 0
    shed_milliseconds: list[float] = field(default_factory=list[float])
    untimed: int = 0
    """Shed answers that did not say when to come back."""

    failed: int = 0
    """No answer, or another than was to be expected."""


@dataclass
class StormSeen:
    """The three flows, and the ids of the accepted leads."""

    leads: Flow = field(default_factory=Flow)
    statements: Flow = field(default_factory=Flow)
    probes: Flow = field(default_factory=Flow)
    ids: list[str] = field(default_factory=list[str])


async def blow(storm: Storm) -> StormSeen:
    """Has another process do it."""
    async with helper("bench.storm", json.dumps(asdict(storm))) as child:
        answer, _ = await asyncio.wait_for(child.communicate(), storm.seconds + 2 * PATIENCE)
    said = json.loads(answer)
    flows = {name: Flow(**said[name]) for name in ("leads", "statements", "probes")}
    return StormSeen(**flows, ids=said["ids"])


class _Line:
    """Connections that are kept and taken again, as many as are needed at once."""

    def __init__(self, url: str) -> None:
        self._place = urlsplit(url)
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, content: bytes) -> tuple[int, bytes, bytes]:
        """Status, head and body."""
        while self._idle:
            reader, writer = self._idle.pop()
            if not (reader.at_eof() or writer.is_closing()):
                break
        else:
            reader, writer = await asyncio.open_connection(self._place.hostname, self._place.port, limit=2**22)
        try:
            writer.write(content)
            found = await read_answer(reader)
        except BaseException:
            writer.close()
            raise
        self._idle.append((reader, writer))
        return found


async def perform(storm: Storm) -> StormSeen:
    """Everything that is due, at its instant."""
    seen, line = StormSeen(), _Line(storm.url)
    # One after the other about many leads: about one they would wait for its row, whatever the
    # load.
    said = cycle(
        request(
            storm.url,
            "PATCH",
            f"/api/v1/leads/{lead}/customer",
            {"labels": ["bench"]},
            f"Baton-Actor: {storm.actor}\r\n",
        )
        for lead in storm.known
    )
    probe = request(storm.url, "GET", "/health/live")

    async def one(flow: Flow, due: float, content: bytes, keep: Callable[[bytes], None] | None = None) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                status, head, body = await line.ask(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            flow.failed += 1
            return
        taken = (time.perf_counter() - due) * 1000
        if status in (200, 201):
            flow.milliseconds.append(taken)
            if keep:
                keep(body)
        elif status == 503:
            flow.shed += 1
            flow.shed_milliseconds.append(taken)
            flow.untimed += b"\r\nretry-after:" not in head.lower()
        else:
            flow.failed += 1

    async def steadily(flow: Flow, rate: float, send: Callable[[int, float], Coroutine[None, None, None]]) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(int(rate * storm.seconds)):
                due = begun + number / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                flow.sent += 1
                group.create_task(send(number, due))

    def kept(body: bytes) -> None:
        seen.ids.append(json.loads(body)["lead_id"])

    prepared = [
        request(storm.url, "POST", "/api/v1/leads", a_lead(storm.first + number))
        for number in range(int(storm.leads * storm.seconds))
    ]
    begun = time.perf_counter() + 0.1
    await asyncio.gather(
        steadily(seen.leads, storm.leads, lambda number, due: one(seen.leads, due, prepared[number], kept)),
        steadily(seen.statements, storm.statements, lambda _, due: one(seen.statements, due, next(said))),
        steadily(seen.probes, storm.probes, lambda _, due: one(seen.probes, due, probe)),
    )
    return seen


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(uvloop.run(perform(Storm(**json.loads(sys.argv[1])))))))
