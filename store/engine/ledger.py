"""What process steps leave behind, written in one round trip: results, state, history, decisions,
notifications, …

A lead passes several steps before its first task, and round trips are what a step costs.
``store.engine.timeline``, ``store.tables.decisions`` and the other repositories read what this
writes; statements, which people make one at a time, write through those.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, bindparam, text

from cases.ids import new_id
from store.engine import cases
from store.engine.clocks import NewClock
from store.leads import leads
from store.network.routing import LOADS
from store.prepared import Prepared
from store.session import Tx

OF_LEAD = (
    *("grade_reason", "graded_at", "badges", "home_dealer_id", "assigned_at", "clock_from", "progress_at"),
    *("best_grade", "best_stage", "closing", "attached_to"),
)
"""The columns that only leads have and a step may change; those of every case are
``store.engine.cases.STATE``."""

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Ledger:
    """Collects what a step leaves; ``write`` puts all of it into the step's transaction at once."""

    at: datetime
    element: str | None
    actor: str
    changes: dict[str, Any] = field(default_factory=dict)
    lead_changes: dict[str, Any] = field(default_factory=dict)
    entries: Rows = field(default_factory=Rows)
    decisions: Rows = field(default_factory=Rows)
    notifications: Rows = field(default_factory=Rows)
    clocks: Rows = field(default_factory=Rows)
    assignments: Rows = field(default_factory=Rows)
    shadows: Rows = field(default_factory=Rows)
    executed: Rows = field(default_factory=Rows)
    woken: Rows = field(default_factory=Rows)

    @property
    def names_nobody(self) -> bool:
        """Whether no assignment in it is anybody's or was."""
        return not any(line["staff_id"] or line["previous_staff_id"] for line in self.assignments)

    @property
    def writes(self) -> frozenset[str]:
        """The tables and views in which it would show."""
        return frozenset[str]().union(*(tables for part, tables in WRITES.items() if getattr(self, part)))

    def change(self, **values: Any) -> None:
        """New values for columns of the step's case; a lead's own under the names that a lead has
        for them."""
        of_case, of_lead = leads.apart(values)
        strange = (of_case.keys() - set(cases.STATE)) | (of_lead.keys() - set(OF_LEAD))
        if strange:
            raise ValueError(f"a step may not change {sorted(strange)}")
        self.changes.update(of_case)
        self.lead_changes.update(of_lead)

    def keep(self, key: str, result: Mapping[str, Any]) -> None:
        """The step's result under its key, so that a repetition finds it. What a person states has
        none."""
        self.executed.append({"key": key, "element": self.element, "result": result})

    def add(self, later: Ledger) -> None:
        """What a later step of the same instant leaves, behind what earlier ones left."""
        for part in _PARTS:
            mine, theirs = getattr(self, part), getattr(later, part)
            if isinstance(mine, dict):
                mine.update(theirs)
            else:
                mine.extend(theirs)

    def note(self, code: str, data: Mapping[str, Any], case_id: UUID | None = None) -> None:
        """One line of a lead's history (None: the step's own lead)."""
        self.entries.append({"id": new_id(), "case_id": case_id, "code": code, "element": self.element, "data": data})

    def decided(
        self,
        key: str,
        version: int,
        inputs: Mapping[str, Any],
        matched: tuple[str, ...],
        result: Any,
        candidates: tuple[Any, ...] = (),
    ) -> UUID:
        """One decision with its reasons; a list (hit policies R, O, C) is kept under ``list``."""
        identity = new_id()
        kept = result if isinstance(result, Mapping) else {"list": result}
        self.decisions.append(
            {
                "id": identity,
                "element": self.element,
                "key": key,
                "version": version,
                "inputs": inputs,
                "matched": matched,
                "result": kept,
                "candidates": candidates,
            }
        )
        return identity

    def shadowed(
        self,
        made: dict[str, Any],
        shadow_id: UUID,
        result: Mapping[str, Any] | None,
        changes: tuple[str, ...],
        problem: str | None,
    ) -> None:
        """A shadow was asked about one of ``decisions``; a line is kept if it differs or cannot
        say."""
        made["shadow_id"] = shadow_id
        if changes or problem:
            self.shadows.append(
                {
                    "decision_id": made["id"],
                    "shadow_id": shadow_id,
                    "old": made["result"],
                    "new": result or {},
                    "problem": problem,
                    "changes": changes,
                }
            )

    def notify(
        self, code: str, data: Mapping[str, Any], *, staff_id: UUID | None = None, role: str | None = None
    ) -> None:
        """Something that a person, or whoever has a role, has to be told."""
        self.notifications.append(
            {"id": new_id(), "to_staff_id": staff_id, "to_role": role, "code": code, "data": data, "not_before": None}
        )

    def run(self, clock: NewClock) -> None:
        """A deadline to run; one of its kind, about the same, that runs already stays as it is."""
        self.clocks.append({"id": new_id(), **asdict(clock)})

    def give(
        self,
        kind: str,
        *,
        dealer_id: UUID | None,
        staff_id: UUID | None,
        previous_dealer_id: UUID | None,
        previous_staff_id: UUID | None,
        decision_id: UUID | None,
        clock_from: datetime | None = None,
    ) -> None:
        """A lead that nobody works on is given to somebody (``store.leads.assignments.transfer`` is
        for all other cases)."""
        self.assignments.append(
            {
                "id": new_id(),
                "kind": kind,
                "dealer_id": dealer_id,
                "staff_id": staff_id,
                "previous_dealer_id": previous_dealer_id,
                "previous_staff_id": previous_staff_id,
                "decision_id": decision_id,
            }
        )
        assigned_at = self.at if staff_id else None
        self.change(dealer_id=dealer_id, owner_id=staff_id, assigned_at=assigned_at, clock_from=clock_from)


_PARTS: dict[str, str] = {
    "executed": """
    kept AS (
        INSERT INTO executed_steps (key, case_id, element, at, result)
        SELECT key, :case_id, element, :at, result
        FROM jsonb_to_recordset(CAST(:executed AS jsonb)) AS line (key text, element text, result jsonb)
    )""",
    "changes": f"""
    now_so AS (
        SELECT (jsonb_populate_record(whole, CAST(:changes AS jsonb))).* FROM cases AS whole WHERE whole.id = :case_id
    ), changed AS (
        UPDATE cases SET {", ".join(f"{name} = now_so.{name}" for name in cases.STATE)}
        FROM now_so WHERE cases.id = :case_id
    )""",
    "lead_changes": f"""
    lead_now_so AS (
        SELECT (jsonb_populate_record(lead, CAST(:lead_changes AS jsonb))).* FROM leads AS lead
        WHERE lead.id = :case_id
    ), lead_changed AS (
        UPDATE leads SET {", ".join(f"{name} = lead_now_so.{name}" for name in OF_LEAD)}
        FROM lead_now_so WHERE leads.id = :case_id
    )""",
    "entries": """
    told AS (
        INSERT INTO timeline (id, case_id, at, actor, code, element, data)
        SELECT id, coalesce(case_id, :case_id), :at, :actor, code, element, data
        FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS line
            (id uuid, case_id uuid, code text, element text, data jsonb)
    )""",
    "decisions": """
    decided AS (
        INSERT INTO decisions (id, case_id, at, element, key, version, inputs, matched, result, candidates, shadow_id)
        SELECT id, :case_id, :at, element, line.key, version, inputs, matched, line.result, candidates, shadow_id
        FROM jsonb_to_recordset(CAST(:decisions AS jsonb)) AS line
            (id uuid, element text, key text, version int, inputs jsonb, matched jsonb, result jsonb, candidates jsonb,
             shadow_id uuid)
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
"""One part a table, sent only when there is something to write. SKIP LOCKED: see
``store.leads.assignments``."""

WRITES: Mapping[str, frozenset[str]] = {
    "executed": frozenset({"executed_steps"}),
    "changes": frozenset({"cases", "whole_leads", LOADS}),
    "lead_changes": frozenset({"leads", "whole_leads"}),
    "entries": frozenset({"timeline"}),
    "decisions": frozenset({"decisions"}),
    "shadows": frozenset({"shadow_lines"}),
    "notifications": frozenset({"notifications"}),
    "clocks": frozenset({"sla_clocks"}),
    "assignments": frozenset({"assignments", "staff", LOADS}),
    "woken": frozenset({"wake_ups"}),
}
"""The tables and views in which each part shows."""

_TYPES: dict[str, Any] = {
    "case_id": Uuid(),
    "actor": Text(),
    "at": DateTime(timezone=True),
    **{part: Text() for part in _PARTS},
}


@cache
def _statement(parts: tuple[str, ...]) -> Prepared:
    """What writes these parts."""
    sql = f"WITH {', '.join(_PARTS[part] for part in parts)} SELECT 1"
    names = tuple(name for name in _TYPES if re.search(rf":{name}\b", sql))
    return Prepared(text(sql).bindparams(*(bindparam(name, type_=_TYPES[name]) for name in names)))


async def write(tx: Tx, case_id: UUID, ledger: Ledger) -> None:
    """Writes everything in the ledger.

    Fails on a step's key (``KEYS``) when another execution of the same step was faster: the whole
    transaction then rolls back, and the next try finds the first one's result.
    """
    written = {part: _json(rows) for part in _PARTS if (rows := getattr(ledger, part))}
    if not written:
        return
    given: dict[str, Any] = {"case_id": case_id, "at": ledger.at, "actor": ledger.actor, **written}
    await _statement(tuple(written)).rows(tx, given)


def plain(value: Any) -> Any:
    """The same as JSON values: instants as ISO 8601 strings, ids as strings, tuples as lists."""
    return json.loads(_json(value))


def _json(value: Any) -> str:
    return json.dumps(value, default=_as_text, ensure_ascii=False)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
