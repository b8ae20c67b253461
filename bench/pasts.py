"""A past to try drafts on: leads that were graded and then dispatched, each to the best of eight
dealers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import rules
from cases.ids import new_id
from domain.policy.again import Case, Trial

CANDIDATES = 8
Row = tuple[Any, ...]
COLUMNS = ("id", "case_id", "at", "key", "version", "inputs", "matched", "result", "candidates")
"""Of the view ``decisions``."""


@dataclass(frozen=True)
class Dealer:
    id: UUID
    code: str


def shipped_file(key: str) -> bytes:
    """The shipped decision file of that name."""
    return next(path for path in rules.shipped() if path.stem == key).read_bytes()


def decisions(leads: list[UUID], dealers: list[Dealer], first: datetime, seed: int = 1) -> Iterator[Row]:
    """Two rows a lead, a minute from one lead to the next; results are what the shipped tables
    say."""
    dice = Random(seed)
    grade, dispatch = (Trial(rules.read_table(shipped_file(key))[0]) for key in ("grade", "dispatch"))
    for number, lead in enumerate(leads):
        at = first + number * timedelta(minutes=1)
        facts = {
            "horizon_days": dice.choice((None, 3, 7, 12, 15, 20, 30, 60, 90, 200)),
            "budget_clear": dice.random() < 0.5,
            "model_known": dice.random() < 0.8,
            "stated_grade": dice.choice(("", "", "", "H", "A", "B")),
        }
        graded = grade.again(Case("grade", facts, {})).result or {}
        yield _row(lead, at, "grade", facts, graded, [])
        found = str(graded.get("grade") or "N")
        asked = {"region": "north", "city": None, "model": None, "grade": found, "urgent": False}
        lines = [_candidate(dice, dealer, found) for dealer in dice.sample(dealers, CANDIDATES)]
        choice = {"chosen": None, "code": None}
        chosen = dispatch.again(Case("dispatch", asked, choice, tuple(lines))).result or choice
        lines += [{"id": str(new_id()), "code": "X", "reason": "at_capacity"}, {"reason": "too_far", "roster": 1}]
        yield _row(lead, at, "dispatch", asked, chosen, lines)


def _candidate(dice: Random, dealer: Dealer, grade: str) -> dict[str, Any]:
    load, km = dice.randrange(120), dice.randrange(300)
    inputs = {
        "distance_km": km,
        "same_city": km < 60,
        "same_region": dice.random() < 0.7,
        "sells_model": dice.random() < 0.9,
        "load_percent": load,
        "performance": dice.randrange(40, 100),
        "grade": grade,
    }
    return {"id": str(dealer.id), "code": dealer.code, "inputs": inputs, "rank": [load, dice.randrange(100_000)]}


def _row(
    lead: UUID, at: datetime, key: str, inputs: dict[str, Any], result: dict[str, Any], candidates: list[dict[str, Any]]
) -> Row:
    return (new_id(), lead, at, key, 1, json.dumps(inputs), "[]", json.dumps(result), json.dumps(candidates))
