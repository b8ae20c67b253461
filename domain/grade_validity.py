"""For how long a lead's grade is valid (A9): one law, for the clock that runs and for a back-test
of another table.

A grade is valid until *since + the validity of the present grade*, where *since* is the last
progress, or the grading that came before any: so nothing but progress makes it longer, and a lower
grade is valid for longer from the same instant. Whoever gets a lead whose grade has run out has the
whole time from then on; whoever had it before since that instant does not, and neither does anybody
while its clock goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from cases.deadlines import Row


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a grade is valid (table ``grade-scale``)."""

    lasts: timedelta

    @classmethod
    def read(cls, row: Row) -> Self | None:
        """As the table says; None: a grade without an end. Raises ``ValueError`` or
        ``OverflowError`` for what is no number of days."""
        days = row.get("validity_days")
        return None if days is None else cls(timedelta(days=float(days)))

    def over(self, since: datetime, at: datetime) -> bool:
        """Whether it has run out by an instant; at its very last one it has."""
        return since + self.lasts <= at

    def start(self, since: datetime, got_at: datetime | None) -> datetime:
        """From when on it counts. ``got_at``: when somebody got the lead who may have the whole
        time; None: nobody has it, or may."""
        return got_at if got_at is not None and self.over(since, got_at) else since

    def until(self, since: datetime, got_at: datetime | None) -> datetime:
        """When it runs out."""
        return self.start(since, got_at) + self.lasts
