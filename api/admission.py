"""Admission: each class of requests has slots and a short queue of its own; the surplus is told at
once when to return.

Work that cannot be done in time is refused before its body is read and before it asks for a
database connection, so that refusing stays cheaper than working. A class's slots are its share of
the database's connections: no class can take another's, and none waits for the pool. See
docs/decisions/0021.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.language import preferred
from api.metrics import SHED, WAITED, WAITING, WORKING
from api.problems import PREFIX, problem_response


class RequestClass(StrEnum):
    """The classes of requests. What is none of them (health, metrics, the documentation) is always
    answered."""

    STATEMENTS = "statements"
    READS = "reads"
    INTAKE = "intake"
    HEAVY = "heavy"


@dataclass(frozen=True, slots=True)
class Bound:
    """``slots`` requests are worked on at a time; at most ``queue`` wait, none longer than
    ``seconds``."""

    slots: int
    queue: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Shape:
    """A class's share of the database connections, and how its requests may wait."""

    share: float
    queue: int
    seconds: float


# People wait for their statement; a burst of a channel is taken if it can be, since some never send
# a lead again; who sends a thousand rows has time.
_SHAPES: Final = {
    RequestClass.STATEMENTS: _Shape(0.3, 100, 2.0),
    RequestClass.READS: _Shape(0.2, 100, 2.0),
    RequestClass.INTAKE: _Shape(0.3, 300, 4.0),
    RequestClass.HEAVY: _Shape(0.2, 20, 10.0),
}

SPARE: Final = 1
"""A connection of no class: ``/health/ready`` asks the database while every class is busy."""

LONGEST: Final = 60
"""Seconds: nobody is sent away for longer, however long the queue."""

_HEAVY_POSTS: Final = frozenset(
    PREFIX + path
    for path in (
        "/leads:batch",
        "/leads:reassign",
        "/processes",
        "/processes/checks",
        "/processes/rehearsals",
        "/migrations",
        "/migrations/previews",
        "/incidents/retries",
        "/network/imports",
    )
)
_TABLES: Final = f"{PREFIX}/tables/"
_HEAVY_READS: Final = (".csv", "/heat", "/difference")
_COMMENTS: Final = "/comments"


def bounds(connections: int) -> dict[RequestClass, Bound]:
    """Slots out of a number of database connections, at least one a class."""
    return {
        kind: Bound(max(1, round(shape.share * connections)), shape.queue, shape.seconds)
        for kind, shape in _SHAPES.items()
    }


def pool_size(bounds: Mapping[RequestClass, Bound]) -> int:
    """The connections with which no admitted request waits for one."""
    return sum(bound.slots for bound in bounds.values()) + SPARE


def kind_of(method: str, path: str) -> RequestClass | None:
    """The class of a request; None for what is always answered."""
    if not path.startswith(PREFIX):
        return None
    if method in ("GET", "HEAD", "OPTIONS"):
        return RequestClass.HEAVY if path.endswith(_HEAVY_READS) else RequestClass.READS
    if method == "POST" and path == f"{PREFIX}/leads":
        return RequestClass.INTAKE
    # Whatever is sent to a table is reviewed with its examples; a remark about it is not.
    if path in _HEAVY_POSTS or (path.startswith(_TABLES) and not path.endswith(_COMMENTS)):
        return RequestClass.HEAVY
    return RequestClass.STATEMENTS


class Surplus(Exception):
    """A request that cannot be taken. ``reason``: ``full`` at once, ``late`` after waiting in
    vain."""

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(reason)
        self.reason, self.retry_after = reason, retry_after


class Gate:
    """One class: who works, who waits, and how long a request takes lately."""

    _WEIGHT: Final = 0.1
    _FIRST_GUESS: Final = 0.02
    """Seconds that a request is taken to need before one has been seen."""

    def __init__(self, kind: RequestClass, bound: Bound) -> None:
        self.bound = bound
        self._kind = kind
        self._working = 0
        self._queue: dict[asyncio.Future[None], None] = {}  # in the order of arrival, yet anyone can leave
        self._seconds = self._FIRST_GUESS

    async def enter(self) -> float:
        """Waits for a slot; returns when it was got (``leave`` takes that). Raises ``Surplus``."""
        arrived = time.monotonic()
        if self._working < self.bound.slots and not self._queue:
            self._working += 1
        else:
            await self._wait()
        begun = time.monotonic()
        WAITED.labels(self._kind).observe(begun - arrived)
        WORKING.labels(self._kind).inc()
        return begun

    def leave(self, begun: float) -> None:
        """Gives the slot to whoever waits longest."""
        WORKING.labels(self._kind).dec()
        self._seconds += self._WEIGHT * (time.monotonic() - begun - self._seconds)
        self._pass_on()

    async def _wait(self) -> None:
        # Little's law: what is before us, at the pace of the slots. Whoever would come too late is
        # told so now.
        if len(self._queue) >= self.bound.queue or self._ahead(len(self._queue) + 1) > self.bound.seconds:
            raise self._surplus("full")
        place = asyncio.get_running_loop().create_future()
        self._queue[place] = None
        WAITING.labels(self._kind).inc()
        try:
            await asyncio.wait((place,), timeout=self.bound.seconds)
        except asyncio.CancelledError:
            if place.done():  # the slot came together with the end: without this it would be lost for good
                self._pass_on()
            raise
        finally:
            self._queue.pop(place, None)
            WAITING.labels(self._kind).dec()
        if not place.done():
            raise self._surplus("late")

    def _pass_on(self) -> None:
        place = next(iter(self._queue), None)
        if place is None:
            self._working -= 1
        else:
            del self._queue[place]
            place.set_result(None)

    def _ahead(self, requests: int) -> float:
        return requests * self._seconds / self.bound.slots

    def _surplus(self, reason: str) -> Surplus:
        SHED.labels(self._kind, reason).inc()
        drained = max(1.0, self._ahead(self._working + len(self._queue)))
        # Spread over twice the time: who was sent away together must not come back together.
        return Surplus(reason, min(LONGEST, math.ceil(random.uniform(drained, 2 * drained))))


class Admission:
    """Lets requests in by class, or answers 503 ``overloaded`` with ``Retry-After``."""

    def __init__(self, app: ASGIApp, bounds: Mapping[RequestClass, Bound]) -> None:
        self.app = app
        self._gates = {kind: Gate(kind, bound) for kind, bound in bounds.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = kind_of(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if kind is None:
            return await self.app(scope, receive, send)
        gate = self._gates[kind]
        try:
            begun = await gate.enter()
        except Surplus as surplus:
            return await _refuse(surplus, scope, receive, send)
        held = True

        def let_go() -> None:
            nonlocal held
            if held:
                held = False
                gate.leave(begun)

        async def watched(message: Message) -> None:
            # The work is done: a caller who reads slowly must not hold the slot.
            if message["type"] == "http.response.body" and not message.get("more_body"):
                let_go()
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            let_go()


async def _refuse(surplus: Surplus, scope: Scope, receive: Receive, send: Send) -> None:
    language = preferred(dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1"))
    seconds = str(surplus.retry_after)
    answer = problem_response(
        503, "overloaded", language, params={"seconds": seconds}, headers={"Retry-After": seconds}
    )
    await answer(scope, receive, send)
