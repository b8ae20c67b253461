"""What one process step leaves behind, written in one round trip: result, state, history, decisions, notifications.

A lead passes several steps before its first task and each is a transaction of its own, so round trips are what a step
costs. ``store.steps``, ``store.timeline`` and ``store.decisions`` read what this writes; statements, which are made
one at a time by people, write through those.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, bindparam, text

from leads.contracts import Step
from leads.ids import new_id
from store.session import Tx


@dataclass(slots=True)
class Ledger:
    """Collects a step's lines; ``write`` puts all of them into the step's transaction at once."""

    at: datetime
    element: str
    actor: str
    changes: dict[str, Any] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    notifications: list[dict[str, Any]] = field(default_factory=list)

    def change(self, **values: Any) -> None:
        """New values for columns of the step's lead; see ``_STATE`` for those that a step may change."""
        strange = values.keys() - set(_STATE)
        if strange:
            raise ValueError(f"a step may not change {sorted(strange)}")
        self.changes.update(values)

    def note(self, code: str, data: Mapping[str, Any], lead_id: UUID | None = None) -> None:
        """One line of a lead's history (None: the step's own lead)."""
        self.entries.append({"id": new_id(), "lead_id": lead_id, "code": code, "data": data})

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
                "key": key,
                "version": version,
                "inputs": inputs,
                "matched": matched,
                "result": kept,
                "candidates": candidates,
            }
        )
        return identity

    def notify(
        self, code: str, data: Mapping[str, Any], *, staff_id: UUID | None = None, role: str | None = None
    ) -> None:
        """Something that a person, or whoever has a role, has to be told."""
        self.notifications.append(
            {"id": new_id(), "to_staff_id": staff_id, "to_role": role, "code": code, "data": data}
        )


_STATE = (
    "status",
    "stage",
    "grade",
    "grade_reason",
    "graded_at",
    "badges",
    "lamp",
    "dealer_id",
    "owner_id",
    "progress_at",
    "next_due_at",
    "closing",
    "ended_at",
    "attached_to",
    "life",
)
"""The columns of a lead that a step may change."""

_CHANGED = f"""
    , now_so AS (
        SELECT (jsonb_populate_record(lead, CAST(:changes AS jsonb))).* FROM leads AS lead WHERE lead.id = :lead_id
    ), changed AS (
        UPDATE leads SET {", ".join(f"{name} = now_so.{name}" for name in _STATE)}
        FROM now_so WHERE leads.id = :lead_id
    )
"""

_WRITE = """
    WITH kept AS (
        INSERT INTO executed_steps (key, lead_id, element, at, result)
        VALUES (:key, :lead_id, :element, :at, CAST(:result AS jsonb))
    ), told AS (
        INSERT INTO timeline (id, lead_id, at, actor, code, element, data)
        SELECT id, coalesce(lead_id, :lead_id), :at, :actor, code, :element, data
        FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS line (id uuid, lead_id uuid, code text, data jsonb)
    ), decided AS (
        INSERT INTO decisions (id, lead_id, at, element, key, version, inputs, matched, result, candidates)
        SELECT id, :lead_id, :at, :element, line.key, version, inputs, matched, line.result, candidates
        FROM jsonb_to_recordset(CAST(:decisions AS jsonb)) AS line
            (id uuid, key text, version int, inputs jsonb, matched jsonb, result jsonb, candidates jsonb)
    ), notified AS (
        INSERT INTO notifications (id, lead_id, to_staff_id, to_role, code, data, created_at, deliver_after, attempts)
        SELECT id, :lead_id, to_staff_id, to_role, code, data, :at, now(), 0
        FROM jsonb_to_recordset(CAST(:notifications AS jsonb)) AS line
            (id uuid, to_staff_id uuid, to_role text, code text, data jsonb)
    )
"""

_TYPES = (
    bindparam("key", type_=Text),
    bindparam("lead_id", type_=Uuid()),
    bindparam("element", type_=Text),
    bindparam("actor", type_=Text),
    bindparam("at", type_=DateTime(timezone=True)),
    *(bindparam(name, type_=Text) for name in ("result", "entries", "decisions", "notifications")),
)
_WITHOUT_CHANGES = text(f"{_WRITE} SELECT 1").bindparams(*_TYPES)
_WITH_CHANGES = text(f"{_WRITE} {_CHANGED} SELECT 1").bindparams(*_TYPES, bindparam("changes", type_=Text))


async def write(tx: Tx, step: Step, result: Mapping[str, Any], ledger: Ledger) -> None:
    """Writes the step's result and everything in the ledger.

    Fails on the step's key when another execution of the same step was faster: the whole transaction then rolls back,
    and the next try finds the first one's result.
    """
    parameters = {
        "key": step.key,
        "lead_id": UUID(step.lead_id),
        "element": step.element,
        "actor": ledger.actor,
        "at": step.at,
        "result": _json(result),
        "entries": _json(ledger.entries),
        "decisions": _json(ledger.decisions),
        "notifications": _json(ledger.notifications),
    }
    if ledger.changes:
        await tx.session.execute(_WITH_CHANGES, {**parameters, "changes": _json(ledger.changes)})
    else:
        await tx.session.execute(_WITHOUT_CHANGES, parameters)


def plain(value: Any) -> Any:
    """The same as JSON values: instants as ISO 8601 strings, ids as strings, tuples as lists."""
    return json.loads(_json(value))


def _json(value: Any) -> str:
    return json.dumps(value, default=_as_text, ensure_ascii=False)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
