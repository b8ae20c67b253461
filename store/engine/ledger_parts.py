"""The statement that writes a ledger: one part for each table, and only the columns that change
(``store.engine.ledger``)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import DateTime, Table, Text, Uuid, bindparam, text
from sqlalchemy.dialects import postgresql

from store.models import Case, Lead
from store.network.routing import LOADS
from store.prepared import Prepared

OF_LEAD = (
    *("grade_reason", "graded_at", "badges", "home_dealer_id", "assigned_at", "clock_from", "progress_at"),
    *("best_grade", "best_stage", "closing", "attached_to"),
)
"""The columns that only leads have and a step may change; those of every case are
``store.engine.cases.STATE``."""

_ROWS: Mapping[str, str] = {
    "executed": """
    done AS (
        INSERT INTO executed_steps (key, case_id, element, at, result)
        SELECT step_of(:case_id, key), :case_id, element, :at, result
        FROM jsonb_to_recordset(CAST(:executed AS jsonb)) AS line (key text, element text, result jsonb)
    )""",
    "entries": """
    told AS (
        INSERT INTO timeline (id, case_id, at, actor, code, element, data)
        SELECT id, coalesce(case_id, :case_id), :at, :actor, code, element, data
        FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS line
            (id uuid, case_id uuid, code text, element text, data jsonb)
    )""",
    "decisions": """
    made AS (
        SELECT line.*, decision_content(element, line.key, version, inputs, matched, line.result) AS content
        FROM jsonb_to_recordset(CAST(:decisions AS jsonb)) AS line
            (id uuid, element text, key text, version int, inputs jsonb, matched jsonb, result jsonb, candidates jsonb,
             parts jsonb, shadow_id uuid)
    ), among AS (
        INSERT INTO candidate_parts (id, said)
        SELECT DISTINCT ON (part.key) CAST(part.key AS uuid), part.value
        FROM made, jsonb_each(parts) AS part ORDER BY part.key ON CONFLICT (id) DO NOTHING
    ), said AS (
        INSERT INTO decision_contents (id, element, key, version, inputs, matched, result)
        SELECT content, element, made.key, version, inputs, matched, made.result
        FROM made ORDER BY content ON CONFLICT (id) DO NOTHING
    ), decided AS (
        INSERT INTO decided (id, case_id, content, at, key, candidates, shadow_id)
        SELECT id, :case_id, content, :at, made.key, nullif(candidates, '[]'), shadow_id FROM made
    )""",
    "shadows": """
    differing AS (
        INSERT INTO shadow_lines (decision_id, shadow_id, case_id, at, old, new, problem, changes)
        SELECT decision_id, shadow_id, :case_id, :at, old, new, problem, changes
        FROM jsonb_to_recordset(CAST(:shadows AS jsonb)) AS line
            (decision_id uuid, shadow_id uuid, old jsonb, new jsonb, problem text, changes jsonb)
    )""",
    "notifications": """
    notified AS (
        INSERT INTO notifications (id, case_id, to_staff_id, to_role, code, data, created_at, not_before)
        SELECT id, :case_id, to_staff_id, to_role, code, data, :at, not_before
        FROM jsonb_to_recordset(CAST(:notifications AS jsonb)) AS line
            (id uuid, to_staff_id uuid, to_role text, code text, data jsonb, not_before timestamptz)
    )""",
    "clocks": """
    started AS (
        INSERT INTO sla_clocks (id, case_id, kind, grade, staff_id, started_at, due_at, next_rung_at, rung, lamp,
                                breached_at, decision_id, calendar, hours, promised_at, about, counting)
        SELECT id, :case_id, kind, grade, staff_id, started_at, due_at, next_rung_at, rung, lamp, breached_at,
               decision_id, calendar, hours, promised_at, about, counting
        FROM jsonb_to_recordset(CAST(:clocks AS jsonb)) AS line
            (id uuid, kind text, grade text, staff_id uuid, started_at timestamptz, due_at timestamptz,
             next_rung_at timestamptz, rung int, lamp text, breached_at timestamptz, decision_id uuid, calendar int,
             hours int, promised_at timestamptz, about text, counting text)
        ON CONFLICT (case_id, kind, about) WHERE stopped_at IS NULL DO NOTHING
        RETURNING id, kind, about
    )""",
    "assignments": """
    given AS (
        INSERT INTO assignments (id, lead_id, at, kind, dealer_id, staff_id, previous_dealer_id, previous_staff_id,
                                 by, reason, decision_id)
        SELECT id, :case_id, :at, kind, dealer_id, staff_id, previous_dealer_id, previous_staff_id,
               :actor, '', decision_id
        FROM jsonb_to_recordset(CAST(:assignments AS jsonb)) AS line
            (id uuid, kind text, dealer_id uuid, staff_id uuid, previous_dealer_id uuid, previous_staff_id uuid,
             decision_id uuid)
    ), taker AS (
        UPDATE staff SET last_assigned_at = :at
        WHERE id IN (
            SELECT staff.id FROM staff
            JOIN jsonb_to_recordset(CAST(:assignments AS jsonb)) AS line (staff_id uuid) ON staff.id = line.staff_id
            FOR NO KEY UPDATE OF staff SKIP LOCKED
        )
    )""",
    "woken": """
    woke AS (
        INSERT INTO wake_ups (case_id, run, number, cause, ran, rested)
        SELECT :case_id, run, line.number, cause, ran, rested
        FROM jsonb_to_recordset(CAST(:woken AS jsonb)) AS line
            (run text, number int, cause jsonb, ran jsonb, rested boolean)
    )""",
}
"""One part a table to which rows are added, sent only when there is something to write. SKIP
LOCKED: see ``store.leads.assignments``. Contents of decisions go in in the order of their ids: two
leads that say the same two things for the first time would wait for each other."""

WRITES: Mapping[str, frozenset[str]] = {
    "executed": frozenset({"executed_steps"}),
    "changes": frozenset({"cases", "whole_leads", LOADS}),
    "lead_changes": frozenset({"leads", "whole_leads"}),
    "entries": frozenset({"timeline"}),
    "decisions": frozenset({"decided", "decision_contents", "candidate_parts", "decisions"}),
    "shadows": frozenset({"shadow_lines"}),
    "notifications": frozenset({"notifications"}),
    "clocks": frozenset({"sla_clocks"}),
    "assignments": frozenset({"assignments", "staff", LOADS}),
    "woken": frozenset({"wake_ups"}),
}
"""The tables and views in which each part shows."""

PARTS = ("executed", "changes", "lead_changes", *(part for part in _ROWS if part != "executed"))
"""What a ledger collects, in the order in which it is written."""

TYPES: Mapping[str, Any] = {
    "case_id": Uuid(),
    "actor": Text(),
    "at": DateTime(timezone=True),
    **{part: Text() for part in PARTS},
}
"""What the parts are filled with."""

_DIALECT = postgresql.dialect()
_cases: Table = Case.__table__  # pyright: ignore[reportAssignmentType]
_leads: Table = Lead.__table__  # pyright: ignore[reportAssignmentType]


def statement(written: Collection[str], of_case: Collection[str], of_lead: Collection[str]) -> Prepared:
    """What writes these parts, and these columns of the case and of the lead."""
    return _statement(tuple(part for part in PARTS if part in written), tuple(sorted(of_case)), tuple(sorted(of_lead)))


@cache
def _statement(parts: tuple[str, ...], of_case: tuple[str, ...], of_lead: tuple[str, ...]) -> Prepared:
    written = [_changes(of_case)] if "changes" in parts else []
    return typed(f"WITH {', '.join((*written, *parts_of(parts, of_lead)))} SELECT 1", TYPES)


def parts_of(parts: Collection[str], of_lead: tuple[str, ...]) -> list[str]:
    """The parts of a statement, but for what it changes of the case."""
    of_leads = [_lead_changes(of_lead)] if "lead_changes" in parts else []
    return [*of_leads, *(_ROWS[part] for part in parts if part in _ROWS)]


def typed(sql: str, types: Mapping[str, Any]) -> Prepared:
    """A statement with the parameters that it names."""
    names = tuple(name for name in types if re.search(rf":{name}\b", sql))
    return Prepared(text(sql).bindparams(*(bindparam(name, type_=types[name]) for name in names)))


def new_values(of_case: Collection[str]) -> str:
    """``now_so``: these columns of the case, as they are from now on."""
    return _record("changes", _cases, of_case)


def set_to(columns: Collection[str]) -> str:
    """An update of these columns alone: each that is named costs, whether or not it changes."""
    return ", ".join(f'"{name}" = now_so."{name}"' for name in columns)


def _changes(columns: tuple[str, ...]) -> str:
    return f"""
    changed AS (
        UPDATE cases SET {set_to(columns)} FROM {new_values(columns)} WHERE cases.id = :case_id
    )"""


def _lead_changes(columns: tuple[str, ...]) -> str:
    return f"""
    lead_changed AS (
        UPDATE leads SET {set_to(columns)} FROM {_record("lead_changes", _leads, columns)} WHERE leads.id = :case_id
    )"""


def _record(part: str, table: Table, columns: Collection[str]) -> str:
    types = ", ".join(f'"{name}" {table.c[name].type.compile(_DIALECT)}' for name in columns)
    return f"jsonb_to_record(CAST(:{part} AS jsonb)) AS now_so ({types})"
