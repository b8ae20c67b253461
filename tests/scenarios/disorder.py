"""A carrier as bad as the contract allows: each message three times, in any order, old ones
again."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from uuid import UUID

from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from cases.contracts import ProcessRef
from cases.states import STARTING, CaseKind, MessageKind
from store.engine import delivery
from store.engine.delivery import Claimed
from store.session import Tx
from tests.scenarios.world import World

_ALL = text(
    "SELECT o.id, o.case_id, o.seq, o.kind, o.at, o.data, o.delivered_at IS NOT NULL AS done,"
    " c.process_key, c.process_version, c.process_sha256 FROM outbox o JOIN cases c ON c.id = o.case_id ORDER BY o.seq"
)


class Disorder:
    """Delivers what waits three times in random order, and some of what was delivered long ago once
    more.

    Two things the relay does guarantee: a workflow is started before it is signalled, and a
    customer's return is not repeated once something that was stated after it has been carried.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.sent = 0

    async def __call__(self, world: World) -> None:
        async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
            waiting, old = await self._rows(tx)
            if not waiting:
                return
            called = await world.relay._called(tx, (*waiting, *old))
            # What starts a workflow comes first (three times), the rest as it falls.
            first = [one for one in waiting if one.kind in STARTING]
            rest = [one for one in waiting if one.kind not in STARTING] * 3
            rest += [one for one in old if one.kind != MessageKind.REACTIVATED and self.random.random() < 0.5]
            for batch in (first * 3, self._shuffled(rest)):
                for one in batch:
                    _, error = await world.relay._deliver(one, called)
                    assert error is None, error
                    self.sent += 1
            await delivery.delivered(tx, {one.id: None for one in waiting})

    def _shuffled(self, messages: Iterable[Claimed]) -> list[Claimed]:
        shuffled = list(messages)
        self.random.shuffle(shuffled)
        return shuffled

    async def _rows(self, tx: Tx) -> tuple[list[Claimed], list[Claimed]]:
        waiting: list[Claimed] = []
        old: list[Claimed] = []
        for row in await tx.session.execute(_ALL):
            process = ProcessRef(row.process_key, row.process_version, row.process_sha256)
            case = UUID(str(row.case_id))
            one = Claimed(row.id, case, CaseKind.LEAD, row.seq, row.kind, row.at, row.data, 0, process)
            (old if row.done else waiting).append(one)
        return waiting, old
