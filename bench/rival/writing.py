"""Everything that the way to the first task leaves behind, in one statement."""

from __future__ import annotations

from typing import Any, Final

WRITE: Final = """
    WITH kept AS (
        INSERT INTO executed_steps (key, case_id, element, at, result)
        VALUES (step_of($2, $1), $2, 'first_task', $3, $4)
    ), on_case AS (
        UPDATE cases SET status = 'working', stage = 'first_follow_up_due', level = $5, lamp = 'green', dealer_id = $6,
               owner_id = $7, next_due_at = $8, place = $9, settled_at = $3
        WHERE id = $2
    ), on_lead AS (
        UPDATE leads SET grade_reason = $10, graded_at = $3, assigned_at = $3, progress_at = $3, best_grade = $5
        WHERE id = $2
    ), told AS (
        INSERT INTO timeline (id, case_id, at, actor, code, element, data)
        SELECT id, $2, $3, 'process', code, element, data
        FROM jsonb_to_recordset($11) AS line (id uuid, code text, element text, data jsonb)
    ), made AS (
        SELECT line.*, decision_content(element, line.key, 1, inputs, matched, line.result) AS content
        FROM jsonb_to_recordset($12) AS line
            (id uuid, element text, key text, inputs jsonb, matched jsonb, result jsonb, candidates jsonb,
             parts jsonb)
    ), among AS (
        INSERT INTO candidate_parts (id, said)
        SELECT DISTINCT ON (part.key) part.key::uuid, part.value
        FROM made, jsonb_each(parts) AS part ORDER BY part.key ON CONFLICT (id) DO NOTHING
    ), said AS (
        INSERT INTO decision_contents (id, element, key, version, inputs, matched, result)
        SELECT content, element, made.key, 1, inputs, matched, made.result
        FROM made ORDER BY content ON CONFLICT (id) DO NOTHING
    ), decided AS (
        INSERT INTO decided (id, case_id, content, at, key, candidates)
        SELECT id, $2, content, $3, made.key, nullif(candidates, '[]') FROM made
    ), notified AS (
        INSERT INTO notifications (id, case_id, to_staff_id, code, data, created_at, not_before)
        VALUES ($13, $2, $7, 'lead_assigned', $14, $3, $15)
    ), given AS (
        INSERT INTO assignments (id, lead_id, at, kind, dealer_id, staff_id, previous_dealer_id, by, reason,
                                 decision_id)
        VALUES ($16, $2, $3, 'dispatch', $6, NULL, NULL, 'process', '', $17),
               ($18, $2, $3, 'assign', $6, $7, $6, 'process', '', $19)
    ), taker AS (
        UPDATE staff SET last_assigned_at = $3
        WHERE id IN (SELECT id FROM staff WHERE id = $7 FOR NO KEY UPDATE SKIP LOCKED)
    ), started AS (
        INSERT INTO sla_clocks (id, case_id, kind, grade, staff_id, started_at, due_at, next_rung_at, rung, lamp,
                                decision_id, calendar, hours, about, counting)
        SELECT id, $2, kind, $5, $7, $3, due, rung, 0, 'green', decision, $20, $21, '', 'elapsed'
        FROM jsonb_to_recordset($22) AS line (id uuid, kind text, due timestamptz, rung timestamptz, decision uuid)
    ), opened AS (
        INSERT INTO tasks (id, case_id, case_kind, kind, element, role, dealer_id, owner_id, status, opened_at, due_at,
                           late, clock_id)
        VALUES ($23, $2, 'lead', 'first_follow_up', 'work', 'consultant', $6, $7, 'open', $3, $8, false, $24)
    ), lives AS (
        INSERT INTO instances (case_id, life, process_key, process_version, process_sha256, bundle, started_at,
                               settled_at, applied, stand, place)
        VALUES ($2, 1, $25, $26, $27, md5(concat($28::jsonb, $29::text[]))::uuid, $3, $3, 1,
                md5($30::jsonb::text)::uuid, $36)
    ), stood AS (
        INSERT INTO stands (id, marks) VALUES (md5($30::jsonb::text)::uuid, $30::jsonb) ON CONFLICT (id) DO NOTHING
    ), bundled AS (
        INSERT INTO bundles (id, called, runs)
        VALUES (md5(concat($28::jsonb, $29::text[]))::uuid, $28::jsonb, $29::text[]) ON CONFLICT (id) DO NOTHING
    ), gone AS (
        INSERT INTO ways (id, steps) VALUES (md5($33::jsonb::text)::uuid, $33::jsonb) ON CONFLICT (id) DO NOTHING
    ), passed AS (
        INSERT INTO passages (case_id, life, first, last, at, way)
        VALUES ($2, 1, $34, $35, $3, md5($33::jsonb::text)::uuid)
    )
    INSERT INTO stays (case_id, life, execution, process, version, element, entered_at, via, due_at)
    SELECT $2, 1, execution, process, 1, element, $3, via,
           CASE element WHEN 'work' THEN $8 WHEN 'rung_due' THEN $31::timestamptz END
    FROM jsonb_to_recordset($32) AS line (execution text, process text, element text, via text)
"""

_WAY: Final = (
    ("lead", "new_lead clean find_duplicates call_needed to_grade grade lane to_dealer at_dealer"),
    ("sale", "ready to_dispatch hq_asked dispatch dealer_found to_assign assign consultant_found to_follow_up"),
    ("sale", "follow_up"),
    ("chase", "asked plan_task wanted both work"),
)
_STAYS: Final = frozenset({"at_dealer", "follow_up", "work", "rung_due"})


def _way() -> list[dict[str, Any]]:
    """The steps as the history of every lead shows them, which is the same for all that go this
    way."""
    found: list[dict[str, Any]] = []
    process, before = "", ""
    for of, elements in _WAY:
        if of != process:
            process, before = of, ""
        for element in elements.split():
            found.append(_visit(len(found), process, element, before))
            before = element
    for before, element in (("both", "next_rung"), ("next_rung", "rung_left"), ("rung_left", "rung_due")):
        found.append(_visit(len(found), process, element, before))
    return found


def _visit(number: int, process: str, element: str, before: str) -> dict[str, Any]:
    via = f"{before}_to_{element}" if before else ""
    return {"execution": str(number + 2), "process": process, "element": element, "via": via}


WAY: Final = _way()
STAYS: Final = [visit for visit in WAY if visit["element"] in _STAYS]
_PASSED: Final = [visit for visit in WAY if visit["element"] not in _STAYS]
FIRST, LAST = int(_PASSED[0]["execution"]), int(_PASSED[-1]["execution"])
STEPS: Final = [
    [int(visit["execution"]) - FIRST, visit["process"], 1, visit["element"], visit["via"]] for visit in _PASSED
]


def marks(due: str, rung: str) -> list[dict[str, Any]]:
    """Where the lead is, as screens show it, with what is around it."""
    return [
        _mark("lead", "at_dealer", "在经销商跟进", "scope", None),
        _mark("sale", "follow_up", "跟进客户", "scope", None),
        _mark("chase", "work", "有人办理", "task", due),
        _mark("chase", "rung_due", "到下一级时间", "event", rung),
    ]


def _mark(process: str, element: str, name: str, waits_for: str, due: str | None) -> dict[str, Any]:
    return {"process": process, "element": element, "name": name, "waits_for": waits_for, "due": due}
