"""The grades of a lead and their order: the one place that knows which grade is the better one
(A5)."""

from __future__ import annotations

from typing import Final

from cases.states import Grade

GRADES: Final = tuple(grade.value for grade in Grade)
"""From the soonest purchase to the latest."""


def rank(grade: str | None) -> int:
    """How good a grade is: the better, the greater. No grade, or one that is none, is below all."""
    return len(GRADES) - GRADES.index(grade) if grade in GRADES else 0
