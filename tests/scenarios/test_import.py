"""The main job: a day of dirty leads goes through the API's door, and every accepted row is a
running process."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from cli.importer.reading import read
from tests.cli.importer.whole import import_file
from tests.scenarios.story import PATIENCE
from tests.scenarios.world import Story, World
from workflows.case import CaseWorkflow

DAY = Path(__file__).parents[1] / "data" / "leads_day.csv"

EVERY_LEAD = text(
    """
    SELECT lead.id, lead.status, lead.grade, lead.next_due_at, cases.place,
           coalesce(lead.owner_id, task.owner_id) AS owner, task.kind AS task, clock.next_rung_at AS rung,
           EXISTS (SELECT 1 FROM materials WHERE lead_id = lead.id) AS nurtured
    FROM whole_leads AS lead JOIN cases ON cases.id = lead.id
    LEFT JOIN tasks AS task ON task.case_id = lead.id AND task.status = 'open'
    LEFT JOIN sla_clocks AS clock ON clock.case_id = lead.id AND clock.kind = task.kind AND clock.stopped_at IS NULL
    """
)


async def test_a_day_of_leads_becomes_running_processes_with_grade_owner_and_deadline(world: World) -> None:
    imported = await import_file(read(DAY), world.http)
    accepted = [one.lead_id for one in imported.verdicts if one.verdict == "created"]
    while await world.pending():
        await world.carry()
    few = asyncio.Semaphore(8)  # more questions at once than the server can answer slow it down
    await asyncio.gather(*(rested(world, lead, few) for lead in accepted))

    verdicts = Counter(one.verdict for one in imported.verdicts)
    assert verdicts == {"created": 431, "duplicate": 99, "rejected": 70}
    assert all(one.reason for one in imported.verdicts)

    leads = await rows(world)
    assert {str(lead["id"]) for lead in leads} == set(accepted)
    assert all(lead["grade"] in set("HABCN") for lead in leads)
    nobodys = [lead["status"] for lead in leads if not (lead["owner"] or lead["nurtured"])]
    timeless = [lead["status"] for lead in leads if lead["next_due_at"] is None]
    assert (nobodys, timeless) == ([], [])
    assert Counter(lead["task"] or lead["status"] for lead in leads) == {
        "first_follow_up": 139,
        # Many a purchase time of the file has passed meanwhile, and is asked again unless a later
        # row said it anew.
        "outbound_call": 120,
        "nurture": 172,
    }


async def rested(world: World, lead: str, few: asyncio.Semaphore) -> None:
    """As ``Story.rest``, when nothing is left to be carried."""
    handle, until = Story(world, lead, world.clock.now()).handle, time.monotonic() + PATIENCE
    async with few:
        while await handle.query(CaseWorkflow.settled) is None:
            assert time.monotonic() < until, f"lead {lead} did not come to rest"


async def rows(world: World) -> list[dict[str, Any]]:
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        return [dict(row) for row in (await tx.session.execute(EVERY_LEAD)).mappings()]
