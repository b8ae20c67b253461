"""Sends leads to the API as fast as it takes them, from a process of its own.

Run as ``python -m bench.load JOB`` (JSON of ``Job``); it prints JSON of ``LoadOutcome``. A plain
HTTP/1.1 client on prepared bytes: a comfortable one would cost more than the API and be what is
measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

import uvloop

from bench.samples import a_lead
from bench.stack import helper

SHED = 503
PAUSE = 0.25
"""Seconds until a shed request comes again; what the answer asks for is whole seconds, meant for
many senders."""


@dataclass(frozen=True)
class Job:
    """``requests`` of ``batch`` leads each, ``lanes`` in flight, given up after ``seconds``."""

    url: str
    first: int
    """The number of the first lead, so that no two jobs send the same people."""

    requests: int
    lanes: int
    batch: int = 1
    seconds: float = 60.0
    grade: str | None = None
    """Of all leads; None: grades take turns."""
    again: bool = False
    """A request that was shed is sent once more, as its answer asks: what is measured lies behind
    the door."""

    @property
    def leads(self) -> int:
        return self.requests * self.batch


@dataclass
class LoadOutcome:
    """Ids of the accepted leads, the wall time of all, and each request's in milliseconds."""

    seconds: float = 0.0
    cpu: float = 0.0
    ids: list[str] = field(default_factory=list[str])
    refused: int = 0
    milliseconds: list[float] = field(default_factory=list[float])


async def send(job: Job) -> LoadOutcome:
    """Has another process do the job."""
    async with helper("bench.load", json.dumps(asdict(job))) as child:
        answer, _ = await asyncio.wait_for(child.communicate(), job.seconds + 30)
    return LoadOutcome(**json.loads(answer))


async def perform(job: Job) -> LoadOutcome:
    """Does the job; every answer but a verdict counts as refused."""
    requests = iter([_request(job, number) for number in range(job.requests)])
    outcome = LoadOutcome()
    begun, worked = time.perf_counter(), time.process_time()
    try:
        async with asyncio.timeout(job.seconds), asyncio.TaskGroup() as group:
            for _ in range(job.lanes):
                group.create_task(_lane(job, requests, outcome))
    except TimeoutError:
        pass  # what was accepted until then counts
    outcome.seconds, outcome.cpu = time.perf_counter() - begun, time.process_time() - worked
    return outcome


async def _lane(job: Job, requests: Iterator[bytes], outcome: LoadOutcome) -> None:
    place = urlsplit(job.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=2**22)
    try:
        for request in requests:
            begun = time.perf_counter()
            writer.write(request)
            status, _, body = await read_answer(reader)
            while status == SHED and job.again:
                await asyncio.sleep(PAUSE)
                writer.write(request)
                status, _, body = await read_answer(reader)
            outcome.milliseconds.append((time.perf_counter() - begun) * 1000)
            found = _accepted(status, body)
            outcome.ids += found
            outcome.refused += job.batch - len(found)
    finally:
        writer.close()


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """Status, head and body of the next answer on a connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    body = await reader.readexactly(int(lengths[0].partition(b":")[2]))
    return int(head.split(b" ", 2)[1]), head, body


def _request(job: Job, number: int) -> bytes:
    first = job.first + number * job.batch
    leads = [a_lead(one, job.grade) for one in range(first, first + job.batch)]
    path, content = ("/api/v1/leads:batch", {"leads": leads}) if job.batch > 1 else ("/api/v1/leads", leads[0])
    return request(job.url, "POST", path, content)


def request(url: str, method: str, path: str, content: Any = None, headers: str = "") -> bytes:
    """A request in bytes; ``headers`` are whole lines."""
    body = b"" if content is None else json.dumps(content).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nContent-Type: application/json\r\n"
        f"{headers}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _accepted(status: int, body: bytes) -> list[str]:
    if status not in (200, 201):
        return []
    answer = json.loads(body)
    return [row["lead_id"] for row in answer.get("rows", [answer]) if row["verdict"] == "created"]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(uvloop.run(perform(Job(**json.loads(sys.argv[1])))))))
