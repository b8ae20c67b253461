"""All that the store shows of some leads, without ids and with instants counted from the story's
beginning.

Two stories that went the same way have the same picture, whoever died on the way: a row too many,
too few, or at another instant shows.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from store.session import Database

Picture = dict[str, list[str]]
"""A table's name → its rows as lines, sorted."""

QUERIES = {
    "leads": "SELECT l.id AS lead_id, status, stage, grade, badges, lamp, life, message_seq, assigned_at, progress_at,"
    " next_due_at, ended_at, d.code AS dealer, s.code AS owner"
    " FROM whole_leads l"
    " LEFT JOIN dealers d ON d.id = l.dealer_id LEFT JOIN staff s ON s.id = l.owner_id",
    "timeline": "SELECT case_id AS lead_id, at, code, element FROM timeline",
    "tasks": "SELECT t.case_id AS lead_id, kind, status, s.code AS owner, opened_at, due_at, closed_at, outcome, late"
    " FROM tasks t LEFT JOIN staff s ON s.id = t.owner_id",
    "deadlines": "SELECT case_id AS lead_id, kind, grade, started_at, due_at, rung, next_rung_at, breached_at,"
    " stopped_at, lamp FROM sla_clocks",
    "assignments": "SELECT a.lead_id, at, kind, d.code AS dealer, s.code AS staff"
    " FROM assignments a LEFT JOIN dealers d ON d.id = a.dealer_id LEFT JOIN staff s ON s.id = a.staff_id",
    "notifications": "SELECT n.case_id AS lead_id, created_at, n.code, coalesce(s.code, to_role) AS whom,"
    " (SELECT bool_and(d.delivered_at IS NOT NULL) FROM deliveries d WHERE d.notification_id = n.id) AS delivered"
    " FROM notifications n LEFT JOIN staff s ON s.id = n.to_staff_id",
    "decisions": "SELECT case_id AS lead_id, at, element, key, version, matched,"
    " jsonb_array_length(candidates) AS candidates FROM decisions",
    "materials": "SELECT lead_id, sent_at, code, channel, number FROM materials",
    "contracts": "SELECT lead_id, number, price_tier FROM contracts",
    "follow_ups": "SELECT lead_id, at, outcome, stage, late FROM follow_ups",
    "steps": "SELECT case_id AS lead_id, at, element FROM executed_steps",
    "messages": "SELECT case_id AS lead_id, seq, at, kind, delivered_at IS NOT NULL AS delivered FROM outbox",
    "incidents": "SELECT case_id AS lead_id, element, kind FROM incidents",
    "instances": "SELECT case_id AS lead_id, life, process_key, process_version, started_at, ended_at,"
    " outcome, applied, place_of(stand, place) AS place FROM instances",
    "visits": "SELECT case_id AS lead_id, life, execution, process, version, element, entered_at, left_at, how, via,"
    " due_at FROM visits",
    "customers": "SELECT l.id AS lead_id, count(*) FROM cases l JOIN customers c ON c.id = l.customer_id GROUP BY l.id",
}


async def picture(db: Database, leads: dict[str, str], beginning: datetime) -> Picture:
    """The picture of these leads, by the names that the story gives them."""
    names = {UUID(lead): name for name, lead in leads.items()}
    shown: Picture = {}
    async with db.transaction(SYSTEM, EVERYTHING) as tx:
        for table, query in QUERIES.items():
            rows = (await tx.session.execute(text(query))).mappings()
            shown[table] = sorted(_line(dict(row), names, beginning) for row in rows)
    return shown


def differences(one: Picture, other: Picture) -> list[str]:
    """Rows that only one of two pictures shows, and how often: ``-`` in the first, ``+`` in the
    second."""
    found: list[str] = []
    for table in QUERIES:
        mine, theirs = Counter(one[table]), Counter(other[table])
        found += [f"- {table}: {line}" for line in (mine - theirs).elements()]
        found += [f"+ {table}: {line}" for line in (theirs - mine).elements()]
    return found


def _line(row: dict[str, Any], names: dict[UUID, str], beginning: datetime) -> str:
    return " ".join([names[row.pop("lead_id")], *(_word(value, beginning) for value in row.values())])


def _word(value: Any, beginning: datetime) -> str:
    if isinstance(value, datetime):
        return f"+{(value - beginning).total_seconds() / 3600:g}h"
    return "-" if value is None else str(value)
