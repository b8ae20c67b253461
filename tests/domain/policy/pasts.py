"""Stored decisions made by hand, so small that what a draft would change can be counted by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import rules
from cases.calendar import Calendars
from cases.ids import new_id
from domain.policy.again import Trial
from domain.policy.backtest import Backtest, Findings
from store.tables.past import Past, PastClock

AT = datetime(2026, 10, 12, 2, tzinfo=UTC)
"""A Monday, 10:00 in China."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

FILES = {path.stem: path.read_bytes() for path in rules.shipped()}
HOLIDAY = {1: {date(2026, 10, 13): False}}
"""A calendar of then: the Tuesday was off."""
NORTH, SOUTH = UUID(int=1), UUID(int=2)
"""Two dealers, N1 and S1."""


@cache
def shipped(key: str) -> Trial:
    return Trial(rules.read_table(FILES[key])[0])


def draft(key: str, *changes: tuple[str, str]) -> bytes:
    """A shipped table with some texts changed, each once."""
    text = FILES[key].decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def backtest(key: str, *changes: tuple[str, str], now: datetime = AT + 30 * DAY) -> Backtest:
    """A back-test of a shipped table with changes; every version that decided then was the shipped
    one."""
    (table,) = rules.read_table(draft(key, *changes))
    found = Findings(Calendars({0: {}} | HOLIDAY), now)
    return Backtest(key, Trial(table), lambda name, version: shipped(name) if version == 1 else None, found)


class Lead:
    """One lead's decisions, an hour apart."""

    def __init__(self) -> None:
        self.id = new_id()
        self.past: list[Past] = []

    def add(
        self,
        key: str,
        inputs: dict[str, Any],
        result: dict[str, Any],
        candidates: list[dict[str, Any]] | None = None,
        *,
        clock: PastClock | None = None,
        dealer: UUID | None = None,
        version: int = 1,
    ) -> Past:
        at = AT + len(self.past) * HOUR
        text = json.dumps(candidates or [])
        made = Past(new_id(), self.id, at, key, version, inputs, result, text, dealer, clock)
        self.past.append(made)
        return made

    def graded(self, days: int, grade: str, **inputs: Any) -> Past:
        asked = {"horizon_days": days, "budget_clear": False, "model_known": True, "stated_grade": ""} | inputs
        reason = {"H": "within_7_days", "A": "within_15_days", "B": "within_30_days", "C": "within_90_days"}[grade]
        return self.add("grade", asked, {"grade": grade, "reason": reason})

    def laned(self, grade: str, lane: str, days: int) -> Past:
        return self.add("grade-scale", {"scale": "distribution", "grade": grade}, {"lane": lane, "validity_days": days})

    def dispatched(self, grade: str, chosen: UUID, *lines: dict[str, Any]) -> Past:
        code = next(line["code"] for line in lines if line.get("id") == str(chosen))
        asked = {"region": "NORTH", "city": "北京", "model": "forester", "grade": grade, "urgent": False}
        return self.add("dispatch", asked, {"chosen": str(chosen), "code": code}, list(lines))

    def assigned(self, grade: str, chosen: UUID, *lines: dict[str, Any], dealer: UUID = NORTH) -> Past:
        code = next(line["code"] for line in lines if line.get("id") == str(chosen))
        asked = {"region": "NORTH", "city": "北京", "model": "forester", "grade": grade, "urgent": False}
        return self.add("assignment", asked, {"chosen": str(chosen), "code": code}, list(lines), dealer=dealer)

    def due(
        self, kind: str, grade: str, hours: int, stopped: timedelta | None, *, dealer: UUID = NORTH, **clock: Any
    ) -> Past:
        """A task planned now, due after so many hours and done after ``stopped`` (None: still
        open)."""
        start = AT + len(self.past) * HOUR
        end = None if stopped is None else start + stopped
        due = clock.pop("due_at", start + hours * HOUR)
        kept = PastClock(kind, start, due, end, clock.pop("calendar", 0), clock.pop("promised_at", None))
        result = {"due_hours": hours, "calendar": clock.pop("runs", "elapsed")}
        inputs = {"kind": kind, "grade": grade, "stage": "next_follow_up_due"}
        return self.add("cadence", inputs, result, clock=kept, dealer=dealer)


def candidate(dealer: UUID, code: str, grade: str, **inputs: Any) -> dict[str, Any]:
    """A dealer that got points, as it was stored; N1 has the better appraisal unless it is said."""
    asked = {
        "distance_km": 10 if inputs.get("same_city") else 45,
        "same_city": False,
        "same_region": True,
        "sells_model": True,
        "load_percent": 60,
        "performance": 60,
        "grade": grade,
    } | inputs
    rank = [asked["load_percent"] / 100, 0.0]
    return {"id": str(dealer), "code": code, "points": 0, "inputs": asked, "rank": rank, "capacity": 1}


def person(staff: UUID, code: str, grade: str, **inputs: Any) -> dict[str, Any]:
    """A consultant that got points, as it was stored."""
    usual = {"has_skill": False, "ability": 60, "load_percent": 50, "hours_since_last": 0, "today": 0, "this_hour": 0}
    usual |= {"first_choice": False}
    asked = {**usual, "grade": grade, **inputs}
    return {"id": str(staff), "code": code, "points": 0, "inputs": asked, "rank": [0.5, 0.0]}
