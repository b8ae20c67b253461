"""A draft on the past: each stored decision of some leads made again, and what would have been
otherwise (A5–A10).

Pure, a lead at a time, and leads do not touch one another: loads, presence and calendars are those
that were stored with each decision, so any share of the leads can be tried anywhere, and what is
found adds up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from domain.policy import effects
from domain.policy.again import Again, Case, Trial, is_choice
from domain.policy.effects import EFFECTS, FOLLOWING
from domain.policy.findings import ChangedDecision, ChangeKind, Course, Findings, Unknown
from domain.policy.shadowing import keepable
from store.tables.past import Past

__all__ = ["FOLLOWING", "Backtest", "ChangeKind", "ChangedDecision", "Findings", "Unknown", "concerned"]

Versions = Callable[[str, int], Trial | None]
"""The version of a table that decided then; None if it cannot be read any more."""


def concerned(key: str) -> tuple[str, ...]:
    """The tables whose stored decisions a back-test of a table reads."""
    return (key, *FOLLOWING.get(key, ()))


@dataclass(frozen=True, slots=True)
class Backtest:
    """Puts leads to a draft of the table ``key``, one after the other; all that is found is in
    ``found``."""

    key: str
    draft: Trial
    versions: Versions
    found: Findings

    def lead(self, decisions: Sequence[Past]) -> None:
        """All stored decisions of one lead that are concerned, in the order in which they were
        made."""
        before = len(self.found.lines)
        course = Course()
        for past in decisions:
            again = self._again(past, course)
            if again is not None and again.problem is not None:
                self.found.problem(past, again.problem)
            EFFECTS.get(past.key, effects.result)(self.found, past, again, course)
        self.found.totals.add("leads")
        self.found.totals.add("leads_changed", count=int(len(self.found.lines) > before))

    def _again(self, past: Past, course: Course) -> Again | None:
        """A decision made again: by the draft; or, where the lead would have had another grade, by
        its own version."""
        instead = self._instead(past, course)
        if past.key == self.key:
            self.found.totals.add("decisions")
            trial = self.draft
        elif instead:
            self.found.totals.add("followed")
            trial = self.versions(past.key, past.version)
        else:
            return None
        if trial is None:
            return Again(None, problem="version_unreadable")
        again = trial.again(_case(past), instead)
        return again if not again.changes or keepable(again.result) else Again(None, problem="failed")

    def _instead(self, past: Past, course: Course) -> dict[str, Any] | None:
        if course.grade is None or past.inputs.get("grade") != course.grade[0]:
            return None
        return {"grade": course.grade[1]}


def _case(past: Past) -> Case:
    # Only a choice needs its candidates, and they are most of what is stored.
    candidates = tuple(json.loads(past.candidates)) if is_choice(past.key, past.result) else ()
    return Case(past.key, past.inputs, past.result, candidates)
