"""What process steps leave behind, written in one round trip: results, state, history, decisions,
notifications, …

A lead passes several steps before its first task, and round trips are what a step costs.
``store.engine.timeline``, ``store.tables.decisions`` and the other repositories read what this
writes; statements, which people make one at a time, write through those.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.ids import new_id
from store.engine import cases
from store.engine.clocks import NewClock
from store.engine.ledger_parts import OF_LEAD, PARTS, WRITES, statement
from store.leads import leads
from store.session import Tx
from store.tables import candidates

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
    def written(self) -> tuple[str, ...]:
        """The parts in which there is something to write."""
        return tuple(part for part in PARTS if getattr(self, part))

    @property
    def writes(self) -> frozenset[str]:
        """The tables and views in which it would show."""
        return frozenset[str]().union(*(tables for part, tables in WRITES.items() if getattr(self, part)))

    def values(self, case_id: UUID) -> dict[str, Any]:
        """What the statement of these parts is filled with."""
        rows = {part: getattr(self, part) for part in self.written}
        if self.decisions:
            rows["decisions"] = [candidates.kept(one) for one in self.decisions]
        written = {part: _json(found) for part, found in rows.items()}
        return {"case_id": case_id, "at": self.at, "actor": self.actor, **written}

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
        for part in PARTS:
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
        self.clocks.append({"id": new_id(), **{name: getattr(clock, name) for name in NewClock.__slots__}})

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


async def write(tx: Tx, case_id: UUID, ledger: Ledger) -> None:
    """Writes everything in the ledger.

    Fails on a step's key (``KEYS``) when another execution of the same step was faster: the whole
    transaction then rolls back, and the next try finds the first one's result.
    """
    if ledger.written:
        writes = statement(ledger.written, ledger.changes, ledger.lead_changes)
        await writes.rows(tx, ledger.values(case_id))


def plain(value: Any) -> Any:
    """The same as JSON values: instants as ISO 8601 strings, ids as strings, tuples as lists."""
    return json.loads(_json(value))


def _json(value: Any) -> str:
    return json.dumps(value, default=_as_text, ensure_ascii=False)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
