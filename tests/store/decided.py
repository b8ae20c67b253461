"""Stored decisions, and back-tests of them, for tests of what becomes of the two."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from cases.actors import EVERYTHING, PROCESS, Actor
from server.backtest_hands import Hands
from store.listing import Window
from store.session import Database
from store.tables import backtest_lines, backtests, definitions
from store.tables.backtests import Backtest
from tests.domain.policy.pasts import FILES, draft
from tests.store import kept
from tests.store.births import AT, some_leads

SOMEBODY = Actor("staff", str(UUID(int=77)))
SHORTER_A = ("<text>[0..15]</text>", "<text>[0..10]</text>")
"""A draft of ``grade``: grade A is for ten days only, so twelve days are a B."""


async def graded(database: Database, *days: int) -> list[UUID]:
    """Leads that the shipped table has graded A, an hour apart, who wanted to buy within so many
    days."""
    leads = await some_leads(database, len(days))
    async with database.transaction(PROCESS, EVERYTHING) as tx:
        for number, (lead, horizon) in enumerate(zip(leads, days, strict=True)):
            asked = {"horizon_days": horizon, "budget_clear": False, "model_known": True, "stated_grade": ""}
            result = {"grade": "A", "reason": "within_15_days"}
            await kept.decision(tx, lead, AT + number * timedelta(hours=1), "grade", 1, asked, [], result)
    return leads


async def published(database: Database, *keys: str) -> None:
    """The shipped tables as their first versions."""
    async with database.transaction(PROCESS, EVERYTHING) as tx:
        for key in keys:
            await definitions.publish_table(tx, key, key, FILES[key], AT - timedelta(days=1), "system")


async def asked(database: Database, key: str = "grade", *changes: tuple[str, str], **period: Any) -> Backtest:
    """A back-test of a shipped table with changes, on all days around ``AT``."""
    xml = draft(key, *(changes or (SHORTER_A,)))
    since, until = period.get("since", AT - timedelta(days=1)), period.get("until", AT + timedelta(days=60))
    async with database.transaction(SOMEBODY, EVERYTHING) as tx:
        return await backtests.create(tx, key, xml, hashlib.sha256(xml).hexdigest(), since, until, until)


async def done(database: Database) -> int:
    """Does all there is to do, in this process; gives the number of parts."""
    hands, parts = Hands(database), 0
    while await hands.part() is not None:
        parts += 1
    return parts


async def outcome(database: Database, backtest: Backtest | UUID) -> tuple[str, dict[str, Any], list[Any]]:
    """Its state, its totals, its lines."""
    backtest_id = backtest if isinstance(backtest, UUID) else backtest.id
    async with database.transaction(SOMEBODY, EVERYTHING) as tx:
        state = (await backtests.one(tx, backtest_id)).state
        whole, _ = await backtests.totals(tx, backtest_id)
        lines = (await backtest_lines.lines(tx, backtest_id, Window(1_000))).items
    return state, whole, [(line.case_id, line.kind, line.old, line.new) for line in lines]
