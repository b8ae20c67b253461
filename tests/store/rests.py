"""Lives as they come to rest: the smallest that can be told, for tests of what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.actors import EVERYTHING, PROCESS
from cases.contracts import LifeAtRest, PlaceMark, ProcessRef
from store.engine import settling
from store.session import Database
from tests.store.births import AT

LEAD, CHASE = ProcessRef("lead", 1, "1" * 64), ProcessRef("chase", 1, "2" * 64)


def a_life(**told: Any) -> LifeAtRest:
    """A first life of ``lead`` 1, which calls ``chase`` 1, but for what is told of it."""
    return replace(LifeAtRest(1, AT, LEAD, (CHASE,), applied=1, snapshot={"v": 2}), **told)


def at_element(element: str, process: str = "chase", waits_for: str = "task") -> PlaceMark:
    """A token's place."""
    return PlaceMark(process, element, element, waits_for)


async def rest(database: Database, lead: UUID, at: datetime = AT, *, ended: bool = False, **told: Any) -> None:
    """The lead's life comes to rest, and nobody has anything to do."""
    async with database.transaction(PROCESS, EVERYTHING) as tx:
        await settling.write(
            tx,
            lead,
            at,
            opened=(),
            withdrawn=(),
            rest=a_life(**told),
            ended=ended,
        )
