"""What every request has at hand: the database, the clock, who asks, in which language, under which
key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ParamSpec, TypeVar

from fastapi import Depends, Header, Request

from api.aside import Parts, Pool
from api.language import preferred
from api.problems import CallerGone
from cases.actors import EVERYTHING, SYSTEM, Actor, Scope
from cases.clock import Clock
from cases.errors import Forbidden
from cases.messages import Language
from domain.sight import scope_of
from domain.speaker import Memory, Speaker
from domain.tables import Tables
from store.network import people
from store.network.network import Reference
from store.network.people import Person
from store.session import Database, Tx

P = ParamSpec("P")
Result = TypeVar("Result")

CHANNEL_DOOR = Actor("channel", "api")
"""The actor of a submission that names no person: until API keys exist, all channels are one."""


@dataclass(frozen=True, slots=True)
class Services:
    """What ``create_app`` was given; ``temporal`` answers whether Temporal can be reached, None if
    nobody knows."""

    database: Database
    clock: Clock
    aside: Pool
    temporal: Callable[[], Awaitable[bool]] | None = None
    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its services, its language, and the person who makes it (None for a channel)."""

    request: Request
    services: Services
    language: Language
    person: Person | None
    idempotency_key: str | None

    @property
    def actor(self) -> Actor:
        return self.person.actor if self.person else CHANNEL_DOOR

    @property
    def scope(self) -> Scope:
        return scope_of(self.person)

    def now(self) -> datetime:
        """The application instant of this request's statement. Take it once, inside the
        transaction."""
        return self.services.clock.now()

    @property
    def speaker(self) -> Speaker:
        """Who makes this request, as those see them who take statements."""
        return Speaker(self.person, self.services.clock, self.language, self.services.memory, self.aside)

    async def tables(self, tx: Tx) -> Tables:
        """The decision tables with all that was published up to this transaction."""
        return await self.speaker.tables(tx)

    async def network(self, tx: Tx) -> Reference:
        """What submissions and corrections are read against."""
        return await self.speaker.network(tx)

    async def read(self, work: Callable[[Tx], Awaitable[Result]]) -> Result:
        """Runs a read in a transaction of its own."""
        async with self.services.database.transaction(self.actor, self.scope) as tx:
            return await work(tx)

    async def aside(self, work: Callable[P, Result], /, *given: P.args, **named: P.kwargs) -> Result:
        """Heavy work, in a process beside the API (``api.aside``), for as long as the caller waits
        for it."""
        return await _while_there(self.request, self.services.aside.run(work, *given, **named))

    async def parts_aside(
        self, work: Callable[P, Generator[Result]], *given: P.args, **named: P.kwargs
    ) -> Parts[Result]:
        """As ``aside``, for a generator: what it gave before it met a limit."""
        return await _while_there(self.request, self.services.aside.parts(work, *given, **named))


async def _while_there(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Work that is cancelled when the caller hangs up. The request's body has been read before."""
    working, leaving = asyncio.create_task(work), asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise CallerGone
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


ActorHeader = Annotated[
    str | None,
    Header(alias="Baton-Actor", description="Staff code of the person who acts", max_length=100),
]
KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="The same key with the same request gets the same answer again",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
    ),
]


def services_of(request: Request) -> Services:
    """The services of the app that answers this request."""
    return request.app.state.services


# Not ``key``: FastAPI would take it for the {key} of a path.
async def call(request: Request, actor: ActorHeader = None, idempotency_key: KeyHeader = None) -> Call:
    """Anybody's request; a named person must be known."""
    services = services_of(request)
    person = None if actor is None else await _known(services, actor)
    return Call(request, services, preferred(request.headers.get("accept-language")), person, idempotency_key)


async def read_call(request: Request, actor: ActorHeader = None) -> Call:
    """Anybody's reading."""
    return await call(request, actor)


async def person_call(request: Request, actor: ActorHeader = None, idempotency_key: KeyHeader = None) -> Call:
    """A person's statement: it must say who makes it. Raises ``Forbidden``."""
    if actor is None:
        raise Forbidden("actor_required")
    return await call(request, actor, idempotency_key)


async def _known(services: Services, code: str) -> Person:
    if not code.isprintable():
        raise Forbidden("actor_unknown")
    async with services.database.transaction(SYSTEM, EVERYTHING) as tx:
        person = await people.person(tx, code)
    if person is None:
        raise Forbidden("actor_unknown")
    return person


AnyCall = Annotated[Call, Depends(call)]
ReadCall = Annotated[Call, Depends(read_call)]
PersonCall = Annotated[Call, Depends(person_call)]
