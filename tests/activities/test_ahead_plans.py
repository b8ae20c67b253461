"""What a wake-up asks is found through indexes, however many leads there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import text

from activities import ahead
from cases.actors import EVERYTHING, PROCESS
from cases.contracts import ProcessRef
from store.prepared import Prepared
from store.session import Tx
from tests.activities.scene import Scene
from tests.activities.test_ahead import begun, refs, woken
from tests.store.test_list_indexes import fill

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
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The prepared statements that are made meanwhile."""
    seen = set[str]()
    rows = Prepared.rows

    async def noted(self: Prepared, tx: Tx, values: Mapping[str, Any]) -> Any:
        seen.add(self.sql)
        return await rows(self, tx, values)

    monkeypatch.setattr(Prepared, "rows", noted)
    yield seen


async def test_no_statement_of_a_wake_up_reads_a_table_that_grows_from_end_to_end(
    scene: Scene, refs: tuple[ProcessRef, ...], asked: set[str]
) -> None:
    # given many leads, and the plans that are made for any lead
    await fill(scene.db)
    for facts in ({}, {"channel": "dealer.showroom"}, {"city": None, "region": None}, {"horizon_days": 400}):
        lead = await scene.lead(**facts)
        await ahead.advance(scene.db, scene.tables, woken(begun(lead, refs)))

    assert len(asked) > 10
    scanned: dict[str, str] = {}
    async with scene.db.transaction(PROCESS, EVERYTHING) as tx:
        await tx.session.execute(text(PLAN))
        # Tables that are empty here would be read whole in any case.
        await tx.session.execute(text("SET LOCAL enable_seqscan = off"))
        for sql in asked:
            plan = "\n".join((await tx.session.execute(text("SELECT pg_temp.plan(:query)"), {"query": sql})).scalars())
            scans = [(whole, int(rows)) for whole, table, rows in _SCAN.findall(plan) if table in LARGE]
            if any(whole or rows > MOST for whole, rows in scans):
                scanned[sql] = plan
    assert scanned == {}
