"""The shipped policy as a programmer would write it down: no table is read, nothing is looked up.

Row ids, codes and the names of inputs are those of the shipped tables, so that what is stored reads
the same.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cases.deadlines import Falls, Offset, Term
from domain.cleaning import PlaceKind

NEVER: Final = 9_999
COOL_DOWN: Final = timedelta(hours=2160)
VALID_DAYS: Final = {"H": 7, "A": 15, "B": 30, "C": 90, "N": 365}
LANES: Final = {"H": "urgent", "A": "dispatch", "B": "dispatch", "C": "nurture", "N": "nurture"}
FIRST_FOLLOW_UP: Final = Term(24, open_hours=4)
OF_VALIDITY: Final = Offset(0, Falls.NEXT_OPEN)


class NotWritten(Exception):
    """A way that the rival does not go; its text says which."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it is stored."""

    element: str
    key: str
    inputs: Mapping[str, Any]
    matched: tuple[str, ...]
    result: Mapping[str, Any]
    candidates: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds one placing."""

    fair_margin: int | None
    fair_margin_hour: int
    ignore_quota: bool
    most_km: int | None


def cleaned(facts: Mapping[str, Any]) -> Decided:
    """Whether a lead can go on without a call."""
    if facts["suspects"]:
        raise NotWritten("a call about a possible duplicate")
    dealers_own = facts["channel_side"] == "dealer"
    if facts["phone_kind"] != "mobile" or facts["dealer"] == "unread" or dealers_own:
        raise NotWritten("a call, or a dealer's own lead")
    intent = facts["budget_known"] or facts["horizon_known"]
    if not facts["model_known"] or not intent or facts["place"] != PlaceKind.FOUND or facts["unread"]:
        raise NotWritten("a call that completes a lead")
    return Decided("clean", "cleaning", facts, ("cleaning-clean",), {"needs_call": False, "reason": "clean"})


def graded(horizon_days: int | None, budget_clear: bool, model_known: bool) -> Decided:
    """How soon somebody buys."""
    days = -1 if horizon_days is None else horizon_days
    if 0 <= days <= 7 and budget_clear and model_known:
        row, grade, reason = "grade-h-7", "H", "within_7_days"
    elif 0 <= days <= 15 and model_known:
        row, grade, reason = "grade-a-15", "A", "within_15_days"
    elif 0 <= days <= 30:
        row, grade, reason = "grade-b-30", "B", "within_30_days"
    elif 30 < days <= 90:
        row, grade, reason = "grade-c-90", "C", "within_90_days"
    elif days > 90:
        row, grade, reason = "grade-n", "N", "beyond_90_days"
    else:
        row, grade, reason = "grade-c-no-plan", "C", "no_clear_plan"
    inputs = {"horizon_days": days, "budget_clear": budget_clear, "model_known": model_known, "stated_grade": ""}
    return Decided("grade", "grade", inputs, (row,), {"grade": grade, "reason": reason})


def scaled(element: str, grade: str) -> Decided:
    """For how long a grade is valid, and where such a lead goes."""
    days, lane = VALID_DAYS[grade], LANES[grade]
    inputs = {"scale": "distribution", "grade": grade}
    row = f"scale-distribution-{grade.lower()}-{days}"
    return Decided(element, "grade-scale", inputs, (row,), {"validity_days": days, "lane": lane})


def limited(element: str, step: str, grade: str, urgent: bool) -> tuple[Limits, Decided]:
    """What bounds the choice of a dealer or a consultant."""
    if step == "dispatch":
        limits = Limits(None, 5, urgent, 400 if urgent else 300)
        row = "limits-dispatch-urgent" if urgent else "limits-dispatch-usual"
    elif urgent:
        limits, row = Limits(None, 1, True, None), "limits-assignment-urgent"
    else:
        high = grade in ("H", "A")
        limits = Limits(5 if high else 10, 1, False, None)
        row = "limits-assignment-high" if high else "limits-assignment-low"
    result = {
        "cool_down_hours": 2160,
        "fair_margin": limits.fair_margin,
        "ignore_quota": limits.ignore_quota,
        "fair_margin_hour": limits.fair_margin_hour,
        "most_km": limits.most_km,
    }
    return limits, Decided(element, "routing-limits", {"step": step, "grade": grade, "urgent": urgent}, (row,), result)


def dealer_points(inputs: Mapping[str, Any]) -> float:
    """How well a dealer suits a lead."""
    points = _of_distance(inputs["distance_km"])
    points += 10 * inputs["same_city"] + 5 * inputs["same_region"] + 15 * inputs["sells_model"]
    load, performance = inputs["load_percent"], inputs["performance"]
    points += 15 if load < 50 else 8 if load < 80 else -30 if load >= 100 else 0
    points += 15 if performance >= 85 else 10 if performance >= 70 else 5 if performance >= 50 else 0
    points += 10 if performance >= 80 and inputs["grade"] in ("H", "A") else 0
    return float(points)


def _of_distance(km: int) -> int:
    for most, points in ((20, 100), (50, 85), (100, 70), (150, 55), (200, 40), (300, 25), (500, 10)):
        if km <= most:
            return points
    return 0


def consultant_points(inputs: Mapping[str, Any]) -> float:
    """How well a consultant suits a lead."""
    ability, load, waited = inputs["ability"], inputs["load_percent"], inputs["hours_since_last"]
    points = 30 * inputs["has_skill"] + 1000 * inputs["first_choice"]
    points += 20 if ability >= 80 else 10 if ability >= 60 else 0
    points += 20 if load < 30 else 10 if load < 70 else -40 if load >= 100 else 0
    points += 15 if waited >= 24 else 8 if waited >= 4 else 4 if waited >= 1 else 0
    points += 15 if ability >= 80 and inputs["grade"] in ("H", "A") else 0
    points -= 8 if inputs["today"] >= 6 else 4 if inputs["today"] >= 3 else 0
    points -= 8 if inputs["this_hour"] >= 2 else 4 if inputs["this_hour"] == 1 else 0
    return float(points)


def ahead(free: Iterable[tuple[UUID, int, int, Hashable]], limits: Limits) -> dict[UUID, str]:
    """Who has had too many more than the others: (id, today, this hour, who is compared by the
    hour)."""
    served = list(free)
    found: dict[UUID, str] = {}
    if served and limits.fair_margin is not None:
        most = min(today for _, today, _, _ in served) + limits.fair_margin
        found = {one: "fairness" for one, today, _, _ in served if today >= most}
    left = [line for line in served if line[0] not in found]
    least: dict[Hashable, int] = {}
    for _, _, hour, standing in left:
        least[standing] = min(hour, least.get(standing, hour))
    found |= {
        one: "fairness_hour" for one, _, hour, standing in left if hour >= least[standing] + limits.fair_margin_hour
    }
    return found


def planned(grade: str) -> Decided:
    """How long the first follow-up may take."""
    inputs = {"kind": "first_follow_up", "grade": grade, "stage": "first_follow_up_due"}
    result = {"due_hours": 24, "calendar": "elapsed", "open_hours": 4}
    return Decided("plan_task", "cadence", inputs, ("cadence-first-24",), result)


def reminds(grade: str) -> Offset:
    """Where the first rung of a first follow-up is."""
    return Offset(-12 if grade == "H" else -4, Falls.BEFORE_CLOSE)


def percent(load: int, capacity: int) -> int:
    """A load in whole percents of what somebody can have."""
    return 100 if capacity <= 0 else load * 100 // capacity


def share(load: int, capacity: int) -> float:
    """The same as a part of one."""
    return 1.0 if capacity <= 0 else load / capacity


def cools(taken_at: datetime | None, at: datetime) -> bool:
    """Whether a lead was taken from somebody too short a time ago."""
    return taken_at is not None and at < taken_at + COOL_DOWN
