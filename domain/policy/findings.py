"""What a back-test finds out about some leads: lines of what would have been otherwise, and totals
that add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from cases.calendar import Calendars
from domain.policy.totals import Totals
from store.tables.past import Past

MOST_VALUES = 60
"""Pairs of values in one matrix; the rest are counted together under ``OTHERS``."""
OTHERS = "…"


class ChangeKind(StrEnum):
    """What would have been another."""

    GRADE = "grade"
    DEALER = "dealer"
    CONSULTANT = "consultant"
    DEADLINE = "deadline"
    RESULT = "result"


class Unknown(StrEnum):
    """What stored decisions cannot tell."""

    OTHER_DEALER = "other_dealer"  # an assignment at a dealer that would not have had the lead
    WOULD_BE_DISPATCHED = "would_be_dispatched"  # a lead that was nurtured and would have gone to some dealer
    QUOTA = "quota"  # a choice in which the other lane would have let quotas count, or not


@dataclass(frozen=True, slots=True)
class ChangedDecision:
    """One decision that would have had another effect; ``old`` and ``new`` are JSON values."""

    decision_id: UUID
    kind: ChangeKind
    case_id: UUID
    at: datetime
    old: dict[str, Any]
    new: dict[str, Any]


@dataclass(slots=True)
class Course:
    """How a lead's course would differ by now, since its last grading. ``grade``: the one it had,
    the one it would have had. ``nurtured``: it would not have been dispatched. ``hurried``: it
    would have been urgent, or would not have been. ``elsewhere``: it would have been another
    dealer's."""

    grade: tuple[str, str] | None = None
    nurtured: bool = False
    hurried: bool = False
    elsewhere: bool = False


@dataclass(slots=True)
class Findings:
    """What is found out about some leads. ``now`` is the back-test's own instant: what is open is
    judged by it."""

    calendars: Calendars
    now: datetime
    lines: list[ChangedDecision] = field(default_factory=list[ChangedDecision])
    totals: Totals = field(default_factory=Totals)
    _pairs: dict[str, set[tuple[str, str]]] = field(default_factory=dict[str, set[tuple[str, str]]])

    def changed(self, past: Past, kind: ChangeKind, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Writes a line."""
        self.lines.append(ChangedDecision(past.id, kind, past.case_id, past.at, old, new))
        self.totals.add("changed", kind.value)

    def problem(self, past: Past, code: str) -> None:
        """A decision that could not be made again, with a lead to look at."""
        self.totals.add("problems", code, "count")
        self.totals.example("problems", code, "example", text=str(past.case_id))

    def unknown(self, what: Unknown) -> None:
        """Something that cannot be told."""
        self.totals.add("unknown", what.value)

    def pair(self, name: str, old: Any, new: Any) -> None:
        """Counts an old value with the new one; of too many different ones the rest together."""
        pair = _said(old), _said(new)
        known = self._pairs.setdefault(name, set())
        if pair not in known:
            if len(known) >= MOST_VALUES:
                same = pair[0] == pair[1]
                pair = (OTHERS, f"={OTHERS}" if same else OTHERS)
            known.add(pair)
        self.totals.add("matrix", name, *pair)


def _said(value: Any) -> str:
    """A value as a heading of a matrix."""
    if value is None:
        return "null"
    text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 80 else text[:79] + OTHERS
