"""Who states something, and what it is weighed with: the same whether it comes by HTTP, in a file
or from a test."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from cases.clock import Clock
from cases.messages import Language
from domain.aside import Aside, here
from domain.programs import Programs
from domain.tables import Tables, fresh
from store.network import network
from store.network.network import Reference
from store.network.people import Person
from store.session import Tx

Result = TypeVar("Result")


class Cached(Generic[Result]):
    """Something that changes seldom, loaded again after ``SECONDS`` of wall time."""

    SECONDS: ClassVar[float] = 5.0

    def __init__(self, load: Callable[[Tx], Awaitable[Result]]) -> None:
        self._load = load
        self._found: tuple[float, Result] | None = None

    async def get(self, tx: Tx) -> Result:
        """As it is now, or was a few seconds ago."""
        if self._found is None or time.monotonic() - self._found[0] > self.SECONDS:
            self._found = time.monotonic(), await self._load(tx)
        return self._found[1]

    def forget(self) -> None:
        """It was changed: the next one who asks loads it."""
        self._found = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process that takes statements keeps between two of them, so that none has to read it
    all again."""

    network: Cached[Reference] = field(default_factory=lambda: Cached(network.reference))
    tables: Tables = field(default_factory=Tables)
    programs: Programs = field(default_factory=Programs)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks (None: a channel, which is no person), by which clock, and in which language they
    are answered."""

    person: Person | None
    clock: Clock
    language: Language = "zh"
    memory: Memory = field(default_factory=Memory)
    aside: Aside = here
    """Where heavy work for this statement is done."""

    def now(self) -> datetime:
        """The application instant of the statement. Take it once, inside the transaction."""
        return self.clock.now()

    async def tables(self, tx: Tx) -> Tables:
        """The decision tables with all that was published up to this transaction."""
        return await fresh(tx, self.memory.tables)

    async def network(self, tx: Tx) -> Reference:
        """What submissions and corrections are read against."""
        return await self.memory.network.get(tx)
