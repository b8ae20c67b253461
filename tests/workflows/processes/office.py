"""What the activities of a quiet, well-run network answer: the base that each scenario changes a
line of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.workflows.processes.play import Answer, Play, days, hours, iso

HOURS = {
    "outbound_call": 2,
    "first_follow_up": 24,
    "next_follow_up": 168,
    "confirm_closing": 48,
    "confirm_undo": 48,
    "firm_up": 48,
    "intent_check": 24,
    "recall": 48,
    "hq_decision": 8,
}
"""The shipped cadence of a grade A lead, elapsed hours."""

Ladder = Sequence[tuple[timedelta, str]]
"""Rungs of a ladder: how long after the task's start, and what it does."""


class Office:
    """Plans tasks and climbs ladders as the activities do, from tables given as plain data."""

    def __init__(self, **ladders: Ladder) -> None:
        self._ladders = ladders
        self._begun: dict[str, datetime] = {}
        self._climbed = 0
        self._followed_up = False

    def plan_task(self, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
        kind = data["kind"]
        if kind == "follow_up":
            kind = "next_follow_up" if self._followed_up else "first_follow_up"
            self._followed_up = True
        self._begun[kind], self._climbed = at, 0
        due = iso(at + hours(HOURS.get(kind) or data.get("hours") or 16))
        return {"kind": kind, "due": due, "rung_at": self._rung_at(kind), "about": data.get("about") or ""}

    def climb(self, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
        ladder = self._ladders[data["kind"]]
        if self._climbed == len(ladder):
            return {"action": "none", "rung_at": None}
        _, action = ladder[self._climbed]
        self._climbed += 1
        if action in ("hand_over", "back_to_hq"):
            self._followed_up = False
        return {"action": action, "rung_at": self._rung_at(data["kind"])}

    def take_over(self, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
        self._followed_up = False
        return {}

    def _rung_at(self, kind: str) -> str | None:
        ladder = self._ladders.get(kind, ())
        return iso(self._begun[kind] + ladder[self._climbed][0]) if self._climbed < len(ladder) else None

    def answers(self, **changes: Answer | list[Answer]) -> dict[str, Answer | list[Answer]]:
        """An answer for every activity that needs one; ``changes`` replace some."""
        return {
            "plan_task": self.plan_task,
            "climb": self.climb,
            "take_over": self.take_over,
            "ask_undo": {"approver": "dealer_manager"},
            "clean": {"needs_call": False},
            "find_duplicates": {"suspects": 0, "needs_call": False},
            "grade": {"grade": "A", "lane": "dispatch"},
            "dispatch": {"dealer": "d1"},
            "assign": {"consultant": "c1"},
            "enter_pool": lambda at, _: {"pool_until": iso(at + hours(48))},
            "expire_pool": {"taken": False},
            "plan_nurture": lambda at, _: {
                "material_at": iso(at),
                "check_at": iso(at + days(60)),
                "keep_until": iso(at + days(365)),
            },
            "send_material": lambda at, _: {"material_at": iso(at + days(14))},
            "note_intent": lambda at, _: {"check_at": iso(at + days(60))},
            "plan_recall": {"recall_at": None},
            "plan_firm_up": {"firm_up_at": None},
            "hq_first": lambda at, data: {"first": "person", "why": data["why"]},
            **changes,
        }


def play(
    key: str,
    *,
    ladders: dict[str, Ladder] | None = None,
    message: str | None = None,
    given: dict[str, Any] | None = None,
    **changes: Any,
) -> Play:
    """Plays a process in the quiet office; ``changes`` replace the answers of some activities,
    ``given`` its inputs."""
    inputs = INPUTS.get(key, {}) | (given or {})
    return Play(key, Office(**(ladders or {})).answers(**changes), message=message, **inputs)


INPUTS: dict[str, dict[str, Any]] = {
    "sale": {"lane": "dispatch"},
    "nurture": {"side": "hq"},
    "chase": {"kind": "first_follow_up", "role": "consultant"},
}
"""What the caller of each process gives it."""
