"""What a wake-up asks is found through indexes, however many leads there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from activities import ahead
from cases.actors import EVERYTHING, PROCESS
from cases.contracts import Cause, ProcessRef, WakeUp
from store import session
from store.prepared import Prepared
from store.session import Tx
from tests.activities.scene import Scene
from tests.activities.test_ahead import begun, refs, woken
from tests.store.test_list_indexes import fill
from workflows.bpmn import ArmTimer
from workflows.errands import Errand

__all__ = ["refs"]

LARGE = ("cases", "leads", "customers", "tasks", "sla_clocks", "assignments", "follow_ups", "timeline", "decided")
LARGE += ("executed_steps", "wake_ups", "notifications", "instances", "stays", "passages")
"""Tables that grow with every lead."""
MOST = 1_000
"""Rows that one look into such a table may be expected to find."""
_SCAN = re.compile(r"(Seq )?Scan (?:using \w+ )?on (\w+).*?rows=(\d+)")
PLAN = """
    CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS
    $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (GENERIC_PLAN) ' || query; END $$
"""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The prepared statements that are made meanwhile."""
    seen = list[str]()
    rows = Prepared.rows

    async def noted(self: Prepared, tx: Tx, values: Mapping[str, Any]) -> Any:
        seen.append(self.sql)
        return await rows(self, tx, values)

    monkeypatch.setattr(Prepared, "rows", noted)
    yield seen


async def test_no_statement_of_a_wake_up_reads_a_table_that_grows_from_end_to_end(
    scene: Scene, refs: tuple[ProcessRef, ...], asked: list[str]
) -> None:
    # given many leads, and the plans that are made for any lead
    await fill(scene.db)
    for facts in ({}, {"channel": "dealer.showroom"}, {"city": None, "region": None}, {"horizon_days": 400}):
        lead = await scene.lead(**facts)
        await ahead.advance(scene.db, scene.tables, woken(begun(lead, refs)))

    await ahead.advance(scene.db, scene.tables, (await rung(scene, refs))[0])
    assert len(set(asked)) > 15
    scanned: dict[str, str] = {}
    async with scene.db.transaction(PROCESS, EVERYTHING) as tx:
        await tx.session.execute(text(PLAN))
        # Tables that are empty here would be read whole in any case.
        await tx.session.execute(text("SET LOCAL enable_seqscan = off"))
        for sql in set(asked):
            plan = "\n".join((await tx.session.execute(text("SELECT pg_temp.plan(:query)"), {"query": sql})).scalars())
            scans = [(whole, int(rows)) for whole, table, rows in _SCAN.findall(plan) if table in LARGE]
            if any(whole or rows > MOST for whole, rows in scans):
                scanned[sql] = plan
    assert scanned == {}


async def rung(scene: Scene, refs: tuple[ProcessRef, ...]) -> tuple[WakeUp, UUID]:
    """A lead at whose first task nobody has done anything, at the instant of its first rung; and
    the lead."""
    lead = await scene.lead()
    stretch, timers = begun(lead, refs), list[ArmTimer]()
    results = iter((await ahead.advance(scene.db, scene.tables, woken(stretch))).ran)
    while (todo := stretch.next()) is not None:
        if isinstance(todo, Errand):
            stretch.done(todo, next(results).result)
        elif isinstance(todo, ArmTimer):
            timers.append(todo)
    stretch.settlement()
    first = min(timers, key=lambda timer: timer.due)
    claim = stretch.fire(first.timer, first.due, late=True)
    assert claim is not None
    return woken(stretch, 2, Cause("timer", timer=first.timer, at=first.due), claim), lead


async def test_a_rung_after_an_outage_is_written_in_one_statement_and_asks_for_no_session(
    scene: Scene, refs: tuple[ProcessRef, ...], monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    wake, lead = await rung(scene, refs)
    asked.clear()
    monkeypatch.setattr(session, "AsyncSession", None)

    told = await ahead.advance(scene.db, scene.tables, wake)

    monkeypatch.undo()
    assert (told.granted, [ran.result.get("action") for ran in told.ran][:1]) == (True, ["remind"])
    assert sum("INSERT INTO executed_steps" in sql for sql in asked) == 1
    assert sum("UPDATE sla_clocks SET rung" in sql for sql in asked) == 1
    assert len(asked) <= 8, asked
    assert await scene.sql("SELECT rung FROM sla_clocks WHERE case_id = :lead AND rung > 0", lead=lead) == [(1,)]
