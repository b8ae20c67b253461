"""Back-tests: how many stored decisions a second a draft is tried on, by the worker of a Baton of
its own."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx

from bench.pasts import COLUMNS, Dealer, decisions, shipped_file
from bench.report import Cell, Result
from bench.samples import a_lead
from bench.stack import Stack, until
from cases.actors import EVERYTHING, SYSTEM
from store.session import Database
from store.tables import backtests
from store.tables.backtests import Backtest, BacktestState

DRAFTS: dict[str, tuple[str, str]] = {
    "grade": ("<text>[0..15]</text>", "<text>[0..10]</text>"),
    "dispatch": ("<text>85</text>", "<text>100</text>"),
}
"""By table: what the draft changes in the shipped file."""

AIM = 100_000 / 60
"""Decisions a second: a hundred thousand in a minute."""

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
PATIENCE = 300.0
_KEEP = """
    WITH named AS (
        SELECT *, decision_content(element, key, version, inputs, matched, result) AS content FROM made
    ), said AS (
        INSERT INTO decision_contents (id, element, key, version, inputs, matched, result)
        SELECT DISTINCT ON (content) content, element, key, version, inputs, matched, result FROM named
        ORDER BY content ON CONFLICT (id) DO NOTHING
    )
    INSERT INTO decided (id, case_id, content, at, key, candidates)
    SELECT id, case_id, content, at, key, nullif(candidates, '[]') FROM named
"""


async def measure(stack: Stack, *, count: int) -> Result:
    """Tries a draft of each table on ``count`` stored decisions; of ``dispatch`` half of them are
    its own."""
    until_then = await _write_past(stack, count // 2)
    database = Database(stack.database.replace("postgresql://", "postgresql+asyncpg://"))
    try:
        rows = [await _try(database, stack, key, until_then) for key in DRAFTS]
    finally:
        await database.close()
    least = min(float(row["decisions/s"] or 0) for row in rows)
    return Result(
        "backtests",
        f"Back-tests of drafts: at least {least:,.0f} stored decisions a second (aim {AIM:,.0f})",
        tuple(rows),
        {"decisions_per_second": least},
        ("from asking until all is done, by the worker's processes; eight dealers to choose from in each dispatch",),
    )


async def _try(database: Database, stack: Stack, key: str, until_then: datetime) -> Mapping[str, Cell]:
    old, new = DRAFTS[key]
    shipped = shipped_file(key).decode()
    draft = shipped.replace(old, new, 1).encode()
    assert draft != shipped.encode()
    sha256 = hashlib.sha256(draft).hexdigest()
    begun = time.perf_counter()
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        asked = await backtests.create(tx, key, draft, sha256, FIRST, until_then, until_then)

    async def found() -> Backtest:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            return await backtests.one(tx, asked.id)

    async def ended() -> bool:
        return (await found()).ended_at is not None

    await until(f"the back-test of {key} ends", ended, patience=PATIENCE, look=0.1)
    took = time.perf_counter() - begun
    done = await found()
    if done.state != BacktestState.DONE:
        raise RuntimeError(f"the back-test of {key} is {done.state}: {done.problem}")
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        size = (await backtests.progress(tx, done)).done
    changed = await stack.count(f"SELECT count(DISTINCT case_id) FROM backtest_lines WHERE backtest_id = '{done.id}'")
    return {"draft of": key, "decisions": size, "leads changed": changed, "seconds": took, "decisions/s": size / took}


async def _write_past(stack: Stack, leads: int) -> datetime:
    """Gives the instant after the last decision."""
    one = await _a_lead(stack)
    async with stack.rows() as rows:
        # Archived: nobody has to work on them, and no workflow is missed.
        written = await rows.fetch(
            "WITH opened AS (INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object("
            "'id', gen_random_uuid(), 'status', 'archived', 'next_due_at', NULL))).*"
            " FROM cases c, generate_series(1, $1) WHERE c.id = $2 RETURNING id)"
            " INSERT INTO leads SELECT (jsonb_populate_record(l, jsonb_build_object("
            "'id', opened.id))).*"
            " FROM leads l, opened WHERE l.id = $2 RETURNING id",
            leads,
            one,
        )
        network = await rows.fetch("SELECT id, code FROM dealers ORDER BY code")
        dealers = [Dealer(row["id"], row["code"]) for row in network]
        made = decisions([row["id"] for row in written], dealers, FIRST)
        await rows.execute("CREATE TEMPORARY TABLE made AS SELECT * FROM decisions LIMIT 0")
        await rows.copy_records_to_table("made", records=made, columns=COLUMNS)
        await rows.execute(_KEEP)
        await rows.execute("ANALYZE decided, decision_contents, cases, leads")
    return FIRST + timedelta(minutes=leads)


async def _a_lead(stack: Stack) -> UUID:
    async with httpx.AsyncClient(base_url=stack.api) as http:
        answer = await http.post("/api/v1/leads", json=a_lead(99_000))
        assert answer.status_code in (200, 201, 202), answer.text
        lead = UUID(answer.json()["lead_id"])

    async def accepted() -> bool:
        return await stack.count(f"SELECT count(*) FROM whole_leads WHERE id = '{lead}'") == 1

    await until("the lead is there", accepted, patience=30)
    return lead
