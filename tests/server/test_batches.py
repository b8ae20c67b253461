"""The worker's part in migrations and bulk retries: one batch that cannot be told holds up no
other."""

from __future__ import annotations

from cases.actors import EVERYTHING, SYSTEM, Actor
from cases.ids import new_id
from server.batches import Batches
from store.engine import batch_reports, batches, incidents
from store.engine.batches import BatchKind
from store.session import Database
from tests.store import kept
from tests.store.births import AT, some_leads
from tests.timetravel import TestClock

SOMEBODY = Actor("staff", str(new_id()))


async def test_a_batch_that_cannot_be_told_holds_up_no_other(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    nowhere = {"process": "gone", "from_version": 1, "to_version": 2, "others": "kept", "plan": {}}
    async with database.transaction(SOMEBODY, EVERYTHING) as tx:
        await batches.create(tx, BatchKind.MIGRATION, AT, "x", nowhere, 10)
        await incidents.record(tx, lead, f"{lead}:1:7", "a", "activity_failed", "broken", AT)
        (stuck,) = await kept.open_incidents(tx)
        batch = await batches.create(tx, BatchKind.RETRY, AT, "x", {}, 10)
        await batches.plan_incidents(tx, batch, [(stuck.id, lead, stuck.key)])

    assert await Batches(database, TestClock(AT)).tell() == 1

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert await batch_reports.totals(tx, batch) == {"waiting": 1}
        assert [actor for _, actor in await batches.untold(tx)] == [SOMEBODY]  # the other, to be tried again
