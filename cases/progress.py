"""What may be progress of a sale, in the words that the table ``progress`` asks for (A9).

Progress starts the grade's validity anew, so it must not be had for nothing. Whether something is
progress is the table's word; what happened is said here: above all, whether a grade is better than
any since the last progress. A grade that was lowered and raised again is ``regained``, which is a
different thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cases.grades import rank


class Event(StrEnum):
    """What happened to the lead."""

    CONTACT = "contact"  # somebody spoke with the customer
    ATTEMPT = "attempt"  # somebody tried to
    RAISED = "raised"  # the call centre heard of more interest (intent check, recall)
    INTEREST = "interest"  # the customer came in again while nobody worked on the lead
    REGRADE = "regrade"  # a person stated a grade during nurture
    GRADING = "grading"  # the rules graded


class GradeMove(StrEnum):
    """Where a grade moved, seen from the best one since the last progress."""

    BETTER = "better"
    REGAINED = "regained"  # better than the present one, but not than the best
    SAME = "same"
    WORSE = "worse"
    NONE = "none"  # no grade was given


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened.

    ``given`` is the grade that was given with it, ``present`` the one before, ``best`` the best
    since the last progress (None: ``present``). ``stage_later``: than any since then.
    ``rested_days``: since when nobody was to follow up.
    """

    event: Event
    given: str | None = None
    present: str | None = None
    best: str | None = None
    stage_later: bool = False
    reason_given: bool = True
    rested_days: int = 0

    @property
    def move(self) -> GradeMove:
        """Where the grade moved."""
        if self.given is None:
            return GradeMove.NONE
        given, present = rank(self.given), rank(self.present)
        # A better grade that was given without a reason has not counted yet: the reason may follow.
        if given > rank(self.best or self.present):
            return GradeMove.BETTER
        if given > present:
            return GradeMove.REGAINED
        return GradeMove.SAME if given == present else GradeMove.WORSE

    def asked(self) -> dict[str, Any]:
        """What the table is asked."""
        return {
            "event": self.event.value,
            "stage": "later" if self.stage_later else "same",
            "grade": self.move.value,
            "reason_given": self.reason_given,
            "rested_days": self.rested_days,
        }

    def marks(self, at: datetime, stage: str | None = None) -> dict[str, Any]:
        """What progress at this instant, and at this stage, leaves on the lead."""
        return {"progress_at": at, "best_grade": self.given or self.present, "best_stage": stage}
