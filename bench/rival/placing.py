"""Who gets a lead: the dealer, then the consultant, each with the decision that says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bench.rival import policy, reading
from bench.rival.network import Near, Network
from bench.rival.policy import Decided, Limits, NotWritten
from cases.calendar import day_start
from cases.ids import new_id
from cases.zone import CHINA
from domain.cleaning import place_of

Row = Any
"""A row of asyncpg, which has its columns as keys."""


@dataclass
class Record:
    """What is written at the end: decisions and the lines of the history, with their ids."""

    decisions: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    lines: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def decided(self, made: Decided) -> UUID:
        """Keeps a decision."""
        identity = new_id()
        self.decisions.append(
            {
                "id": identity,
                "element": made.element,
                "key": made.key,
                "inputs": made.inputs,
                "matched": made.matched,
                "result": made.result,
                "candidates": made.candidates,
            }
        )
        return identity

    def note(self, element: str, code: str, because: UUID, **data: Any) -> None:
        """Keeps a line of the history."""
        line = {"id": new_id(), "element": element, "code": code, "data": data | {"decision_id": because}}
        self.lines.append(line)


@dataclass(frozen=True)
class Asked:
    """The lead as it is to be placed."""

    lead: UUID
    at: datetime
    region: str | None
    city: str | None
    model: str | None
    grade: str
    urgent: bool

    @property
    def since(self) -> tuple[datetime, datetime]:
        """From when a day and an hour of leads are counted."""
        return day_start(self.at), self.at - timedelta(hours=1)


async def dealer_for(db: Any, network: Network, asked: Asked, lead: Row, record: Record) -> tuple[Row, UUID]:
    """Which dealer gets the lead, and the decision that says why."""
    limits, bounded = policy.limited("dispatch", "dispatch", asked.grade, asked.urgent)
    record.decided(bounded)
    place = place_of(lead["place_code"])
    if place is None or limits.most_km is None:
        raise NotWritten("a place that nobody knows")
    near, beyond = await network.around(db, lead["roster"], place, limits.most_km)
    where = {one.dealer.id: one for one in near}
    await db.execute(reading.LOCK_REGIONS, sorted({one.dealer.region for one in near}))
    rows = await db.fetch(reading.DEALERS, list(where), asked.lead, asked.model, *asked.since, asked.at)
    reasons = {row["id"]: _against_dealer(row, asked, limits) for row in rows}
    if "at_capacity" in reasons.values():
        raise NotWritten("dealers that have had their leads of the day")
    free = [row for row in rows if reasons[row["id"]] is None]
    reasons |= policy.ahead(
        ((row["id"], row["today"], row["this_hour"], where[row["id"]].same_city) for row in free), limits
    )
    lines = [*beyond]
    best: tuple[tuple[Any, ...], Row] | None = None
    for row in rows:
        if reasons[row["id"]] is not None:
            lines.append({"id": row["id"], "code": row["code"], "reason": reasons[row["id"]]})
            continue
        inputs = _of_dealer(row, where[row["id"]], asked)
        points = policy.dealer_points(inputs)
        rank = (inputs["distance_km"], policy.share(row["today"], row["daily_capacity"]), _since(row["last_at"]))
        line = {"points": points, "inputs": inputs, "rank": rank, "capacity": row["daily_capacity"]}
        lines.append({"id": row["id"], "code": row["code"], **line})
        order = (-points, *rank, row["code"])
        if best is None or order < best[0]:
            best = order, row
    chosen = _chosen(best)
    because = record.decided(_placed("dispatch", "dispatch", asked, chosen, lines))
    record.note("dispatch", "dispatched", because, dealer=chosen["id"])
    return chosen, because


async def consultant_for(db: Any, asked: Asked, dealer: UUID, record: Record) -> tuple[Row, UUID]:
    """Which of the dealer's consultants gets the lead, and the decision that says why."""
    limits, bounded = policy.limited("assign", "assignment", asked.grade, asked.urgent)
    record.decided(bounded)
    await db.execute(reading.LOCK_DEALER, str(dealer))
    rows = await db.fetch(reading.CONSULTANTS, dealer, asked.lead, asked.model, *asked.since, asked.at)
    reasons = {row["id"]: _against_consultant(row, asked, limits) for row in rows}
    free = [row for row in rows if reasons[row["id"]] is None]
    reasons |= policy.ahead(
        ((row["id"], row["today"], row["this_hour"], asked.model in row["skills"]) for row in free), limits
    )
    lines: list[dict[str, Any]] = []
    best: tuple[tuple[Any, ...], Row] | None = None
    for row in rows:
        if reasons[row["id"]] is not None:
            lines.append({"id": row["id"], "code": row["code"], "reason": reasons[row["id"]]})
            continue
        inputs = _of_consultant(row, asked)
        points = policy.consultant_points(inputs)
        rank = (policy.share(row["open"], row["max_open"]), _since(row["last_at"]))
        line = {"points": points, "inputs": inputs, "rank": rank, "capacity": row["max_open"]}
        lines.append({"id": row["id"], "code": row["code"], **line})
        order = (-points, *rank, row["code"])
        if best is None or order < best[0]:
            best = order, row
    chosen = _chosen(best)
    because = record.decided(_placed("assign", "assignment", asked, chosen, lines))
    record.note("assign", "assigned", because, staff=chosen["id"])
    return chosen, because


def _against_dealer(row: Row, asked: Asked, limits: Limits) -> str | None:
    if not row["active"]:
        return "inactive"
    if asked.model is not None and row["models"] and asked.model not in row["models"]:
        return "model_not_sold"
    if not row["certified"]:
        return "certificate"
    if row["closed"]:
        return "closed"
    if policy.cools(row["taken_at"], asked.at):
        return "cool_down"
    full = not limits.ignore_quota and row["today"] >= row["daily_capacity"]
    return "at_capacity" if full else None


def _against_consultant(row: Row, asked: Asked, limits: Limits) -> str | None:
    if not row["active"]:
        return "inactive"
    if row["absent"]:
        return "absent"
    if _weekday(asked.at) in row["rest_days"]:
        return "rest_day"
    if not row["certified"]:
        return "certificate"
    if policy.cools(row["taken_at"], asked.at):
        return "cool_down"
    full = not limits.ignore_quota and row["open"] >= row["max_open"]
    return "no_room" if full else None


def _of_dealer(row: Row, near: Near, asked: Asked) -> dict[str, Any]:
    return {
        "distance_km": near.km,
        "same_city": near.same_city,
        "same_region": row["region"] == asked.region,
        "sells_model": asked.model is not None and (not row["models"] or asked.model in row["models"]),
        "load_percent": policy.percent(row["today"], row["daily_capacity"]),
        "performance": row["performance"],
        "grade": asked.grade,
    }


def _of_consultant(row: Row, asked: Asked) -> dict[str, Any]:
    last = row["last_at"]
    waited = policy.NEVER if last is None else int((asked.at - last).total_seconds() // 3600)
    return {
        "has_skill": asked.model is not None and asked.model in row["skills"],
        "ability": row["ability"],
        "load_percent": policy.percent(row["open"], row["max_open"]),
        "hours_since_last": max(0, min(policy.NEVER, waited)),
        "today": row["today"],
        "this_hour": row["this_hour"],
        "first_choice": False,
        "grade": asked.grade,
    }


def _chosen(best: tuple[tuple[Any, ...], Row] | None) -> Row:
    if best is None:
        raise NotWritten("nobody who could have the lead")
    return best[1]


def _placed(element: str, key: str, asked: Asked, chosen: Row, lines: Sequence[dict[str, Any]]) -> Decided:
    inputs = {
        "region": asked.region,
        "city": asked.city if asked.region else None,
        "model": asked.model,
        "grade": asked.grade,
        "urgent": asked.urgent,
    }
    return Decided(element, key, inputs, (), {"chosen": chosen["id"], "code": chosen["code"]}, lines)


def _weekday(at: datetime) -> int:
    return at.astimezone(CHINA).isoweekday()


def _since(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
