"""What lists are commonly narrowed and sorted by is found through an index, not by looking at every
row."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from store import listing, narrowing
from store.engine import inbox
from store.engine.inbox import TaskFilters
from store.leads import lead_lists, submissions
from store.leads.lead_lists import LeadFilters
from store.leads.submissions import SubmissionFilters
from store.listing import Rows, Window
from store.network.network_seed import dealer_id, staff_id
from store.session import Database, Tx
from store.spans import Span

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
RECENT = Span(NOW - timedelta(hours=1))

_FILL = """
WITH people AS (
    INSERT INTO customers (id, name, do_not_call, created_at)
    SELECT gen_random_uuid(), 'c' || n, false, :now FROM generate_series(1, 20000) n RETURNING id
), numbered AS (
    SELECT id, row_number() OVER () AS n FROM people
), opened AS (
    INSERT INTO cases (id, kind, customer_id, opened_at, status, level, lamp, dealer_id, owner_id, next_due_at, life,
                       process_key, process_version, process_sha256, message_seq)
    SELECT numbered.id, 'lead', numbered.id, :now - n * interval '1 minute', 'working', 'A', 'green', dealer.id,
           owner.id, :now + n * interval '1 minute', 1, 'lead', 1, '', 0
    FROM numbered
    JOIN (SELECT id, row_number() OVER () AS d FROM dealers) dealer ON d = n % (SELECT count(*) FROM dealers) + 1
    JOIN (SELECT id, row_number() OVER () AS s FROM staff) owner ON s = n % (SELECT count(*) FROM staff) + 1
    RETURNING id, dealer_id, owner_id, opened_at AS created_at
), born AS (
    INSERT INTO leads (id, channel, stated_at, trade_in, test_drive_wish, assigned_at, campaign, external_id, closing)
    SELECT numbered.id, 'maker.vertical.dongchedi', :now, false, false, :now - n * interval '1 minute',
           'campaign ' || n % 2000, 'X-' || n, CASE WHEN n % 250 = 0 THEN '{"reason": "price"}'::jsonb ELSE '{}' END
    FROM numbered
), asked AS (
    INSERT INTO tasks (id, case_id, case_kind, kind, element, role, dealer_id, owner_id, status, opened_at, due_at,
                       late)
    SELECT gen_random_uuid(), id, 'lead', 'first_follow_up', 'work', 'consultant', dealer_id, owner_id,
           CASE WHEN extract(minute FROM created_at)::int % 10 = 0 THEN 'open' ELSE 'done' END, created_at,
           created_at + interval '1 day', false
    FROM opened
)
INSERT INTO submissions (id, lead_id, channel, received_at, verdict)
SELECT gen_random_uuid(), id, 'maker.vertical.dongchedi', created_at, 'created' FROM opened
"""


async def fill(network: Database) -> None:
    """Twenty thousand leads, and the planner knows of them."""
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text(_FILL), {"now": NOW})
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        for table in ("cases", "leads", "tasks", "submissions", "customers"):
            await tx.session.execute(text(f"ANALYZE {table}"))


@pytest.fixture
async def full(network: Database) -> AsyncIterator[Database]:
    await fill(network)
    yield network


LEADS: list[tuple[LeadFilters, str]] = [
    *((LeadFilters(), sort) for sort in lead_lists.ORDERS),
    (LeadFilters(dealer=[dealer_id("BJ01")]), "-created"),
    (LeadFilters(owner=[staff_id("BJ01-C1")]), "-created"),
    (LeadFilters(created=RECENT), "-created"),
    (LeadFilters(assigned=RECENT), "-assigned"),
    (LeadFilters(updated=RECENT), "updated"),
    (LeadFilters(overdue=True, now=NOW), "due"),
    (LeadFilters(campaign=["campaign 7"]), "-created"),
    (LeadFilters(external_id=["X-77"]), "-created"),
    (LeadFilters(reason=["price"]), "-created"),
    (LeadFilters(status=["working"]), "-created"),
    (LeadFilters(grade=["A"]), "-created"),
]
TASKS: list[tuple[TaskFilters, str]] = [
    *((TaskFilters(), sort) for sort in inbox.TASK_ORDERS),
    (TaskFilters(owner=[staff_id("BJ01-C1")]), "due"),
    (TaskFilters(dealer=[dealer_id("BJ01")]), "due"),
    (TaskFilters(role=["consultant"]), "due"),
    (TaskFilters(overdue=True), "due"),
    (TaskFilters(status=(), updated=RECENT), "updated"),
]


async def test_common_lists_are_read_through_an_index(full: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    plans: list[str] = []

    async def explained(tx: Tx, query: Any, order: Any, window: Any, made: Any) -> Rows[Any]:
        place = [key.desc() if order.descending else key for key in order.keys]
        asked = query.order_by(*place).limit(window.limit)
        steps = narrowing.nodes(await narrowing.planned(tx, asked))
        plans.append("\n".join(f"{step['Node Type']} on {step.get('Relation Name')}" for step in steps))
        return Rows(order.name, (), None, None)

    for module in (narrowing, submissions):
        monkeypatch.setattr(module, "part", explained)

    async with full.transaction(SYSTEM, EVERYTHING) as tx:
        for filters, sort in LEADS:
            await lead_lists.listed(tx, filters, Window(50), sort)
            assert "Seq Scan on leads" not in plans[-1], (filters, sort, plans[-1])
        for wanted, sort in TASKS:
            await inbox.tasks(tx, wanted, NOW, Window(50), sort)
            assert "Seq Scan on tasks" not in plans[-1], (wanted, sort, plans[-1])
        for sort in submissions.ORDERS:
            await submissions.listed(tx, SubmissionFilters(), Window(50), sort)
            assert "Seq Scan on submissions" not in plans[-1], (sort, plans[-1])
    assert len(plans) == len(LEADS) + len(TASKS) + len(submissions.ORDERS)
    assert listing.part is not explained
