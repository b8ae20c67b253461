"""The rival leaves what Baton leaves: the same rows a table, the same decisions, history and
deadlines. Else it would be no measure."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from temporalio.client import Client

from bench.leads import leads_through, rival
from bench.rival import policy, writing
from bench.samples import WISHES
from bench.shape import Shape, shape_of
from bench.stack import Stack, running
from cases.ids import workflow_id
from cases.zone import CHINA

EVENING = datetime(2026, 11, 26, 20, tzinfo=CHINA)
"""When people have gone home: notices wait, and nothing opens or closes while leads are sent."""

LEADS = 2 * len(WISHES)
"""Two of each grade, which the bench's leads take in turns."""

OF_ONE_CASE = {
    **dict.fromkeys(("decisions", "timeline", "sla_clocks", "tasks", "visits", "instances", "outbox"), "case_id"),
    **dict.fromkeys(("notifications", "executed_steps"), "case_id"),
    **dict.fromkeys(("assignments",), "lead_id"),
    **dict.fromkeys(("cases", "leads"), "id"),
}
STEPS = {"Baton": 6, "by hand": 1}
"""Rows of ``executed_steps``, the one table in which the sides differ: a row a transaction that may
be repeated."""


@dataclass(frozen=True)
class Sides:
    """A Baton with as many leads of either side, and the histories of two of them."""

    rows: asyncpg.Connection
    leads: dict[str, list[UUID]]
    shapes: dict[str, Shape]

    async def of(self, side: str, query: str) -> list[tuple[Any, ...]]:
        """What a query gives for the leads of a side, in order."""
        return sorted((tuple(row) for row in await self.rows.fetch(query, self.leads[side])), key=repr)


@pytest.fixture(scope="module")
async def sides() -> AsyncIterator[Sides]:
    async with running() as stack, stack.rows() as rows:
        yield await _both(stack, rows)


async def _both(stack: Stack, rows: asyncpg.Connection) -> Sides:
    await stack.make_room()
    await stack.travel(EVENING)
    people = count(0)
    _, ours = await leads_through(stack, people, LEADS, stack.cpu)
    async with rival(stack) as other:
        with other.turn():
            # One lead goes before each side's: the grades of these begin with the same one.
            while next(people) % len(WISHES) != len(WISHES) - 1:
                pass
            _, theirs = await leads_through(stack, people, LEADS, other.cpu)
    client = await Client.connect(stack.temporal)
    leads = {"Baton": [UUID(one) for one in ours], "by hand": [UUID(one) for one in theirs]}
    shapes = {name: await shape_of(client.get_workflow_handle(workflow_id(found[0]))) for name, found in leads.items()}
    return Sides(rows, leads, shapes)


async def test_as_many_rows_in_every_table(sides: Sides) -> None:
    found: dict[str, dict[str, int]] = {side: {} for side in sides.leads}
    for side, leads in sides.leads.items():
        for table, column in OF_ONE_CASE.items():
            query = f"SELECT count(*) FROM {table} WHERE {column} = ANY($1)"
            found[side][table] = await sides.rows.fetchval(query, leads)

    assert {side: rows.pop("executed_steps") / LEADS for side, rows in found.items()} == STEPS
    assert found["by hand"] == found["Baton"]
    assert found["Baton"]["visits"] == len(writing.WAY) * LEADS
    assert found["Baton"]["tasks"] == LEADS


SAME = {
    "decisions": """
        SELECT k.level, d.element, d.key, d.version, d.matched::text,
               CASE WHEN d.key IN ('dispatch', 'assignment') THEN '' ELSE d.inputs::text || d.result::text END,
               CASE d.key WHEN 'dispatch' THEN jsonb_array_length(d.candidates) > 5 END
        FROM decisions d JOIN cases k ON k.id = d.case_id WHERE d.case_id = ANY($1) AND d.element IS NOT NULL""",
    "history": """
        SELECT k.level, t.actor, t.code, t.element, array_agg(key ORDER BY key)
        FROM timeline t JOIN cases k ON k.id = t.case_id, jsonb_object_keys(t.data) AS key
        WHERE t.case_id = ANY($1) GROUP BY t.id, k.level, t.actor, t.code, t.element""",
    "cases": """
        SELECT level, status, stage, lamp, process_key, process_version, process_sha256, next_due_at > opened_at,
               settled_at = opened_at, owner_id IS NOT NULL, dealer_id IS NOT NULL, message_seq, life
        FROM cases WHERE id = ANY($1)""",
    "leads": """
        SELECT k.level, l.grade_reason, l.graded_at = k.opened_at, l.assigned_at = k.opened_at, l.clock_from IS NULL,
               l.progress_at = k.opened_at, l.best_grade, l.best_stage IS NULL
        FROM leads l JOIN cases k ON k.id = l.id WHERE l.id = ANY($1)""",
    "deadlines": """
        SELECT c.kind, c.grade, c.due_at - c.started_at, c.rung, c.lamp, c.counting, c.about, c.calendar, c.hours,
               CASE WHEN c.next_rung_at - c.due_at = date_trunc('hour', c.next_rung_at - c.due_at)
                    THEN (c.next_rung_at - c.due_at)::text ELSE (c.next_rung_at AT TIME ZONE 'UTC')::text END,
               c.staff_id = k.owner_id, d.key
        FROM sla_clocks c JOIN cases k ON k.id = c.case_id JOIN decisions d ON d.id = c.decision_id
        WHERE c.case_id = ANY($1)""",
    "tasks": """
        SELECT k.level, t.kind, t.element, t.role, t.status, t.late, t.due_at = k.next_due_at,
               t.owner_id = k.owner_id, t.dealer_id = k.dealer_id, c.kind
        FROM tasks t JOIN cases k ON k.id = t.case_id JOIN sla_clocks c ON c.id = t.clock_id
        WHERE t.case_id = ANY($1)""",
    "visits": """
        SELECT execution, process, version, element, via, coalesce(how, ''), left_at IS NULL, due_at IS NULL
        FROM visits WHERE case_id = ANY($1)""",
    "notices": """
        SELECT k.level, n.code, n.to_staff_id = k.owner_id, coalesce((n.not_before AT TIME ZONE 'UTC')::text, ''),
               array_agg(key ORDER BY key)
        FROM notifications n JOIN cases k ON k.id = n.case_id, jsonb_object_keys(n.data) AS key
        WHERE n.case_id = ANY($1) GROUP BY n.id, k.level, k.owner_id""",
    "assignments": """
        SELECT a.kind, a.by, a.previous_dealer_id IS NULL, a.staff_id = k.owner_id, a.dealer_id = k.dealer_id, d.key
        FROM assignments a JOIN cases k ON k.id = a.lead_id JOIN decisions d ON d.id = a.decision_id
        WHERE a.lead_id = ANY($1)""",
    "lives": """
        SELECT life, process_key, process_version, process_sha256, called::text, runs, applied, ended_at IS NULL,
               (SELECT string_agg(concat_ws(' ', mark ->> 'process', mark ->> 'element', mark ->> 'name',
                                            mark ->> 'waits_for'), ', ')
                FROM jsonb_array_elements(place_of(stand, place)) AS mark)
        FROM instances JOIN bundles ON bundles.id = bundle WHERE case_id = ANY($1)""",
}
"""What has to be the same, without what differs from one lead to the next: ids, instants, who was
chosen (loads differ by then)."""


@pytest.mark.parametrize("what", SAME)
async def test_the_same_is_written(sides: Sides, what: str) -> None:
    ours, theirs = await sides.of("Baton", SAME[what]), await sides.of("by hand", SAME[what])

    assert len(ours) >= LEADS
    assert theirs == ours


async def test_candidates_get_the_points_that_the_shipped_tables_give(sides: Sides) -> None:
    query = """SELECT d.key, line ->> 'points', line ->> 'inputs'
               FROM decisions d, jsonb_array_elements(candidates) line
               WHERE d.case_id = ANY($1) AND line ? 'points'"""
    points = {"dispatch": policy.dealer_points, "assignment": policy.consultant_points}
    stored = await sides.of("Baton", query)

    assert {key for key, _, _ in stored} == points.keys()
    for key, given, inputs in stored:
        assert points[key](json.loads(inputs)) == float(given), (key, inputs)


async def test_one_activity_one_timer(sides: Sides) -> None:
    assert (sides.shapes["by hand"].local_activities, sides.shapes["by hand"].timers) == (1, 1)
    assert sides.shapes["Baton"].timers == 1
